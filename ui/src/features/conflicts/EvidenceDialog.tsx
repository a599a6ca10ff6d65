/** A piece of evidence for one party, added by hand: what it is, its day, what it says and where it comes from. The verdict is judged again with it. */
import { useState } from "react";
import type { ConflictDetail, ProofKind } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Segments, Select, TextArea, TextField } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { PROOF_KINDS } from "../../evidence/ProofsEditor";
import { dayOf } from "../../format/time";
import { keyOf } from "../../channel/settle";
import styles from "./Channel.module.css";
import { useStep } from "./useStep";

/** The dialog. */
export function EvidenceDialog({ detail, onDone, onClose }: { detail: ConflictDetail; onDone: () => void; onClose: () => void }) {
  const { row, verdict } = detail;
  const today = dayOf(useNow());
  const behind = row.parties.find((party) => keyOf(party) !== verdict.first) ?? row.parties[0];
  const [form, setForm] = useState<{ party: string; kind: ProofKind; day: string | null; text: string; source: string }>({ party: behind ? keyOf(behind) : "direct", kind: "meeting", day: today, text: "", source: "" });
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useStep("addEvidence");
  const { party, kind, day, text, source } = form;
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const run = () => {
    setTried(true);
    if (day === null || text.trim() === "") return;
    send({ conflict: row.id, party, proof: { kind, day, text: text.trim() }, ...(source.trim() === "" ? {} : { source: source.trim() }) }, onDone);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Evidence: ${row.account}`}
      note="the verdict is judged again with it"
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            Add
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="It was not added" />}
      <div>
        <Segments label="Whose" options={row.parties.map((one) => ({ id: keyOf(one), name: one.name }))} value={party} onChange={(to) => set({ party: to })} />
      </div>
      <div className={styles.dialogGrid}>
        <Select label="What it is" options={PROOF_KINDS} value={kind} onChange={(to) => set({ kind: to })} wide />
        <DateField label="Day that it shows" value={day} onChange={(to) => set({ day: to })} max={today} error={tried && day === null ? "Choose the day" : undefined} wide />
      </div>
      <TextArea label="What it says" value={text} onChange={(to) => set({ text: to })} rows={2} maxLength={2000} isRequired autoFocus error={tried && text.trim() === "" ? "Say what it shows" : undefined} wide />
      <TextField label="Where it comes from (you, when empty)" value={source} onChange={(to) => set({ source: to })} maxLength={200} wide />
    </Dialog>
  );
}
