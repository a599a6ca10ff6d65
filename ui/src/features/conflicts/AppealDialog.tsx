/** A partner appeals against how it was settled: what it says, with which evidence. It is open again until the appeal is decided. */
import { useState } from "react";
import type { ConflictDetail, Proof } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Segments, TextArea } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { ProofsEditor } from "../../evidence/ProofsEditor";
import { dayOf } from "../../format/time";
import { keyOf } from "../../channel/settle";
import { useStep } from "./useStep";

/** The dialog. */
export function AppealDialog({ detail, onDone, onClose }: { detail: ConflictDetail; onDone: () => void; onClose: () => void }) {
  const { row, verdict } = detail;
  const today = dayOf(useNow());
  const partners = row.parties.filter((party) => party.partner);
  const likely = partners.find((party) => keyOf(party) !== verdict.first) ?? partners[0];
  const [partner, setPartner] = useState<string>(likely ? keyOf(likely) : "");
  const [text, setText] = useState("");
  const [proofs, setProofs] = useState<readonly Proof[]>([{ kind: "meeting", day: today, text: "" }]);
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useStep("appealConflict");
  const bare = proofs.length === 0 || proofs.some((proof) => proof.text.trim() === "" || proof.day === "");
  const run = () => {
    setTried(true);
    if (text.trim() === "" || bare) return;
    send({ conflict: row.id, partner, text: text.trim(), proofs: proofs.map((proof) => ({ ...proof, text: proof.text.trim() })) }, onDone);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Appeal: ${row.account}`}
      note={detail.appeal_until ? `possible until ${detail.appeal_until}` : "with evidence that was not seen"}
      width="wide"
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            Appeal
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="The appeal was not saved" />}
      {partners.length > 1 && (
        <div>
          <Segments label="Who appeals" options={partners.map((party) => ({ id: keyOf(party), name: party.name }))} value={partner} onChange={setPartner} />
        </div>
      )}
      <TextArea label="What the partner says" value={text} onChange={setText} rows={3} maxLength={4000} isRequired autoFocus error={tried && text.trim() === "" ? "Say what the partner says" : undefined} wide />
      <ProofsEditor proofs={proofs} today={today} onChange={setProofs} error={tried && bare ? "An appeal needs evidence: each piece its day and what it says" : undefined} />
    </Dialog>
  );
}
