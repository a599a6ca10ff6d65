/**
 * One decision for a selection: each registration is read and decided by the same command as alone, one after the other,
 * with its own recommendation shown before anything is sent. What fails is told by name and stays marked; what went well can
 * be taken back with one Undo. Where the policy would not approve, the one reason typed here goes with that approval.
 */
import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import type { DeclineReason, InboxRow, RegistrationDetail } from "../../api/api.gen";
import { opOptions, useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextArea } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ProgressBar } from "../../components/Section";
import { toast } from "../../components/toasts";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { approveRequest, approvesAtOnce, bulkSummary, DECLINE_REASONS, DEFAULT_TERMS } from "./decide";
import type { BulkResult } from "./decide";
import styles from "./Inbox.module.css";

const SIGN = { approve: "ok", decline: "fail", ask: "warn" } as const;

/** The dialog; `onDone` hears which registrations were decided. */
export function BulkDialog({ act, rows, onClose, onDone }: { act: "approve" | "decline"; rows: readonly InboxRow[]; onClose: () => void; onDone: (ids: ReadonlySet<string>) => void }) {
  const details = useQueries({ queries: rows.map((row) => opOptions("registration", row.id)) });
  const [reason, setReason] = useState("");
  const [cause, setCause] = useState<DeclineReason | null>(null);
  const [tried, setTried] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const approve = useCommand("approve", { quiet: true });
  const decline = useCommand("decline", { quiet: true });
  const undo = useCommand("undo", { failed: "One of them could not be taken back" });

  const known = details.map((query) => query.data).filter((detail) => detail !== undefined);
  const against = act === "approve" ? known.filter((detail) => !approvesAtOnce(detail)).length : 0;
  const words = reason.trim();
  const noWords = words === "" && (act === "approve" ? against > 0 : cause === "other");
  const noCause = act === "decline" && cause === null;
  const running = at !== null;
  const verb = act === "approve" ? "Approve" : "Decline";

  async function decide(detail: RegistrationDetail): Promise<BulkResult> {
    try {
      const decided =
        act === "approve"
          ? await approve.mutateAsync(approveRequest(detail, DEFAULT_TERMS, approvesAtOnce(detail) ? {} : { reason }))
          : await decline.mutateAsync({ registration: detail.row.id, reason: cause ?? "other", ...(words === "" ? {} : { text: words }) });
      return { company: detail.row.company, decision: decided.decision, error: null };
    } catch (failure) {
      return { company: detail.row.company, decision: null, error: failure instanceof Error ? failure.message : String(failure) };
    }
  }

  async function run() {
    setTried(true);
    if (running || noWords || noCause || known.length < rows.length) return;
    const results: BulkResult[] = [];
    for (const detail of known) {
      setAt(results.length);
      // One after the other: each is a decision of its own, and the next one may rest on what this one changed.
      // oxlint-disable-next-line no-await-in-loop
      results.push(await decide(detail));
    }
    const decisions = results.map((result) => result.decision).filter((decision) => decision !== null);
    toast({
      ...bulkSummary(act === "approve" ? "approved" : "declined", results),
      tone: decisions.length === results.length ? "ok" : "danger",
      undo: decisions.length === 0 ? undefined : () => decisions.toReversed().forEach((decision) => undo.mutate({ decision })),
    });
    onDone(new Set(known.filter((_, n) => results[n]?.error === null).map((detail) => detail.row.id)));
  }

  return (
    <Dialog
      open
      onClose={() => !running && onClose()}
      title={`${verb} ${countOf(rows.length, "registration")}`}
      note={act === "approve" ? "with the policy's terms" : "each partner gets the drafted message"}
      onSubmit={() => void run()}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={running || known.length < rows.length} onPress={() => void run()}>
            {verb} {rows.length}
          </Button>
          <Button kind="quiet" keys="Escape" isDisabled={running} onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {act === "decline" && (
        <NumberedChoice label="Reason for all" options={DECLINE_REASONS} value={cause} onChange={setCause} error={tried && noCause ? "Choose a reason" : undefined} autoFocus />
      )}
      {(act === "decline" || against > 0) && (
        <TextArea
          label={act === "approve" ? `Reason for the ${against} that the policy would not approve` : cause === "other" ? "Why" : "Why, in words (optional)"}
          value={reason}
          onChange={setReason}
          rows={2}
          maxLength={4000}
          error={tried && noWords ? "Say why in a sentence" : undefined}
          autoFocus={act === "approve"}
          wide
        />
      )}
      <ul className={styles.bulk}>
        {rows.map((row, n) => {
          const query = details[n];
          const recommendation = query?.data?.recommendation;
          return (
            <li key={row.id}>
              {recommendation ? <Sign outcome={SIGN[recommendation.act]} /> : <span />}
              <span className="cut">
                <span className="medium">{row.company}</span> <span className="t3 small">{row.partner}</span>
              </span>
              <span className={`small ${query?.error ? "danger" : "t2"}`}>{query?.error ? query.error.message : (recommendation?.text ?? "")}</span>
            </li>
          );
        })}
      </ul>
      {running && <ProgressBar label="Deciding" share={at / rows.length} left={`${at} of ${rows.length}`} />}
    </Dialog>
  );
}
