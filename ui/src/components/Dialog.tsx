/**
 * What floats: a dialog for a decision that needs words (decline with a reason), a menu for the rest of the verbs.
 *
 * Dialog: controlled by `open`; title, body, and a foot with the buttons (primary last read, first drawn at the left like
 * the action bar). It opens its own key layer: the screen's letters are dead while it is open, `actions` given to it live;
 * Esc closes, Mod+Enter runs `onSubmit`.
 * Menu: a button that opens a list of actions, each with its key. Unavailable ones are left out.
 */
import type { ReactNode } from "react";
import * as Aria from "react-aria-components";
import { isAvailable, keysOf } from "../actions/registry";
import type { Action } from "../actions/registry";
import { ActionLayerProvider, useActionLayer, useActions } from "../actions/useActions";
import { Button } from "./Button";
import styles from "./Dialog.module.css";
import { Key } from "./Key";

/** Props of Dialog. */
export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Grey words after the title. */
  note?: ReactNode;
  children: ReactNode;
  /** Buttons of the foot. */
  foot?: ReactNode;
  /** Runs on Mod+Enter from anywhere in the dialog. */
  onSubmit?: () => void;
  width?: "narrow" | "normal" | "wide";
  /** Keys of this dialog. */
  actions?: readonly Action[];
}

/** A dialog over the scrim. */
export function Dialog({ open, onClose, title, note, children, foot, onSubmit, width = "normal", actions = [] }: DialogProps) {
  return (
    <Aria.ModalOverlay isOpen={open} onOpenChange={(isOpen) => !isOpen && onClose()} isDismissable className={styles.scrim ?? ""}>
      <Aria.Modal className={`${styles.dialog} ${styles[width]}`}>
        <Aria.Dialog className={styles.inside ?? ""}>
          <DialogLayer actions={[...actions, closeAction(onClose), ...(onSubmit ? [submitAction(onSubmit)] : [])]}>
            <header className={styles.head}>
              <Aria.Heading slot="title" className={styles.title ?? ""}>
                {title}
              </Aria.Heading>
              {note !== undefined && <span className="t3 small cut">{note}</span>}
            </header>
            <div className={styles.body}>{children}</div>
            {foot !== undefined && <footer className={styles.foot}>{foot}</footer>}
          </DialogLayer>
        </Aria.Dialog>
      </Aria.Modal>
    </Aria.ModalOverlay>
  );
}

function submitAction(run: () => void): Action {
  return { id: "dialog.submit", title: "Confirm", keys: "Mod+Enter", inFields: true, run };
}

/** Esc also when what had the focus went away; with the focus inside the overlay hears it first. */
function closeAction(run: () => void): Action {
  return { id: "dialog.close", title: "Close", keys: "Escape", inFields: true, run };
}

/** Content of something modal: while it is mounted only its own actions hear keys. */
export function DialogLayer({ actions = [], children }: { actions?: readonly Action[]; children: ReactNode }) {
  const layer = useActionLayer();
  return (
    <ActionLayerProvider value={layer}>
      <LayerActions list={actions} />
      {children}
    </ActionLayerProvider>
  );
}

function LayerActions({ list }: { list: readonly Action[] }) {
  useActions(list);
  return null;
}

/** A button that opens a list of actions. */
export function Menu({ label, icon, after, actions, kind = "icon" }: { label: string; icon?: ReactNode; after?: ReactNode; actions: readonly Action[]; kind?: "icon" | "plain" | "quiet" }) {
  const offered = actions.filter(isAvailable);
  return (
    <Aria.MenuTrigger>
      {kind === "icon" ? (
        <Button kind="icon" aria-label={label} icon={icon} />
      ) : (
        <Button kind={kind} icon={icon}>
          {label}
          {after}
        </Button>
      )}
      <Aria.Popover className={styles.popover ?? ""} offset={4}>
        <Aria.Menu className={styles.menu ?? ""} onAction={(id) => offered.find((action) => action.id === id)?.run()}>
          {offered.map((action) => (
            <Aria.MenuItem key={action.id} id={action.id} textValue={action.title} className={styles.item ?? ""}>
              <span>{action.title}</span>
              {action.hint !== undefined && <span className="t3 small">{action.hint}</span>}
              {keysOf(action)[0] !== undefined && (
                <span className="end">
                  <Key keys={keysOf(action)[0] ?? ""} />
                </span>
              )}
            </Aria.MenuItem>
          ))}
        </Aria.Menu>
      </Aria.Popover>
    </Aria.MenuTrigger>
  );
}
