/**
 * Who stands in for whom, as it is entered and read. Pure.
 *
 * The hard idea: one person has one deputy on any day. Two covers of the same person that share a day would leave it to chance
 * whose queue it is, so the second is refused here with the first one named.
 */
import type { Cover } from "../../api/api.gen";
import { formatDate } from "../../format/time";

/** A cover while it is entered; what is not chosen yet is null. */
export type CoverDraft = { [K in keyof Cover]: Cover[K] | null };

/** What is wrong, by the field that it stands at. */
export type CoverProblems = Partial<Record<keyof Cover, string>>;

/** Where a cover stands: in force, to come, or past. */
export type CoverWhen = "now" | "coming" | "over";

/** Whether it is in force on a day. */
export function whenOf(cover: Cover, today: string): CoverWhen {
  return cover.to < today ? "over" : cover.from > today ? "coming" : "now";
}

const ORDER: readonly CoverWhen[] = ["now", "coming", "over"];

/** Those in force first, then those to come, then the past ones; the next one first in each. */
export function inOrder(covers: readonly Cover[], today: string): Cover[] {
  const rank = (cover: Cover) => ORDER.indexOf(whenOf(cover, today));
  return covers.toSorted((a, b) => rank(a) - rank(b) || a.from.localeCompare(b.from) || a.away.localeCompare(b.away));
}

/** Everything that keeps a draft from being saved beside the others; nothing when it can be. */
export function problemsOf(draft: CoverDraft, others: readonly Cover[], nameOf: (id: string) => string, now: number): CoverProblems {
  const { away, by, from, to } = draft;
  const problems: CoverProblems = {};
  if (away === null) problems.away = "Choose who is away";
  if (by === null) problems.by = "Choose who covers";
  else if (by === away) problems.by = "Nobody stands in for themselves";
  if (from === null) problems.from = "Choose the first day";
  if (to === null) problems.to = "Choose the last day";
  else if (from !== null && to < from) problems.to = "It ends before it begins";
  if (Object.keys(problems).length > 0 || from === null || to === null) return problems;
  const other = others.find((one) => one.away === away && one.from <= to && one.to >= from);
  return other === undefined ? {} : { from: `${nameOf(other.by)} covers already from ${formatDate(other.from, now)} to ${formatDate(other.to, now)}` };
}

/** The draft as a cover, once nothing is missing. */
export function coverOf({ away, by, from, to }: CoverDraft): Cover | null {
  return away === null || by === null || from === null || to === null ? null : { away, by, from, to };
}
