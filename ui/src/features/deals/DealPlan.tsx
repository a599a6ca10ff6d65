/**
 * The mutual action plan of a deal (T-05, B16): what we owe at the left, what the partner owes at the right, the customer's below; overdue
 * first. `A` adds a milestone, a press on one changes it, takes it out or says that it is done and what shows that.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Decided, PlanRow, PlanSide } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Checkbox, DateField, Segments, TextArea, TextField } from "../../components/Field";
import { CheckIcon, PlusIcon, WarningIcon } from "../../components/icons";
import { ErrorNotice, Section } from "../../components/Section";
import { useNow } from "../../components/When";
import { dayOf, formatDay } from "../../format/time";
import { optionsOf } from "../../format/words";
import styles from "./Deals.module.css";
import { milestoneOf, milestoneProblem, milestoneRequest, OWES, planWords } from "./plan";
import type { Milestone } from "./plan";

const SIDES = optionsOf(labels.PlanSide);

/** The section. */
export function DealPlan({ deal, plan, onUndo }: { deal: string; plan: readonly PlanRow[]; onUndo: (decided: Decided) => void }) {
  const now = useNow();
  const [open, setOpen] = useState<{ row: PlanRow | null } | null>(null);
  const add: Action = { id: "deal.plan", title: "Add a milestone", keys: "a", group: "This deal", run: () => setOpen({ row: null }) };
  useActions([add]);
  const of = (side: PlanSide) => plan.filter((row) => row.item.side === side);
  const column = (side: PlanSide) => (
    <div className={styles.side} key={side}>
      <h4 className="t3 small">{OWES[side]}</h4>
      {of(side).length === 0 ? (
        <p className="t3 small">nothing</p>
      ) : (
        <ul aria-label={OWES[side]}>
          {of(side).map((row) => (
            <li key={row.item.id}>
              <button type="button" onClick={() => setOpen({ row })} title={row.item.text}>
                <State row={row} />
                <span className={`cut ${row.state === "done" ? "t3" : ""}`}>{row.item.text}</span>
                <span className={`small cut ${row.state === "overdue" ? "danger" : "t3"}`}>{[row.item.owner, row.item.done !== null ? `done ${formatDay(row.item.done, now)}` : row.item.due === null ? null : `${row.state === "overdue" ? "was due" : "by"} ${formatDay(row.item.due, now)}`].filter(Boolean).join(", ")}</span>
              </button>
              {row.item.risk !== null && row.state !== "done" && (
                <p className="warn small cut" title={row.item.risk}>
                  at risk: {row.item.risk}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
  return (
    <Section
      title="Plan"
      note={planWords(plan)}
      end={
        <Button kind="quiet" action={add} icon={<PlusIcon size={12} />}>
          Add
        </Button>
      }
    >
      {plan.length > 0 && (
        <div className={styles.plan}>
          {column("we")}
          {column("partner")}
          {of("customer").length > 0 && column("customer")}
        </div>
      )}
      {open !== null && <MilestoneDialog deal={deal} row={open.row} onUndo={onUndo} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function State({ row }: { row: PlanRow }) {
  if (row.state === "done") {
    return (
      <span className="ok">
        <CheckIcon size={12} />
        <span className="sr">done:</span>
      </span>
    );
  }
  if (row.state === "overdue") {
    return (
      <span className="danger">
        <WarningIcon size={12} />
        <span className="sr">overdue:</span>
      </span>
    );
  }
  return <span className={styles.ring} aria-hidden="true" />;
}

/** One milestone while it is written; mounted while open. */
function MilestoneDialog({ deal, row, onUndo, onClose }: { deal: string; row: PlanRow | null; onUndo: (decided: Decided) => void; onClose: () => void }) {
  const today = dayOf(useNow());
  const [draft, setDraft] = useState<Milestone>(() => milestoneOf(row));
  const [tried, setTried] = useState(false);
  const save = useCommand("setPlanItem", { done: (done) => done.title, undo: onUndo, quiet: true });
  const set = (change: Partial<Milestone>) => setDraft({ ...draft, ...change });
  const problem = milestoneProblem(draft);
  const send = (dropped = false) => {
    setTried(true);
    if (save.isPending || problem !== null) return;
    save.mutate(milestoneRequest(deal, row, draft, today, dropped), { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={row === null ? "Add a milestone" : "Milestone"}
      note={row === null ? "of the mutual action plan" : `said by ${row.item.by}`}
      onSubmit={() => send()}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={() => send()}>
            {row === null ? "Add" : "Save"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          {row !== null && (
            <span className="end">
              <Button kind="quiet" isDisabled={save.isPending} onPress={() => send(true)}>
                Take it out
              </Button>
            </span>
          )}
        </>
      }
    >
      {save.error && <ErrorNotice error={save.error} title="The plan was not changed" />}
      <TextField label="What is to be done" value={draft.text} onChange={(text) => set({ text })} maxLength={500} isRequired autoFocus error={tried && draft.text.trim() === "" ? "Say what is to be done" : undefined} wide />
      <div className="row">
        <Segments label="Who owes it" options={SIDES} value={draft.side} onChange={(side) => set({ side })} />
      </div>
      <div className={styles.dialogGrid}>
        <TextField label="Who does it" value={draft.owner} onChange={(owner) => set({ owner })} maxLength={200} wide />
        <DateField label="By" value={draft.due} onChange={(due) => set({ due })} wide />
      </div>
      <TextField label="What endangers it (optional)" value={draft.risk} onChange={(risk) => set({ risk })} maxLength={500} wide />
      {row !== null && (
        <Checkbox value={draft.isDone} onChange={(isDone) => set({ isDone })} note={row.item.done === null ? "on this day" : `on ${row.item.done}`}>
          It is done
        </Checkbox>
      )}
      {draft.isDone && <TextArea label="What shows it, and where it is (optional)" value={draft.shows} onChange={(shows) => set({ shows })} rows={2} maxLength={2000} wide />}
    </Dialog>
  );
}
