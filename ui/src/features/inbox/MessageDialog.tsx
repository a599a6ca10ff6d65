/**
 * A message to the partner before it goes anywhere: drafted from the policy's template, edited here, then copied, opened in the mail
 * program, or saved as a file that one opens. Nothing is sent from here and nothing of it waits in the outbox.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { Letter, RegistrationDetail } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { optionsOf } from "../../format/words";
import { MessageEditor } from "../../message/MessageEditor";
import { letterFor } from "./letters";

/** The dialog; mounted while open. */
export function MessageDialog({ detail, onClose }: { detail: RegistrationDetail; onClose: () => void }) {
  const [letter, setLetter] = useState<Letter>(() => letterFor(detail.row.status, detail.recommendation?.act ?? null));
  const draft = useOp("messageDraft", { registration: detail.row.id, letter });
  return (
    <Dialog open onClose={onClose} title="Message to the partner" note={detail.row.company} foot={draft.data ? undefined : <Button kind="quiet" keys="Escape" onPress={onClose}>Close</Button>}>
      <Select label="About" options={optionsOf(labels.Letter)} value={letter} onChange={setLetter} autoFocus wide />
      {draft.error && <ErrorNotice error={draft.error} title="The message could not be drafted" />}
      {draft.data && (
        <MessageEditor key={letter} draft={draft.data}>
          <span className="end">
            <Button kind="quiet" keys="Escape" onPress={onClose}>
              Close
            </Button>
          </span>
        </MessageEditor>
      )}
    </Dialog>
  );
}
