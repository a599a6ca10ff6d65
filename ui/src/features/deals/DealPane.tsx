/**
 * One deal: its fields with their state, edited in place and saved as one decision, what happened with it, and every observed
 * change. `E` edits, Mod+Enter saves, Esc leaves the edit and then the deal. While a change is not sent, the field says so and
 * what the CRM still has. A stage that moves while a hard field is missing asks for a reason first (F-01).
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { DealDetail, Field, Movement, ObjectKind, Touch } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { editRequest, needsOverride, NO_CHANGES } from "../../deal/changes";
import type { Changes } from "../../deal/changes";
import { FieldControls } from "../../deal/FieldControls";
import { TextField } from "../../components/Field";
import { CalendarIcon, CheckIcon, ClockIcon, MailIcon, NoteIcon, PhoneIcon } from "../../components/icons";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, When } from "../../components/When";
import { countOf } from "../../format/number";
import { wordOf } from "../../format/words";
import { StageCell } from "./Cells";
import { FieldFacts } from "./DealFields";
import { DealPartners } from "./DealPartners";
import styles from "./Deals.module.css";
import { fieldsOf, stateWords } from "./edit";

/** The pane; keyed by the deal. */
export function DealPane({ id, onLeave }: { id: string; onLeave: () => void }) {
  const query = useOp("deal", id);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The deal could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div aria-busy="true" />;
  return <Deal detail={query.data} onLeave={onLeave} />;
}

function Deal({ detail, onLeave }: { detail: DealDetail; onLeave: () => void }) {
  const { row } = detail;
  const fields = fieldsOf(detail);
  const [editing, setEditing] = useState<{ focus: Field | null } | null>(null);
  const [changes, setChanges] = useState<Changes>(NO_CHANGES);
  const [reason, setReason] = useState("");
  const undo = useCommand("undo", { done: "Taken back", failed: "It could not be taken back" });
  const save = useCommand("editDeal", { done: (decided) => decided.title, failed: "The change was not saved", undo: (decided) => undo.mutate({ decision: decided.decision }) });
  const request = editRequest(row.id, fields, changes, reason);
  const override = needsOverride(fields, changes);

  const stop = () => {
    setEditing(null);
    setChanges(NO_CHANGES);
    setReason("");
  };
  const actions: Action[] = [
    { id: "deal.edit", title: "Edit the deal", keys: "e", group: "This deal", when: editing === null, run: () => setEditing({ focus: null }) },
    {
      id: "deal.save",
      title: "Save the changes",
      keys: "Mod+Enter",
      group: "This deal",
      inFields: true,
      when: editing !== null && request !== null && !save.isPending,
      run: () => request && save.mutate(request, { onSuccess: stop }),
    },
    { id: "deal.cancel", title: "Leave the edit", keys: "Escape", group: "This deal", inFields: true, when: editing !== null, run: stop },
    { id: "deal.leave", title: "Back to the table", group: "This deal", when: editing === null, run: onLeave },
  ];
  useActions(actions);
  const [edit, saving, cancel] = actions;

  return (
    <>
      <DetailHead
        title={row.name}
        tags={
          <>
            {row.outcome !== "open" && <Tag tone={row.outcome === "won" ? "ok" : "neutral"}>{wordOf(row.outcome)}</Tag>}
            {row.pending && <Tag tone="info">not sent</Tag>}
          </>
        }
        meta={[
          // Most deals are called after their account.
          row.account !== null && row.name.startsWith(row.account) ? null : row.account,
          row.partner === null ? (
            "direct"
          ) : detail.partner_id === null ? (
            row.partner
          ) : (
            <Link key="partner" to="/partners" search={{ open: detail.partner_id }}>
              {row.partner}
            </Link>
          ),
          wordOf(row.motion),
          row.amount === null ? null : (
            <b key="amount">
              <Money value={row.amount} />
            </b>
          ),
          detail.owner,
        ]}
        end={<StageCell row={row} />}
      />
      <DetailBody
        aside={
          <div className={styles.aside}>
            <Timeline touches={detail.touches} />
            <Movements movements={detail.movements} fields={fields} />
          </div>
        }
      >
        <Section title="Fields" note={`hygiene ${row.hygiene}, ${stateWords(fields)}`} end={editing ? undefined : edit && <Button kind="quiet" action={edit}>Edit</Button>}>
          {editing ? <FieldControls fields={fields} changes={changes} focus={editing.focus} onChanges={setChanges} /> : <FieldFacts fields={fields} row={row} onEdit={(focus) => setEditing({ focus })} />}
        </Section>
        {!editing && <DealPartners deal={row.id} partnered={row.partner !== null} onUndo={(decided) => undo.mutate({ decision: decided.decision })} />}
      </DetailBody>
      {editing && (
        <ActionBar end={changes.size === 0 ? "nothing changed" : `${countOf(changes.size, "change")}, one decision`}>
          {saving && (
            <Button kind="primary" action={saving}>
              Save
            </Button>
          )}
          {cancel && (
            <Button kind="quiet" action={cancel}>
              Cancel
            </Button>
          )}
          {override && (
            <div className="grow">
              <TextField label="Reason to move past the gate" hideLabel placeholder="A hard field is missing: why does the stage move?" value={reason} onChange={setReason} maxLength={1000} isRequired wide />
            </div>
          )}
        </ActionBar>
      )}
    </>
  );
}

const ICON: Partial<Record<ObjectKind, typeof NoteIcon>> = { note: NoteIcon, task: CheckIcon, meeting: CalendarIcon, call: PhoneIcon, email: MailIcon };

function Timeline({ touches }: { touches: readonly Touch[] }) {
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

function Movements({ movements, fields }: { movements: readonly Movement[]; fields: ReturnType<typeof fieldsOf> }) {
  const label = (field: Field) => fields.find((one) => one.field === field)?.label ?? field.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
  return (
    <Section title="Movements" note={movements.length === 0 ? "none seen since the first sync" : "every observed change"}>
      <ol className={styles.lines}>
        {movements.map((movement) => (
          <li key={`${movement.at} ${movement.field} ${movement.after ?? ""}`}>
            <span className="t2 small">
              <When at={movement.at} as="date" />
            </span>
            <span className="cut" title={`${movement.before ?? "missing"} to ${movement.after ?? "missing"}`}>
              <span className="t3">{label(movement.field)}</span> {movement.before ?? "missing"} <span className="t3">to</span> {movement.after ?? "missing"}
            </span>
            <span className="t3 small cut">{movement.by ?? (movement.ours ? "here" : "in the CRM")}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
