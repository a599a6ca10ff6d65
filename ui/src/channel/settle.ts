/**
 * How a channel conflict is settled, as it is typed, checked and sent; for every screen that settles one. Pure.
 *
 * The hard idea: the window refuses what cannot stand (shares that do not add up to 100 %, roles that are the same, a missing
 * reason) with the sentence that says so, and asks Rust only what may be sent; Rust refuses the same again.
 */
import type { Party, PartnerRole, Settle, Settlement } from "../api/api.gen";
import { equalShares, points, sumOf } from "../format/points";

/** The key of a party: a partner's id, or `direct`. */
export function keyOf(party: Party): string {
  return party.partner ?? "direct";
}

/** The ways to settle one; to dismiss it is an act of its own. */
export type Outcome = Exclude<Settlement, "dismissed">;

/** One party's part as it is typed. */
export interface PartDraft {
  party: string;
  pct: string;
  role: PartnerRole;
}

/** A settlement as it stands in its dialog. */
export interface SettleForm {
  winner: string | null;
  parts: readonly PartDraft[];
  reason: string;
}

/** What is wrong with a settlement, by its parts; empty when it may be sent. */
export interface SettleProblems {
  winner?: string;
  parts?: string;
  reason?: string;
}

/** Checks a settlement before it is sent (C-05): 100 % exactly, 1 to 100 each, joint roles that differ, a reason where it needs one. */
export function settleProblems(outcome: Outcome, form: SettleForm, first: string | null): SettleProblems {
  const problems: SettleProblems = {};
  if (outcome === "awarded") {
    if (form.winner === null) problems.winner = "Choose the party that has the account";
    else if (form.winner !== first && form.reason.trim() === "") problems.reason = "The policy does not put this party first: say why in a sentence";
    return problems;
  }
  const each = form.parts.map(points);
  const sum = sumOf(form.parts);
  const roles = form.parts.filter((part) => part.party !== "direct").map((part) => part.role);
  if (each.some((one) => Number.isNaN(one) || one < 1 || one > 100)) problems.parts = "Each share is a whole number from 1 to 100.";
  else if (sum !== 100) problems.parts = `The shares add up to ${sum} %, not to 100 %.`;
  else if (outcome === "joint" && new Set(roles).size < roles.length) problems.parts = "Joint roles are different ones: each brings something else (R-09).";
  if (form.reason.trim() === "") problems.reason = "Say why it is shared in this way";
  return problems;
}

/** The settlement as it is sent. Call it only without problems. */
export function settleRequest(conflict: string, outcome: Outcome, form: SettleForm): Settle {
  const reason = form.reason.trim() === "" ? {} : { reason: form.reason.trim() };
  if (outcome === "awarded") return { conflict, outcome, winner: form.winner, shares: [], ...reason };
  const shares = form.parts.map((part) => ({ party: part.party, pct: points(part), ...(outcome === "joint" ? { role: part.role } : {}) }));
  return { conflict, outcome, shares, ...reason };
}

/** A settlement before anything is chosen: to whom the policy puts first, or equal shares. */
export function emptyForm(parties: readonly Party[], winner: string | null): SettleForm {
  const shares = equalShares(parties.length);
  return { winner, reason: "", parts: parties.map((party, n): PartDraft => ({ party: keyOf(party), pct: String(shares[n] ?? 0), role: n === 0 ? "resale" : "services" })) };
}

/** Whether a reason is needed: always when it is shared, and when it is awarded against the rule. */
export function needsReason(outcome: Outcome, form: SettleForm, first: string | null): boolean {
  return outcome !== "awarded" || (form.winner !== null && form.winner !== first);
}

/** The names that a message should not have in it: every other party's. */
export function foreignNames(message: { to: string; subject: string; text: string }, parties: readonly Party[]): string[] {
  const words = `${message.subject}\n${message.text}`.toLowerCase();
  return parties.filter((party) => party.partner && party.name !== message.to && words.includes(party.name.toLowerCase())).map((party) => party.name);
}
