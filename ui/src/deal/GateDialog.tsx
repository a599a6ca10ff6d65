/**
 * A deal on its way to another stage: where to, what does not hold yet and is put right here (a field, a confirmation), the reason
 * where it moves all the same, and what would be written. The table, the board, the deal and the review move through this one gate.
 * It draws; what the move comes to is Rust's (MoveDialog asks for it).
 */
import { useState } from "react";
import type { Criterion, DealField, EditPreview, StageChoice } from "../api/api.gen";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { TextArea } from "../components/Field";
import { NumberedChoice } from "../components/NumberedChoice";
import { ErrorNotice, Notice, Section } from "../components/Section";
import { useWhenRead } from "../components/useWhenRead";
import { countOf } from "../format/number";
import type { Changes } from "./changes";
import { ConfirmDialog } from "./ConfirmDialog";
import { CriteriaList } from "./CriteriaList";
import { FieldControls } from "./FieldControls";
import { withoutConfirm } from "./confirms";
import type { Confirms } from "./confirms";
import { askedFields, gateWords, moveProblem } from "./gate";
import styles from "./Gate.module.css";

type Failure = { message: string; kept?: string | null; next?: string | null } | null;

/** Props of GateDialog; mounted while open. */
export interface GateDialogProps {
  name: string;
  /** The stage that it is in, by its name. */
  present: string;
  stages: readonly StageChoice[];
  to: string | null;
  onTo: (stage: string) => void;
  fields: readonly DealField[];
  changes: Changes;
  onChanges: (changes: Changes) => void;
  confirms: Confirms;
  onConfirms: (confirms: Confirms) => void;
  evidenceRequired: boolean;
  reason: string;
  onReason: (reason: string) => void;
  /** Absent while it is read. */
  preview: EditPreview | undefined;
  isReading: boolean;
  error: Failure;
  isBusy: boolean;
  failed: Failure;
  onMove: () => void;
  onClose: () => void;
}

/** The dialog. */
export function GateDialog(props: GateDialogProps) {
  const { name, present, stages, to, onTo, fields, changes, onChanges, confirms, onConfirms, evidenceRequired, reason, onReason, preview, isReading, error, isBusy, failed, onMove, onClose } = props;
  const [tried, setTried] = useState(false);
  const [confirming, setConfirming] = useState<string | null>(null);
  const others = stages.filter((stage) => stage.label !== present);
  const target = stages.find((stage) => stage.value === to);
  const problem = to === null ? "Choose where to" : moveProblem(preview, reason);
  const criteria = preview?.criteria ?? [];
  const waiting = criteria.filter((criterion) => criterion.told_by === "person" && !criterion.met);
  const asked = preview === undefined ? [] : askedFields(fields, preview.checks, changes);
  const held = preview?.held ?? false;
  const send = useWhenRead(isReading, JSON.stringify([to, [...changes], [...confirms], reason]), () => {
    setTried(true);
    if (problem === null && !isBusy) onMove();
  });
  const takeBack = (criterion: Criterion) => onConfirms(withoutConfirm(confirms, criterion.key));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${name}`}
      note={`from ${present}`}
      width="wide"
      onSubmit={send.press}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={isBusy} onPress={send.press}>
            {held ? "Move past the gate" : "Move"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className={`end ${held ? "warn" : "t2"}`} role="status">
            {send.waits ? "moves as soon as the gate is read" : to === null || preview === undefined ? "" : held ? "the gate does not hold" : target?.outcome === "open" ? "the gate holds" : "it may be closed"}
          </span>
        </>
      }
    >
      {failed && <ErrorNotice error={failed} title="The deal was not moved" />}
      {error && <ErrorNotice error={error} title="What the move comes to could not be read" />}
      <NumberedChoice label="To" options={others.map((stage) => ({ id: stage.value, name: stage.label, ...(stage.outcome === "open" ? {} : { hint: stage.outcome }) }))} value={to} onChange={onTo} autoFocus error={tried && to === null ? "Choose where to" : undefined} />
      {preview !== undefined && to !== null && (
        <div role="region" aria-label="What the move comes to" aria-busy={isReading} className={styles.two}>
          {preview.refused !== null && (
            <Notice tone="danger" title="It cannot be moved there">
              {preview.refused}
            </Notice>
          )}
          {(criteria.length > 0 || preview.checks.length > 0) && (
            <Section title={`Gate to ${target?.label ?? "it"}`} note={gateWords(criteria, held)}>
              <CriteriaList criteria={criteria} checks={preview.checks} onConfirm={(criterion) => setConfirming(criterion.key)} onTakeBack={takeBack} />
            </Section>
          )}
          {asked.length > 0 && (
            <Section title="Filled in with it" note={changes.size === 0 ? undefined : countOf(changes.size, "field")}>
              <FieldControls fields={asked} changes={changes} focus="owner" onChanges={onChanges} />
            </Section>
          )}
          {held && <TextArea label="Why it moves all the same, kept on record with your name" value={reason} onChange={onReason} rows={2} maxLength={1000} isRequired error={tried && reason.trim() === "" ? problem ?? undefined : undefined} wide />}
          <Section title="Written to the CRM" note={preview.writes.length === 0 ? "nothing yet" : undefined}>
            <ul className={styles.writes}>
              {preview.writes.map((write) => (
                <li key={write.label}>
                  <span className="cut">{write.label}</span>
                  <span>
                    {write.before !== null && (
                      <>
                        <s className="t3">{write.before}</s>
                        <span className="sr"> becomes</span>{" "}
                      </>
                    )}
                    {write.after ?? "empty"}
                  </span>
                </li>
              ))}
            </ul>
            {preview.letter !== null && <p className="t2 small">A draft to the partner goes with it: “{preview.letter}”. Nothing is sent by itself.</p>}
          </Section>
        </div>
      )}
      {confirming !== null && (
        <ConfirmDialog
          criteria={waiting}
          first={confirming}
          evidenceRequired={evidenceRequired}
          isBusy={false}
          error={null}
          onConfirm={(key, proof) => {
            onConfirms(new Map([...confirms, [key, proof]]));
            setConfirming(null);
          }}
          onClose={() => setConfirming(null)}
        />
      )}
    </Dialog>
  );
}
