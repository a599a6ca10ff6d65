/** Putting aside: until when, by a digit, and why if that helps. It comes back by itself; the clock does not stop meanwhile. */
import { useState } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, TextField } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { useNow } from "../../components/When";
import { morningOn, snoozeChoices } from "./snooze";

const ANY = "any";

/** The dialog; mounted while open. `what` is the company, or how many. */
export function SnoozeDialog({ what, busy, onSend, onClose }: { what: string; busy: boolean; onSend: (until: string, reason: string) => void; onClose: () => void }) {
  const now = useNow();
  const [choices] = useState(() => snoozeChoices(now));
  const [id, setId] = useState<string>("tomorrow");
  const [day, setDay] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const until = id === ANY ? (day === null ? null : morningOn(day)) : (choices.find((one) => one.id === id)?.until ?? null);
  const past = until !== null && Date.parse(until) <= now;
  const send = () => {
    setTried(true);
    if (until !== null && !past && !busy) onSend(until, reason.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Put aside ${what}`}
      note="its clock goes on"
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={send}>
            Put aside
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <NumberedChoice label="Until" options={[...choices, { id: ANY, name: "Another day" }]} value={id} onChange={setId} onEnter={send} autoFocus />
      {id === ANY && <DateField label="Day" value={day} onChange={setDay} autoFocus error={tried && until === null ? "Choose a day" : past ? "This day has begun" : undefined} />}
      <TextField label="Why (optional)" value={reason} onChange={setReason} maxLength={400} wide />
    </Dialog>
  );
}
