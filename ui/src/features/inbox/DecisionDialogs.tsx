/**
 * The three decisions that need words: approve against the recommendation (or with an edited message), decline, ask for info.
 * Each shows the message that the partner will get, drafted and editable, and says when it is sent: after the CRM has
 * confirmed, never before. They are mounted while open; the caller sends and closes on success, so that a refusal
 * leaves every typed word in place.
 */
import { useState } from "react";
import type { Approve, AskInfo, Decline, RegistrationDetail } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextArea } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { approveRequest, approvesAtOnce, askRequest, declineProblems, declineRequest, DECLINE_REASONS, suggestedReason } from "./decide";
import type { Terms } from "./decide";
import { numberOf } from "./rows";

const SENT_LATER = "Goes to the partner when the CRM has confirmed the decision.";
const TEXT = 4000;

interface DialogOf<Request> {
  detail: RegistrationDetail;
  busy: boolean;
  onSend: (request: Request) => void;
  onClose: () => void;
}

function Foot({ verb, busy, onSend, onClose }: { verb: string; busy: boolean; onSend: () => void; onClose: () => void }) {
  return (
    <>
      <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={onSend}>
        {verb}
      </Button>
      <Button kind="quiet" keys="Escape" onPress={onClose}>
        Cancel
      </Button>
    </>
  );
}

/** Approve in words: the reason when the policy says otherwise, the message to the partner. */
export function ApproveDialog({ detail, terms, said, busy, onSend, onClose }: DialogOf<Approve> & { terms: Terms; said: string }) {
  const needsReason = !approvesAtOnce(detail);
  const [reason, setReason] = useState("");
  const [message, setMessage] = useState(detail.drafts.approve);
  const [tried, setTried] = useState(false);
  const missing = needsReason && reason.trim() === "";
  const send = () => {
    setTried(true);
    if (!missing && !busy) onSend(approveRequest(detail, terms, { message, reason }));
  };
  const note = detail.recommendation === null ? undefined : `recommended: ${detail.recommendation.text}`;
  return (
    <Dialog open onClose={onClose} title={`Approve ${detail.row.company}`} note={note} onSubmit={send} foot={<Foot verb="Approve" busy={busy} onSend={send} onClose={onClose} />}>
      <p className="t2">{said}</p>
      <TextArea
        label={needsReason ? "Reason, kept with the decision" : "Reason (optional)"}
        value={reason}
        onChange={setReason}
        rows={2}
        maxLength={TEXT}
        isRequired={needsReason}
        autoFocus
        wide
        error={tried && missing ? "The policy recommends otherwise: say why in a sentence" : undefined}
      />
      <TextArea label="Message to the partner" value={message} onChange={setMessage} rows={9} maxLength={TEXT} help={SENT_LATER} wide />
    </Dialog>
  );
}

/** Decline: a reason from the list by its digit, words where they help, the message to the partner. `D 5 Enter` is a whole decline. */
export function DeclineDialog({ detail, busy, onSend, onClose }: DialogOf<Decline>) {
  const [draft, setDraft] = useState({ reason: suggestedReason(detail.checks, detail.recommendation?.trace), text: "", message: detail.drafts.decline });
  const [tried, setTried] = useState(false);
  const problems = tried ? declineProblems(draft) : {};
  const send = () => {
    setTried(true);
    const request = declineRequest(detail, draft);
    if (request !== null && !busy) onSend(request);
  };
  return (
    <Dialog open onClose={onClose} title={`Decline ${detail.row.company}`} note={numberOf(detail.row) ?? undefined} onSubmit={send} foot={<Foot verb="Decline" busy={busy} onSend={send} onClose={onClose} />}>
      <NumberedChoice label="Reason" options={DECLINE_REASONS} value={draft.reason} onChange={(reason) => setDraft({ ...draft, reason })} onEnter={send} error={problems.reason} autoFocus />
      <TextArea
        label={draft.reason === "other" ? "Why" : "Why, in words (optional)"}
        value={draft.text}
        onChange={(text) => setDraft({ ...draft, text })}
        rows={2}
        maxLength={TEXT}
        isRequired={draft.reason === "other"}
        error={problems.text}
        wide
      />
      <TextArea label="Message to the partner" value={draft.message} onChange={(message) => setDraft({ ...draft, message })} rows={8} maxLength={TEXT} help={SENT_LATER} error={problems.message} wide />
    </Dialog>
  );
}

/** Ask for info: what is missing, and the message. The clock pauses until the partner answers. */
export function AskDialog({ detail, busy, onSend, onClose }: DialogOf<AskInfo>) {
  const [question, setQuestion] = useState("");
  const [message, setMessage] = useState(detail.drafts.ask);
  const [tried, setTried] = useState(false);
  const send = () => {
    setTried(true);
    const request = askRequest(detail, question, message);
    if (request !== null && !busy) onSend(request);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Ask ${detail.row.partner ?? "the partner"}`}
      note="the clock pauses until the answer"
      onSubmit={send}
      foot={<Foot verb="Ask for info" busy={busy} onSend={send} onClose={onClose} />}
    >
      <TextArea
        label="What is missing"
        value={question}
        onChange={setQuestion}
        rows={2}
        maxLength={TEXT}
        isRequired
        autoFocus
        wide
        error={tried && question.trim() === "" ? "Say what you need to know" : undefined}
      />
      <TextArea
        label="Message to the partner"
        value={message}
        onChange={setMessage}
        rows={8}
        maxLength={TEXT}
        help={SENT_LATER}
        error={tried && message.trim() === "" ? "The partner needs a message" : undefined}
        wide
      />
    </Dialog>
  );
}
