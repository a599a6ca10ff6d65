/**
 * One edit for a selection of deals: a field and its value, each row's own verdict before anything is done and its own outcome
 * afterwards. A row that the gate holds moves only with the reason that is given; one that is refused changes nothing and stays marked.
 * What was done is taken back with one Undo.
 */
import { useState } from "react";
import type { DealRow, EditsDone, Field } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Checkbox, Select, TextArea } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { useWhenRead } from "../../components/useWhenRead";
import { Sign } from "../../components/Verdict";
import { problemOf } from "../../deal/changes";
import { FieldControl } from "../../deal/FieldControls";
import { useRested } from "../../deal/useRested";
import { countOf } from "../../format/number";
import { bulkVerdict } from "./bulkEdit";
import styles from "./Deals.module.css";
import { fieldsOf } from "./edit";

/** At most so many at once; Rust refuses more. */
const LIMIT = 200;

/** The dialog; `onDone` hears which deals were changed. */
export function BulkEditDialog({ rows, onClose, onDone }: { rows: readonly DealRow[]; onClose: () => void; onDone: (ids: ReadonlySet<string>) => void }) {
  // What stands in the dialog is what was chosen when it opened: a refresh of the table changes nothing here.
  const [chosen] = useState(() => rows.slice(0, LIMIT));
  const first = useOp("deal", chosen[0]?.id ?? "", { enabled: chosen.length > 0 });
  const fields = first.data ? fieldsOf(first.data).filter((one) => one.editable) : [];
  const [name, setName] = useState<Field>("close_date");
  const [value, setValue] = useState<string | null>(null);
  // Nothing said is not the same as nothing: many values are not emptied by a press too many.
  const [empties, setEmpties] = useState(false);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<EditsDone | null>(null);
  const field = fields.find((one) => one.field === name);
  const wrong = field === undefined ? "Choose a field" : value === null && !empties ? "Say the new value, or empty it for all" : problemOf(field, empties ? null : value);
  const request = { deals: chosen.map((row) => row.id), set: [{ field: name, value: empties ? null : value }] };
  const asked = useRested(request);
  const preview = useOp("previewEdits", asked, { enabled: field !== undefined && wrong === undefined, keep: true });
  const undo = useCommand("undo", { failed: "One of them could not be taken back" });
  const save = useCommand("editDeals", { quiet: true });
  const verdicts = wrong === undefined ? (preview.data ?? []) : [];
  const held = verdicts.filter((one) => one.held).length;
  const isReading = preview.isFetching || JSON.stringify(asked) !== JSON.stringify(request);
  const leave = (answer: EditsDone) => onDone(new Set(answer.rows.filter((row) => row.refused === null).map((row) => row.deal)));
  const run = useWhenRead(isReading, JSON.stringify([request, reason]), () => {
    setTried(true);
    if (wrong !== undefined || save.isPending || done !== null) return;
    save.mutate(
      { ...request, ...(reason.trim() === "" ? {} : { override_reason: reason.trim() }) },
      {
        onSuccess(answer) {
          const refused = answer.rows.filter((row) => row.refused !== null).length;
          toast({ title: `Changed ${countOf(answer.decisions.length, "deal")}${refused > 0 ? `, ${refused} not` : ""}`, tone: refused > 0 ? "info" : "ok", undo: answer.decisions.length === 0 ? undefined : () => answer.decisions.toReversed().forEach((decision) => undo.mutate({ decision })) });
          if (refused === 0) leave(answer);
          else setDone(answer);
        },
      },
    );
  });
  const close = () => (done === null ? onClose() : leave(done));
  return (
    <Dialog
      open
      onClose={() => !save.isPending && close()}
      title={done === null ? `Edit ${countOf(chosen.length, "deal")}` : `Changed ${done.decisions.length} of ${chosen.length}`}
      note={done === null ? "a decision each" : "those that were not stay selected"}
      width="wide"
      onSubmit={done === null ? run.press : close}
      foot={
        done === null ? (
          <>
            <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={run.press}>
              Change {chosen.length}
            </Button>
            <Button kind="quiet" keys="Escape" onPress={onClose}>
              Cancel
            </Button>
            {rows.length > chosen.length && <span className="t3 small">the first {LIMIT} of {rows.length}</span>}
            <span className={`end ${held > 0 ? "warn" : "t2"}`} role="status">
              {run.waits ? "changes as soon as the gates are read" : held > 0 ? `the gate holds ${held} of them${reason.trim() === "" ? " back" : ""}` : ""}
            </span>
          </>
        ) : (
          <Button kind="primary" keys="Mod+Enter" autoFocus onPress={close}>
            Close
          </Button>
        )
      }
    >
      {first.error && <ErrorNotice error={first.error} title="The fields could not be read" />}
      {save.error && <ErrorNotice error={save.error} title="Nothing was changed" />}
      {preview.error && <ErrorNotice error={preview.error} title="What it comes to could not be read" />}
      {done === null && field !== undefined && (
        <div className={styles.dialogGrid}>
          <Select
            label="Field"
            options={fields.map((one) => ({ id: one.field, name: one.label }))}
            value={name}
            onChange={(to) => {
              setName(to);
              setValue(null);
              setEmpties(false);
            }}
            autoFocus
            wide
          />
          <FieldControl
            key={name}
            field={{ ...field, value: null, shown: null, label: `${field.label}, for all` }}
            value={empties ? null : value}
            changed={tried}
            autoFocus={false}
            onChange={(to) => {
              setValue(to);
              setEmpties(false);
            }}
          />
          {name !== "stage" && (
            <Checkbox value={empties} onChange={setEmpties}>
              Empty it for all
            </Checkbox>
          )}
          {tried && wrong !== undefined && (
            <p className="danger small" role="alert">
              {wrong}
            </p>
          )}
        </div>
      )}
      {done === null && held > 0 && <TextArea label={`Why the ${held} move past the gate (they stay as they are without it)`} value={reason} onChange={setReason} rows={2} maxLength={1000} wide />}
      <ul className={styles.bulk} aria-label={done === null ? "The selection" : "How each ended"} aria-busy={isReading}>
        {chosen.map((row) => {
          const said = bulkVerdict(
            verdicts.find((one) => one.deal === row.id),
            done?.rows.find((one) => one.deal === row.id),
            reason,
          );
          return (
            <li key={row.id}>
              {said.outcome === null ? <span /> : <Sign outcome={said.outcome} />}
              <span className="cut medium" title={row.name}>
                {row.name}
              </span>
              <span className={`small ${said.outcome === "fail" ? "danger" : "t2"}`}>{said.text}</span>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
