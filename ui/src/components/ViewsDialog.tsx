/**
 * Named views of a screen: whose, which, how sorted, what words. A digit opens one; the view on screen is kept under a name; a view
 * that nobody needs is forgotten, and the one on screen stays as it is. What a view asks and where it is kept is the screen's.
 */
import { useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";
import { CrossIcon } from "./icons";
import { Key } from "./Key";
import { ErrorNotice } from "./Section";
import styles from "./ViewsDialog.module.css";

/** A view by its name, and what it asks in words. */
export interface NamedView {
  name: string;
  words: string;
}

/** Props of ViewsDialog; mounted while open. */
export interface ViewsDialogProps {
  /** "of the inbox". */
  note: string;
  views: readonly NamedView[];
  /** What is on screen, in words. */
  current: string;
  onOpen: (name: string) => void;
  onKeep: (name: string) => void;
  onForget: (name: string) => void;
  isKeeping: boolean;
  isForgetting: boolean;
  error: { message: string; kept?: string | null; next?: string | null } | null;
  onClose: () => void;
}

/** The dialog. */
export function ViewsDialog({ note, views, current, onOpen, onKeep, onForget, isKeeping, isForgetting, error, onClose }: ViewsDialogProps) {
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const words = name.trim();
  const send = () => {
    setTried(true);
    if (words !== "" && !isKeeping) onKeep(words);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Views"
      note={note}
      onSubmit={send}
      actions={views.slice(0, 9).map((view, n) => ({ id: `view.${view.name}`, title: view.name, keys: String(n + 1), group: "Views", sheetOnly: true, run: () => onOpen(view.name) }))}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={isKeeping} onPress={send}>
            {views.some((view) => view.name === words) ? "Replace" : "Keep this view"}
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
              <button type="button" onClick={() => onOpen(view.name)}>
                {n < 9 ? <Key keys={String(n + 1)} /> : <span />}
                <span className="medium cut">{view.name}</span>
                <span className="t3 small cut">{view.words}</span>
              </button>
              <Button kind="icon" label={`Forget ${view.name}`} icon={<CrossIcon size={12} />} isDisabled={isForgetting} onPress={() => onForget(view.name)} />
            </li>
          ))}
        </ul>
      )}
      {error && <ErrorNotice error={error} title="The view was not kept" />}
      <TextField label="Name of the view on screen" value={name} onChange={setName} maxLength={80} help={current} error={tried && words === "" ? "A view needs a name" : undefined} onEnter={send} autoFocus={views.length === 0} wide />
    </Dialog>
  );
}
