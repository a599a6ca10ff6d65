/**
 * A message before it goes anywhere: edited here, then copied, opened in the mail program, or saved as a file that one opens. Nothing is
 * sent from here and nothing of it waits in the outbox.
 */
import { useState } from "react";
import type { ReactNode } from "react";
import type { MessageDraft } from "../api/api.gen";
import { useCommand } from "../api/queries";
import { Button } from "../components/Button";
import { TextArea, TextField } from "../components/Field";
import { toast } from "../components/toasts";
import { mailAddress } from "./mail";

/** The fields and what can be done with them; `children` stand at the right of that. */
export function MessageEditor({ draft, rows = 12, children }: { draft: MessageDraft; rows?: number; children?: ReactNode }) {
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
      <TextArea label="Text" value={message.text} onChange={(text) => set({ text })} rows={rows} maxLength={20_000} wide />
      <div className="row">
        <Button kind="primary" onPress={() => window.location.assign(mailAddress(message))}>
          Open in the mail program
        </Button>
        <Button onPress={copy}>Copy</Button>
        <Button isDisabled={save.isPending} onPress={() => save.mutate({ to: draft.to, ...(message.address.trim() === "" ? {} : { address: message.address.trim() }), subject: message.subject, text: message.text })}>
          Save as .eml
        </Button>
        {children}
      </div>
    </>
  );
}
