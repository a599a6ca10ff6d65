/** What the window says of channel conflicts beside the model’s words: clocks, how severe one is, who has to act. Pure. */
import { labels } from "../api/api.gen";
import type { ConflictKind, ConflictState, Motion, Severity } from "../api/api.gen";

/** Kinds, in their order. */
export const KINDS = Object.keys(labels.ConflictKind) as readonly ConflictKind[];

/** Motions, in their order. */
export const MOTIONS = Object.keys(labels.Motion) as readonly Motion[];

/** Whether somebody has to do something about it. */
export function isOpen(state: ConflictState): boolean {
  return state !== "settled" && state !== "dismissed" && state !== "ended";
}

const CLOCK_WORD: Readonly<Record<string, string>> = { "S-06": "acknowledge", "S-07": "plan", "S-08": "renewal owner", "C-08": "seller’s answer" };

/** "plan" of a clock's rule. */
export function clockWord(rule: string): string {
  return CLOCK_WORD[rule] ?? rule;
}

/** "plan in 3 d", "plan 2 h over"; `short` where a name stands beside it: "ack in 2 h". */
export function clockWords(rule: string, span: string, short = false): string {
  const word = short && rule === "S-06" ? "ack" : clockWord(rule);
  return span.endsWith("over") ? `${word} ${span}` : `${word} in ${span.replace(/ left$/, "")}`;
}

/** How many of three bars a severity fills. */
export const SEVERITY_BARS: Record<Severity, 1 | 2 | 3> = { low: 1, medium: 2, high: 3 };
