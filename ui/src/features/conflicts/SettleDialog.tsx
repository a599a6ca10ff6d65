/**
 * Award, split or joint roles: one act over the deals of both sides, which lands whole or waits whole. Shares add up to 100 %
 * before anything is sent; what is written to the CRM and each party's letter stand beside the fields before it is decided.
 */
import { useState } from "react";
import type { ConflictDetail } from "../../api/api.gen";
import { emptyForm, settleProblems, settleRequest } from "../../channel/settle";
import type { Outcome } from "../../channel/settle";
import { SettleFields, ShareSum } from "../../channel/SettleFields";
import styles from "../../channel/Settle.module.css";
import { SettlePreview } from "../../channel/SettlePreview";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNotice } from "../../components/Section";
import { useStep } from "./useStep";

const TITLE = { awarded: "Award", split: "Split", joint: "Joint roles" } as const;
const NOTE = { awarded: "one act over the deals of both sides (R-13)", split: "each party its share; together 100 %", joint: "each brings something else (R-09)" } as const;

/** The dialog. */
export function SettleDialog({ outcome, detail, onDone, onClose }: { outcome: Outcome; detail: ConflictDetail; onDone: () => void; onClose: () => void }) {
  const { row, verdict } = detail;
  const first = verdict.first ?? null;
  const [form, setForm] = useState(() => emptyForm(row.parties, first));
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useStep("settleConflict");
  const problems = settleProblems(outcome, form, first);
  const may = Object.keys(problems).length === 0;
  const request = may ? settleRequest(row.id, outcome, form) : null;
  const run = () => {
    setTried(true);
    if (request) send(request, onDone);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${TITLE[outcome]}: ${row.account}`}
      note={NOTE[outcome]}
      width="wide"
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            {TITLE[outcome]}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <ShareSum outcome={outcome} form={form} />
        </>
      }
    >
      {error && <ErrorNotice error={error} title="Nothing was settled" />}
      <div className={styles.deciding}>
        <div>
          <SettleFields outcome={outcome} parties={row.parties} form={form} first={first} said={tried ? problems : {}} onChange={setForm} onEnter={run} />
        </div>
        <div>
          <SettlePreview request={request} parties={row.parties} />
        </div>
      </div>
    </Dialog>
  );
}
