/**
 * The pure half of deciding: what an approval sends when only `A` is pressed, what a decline or a question needs before it may
 * be sent, where the selection goes afterwards.
 *
 * The hard idea: what the person left as it was is not sent. A drafted message that nobody edited stays away, so Rust drafts it
 * again with the reason and the dates of the moment; the default seller and protection likewise. Nothing here calls anything.
 */
import { labels } from "../../api/api.gen";
import type { Approve, AskInfo, Check, Clause, Decline, DeclineReason, InboxRow, RegistrationDetail } from "../../api/api.gen";
import { optionsOf } from "../../format/words";

/** What a person chose for the approval; null = the default. */
export interface Terms {
  days: number | null;
  seller: string | null;
  link: string | null;
}

/** Nothing chosen. */
export const DEFAULT_TERMS: Terms = { days: null, seller: null, link: null };

/** The approval as it is sent. `message` only when it differs from the draft. */
export function approveRequest(detail: RegistrationDetail, terms: Terms, words: { message?: string; reason?: string } = {}): Approve {
  const message = words.message?.trim();
  const reason = words.reason?.trim();
  return {
    registration: detail.row.id,
    ...(terms.days === null ? {} : { protection_days: terms.days }),
    ...(terms.seller === null ? {} : { seller: terms.seller }),
    ...(terms.link === null ? {} : { link_deal: terms.link }),
    ...(message && message !== detail.drafts.approve.trim() ? { message } : {}),
    ...(reason ? { reason } : {}),
  };
}

/** Whether one key may approve it: the policy says so too. Otherwise a person gives a reason. */
export function approvesAtOnce(detail: RegistrationDetail): boolean {
  return detail.recommendation?.act === "approve";
}

/** Whether a decision can be made; the row's status already counts what was decided here and not sent. */
export function canDecide(row: InboxRow): boolean {
  return row.status === "submitted" || row.status === "info_requested";
}

/** The reasons of R-07. */
export const DECLINE_REASONS = optionsOf(labels.DeclineReason);

const REASON_OF_RULE: Record<string, DeclineReason> = {
  "R-04.1": "incomplete",
  "R-04.3": "not_qualified",
  "R-04.4": "not_certified",
  "R-04.5": "territory",
  "R-04.6": "blocked",
  "R-04.7": "not_qualified",
  "R-04.9": "duplicate",
  "R-04.10": "active_cycle",
  "R-04.11": "active_cycle",
  "R-04.12": "not_qualified",
  "R-04.14": "not_qualified",
};

/** The reason that the recommendation rests on, or else the first that a failing check suggests; null when none does. */
export function suggestedReason(checks: readonly Check[], trace: readonly Clause[] = []): DeclineReason | null {
  const clause = trace.find((one) => one.result === "decides");
  // A clause of speaks for several checks: the one that decides says the same.
  const decides = checks.filter((check) => check.rule === clause?.rule || check.fact === clause?.fact);
  for (const check of [...decides, ...checks]) {
    const reason = check.outcome === "fail" ? REASON_OF_RULE[check.rule] : undefined;
    if (reason !== undefined) return reason;
  }
  return null;
}

/** A decline as it stands in its dialog. */
export interface DeclineDraft {
  reason: DeclineReason | null;
  text: string;
  message: string;
}

/** What is wrong with a decline, by field; empty when it may be sent. */
export function declineProblems(draft: DeclineDraft): { reason?: string; text?: string; message?: string } {
  return {
    ...(draft.reason === null ? { reason: "Choose a reason" } : {}),
    ...(draft.reason === "other" && draft.text.trim() === "" ? { text: "Say why in a sentence" } : {}),
    ...(draft.message.trim() === "" ? { message: "The partner needs an answer" } : {}),
  };
}

/** The decline as it is sent, or null while something is missing. */
export function declineRequest(detail: RegistrationDetail, draft: DeclineDraft): Decline | null {
  if (draft.reason === null || Object.keys(declineProblems(draft)).length > 0) return null;
  const text = draft.text.trim();
  const message = draft.message.trim();
  return {
    registration: detail.row.id,
    reason: draft.reason,
    ...(text === "" ? {} : { text }),
    ...(message === detail.drafts.decline.trim() ? {} : { message }),
  };
}

/** The question as it is sent, or null while it is empty. */
export function askRequest(detail: RegistrationDetail, question: string, message: string): AskInfo | null {
  if (question.trim() === "" || message.trim() === "") return null;
  return {
    registration: detail.row.id,
    question: question.trim(),
    ...(message.trim() === detail.drafts.ask.trim() ? {} : { message: message.trim() }),
  };
}

/** Which record is open after this one was decided: the next, or the one before at the end of the list. */
export function afterDeciding(ids: readonly string[], id: string): string | null {
  const at = ids.indexOf(id);
  if (at < 0) return null;
  return ids[at + 1] ?? ids[at - 1] ?? null;
}
