/** Several open claims on one company answered in one act: one wins and the others give way, or each holds a part. Pure. */
import type { Award, PartnerRole, SplitClaims } from "../../api/api.gen";
import { points, sumOf } from "../../format/points";

/** One claim's part as it is typed. */
export interface PartDraft {
  registration: string;
  part: string;
  role: PartnerRole;
  pct: string;
}

/** What is wrong with a split; nothing when it may be sent. */
export function splitProblems(parts: readonly PartDraft[], reason: string): string[] {
  const names = parts.map((one) => one.part.trim().toLowerCase());
  return [
    names.some((name) => name === "") ? "Name the part that each claim holds." : "",
    new Set(names.filter((name) => name !== "")).size < names.filter((name) => name !== "").length ? "Two claims cannot hold the same part." : "",
    parts.some((one) => Number.isNaN(points(one))) ? "Each share is a whole number." : "",
    sumOf(parts) > 100 ? `The shares are ${sumOf(parts)} %; together they are 100 % at most.` : "",
    reason.trim() === "" ? "Say why in a sentence." : "",
  ].filter(Boolean);
}

/** The split as it is sent; the first claim's partner is the one of record. */
export function splitRequest(parts: readonly PartDraft[], reason: string): SplitClaims {
  return { claims: parts.map(({ registration, part, role, pct }) => ({ registration, part: part.trim(), role, pct: Number(pct) })), reason: reason.trim() };
}

/** The award as it is sent. */
export function awardRequest(winner: string, all: readonly string[], reason: string): Award {
  return { registration: winner, against: all.filter((id) => id !== winner), ...(reason.trim() === "" ? {} : { reason: reason.trim() }) };
}
