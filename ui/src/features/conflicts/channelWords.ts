/** The product's words for channel conflicts: kinds, states, signals, clocks, and how severe one is. Pure. */
import type { ChannelSignal, ConflictKind, ConflictState, Motion } from "../../api/api.gen";

/** Kinds, as a person reads them (C-01). */
export const KIND_WORD: Record<ConflictKind, string> = { horizontal: "Two partners", vertical: "Direct and partner", multi_channel: "Two motions", renewal: "Renewal", sign: "Early sign" };

/** Kinds, in their order. */
export const KINDS = ["horizontal", "vertical", "multi_channel", "renewal", "sign"] as const satisfies readonly ConflictKind[];

/** Motions, in their order. */
export const MOTIONS = ["referral", "reseller", "marketplace", "services", "tech"] as const satisfies readonly Motion[];

/** How far people have come. */
export const STATE_WORD: Record<ConflictState, string> = { open: "New", acknowledged: "Acknowledged", planned: "Planned", escalated: "Escalated", appealed: "Appealed", settled: "Settled", dismissed: "Dismissed", ended: "Ended by itself" };

/** Whether somebody has to do something about it. */
export function isOpen(state: ConflictState): boolean {
  return state !== "settled" && state !== "dismissed" && state !== "ended";
}

/** Signals (C-02). */
export const SIGNAL_WORD: Record<ChannelSignal, string> = {
  unusual_discount: "Unusual discount",
  overlapping_protection: "Overlapping protection",
  duplicate_quote: "Duplicate quote",
  two_open_deals: "Two open deals",
  duplicate_deal: "Duplicate deal",
  duplicate_account: "Duplicate account",
  two_claims: "Two registrations",
  missing_partner: "No partner named",
  owner_change: "Sudden owner change",
  complaint: "Fairness complaint",
  silent_after_policy: "Silent since the policy",
  slower_replies: "Slower replies",
  incumbent_touched: "Incumbent’s account",
  renewal_unconfirmed: "Renewal, no owner",
};

const CLOCK_WORD: Readonly<Record<string, string>> = { "S-06": "acknowledge", "S-07": "plan", "S-08": "renewal owner", "C-08": "seller’s answer" };

/** "plan" of a clock's rule. */
export function clockWord(rule: string): string {
  return CLOCK_WORD[rule] ?? rule;
}

/** "plan in 3 d", "plan 2 h over". */
export function clockWords(rule: string, span: string): string {
  return span.endsWith("over") ? `${clockWord(rule)} ${span}` : `${clockWord(rule)} in ${span.replace(/ left$/, "")}`;
}

/** How many of three bars a severity fills. */
export function severityBars(severity: number): 1 | 2 | 3 {
  return severity >= 67 ? 3 : severity >= 34 ? 2 : 1;
}

/** The word beside the bars, so that colour is never alone. */
export const SEVERITY_WORD = { 1: "low severity", 2: "medium severity", 3: "high severity" } as const;
