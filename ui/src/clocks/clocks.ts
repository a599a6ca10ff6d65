/**
 * Clocks as people read them: which run out next, how those of a period were kept and by how much. Pure.
 *
 * The hard idea: a span of a clock is of the time that it counts, which may be business time; it is Rust's and is never worked
 * out from dates here.
 */
import type { Clock, ClockLine, ClockRecord } from "../api/api.gen";
import { formatSpan } from "../format/time";

/** What ClockChip draws of a clock. */
export function chipOf(clock: Clock): { due: string; start: string; since: string | null; state: "running" | "paused" | "met" } {
  return { due: clock.due, start: clock.started, since: clock.since, state: clock.state === "paused" ? "paused" : clock.state === "met" ? "met" : "running" };
}

/** Those that still have time, the next to run out first. */
export function nextOut(rows: readonly ClockLine[], most: number): ClockLine[] {
  return rows
    .filter((row) => row.clock.state === "running")
    .toSorted((a, b) => a.clock.due.localeCompare(b.clock.due))
    .slice(0, most);
}

/** The clocks of one record, those that are over first. */
export function clocksOf(rows: readonly ClockLine[], to: ClockLine["opens"]["to"], id: string): ClockLine[] {
  return rows.filter((row) => row.opens.to === to && row.opens.id === id);
}

/** Those that something happened to in the period; the decision clock has a place of its own where `without` names it. */
export function keptRows(rows: readonly ClockRecord[], without?: string): ClockRecord[] {
  return rows.filter((row) => row.rule !== without && row.met + row.breached > 0);
}

/** Kept of all that ended or ran out, in whole percent. */
export function keptPercent({ met, breached }: Pick<ClockRecord, "met" | "breached">): number {
  return Math.round((100 * met) / Math.max(1, met + breached));
}

/** By how much: "typically 14 h to spare", "typically 3 h late"; null when nothing ended. */
export function marginWords(seconds: number | null): string | null {
  if (seconds === null) return null;
  return seconds < 0 ? `typically ${formatSpan(seconds * 1000)} late` : `typically ${formatSpan(seconds * 1000)} to spare`;
}

/** "17 of 21, typically 14 h to spare, 2 still over". */
export function keptWords(row: ClockRecord): string {
  return [`${row.met} of ${row.met + row.breached}`, marginWords(row.median_left), row.over > 0 ? `${row.over} still over` : null].filter(Boolean).join(", ");
}
