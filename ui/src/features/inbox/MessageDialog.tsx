/**
 * A message to the partner before it goes anywhere: drafted from the policy's template, edited here, then copied, opened in the mail
 * program, or saved as a file that one opens. Nothing is sent from here and nothing of it waits in the outbox.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { Letter, MessageDraft, RegistrationDetail } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextArea, TextField } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { optionsOf } from "../../format/words";
import { letterFor, mailAddress } from "./letters";

/** The dialog; mounted while open. */
export function MessageDialog({ detail, onClose }: { detail: RegistrationDetail; onClose: () => void }) {
  const [letter, setLetter] = useState<Letter>(() => letterFor(detail.row.status, detail.recommendation?.act ?? null));
  const draft = useOp("messageDraft", { registration: detail.row.id, letter });
  return (
    <Dialog open onClose={onClose} title="Message to the partner" note={detail.row.company} foot={draft.data ? undefined : <Button kind="quiet" keys="Escape" onPress={onClose}>Close</Button>}>
      <Select label="About" options={optionsOf(labels.Letter)} value={letter} onChange={setLetter} autoFocus wide />
      {draft.error && <ErrorNotice error={draft.error} title="The message could not be drafted" />}
      {draft.data && <Message key={letter} draft={draft.data} onClose={onClose} />}
    </Dialog>
  );
}

function Message({ draft, onClose }: { draft: MessageDraft; onClose: () => void }) {
  const [message, setMessage] = useState({ address: draft.address ?? "", subject: draft.subject, text: draft.text });
  const set = (change: Partial<typeof message>) => setMessage({ ...message, ...change });
  const save = useCommand("saveMessage", { failed: "The message was not saved", done: (saved) => (saved.file === "" ? "Nothing was saved" : `Saved as ${saved.file}`) });
  const copy = () =>
    void navigator.clipboard.writeText(`${message.subject}\n\n${message.text}`).then(
      () => toast({ title: "Message copied" }),
      () => toast({ tone: "danger", title: "The message was not copied", body: "The clipboard is not open to the window. Select the text and copy it." }),
    );
  return (
    <>
      <TextField label={`To ${draft.to}`} value={message.address} onChange={(address) => set({ address })} placeholder="no address known" maxLength={320} wide />
      <TextField label="Subject" value={message.subject} onChange={(subject) => set({ subject })} maxLength={400} wide />
      <TextArea label="Text" value={message.text} onChange={(text) => set({ text })} rows={12} maxLength={20_000} wide />
      <div className="row">
        <Button kind="primary" onPress={() => window.location.assign(mailAddress(message))}>
          Open in the mail program
        </Button>
        <Button onPress={copy}>Copy</Button>
        <Button isDisabled={save.isPending} onPress={() => save.mutate({ to: draft.to, ...(message.address.trim() === "" ? {} : { address: message.address.trim() }), subject: message.subject, text: message.text })}>
          Save as .eml
        </Button>
        <span className="end">
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Close
          </Button>
        </span>
      </div>
    </>
  );
}
