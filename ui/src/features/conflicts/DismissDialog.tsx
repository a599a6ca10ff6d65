/**
 * Channel conflicts put aside with one reason: one, or all that are marked. Each comes back only when its facts change (C-07). One that
 * is refused stops nothing, says why and stays marked; what was done is taken back with one Undo.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { ConflictRow, ConflictsDone } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextArea } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import styles from "./Channel.module.css";
import { DISMISS_REASONS, dismissReason } from "./step";
import type { DismissCause } from "./step";

/** At most so many at once; Rust refuses more. */
const MOST = 500;
const conflicts = (n: number) => countOf(n, "channel conflict");

/** The dialog; `onDone` hears which were dismissed. */
export function DismissDialog({ rows, onClose, onDone }: { rows: readonly ConflictRow[]; onClose: () => void; onDone: (ids: readonly string[]) => void }) {
  // What stands in the dialog is what was chosen when it opened: a refresh of the list changes nothing here.
  const [chosen] = useState(() => rows.slice(0, MOST));
  const [cause, setCause] = useState<DismissCause | null>(null);
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<ConflictsDone | null>(null);
  const undo = useCommand("undo", { failed: "One of them could not be taken back" });
  const dismiss = useCommand("dismissConflicts", { quiet: true });
  const reason = dismissReason(cause, text);
  const one = chosen.length === 1 ? chosen[0] : undefined;

  const takeBack = async ({ done: ids, decisions }: ConflictsDone) => {
    // One after the other, the last first, so that each stands on what it stood on. One that fails is told by the command.
    try {
      // oxlint-disable-next-line no-await-in-loop
      for (const decision of decisions.toReversed()) await undo.mutateAsync({ decision });
    } catch {
      return;
    }
    const without = ids.length - decisions.length;
    if (without === 0) toast({ title: ids.length === 1 ? "The channel conflict is open again" : `${conflicts(ids.length)} are open again` });
    else toast({ tone: "info", title: `${conflicts(without)} ${without === 1 ? "stays" : "stay"} dismissed`, body: "No deal of the CRM was told of it, so there is nothing to take back. It comes back when its facts change." });
  };
  const run = () => {
    setTried(true);
    if (reason === null || dismiss.isPending || done !== null) return;
    dismiss.mutate(
      { conflicts: chosen.map((row) => row.id), reason },
      {
        onSuccess(answer) {
          toast({ title: `${conflicts(answer.done.length)} dismissed`, tone: answer.failed.length > 0 ? "info" : "ok", undo: answer.decisions.length === 0 ? undefined : () => void takeBack(answer) });
          if (answer.failed.length === 0) onDone(answer.done);
          else setDone(answer);
        },
      },
    );
  };
  const close = () => (done === null ? onClose() : onDone(done.done));
  const missing = tried && reason === null;

  return (
    <Dialog
      open
      onClose={() => !dismiss.isPending && close()}
      title={done === null ? `Dismiss ${one ? one.account : conflicts(chosen.length)}` : `${conflicts(done.failed.length)} not dismissed`}
      note={done === null ? "it comes back when its facts change" : "those that were not stay selected"}
      onSubmit={done === null ? run : close}
      foot={
        done === null ? (
          <>
            <Button kind="primary" keys="Mod+Enter" isDisabled={dismiss.isPending} onPress={run}>
              {one ? "Dismiss" : `Dismiss ${chosen.length}`}
            </Button>
            <Button kind="quiet" keys="Escape" onPress={onClose}>
              Cancel
            </Button>
          </>
        ) : (
          <Button kind="primary" keys="Mod+Enter" autoFocus onPress={close}>
            Close
          </Button>
        )
      }
    >
      {dismiss.error && <ErrorNotice error={dismiss.error} title="Nothing was dismissed" />}
      {done === null ? (
        <>
          <NumberedChoice label="Reason" options={DISMISS_REASONS} value={cause} onChange={setCause} onEnter={run} error={missing && cause === null ? "Choose a reason" : undefined} autoFocus />
          <TextArea label={cause === "other" ? "Why, kept on both sides’ deals" : "More about it (optional)"} value={text} onChange={setText} rows={2} maxLength={2000} isRequired={cause === "other"} error={missing && cause === "other" ? "Say why in a sentence" : undefined} wide />
          {!one && (
            <ul className={styles.chosen} aria-label="Selected">
              {chosen.map((row) => (
                <li key={row.id}>
                  <span className="cut">{row.account}</span>
                  <span className="t3 small cut">
                    {labels.ConflictKind[row.kind]} · {row.parties.map((party) => party.name).join(", ")}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </>
      ) : (
        <ul className={styles.chosen} aria-label="Not dismissed">
          {done.failed.map((failed) => (
            <li key={failed.conflict}>
              <span className="row cut">
                <Sign outcome="fail" /> {chosen.find((row) => row.id === failed.conflict)?.account ?? failed.conflict}
              </span>
              <span className="t2 small">{failed.why}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
