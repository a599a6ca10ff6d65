/** One act on a selection: what it needs to be told, and how it ended, row by row. Pure. */
import { labels } from "../../api/api.gen";
import type { Bulk, BulkAct, BulkDone, DeclineReason, RegistrationDetail } from "../../api/api.gen";
import { countOf } from "../../format/number";
import { approvesAtOnce } from "./decide";

/** What is done, in the words of the inbox. */
export const BULK_NAME: Record<BulkAct, string> = { ...labels.BulkAct, snooze: "Put aside" };

/** What was done, in the past. */
const DONE: Record<BulkAct, string> = { approve: "approved", decline: "declined", ask: "asked", snooze: "put aside", claim: "claimed" };

/** The act as it stands in its dialog. */
export interface BulkForm {
  reason: string;
  cause: DeclineReason | null;
  question: string;
  until: string | null;
}

/** Nothing said yet. */
export const EMPTY_BULK: BulkForm = { reason: "", cause: null, question: "", until: null };

/** How many of them the policy would not approve. */
export function againstPolicy(details: readonly RegistrationDetail[]): number {
  return details.filter((detail) => !approvesAtOnce(detail)).length;
}

/** What is wrong; empty when it may be sent. `against` is how many the policy would not approve. */
export function bulkProblems(act: BulkAct, form: BulkForm, against: number): { reason?: string; until?: string } {
  if (act === "approve" && against > 0 && form.reason.trim() === "") return { reason: "Say why in a sentence" };
  if (act === "decline" && form.cause === "other" && form.reason.trim() === "") return { reason: "Say why in a sentence" };
  if (act === "snooze" && form.until === null) return { until: "Choose until when" };
  return {};
}

/** The act as it is sent; what was left to each claim's own recommendation is left out. */
export function bulkRequest(act: BulkAct, registrations: readonly string[], form: BulkForm): Bulk {
  const reason = form.reason.trim();
  const question = form.question.trim();
  return {
    registrations: [...registrations],
    act,
    ...(reason === "" || act === "ask" || act === "claim" ? {} : { reason }),
    ...(act === "decline" && form.cause !== null ? { decline: form.cause } : {}),
    ...(act === "ask" && question !== "" ? { question } : {}),
    ...(act === "snooze" && form.until !== null ? { until: form.until } : {}),
  };
}

/** "3 registrations approved, 1 not". */
export function bulkTitle(act: BulkAct, done: BulkDone): string {
  return `${countOf(done.done, "registration")} ${DONE[act]}${done.refused > 0 ? `, ${done.refused} not` : ""}`;
}

/** "Approve 3 registrations". */
export function bulkName(act: BulkAct, count: number): string {
  return `${BULK_NAME[act]} ${countOf(count, "registration")}`;
}
