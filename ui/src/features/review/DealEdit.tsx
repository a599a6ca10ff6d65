/**
 * Stage, amount and close date of the item's deal, changed while it is talked about (W-08), and its exit criteria, confirmed with what
 * shows them: the controls of the Deals screen, and its reason when the stage moves past a gate that does not hold. What is changed and
 * confirmed goes with the decision, not before it.
 */
import type { Action } from "../../actions/registry";
import type { Criterion, EditPreview, ReviewItemDetail } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { countOf } from "../../format/number";
import { FieldControls } from "../../deal/FieldControls";
import { GateNote } from "../../deal/GateNote";
import { NO_CHANGES } from "../../deal/changes";
import { NO_CONFIRMS, withoutConfirm } from "../../deal/confirms";
import { changesDeal, editedFields } from "./logging";
import type { Draft, Problems } from "./logging";
import styles from "./Review.module.css";

/** What the gate says of the edit, and what stands before the next stage without one. */
export interface Gate {
  preview: EditPreview | undefined;
  held: boolean;
  present: readonly Criterion[];
  /** Asks for what shows it. */
  onConfirm: (criterion: Criterion) => void;
}

/** Props of DealEdit. */
export interface DealEditProps {
  detail: ReviewItemDetail;
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  problems: Problems;
  /** Opens the controls. */
  edit: Action;
  /** They were opened just now, so the first one takes the focus. */
  opened: boolean;
  gate: Gate;
  onClose: () => void;
}

/** Under the next step, in the decision's form. */
export function DealEdit({ detail, draft, change, problems, edit, opened, gate, onClose }: DealEditProps) {
  const fields = editedFields(detail);
  if (fields.length === 0) return null;
  if (!opened && !changesDeal(draft)) {
    return (
      <div className={styles.dealEdit}>
        <Button kind="quiet" action={edit} />
      </div>
    );
  }
  const leave = () => {
    change({ changes: NO_CHANGES, confirms: NO_CONFIRMS, reason: "" });
    onClose();
  };
  return (
    <div className={styles.dealEdit} role="group" aria-label="The deal">
      <div className={styles.formHead}>
        <span className="strong">The deal</span>
        <span className="t3 small">{changesDeal(draft) ? `${countOf(draft.changes.size + draft.confirms.size, "change")}, logged with the decision` : "nothing changed"}</span>
        <span className="end">
          <Button kind="quiet" onPress={leave}>
            Leave as it is
          </Button>
        </span>
      </div>
      {/* The item that is come back to keeps its letters: no control takes the focus then (the owner is not among them). */}
      <FieldControls fields={fields} changes={draft.changes} focus={opened ? null : "owner"} onChanges={(changes) => change({ changes })} />
      <GateNote preview={gate.preview} present={gate.present} confirms={draft.confirms} onConfirm={gate.onConfirm} onTakeBack={({ key }) => change({ confirms: withoutConfirm(draft.confirms, key) })} />
      {gate.held && (
        <TextField label="Reason to move past the gate" value={draft.reason} onChange={(reason) => change({ reason })} error={problems.reason} maxLength={1000} isRequired wide />
      )}
      {problems.deal !== undefined && <p className={styles.error}>{problems.deal}</p>}
    </div>
  );
}
