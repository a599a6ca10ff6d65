/**
 * Named views of the inbox: whose, which, how sorted, what words, of which partner. A digit opens one; the view on screen is kept
 * under a name; a view that nobody needs is forgotten, and the one on screen stays as it is.
 */
import { useState } from "react";
import type { InboxQuery, InboxView } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { CrossIcon } from "../../components/icons";
import { Key } from "../../components/Key";
import { ErrorNotice } from "../../components/Section";
import styles from "./Inbox.module.css";
import { viewWords } from "./views";

/** The dialog; mounted while open. `current` is what is on screen. */
export function ViewsDialog({ views, current, onOpen, onClose }: { views: readonly InboxView[]; current: InboxQuery; onOpen: (view: InboxView) => void; onClose: () => void }) {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const save = useCommand("saveInboxView", { done: "The view is kept", quiet: true });
  const forget = useCommand("forgetInboxView", { failed: "The view was not forgotten" });
  const replaces = views.some((view) => view.name === name.trim());
  const send = () => {
    setTried(true);
    if (name.trim() !== "" && !save.isPending) save.mutate({ name: name.trim(), query: current }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Views"
      note="of the inbox"
      onSubmit={send}
      actions={views.slice(0, 9).map((view, n) => ({ id: `view.${view.name}`, title: view.name, keys: String(n + 1), group: "Views", sheetOnly: true, run: () => onOpen(view) }))}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={send}>
            {replaces ? "Replace" : "Keep this view"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      {views.length === 0 ? (
        <p className="t2">No view has been kept yet. What is on screen now can be kept under a name.</p>
      ) : (
        <ul className={styles.views} aria-label="Views that are kept">
          {views.map((view, n) => (
            <li key={view.name}>
              <button type="button" onClick={() => onOpen(view)}>
                {n < 9 ? <Key keys={String(n + 1)} /> : <span />}
                <span className="medium cut">{view.name}</span>
                <span className="t3 small cut">{viewWords(view.query)}</span>
              </button>
              <Button kind="icon" label={`Forget ${view.name}`} icon={<CrossIcon size={12} />} isDisabled={forget.isPending} onPress={() => forget.mutate({ name: view.name })} />
            </li>
          ))}
        </ul>
      )}
      {save.error && <ErrorNotice error={save.error} title="The view was not kept" />}
      <TextField label="Name of the view on screen" value={name} onChange={setName} maxLength={80} help={viewWords(current)} error={tried && name.trim() === "" ? "A view needs a name" : undefined} onEnter={send} autoFocus={views.length === 0} wide />
    </Dialog>
  );
}
