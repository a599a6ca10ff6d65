/**
 * Moves a deal to another stage through its gate: reads where it can go and what a move comes to as it is typed, and saves stage,
 * fields, confirmations and reason as one decision. Where to may be said beforehand by a place of its way (the board, Shift+L).
 */
import { useState } from "react";
import type { Decided } from "../api/api.gen";
import { useCommand, useOp } from "../api/queries";
import { Dialog } from "../components/Dialog";
import { ErrorNotice } from "../components/Section";
import { NO_CHANGES } from "./changes";
import { NO_CONFIRMS } from "./confirms";
import { moveRequest, stageAt } from "./gate";
import { GateDialog } from "./GateDialog";
import { useRested } from "./useRested";

/** Props of MoveDialog; mounted while open. */
export interface MoveDialogProps {
  deal: string;
  /** 1 to 5; null begins with the next stage. */
  position: number | null;
  onUndo: (decided: Decided) => void;
  onMoved?: () => void;
  onClose: () => void;
}

/** The dialog. */
export function MoveDialog({ deal, position, onUndo, onMoved, onClose }: MoveDialogProps) {
  const standing = useOp("dealStanding", deal);
  const detail = useOp("deal", deal);
  const [chosen, setTo] = useState<string | null>(null);
  const [changes, setChanges] = useState(NO_CHANGES);
  const [confirms, setConfirms] = useState(NO_CONFIRMS);
  const [reason, setReason] = useState("");
  const move = useCommand("editDeal", { done: (decided) => decided.title, undo: onUndo, quiet: true });
  const stages = standing.data?.stages ?? [];
  // Where nobody has said, the next stage on its way is meant.
  const meant = position === null ? standing.data?.next : stageAt(stages, position);
  const to = chosen ?? meant?.value ?? null;
  const fields = detail.data?.fields ?? [];
  // The reason does not change what the move comes to.
  const wanted = to === null ? null : moveRequest(deal, to, fields, changes, confirms, "");
  const asked = useRested(wanted) ?? wanted;
  const query = useOp("previewEdit", asked ?? { deal, set: [], confirm: [] }, { enabled: asked !== null, keep: true });
  const error = standing.error ?? detail.error;
  if (error) {
    return (
      <Dialog open onClose={onClose} title="Move the deal">
        <ErrorNotice error={error} title="The deal could not be read" />
      </Dialog>
    );
  }
  if (!standing.data || !detail.data) return null;
  const isReading = query.isPlaceholderData || query.isPending || JSON.stringify(asked) !== JSON.stringify(wanted);
  return (
    <GateDialog
      name={detail.data.row.name}
      present={detail.data.row.stage}
      stages={stages}
      to={to}
      onTo={setTo}
      fields={fields}
      changes={changes}
      onChanges={setChanges}
      confirms={confirms}
      onConfirms={setConfirms}
      evidenceRequired={standing.data.evidence_required}
      reason={reason}
      onReason={setReason}
      preview={wanted === null ? undefined : query.data}
      isReading={isReading}
      error={query.error}
      isBusy={move.isPending}
      failed={move.error}
      onMove={() =>
        to !== null &&
        move.mutate(moveRequest(deal, to, fields, changes, confirms, reason), {
          onSuccess: () => {
            onMoved?.();
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}
