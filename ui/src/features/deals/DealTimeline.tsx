/** What happened with a deal: touches, latest first, and every observed change of its fields. */
import type { DealField, Movement, ObjectKind, Touch } from "../../api/api.gen";
import { CalendarIcon, CheckIcon, ClockIcon, MailIcon, NoteIcon, PhoneIcon } from "../../components/icons";
import { Section } from "../../components/Section";
import { When } from "../../components/When";
import { labelOf } from "../../deal/labels";
import styles from "./Deals.module.css";

const ICON: Partial<Record<ObjectKind, typeof NoteIcon>> = { note: NoteIcon, task: CheckIcon, meeting: CalendarIcon, call: PhoneIcon, email: MailIcon };

/** Touches. */
export function Timeline({ touches }: { touches: readonly Touch[] }) {
  return (
    <Section title="Timeline" note={touches.length === 0 ? "no touch yet" : "latest first"}>
      <ol className={styles.lines}>
        {touches.map((touch) => {
          const Icon = ICON[touch.kind] ?? ClockIcon;
          const due = touch.kind === "task" && !touch.done;
          return (
            <li key={touch.id}>
              <span className="t2 small">
                {due && touch.at !== null && "due "}
                <When at={touch.at} as="date" missing="no date" />
              </span>
              <span className="row cut" title={`${touch.kind}: ${touch.title}`}>
                <Icon size={12} className={styles.kind ?? ""} />
                <span className="sr">{touch.kind}: </span>
                <span className={`cut ${touch.done && touch.kind === "task" ? "t3" : ""}`}>{touch.title}</span>
              </span>
              <span className="t3 small cut">{touch.pending ? "not sent" : touch.kind === "task" && touch.done ? "done" : touch.owner}</span>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

/** Changes of fields, by whom. */
export function Movements({ movements, fields }: { movements: readonly Movement[]; fields: readonly DealField[] }) {
  return (
    <Section title="Movements" note={movements.length === 0 ? "none seen since the first sync" : "every observed change"}>
      <ol className={styles.lines}>
        {movements.map((movement) => (
          <li key={`${movement.at} ${movement.field} ${movement.after ?? ""}`}>
            <span className="t2 small">
              <When at={movement.at} as="date" />
            </span>
            <span className="cut" title={`${movement.before ?? "missing"} to ${movement.after ?? "missing"}`}>
              <span className="t3">{labelOf(fields, movement.field)}</span> {movement.before ?? "missing"} <span className="t3">to</span> {movement.after ?? "missing"}
            </span>
            <span className="t3 small cut">{movement.by ?? (movement.ours ? "here" : "in the CRM")}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
