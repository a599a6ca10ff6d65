/** The quick log after a call: what was said, and the next step with who and when. One decision; Ctrl+Enter saves, the toast takes it back. A step without an owner or a day is not saved. */
import { useState } from "react";
import type { DealRow } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Select, TextArea, TextField } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import styles from "./Partners.module.css";
import { logProblems, quickLogRequest } from "./quickLog";
import type { LogDraft } from "./quickLog";

const NO_DEAL = "";

/** The dialog; mounted while it is open. */
export function QuickLogDialog({ partner, name, deals, onClose }: { partner: string; name: string; deals: readonly DealRow[]; onClose: () => void }) {
  const settings = useOp("settings", undefined).data;
  const now = useNow();
  const [draft, setDraft] = useState<LogDraft>({ note: "", step: "", owner: null, due: null, deal: null });
  const [tried, setTried] = useState(false);
  const undo = useCommand("undo", { done: "The log is taken back", failed: "It could not be taken back" });
  const save = useCommand("quickLog", { done: (decided) => decided.title, undo: (decided) => undo.mutate({ decision: decided.decision }), quiet: true });
  const ready = { ...draft, owner: draft.owner ?? settings?.me ?? null };
  const problems = logProblems(ready, now);
  const shown = tried ? problems : {};
  const change = (part: Partial<LogDraft>) => setDraft({ ...draft, ...part });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length === 0 && !save.isPending) save.mutate(quickLogRequest(partner, ready), { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Quick log"
      note={name}
      onSubmit={submit}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={submit}>
            Save
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <div className={styles.log}>
        {save.error && <ErrorNotice error={save.error} title="The log was not saved" />}
        <TextArea label="Note" value={draft.note} onChange={(note) => change({ note })} error={shown.note} rows={4} maxLength={4000} placeholder="What was said" autoFocus wide />
        {deals.length > 0 && (
          <Select
            label="About"
            options={[{ id: NO_DEAL, name: "The partner, no single deal" }, ...deals.map((deal) => ({ id: deal.id, name: deal.account ?? deal.name, hint: deal.stage }))]}
            value={draft.deal ?? NO_DEAL}
            onChange={(deal) => change({ deal: deal === NO_DEAL ? null : deal })}
            wide
          />
        )}
        <TextField label="Next step" value={draft.step} onChange={(step) => change({ step })} maxLength={500} placeholder="What was promised; empty when nothing was" wide />
        <div className={styles.logPair}>
          <Select label="Owner" placeholder="choose" options={(settings?.owners ?? []).map((owner) => ({ id: owner.id, name: owner.name }))} value={ready.owner} onChange={(owner) => change({ owner })} error={shown.owner} isDisabled={draft.step.trim() === ""} wide />
          <DateField label="By" value={draft.due} onChange={(due) => change({ due })} error={shown.due} isDisabled={draft.step.trim() === ""} wide />
        </div>
      </div>
    </Dialog>
  );
}
