/**
 * A stricter gate, tried on the book (B17): which open deals it would stop, for what, and how much money is in them. Nothing is changed.
 * The pass over the book says how far it is and can be stopped; what it had found by then is shown as such.
 */
import { useState } from "react";
import type { Field, MendRow, Motion, Rehearsed } from "../../api/api.gen";
import { useJobs } from "../../api/events";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Checkbox } from "../../components/Field";
import { EmptyState, ErrorNotice, ProgressBar } from "../../components/Section";
import { Money } from "../../components/When";
import { countOf, formatCount } from "../../format/number";
import styles from "./Deals.module.css";

/** Fields that are offered: those that deals lack and that block nothing yet, the ones lacking most first. */
export function offered(rows: readonly MendRow[]): { field: Field; label: string; deals: number }[] {
  const found = new Map<Field, { field: Field; label: string; deals: number }>();
  for (const { mend } of rows) {
    for (const { field, label, need, state } of mend) {
      if (need === "hard" || state !== "missing") continue;
      found.set(field, { field, label, deals: (found.get(field)?.deals ?? 0) + 1 });
    }
  }
  return [...found.values()].toSorted((a, b) => b.deals - a.deals || a.label.localeCompare(b.label));
}

/** The dialog; mounted while open. */
export function RehearseDialog({ rows, motion, onClose }: { rows: readonly MendRow[]; motion: Motion | null; onClose: () => void }) {
  const [fields] = useState(() => offered(rows));
  const [hard, setHard] = useState<ReadonlySet<Field>>(new Set<Field>());
  const [criteria, setCriteria] = useState(true);
  const job = useJobs().findLast((one) => one.id.startsWith("rehearse"));
  const rehearse = useCommand("rehearseGate", { quiet: true });
  const cancel = useCommand("cancelJob", { failed: "It could not be stopped" });
  const run = () => !rehearse.isPending && rehearse.mutate({ hard: [...hard], criteria, motion });
  const toggle = (field: Field, on: boolean) => setHard((old) => new Set(on ? [...old, field] : [...old].filter((one) => one !== field)));
  return (
    <Dialog
      open
      onClose={() => !rehearse.isPending && onClose()}
      title="Rehearse a stricter gate"
      note="nothing is changed"
      width="wide"
      onSubmit={run}
      foot={
        rehearse.isPending ? (
          <>
            <ProgressBar label="Rehearsing" share={job?.total ? job.done / job.total : 0} left={job ? `${formatCount(job.done)}${job.total === null ? "" : ` of ${formatCount(job.total)}`} deals` : "Starting"} />
            <Button isDisabled={job === undefined || cancel.isPending} onPress={() => job && cancel.mutate(job.id)}>
              Stop
            </Button>
          </>
        ) : (
          <>
            <Button kind="primary" keys="Mod+Enter" onPress={run}>
              Rehearse
            </Button>
            <Button kind="quiet" keys="Escape" onPress={onClose}>
              Close
            </Button>
          </>
        )
      }
    >
      <div className={styles.dialogGrid} role="group" aria-label="What would be asked">
        <Checkbox value={criteria} onChange={setCriteria}>
          Every criterion of the present stage holds
        </Checkbox>
        {fields.map(({ field, label, deals }) => (
          <Checkbox key={field} value={hard.has(field)} onChange={(on) => toggle(field, on)} note={`missing on ${countOf(deals, "deal")} of the list`}>
            {label}
          </Checkbox>
        ))}
      </div>
      {rehearse.error && <ErrorNotice error={rehearse.error} title="The rehearsal did not come to its end" />}
      {rehearse.data && !rehearse.isPending && <Outcome found={rehearse.data} />}
    </Dialog>
  );
}

/** What it would stop. */
function Outcome({ found }: { found: Rehearsed }) {
  if (found.stopped === 0) return <EmptyState title="It would stop nothing">{`All ${countOf(found.looked, "open deal")} would pass.`}</EmptyState>;
  return (
    <section aria-label="What it would stop" className={styles.rehearsed}>
      <p role="status">
        <span className="medium">{`${formatCount(found.stopped)} of ${countOf(found.looked, "open deal")} would stop`}</span>
        {`; ${formatCount(found.stopped_now)} stop by the policy in force. In them `}
        {found.sums.map((sum, n) => (
          <span key={sum.currency}>
            {n > 0 && " and "}
            <Money value={sum} />
          </span>
        ))}
        {found.cancelled ? ". It was stopped before its end." : "."}
      </p>
      <ul className={styles.causes} aria-label="For what">
        {found.causes.slice(0, 8).map((cause) => (
          <li key={cause.label}>
            <span className="cut" title={cause.label}>
              {cause.label}
            </span>
            <span className="tn t2">{countOf(cause.deals, "deal")}</span>
          </li>
        ))}
      </ul>
      <ul className={styles.bulk} aria-label="Most money for the least effort first">
        {found.rows.map(({ row, missing }) => (
          <li key={row.id}>
            <span />
            <span className="cut medium" title={row.name}>
              {row.name}
            </span>
            <span className="cut small t2" title={missing.join(", ")}>
              {missing.join(", ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
