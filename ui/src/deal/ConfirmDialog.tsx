/**
 * A person says that a criterion holds, with what shows it (M): which one by its digit where several are open, then the evidence. A
 * policy that asks for evidence gets none without it; what is confirmed can be taken back and both words stay on record.
 */
import { useState } from "react";
import type { Criterion, Proof } from "../api/api.gen";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { NumberedChoice } from "../components/NumberedChoice";
import { ErrorNotice } from "../components/Section";
import { useNow } from "../components/When";
import { ProofFields } from "../evidence/ProofFields";
import { dayOf } from "../format/time";
import { isProof } from "./confirms";

/** Props of ConfirmDialog; mounted while open. */
export interface ConfirmDialogProps {
  /** Open ones that a person tells. */
  criteria: readonly Criterion[];
  /** The one that is meant. */
  first: string | null;
  evidenceRequired: boolean;
  isBusy: boolean;
  error: { message: string; kept?: string | null; next?: string | null } | null;
  onConfirm: (key: string, proof: Proof | null) => void;
  onClose: () => void;
}

/** The dialog. */
export function ConfirmDialog({ criteria, first, evidenceRequired, isBusy, error, onConfirm, onClose }: ConfirmDialogProps) {
  const today = dayOf(useNow());
  const [key, setKey] = useState(first ?? criteria[0]?.key ?? null);
  const [proof, setProof] = useState<Proof>({ kind: "meeting", day: today, text: "" });
  const [tried, setTried] = useState(false);
  const chosen = criteria.find((criterion) => criterion.key === key);
  const said = isProof(proof);
  const send = () => {
    setTried(true);
    if (chosen === undefined || isBusy || (evidenceRequired && !said)) return;
    onConfirm(chosen.key, said ? proof : null);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Confirm a criterion"
      note={chosen?.stage}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={isBusy} onPress={send}>
            It holds
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="It was not confirmed" />}
      <NumberedChoice label="Which" options={criteria.map((criterion) => ({ id: criterion.key, name: criterion.says }))} value={key} onChange={setKey} autoFocus={first === null} />
      <ProofFields proof={proof} today={today} tried={tried && evidenceRequired} onChange={setProof} autoFocus={first !== null} />
    </Dialog>
  );
}
