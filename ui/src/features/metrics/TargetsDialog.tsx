/**
 * The targets of a quarter (K-18): of the program, of each motion, of single partners; or a table that takes the place of all. What is
 * met of them stands among the numbers.
 */
import { useState } from "react";
import type { Target } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { MOTIONS } from "../../channel/words";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextArea, TextField } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { countOf } from "../../format/number";
import { quarterName } from "../../format/quarter";
import { wordOf } from "../../format/words";
import styles from "./Metrics.module.css";
import { type Whose, amountOf, draftsOf, targetsOf } from "./targets";

/** The dialog, once the targets have been read. */
export function TargetsDialog(props: { quarter: string; currency: string; onClose: () => void }) {
  const targets = useOp("targets", undefined);
  if (targets.error) {
    return (
      <Dialog open onClose={props.onClose} title="Targets">
        <ErrorNotice error={targets.error} title="The targets could not be read" />
      </Dialog>
    );
  }
  return targets.data ? <Form key={targets.dataUpdatedAt} {...props} targets={targets.data} /> : null;
}

function Form({ quarter, currency, targets, onClose }: { quarter: string; currency: string; targets: readonly Target[]; onClose: () => void }) {
  const [drafts, setDrafts] = useState(() => draftsOf(targets, quarter, MOTIONS));
  const [table, setTable] = useState("");
  const [tried, setTried] = useState(false);
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }).data?.rows ?? [];
  const save = useCommand("saveTargets", { done: () => `Targets of ${quarterName(quarter)} kept`, quiet: true });
  const take = useCommand("importTargets", { done: (all) => `${countOf(all.length, "target")} taken from the table`, quiet: true });
  const fromTable = table.trim() !== "";
  const nameOf = ({ motion, partner }: Whose) => (motion ? wordOf(motion) : partner ? (partners.find((one) => one.id === partner)?.name ?? partner) : "The program");
  const free = partners.filter((one) => !drafts.some(({ whose }) => whose.partner === one.id));
  const send = () => {
    setTried(true);
    if (save.isPending || take.isPending) return;
    if (fromTable) {
      take.mutate({ text: table }, { onSuccess: onClose });
      return;
    }
    const all = targetsOf(drafts, targets, quarter);
    if (all) save.mutate({ targets: all }, { onSuccess: onClose });
  };
  const error = save.error ?? take.error;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Targets of ${quarterName(quarter)}`}
      note={`Bookings with partners, in ${currency}`}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending || take.isPending} onPress={send}>
            {fromTable ? "Take the table" : "Save"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="The targets were not saved" />}
      <div className={styles.targets}>
        {drafts.map(({ whose, bookings }, n) => (
          <TextField
            key={whose.motion ?? whose.partner ?? ""}
            label={nameOf(whose)}
            value={bookings}
            placeholder="no target"
            onChange={(typed) => setDrafts(drafts.map((draft, at) => (at === n ? { ...draft, bookings: typed } : draft)))}
            error={tried && bookings.trim() !== "" && amountOf(bookings) === null ? "Write it as 1200000 or 1,200,000.50" : undefined}
            isDisabled={fromTable}
            autoFocus={n === 0}
            maxLength={20}
          />
        ))}
      </div>
      <Select
        label="Of a partner as well"
        placeholder="choose a partner"
        options={free.map((one) => ({ id: one.id as string, name: one.name }))}
        value={null}
        onChange={(partner) => setDrafts([...drafts, { whose: { partner }, bookings: "" }])}
        isDisabled={fromTable || free.length === 0}
        wide
      />
      <TextArea
        label="Or paste a table with the columns quarter, bookings, and partner or motion"
        value={table}
        onChange={setTable}
        rows={3}
        placeholder={"quarter,bookings,partner\n2026Q4,1200000,"}
        help={targets.length === 0 ? undefined : `It takes the place of all targets: ${countOf(targets.length, "target")} of now`}
        wide
      />
    </Dialog>
  );
}
