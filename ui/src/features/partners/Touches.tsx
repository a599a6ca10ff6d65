/** The touches of a partner, latest first: when, what kind, what, and whether a task is done. */
import type { Touch } from "../../api/api.gen";
import { CalendarIcon, CheckIcon, ClockIcon, MailIcon, NoteIcon, PhoneIcon } from "../../components/icons";
import { Section } from "../../components/Section";
import { When } from "../../components/When";
import styles from "./Partners.module.css";

const ICON: Partial<Record<Touch["kind"], typeof NoteIcon>> = { note: NoteIcon, task: CheckIcon, meeting: CalendarIcon, call: PhoneIcon, email: MailIcon };

/** The section; `most` lines of it. */
export function Touches({ touches, most = 12 }: { touches: readonly Touch[]; most?: number }) {
  return (
    <Section title="Touches" note={touches.length === 0 ? "no touch yet" : touches.length > most ? `the latest ${most}` : "latest first"}>
      <ul className={styles.touches}>
        {touches.slice(0, most).map((touch) => {
          const Icon = ICON[touch.kind] ?? ClockIcon;
          return (
            <li key={touch.id}>
              <span className="t2 small">
                <When at={touch.at} as="day" missing="no date" />
              </span>
              <span className="row cut" title={`${touch.kind}: ${touch.title}`}>
                <Icon size={12} className="t3" />
                <span className="sr">{touch.kind}: </span>
                <span className="cut">{touch.title}</span>
              </span>
              <span className="t3 small cut">{touch.pending ? "not sent" : touch.kind === "task" ? (touch.done ? "done" : "open") : touch.owner}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
