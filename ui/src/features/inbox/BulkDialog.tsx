/**
 * One act for a selection, confirmed once: each row shows its own recommendation before anything is done, and its own outcome
 * afterwards. A row that is refused changes nothing, says why and stays marked; what was done is taken back with one Undo.
 */
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkAct, BulkDone, InboxRow } from "../../api/api.gen";
import { opOptions, useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextArea } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { useWhenRead } from "../../components/useWhenRead";
import { Sign } from "../../components/Verdict";
import { useNow } from "../../components/When";
import { againstPolicy, bulkName, bulkProblems, bulkRequest, bulkTitle, EMPTY_BULK } from "./bulk";
import type { BulkForm } from "./bulk";
import { DECLINE_REASONS } from "./decide";
import styles from "./Inbox.module.css";
import { snoozeChoices } from "./snooze";

const SIGN = { approve: "ok", decline: "fail", ask: "warn" } as const;
const OWN = "own";
const CAUSES = [{ id: OWN, name: "Each its own", hint: "as recommended" } as const, ...DECLINE_REASONS];
/** At most so many at once; Rust refuses more. */
export const BULK_LIMIT = 200;

/** The dialog; `onDone` hears which registrations were done. */
export function BulkDialog({ act, rows, onClose, onDone }: { act: BulkAct; rows: readonly InboxRow[]; onClose: () => void; onDone: (ids: ReadonlySet<string>) => void }) {
  const now = useNow();
  // What stands in the dialog is what was chosen when it opened: a refresh of the list changes nothing here.
  const [chosen] = useState(() => rows.slice(0, BULK_LIMIT));
  const [until] = useState(() => snoozeChoices(now));
  const details = useQueries({ queries: chosen.map((row) => opOptions("registration", row.id)) });
  const [form, setForm] = useState<BulkForm>({ ...EMPTY_BULK, until: act === "snooze" ? (until[0]?.until ?? null) : null });
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<BulkDone | null>(null);
  const set = (change: Partial<BulkForm>) => setForm({ ...form, ...change });
  const undo = useCommand("undo", { failed: "One of them could not be taken back" });
  const bulk = useCommand("bulk", { quiet: true });

  const known = details.map((query) => query.data).filter((detail) => detail !== undefined);
  const isReading = act === "approve" && details.some((query) => query.isPending);
  const against = act === "approve" ? againstPolicy(known) : 0;
  const problems = tried ? bulkProblems(act, form, against) : {};
  const name = bulkName(act, chosen.length);

  const leave = (answer: BulkDone) => onDone(new Set(answer.rows.filter((row) => row.refused === null).map((row) => row.registration)));
  const run = useWhenRead(isReading, JSON.stringify(form), () => {
    setTried(true);
    if (bulk.isPending || done !== null || Object.keys(bulkProblems(act, form, against)).length > 0) return;
    bulk.mutate(bulkRequest(act, chosen.map((row) => row.id), form), {
      onSuccess(answer) {
        const decisions = answer.rows.flatMap((row) => (row.decided === null ? [] : [row.decided.decision]));
        toast({ title: bulkTitle(act, answer), tone: answer.refused > 0 ? "info" : "ok", undo: decisions.length === 0 ? undefined : () => decisions.toReversed().forEach((decision) => undo.mutate({ decision })) });
        if (answer.refused === 0) leave(answer);
        else setDone(answer);
      },
    });
  });
  const close = () => (done === null ? onClose() : leave(done));

  return (
    <Dialog
      open
      onClose={() => !bulk.isPending && close()}
      title={done === null ? name : bulkTitle(act, done)}
      note={done !== null ? "those that were not stay marked" : act === "approve" ? "with the policy’s terms" : act === "snooze" || act === "claim" ? undefined : "each partner gets the drafted message"}
      width="wide"
      onSubmit={done === null ? run.press : close}
      foot={
        done === null ? (
          <>
            <Button kind="primary" keys="Mod+Enter" isDisabled={bulk.isPending} onPress={run.press}>
              {name}
            </Button>
            <Button kind="quiet" keys="Escape" isDisabled={bulk.isPending} onPress={onClose}>
              Cancel
            </Button>
            {rows.length > chosen.length && <span className="t3 small">the first {BULK_LIMIT} of {rows.length}</span>}
            <span className="end t2" role="status">
              {run.waits ? "goes as soon as the checks are read" : ""}
            </span>
          </>
        ) : (
          <Button kind="primary" keys="Mod+Enter" autoFocus onPress={close}>
            Close
          </Button>
        )
      }
    >
      {bulk.error && <ErrorNotice error={bulk.error} title="Nothing was done" />}
      {done === null && act === "decline" && <NumberedChoice label="Reason" options={CAUSES} value={form.cause ?? OWN} onChange={(id) => set({ cause: id === OWN ? null : id })} onEnter={run.press} autoFocus />}
      {done === null && act === "snooze" && <NumberedChoice label="Until" options={until} value={until.find((one) => one.until === form.until)?.id ?? null} onChange={(id) => set({ until: until.find((one) => one.id === id)?.until ?? null })} onEnter={run.press} error={problems.until} autoFocus />}
      {done === null && act === "ask" && <TextArea label="The question for all (optional: each claim’s own when left empty)" value={form.question} onChange={(question) => set({ question })} rows={2} maxLength={4000} autoFocus wide />}
      {done === null && (act === "decline" || act === "snooze" || against > 0) && (
        <TextArea
          label={act === "approve" ? `Reason for the ${against} that the policy would not approve` : act === "decline" && form.cause === "other" ? "Why" : "Why, in words (optional)"}
          value={form.reason}
          onChange={(reason) => set({ reason })}
          rows={2}
          maxLength={4000}
          error={problems.reason}
          autoFocus={act === "approve"}
          wide
        />
      )}
      <ul className={styles.bulk} aria-label={done === null ? "The selection" : "How each ended"}>
        {chosen.map((row, n) => {
          const outcome = done?.rows.find((one) => one.registration === row.id);
          const recommendation = details[n]?.data?.recommendation;
          const failure = details[n]?.error;
          return (
            <li key={row.id}>
              {outcome ? <Sign outcome={outcome.refused === null ? "ok" : "fail"} /> : recommendation ? <Sign outcome={SIGN[recommendation.act]} /> : <span />}
              <span className="cut">
                <span className="medium">{row.company}</span> <span className="t3 small">{row.partner}</span>
              </span>
              {outcome ? (
                <span className={`small ${outcome.refused === null ? "t2" : "danger"}`}>
                  {outcome.refused ?? outcome.decided?.title ?? "done"}
                  {outcome.next !== null && <span className="t2"> {outcome.next}</span>}
                </span>
              ) : (
                <span className={`small ${failure ? "danger" : "t2"}`}>{failure ? failure.message : (recommendation?.text ?? "")}</span>
              )}
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
