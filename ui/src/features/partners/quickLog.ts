/** What a quick log needs before it is saved, and what is sent. Pure. */
import type { QuickLog } from "../../api/api.gen";
import { daysBetween, toMillis } from "../../format/time";

/** Typed, not yet saved. */
export interface LogDraft {
  note: string;
  step: string;
  owner: string | null;
  due: string | null;
  deal: string | null;
}

/** What is missing, by field; nothing when it can be saved. */
export function logProblems(draft: LogDraft, now: number): { note?: string; owner?: string; due?: string } {
  const problems: { note?: string; owner?: string; due?: string } = {};
  if (draft.note.trim() === "") problems.note = "Write what was said";
  if (draft.step.trim() === "") return problems;
  if (draft.owner === null) problems.owner = "Somebody does it";
  if (draft.due === null) problems.due = "By when";
  else if (daysBetween(now, toMillis(draft.due)) < 0) problems.due = "In the past";
  else if (daysBetween(now, toMillis(draft.due)) > 7) problems.due = "Within seven days (S-05)";
  return problems;
}

/** The decision. Without a step there is neither owner nor day. */
export function quickLogRequest(partner: string, draft: LogDraft): QuickLog {
  const step = draft.step.trim();
  return {
    partner,
    deal: draft.deal,
    note: draft.note.trim(),
    next_step: step === "" ? null : step,
    owner: step === "" ? null : draft.owner,
    due: step === "" ? null : draft.due,
  };
}
