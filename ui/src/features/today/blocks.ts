/** How the lines of Today become blocks with headings, and what a figure says. Pure. */
import { labels } from "../../api/api.gen";
import type { Attainment, Reached, Today, TodayBlock, TodayLine } from "../../api/api.gen";
import { daysBetween, formatClock, formatDate, toMillis } from "../../format/time";

/** The blocks in their order. */
export const BLOCKS = ["needs_you", "due", "late", "new"] as const satisfies readonly TodayBlock[];

/** A line with the name it has in the list. */
export interface NamedLine {
  id: string;
  line: TodayLine;
}

/** Lines under one heading. */
export interface Block {
  id: TodayBlock;
  title: string;
  count: number;
  note?: string;
  tone?: "danger" | "warn";
  rows: NamedLine[];
}

/** The blocks that have lines. A heading says when it shows only the first of many. */
export function blocksOf(today: Pick<Today, "lines" | "counts" | "since">, now: number): Block[] {
  return BLOCKS.map((id) => {
    const lines = today.lines.filter((line) => line.block === id);
    const count = Math.max(lines.length, today.counts.find((one) => one.block === id)?.count ?? 0);
    const since = id === "new" && today.since !== null ? `New since ${formatDate(today.since, now)}, ${formatClock(today.since)}` : labels.TodayBlock[id];
    return {
      id,
      title: since,
      ...(count > lines.length ? { note: `first ${lines.length} shown` } : {}),
      count,
      ...(id === "late" ? { tone: "danger" as const } : id === "needs_you" ? { tone: "warn" as const } : {}),
      // One record can stand in a block twice (its clock and its protection): the place in the block tells them apart.
      rows: lines.map((line, n) => ({ id: `${id} ${n} ${line.opens.to} ${line.opens.id}`, line })),
    };
  }).filter((block) => block.rows.length > 0);
}

/** Met of all in whole percent; null when there was nothing to meet. */
export function attainmentPercent(attainment: Attainment): number | null {
  return attainment.of === 0 ? null : Math.round((attainment.met / attainment.of) * 100);
}

/** One way in which decisions reached the CRM. */
export interface Arrival {
  id: keyof Reached;
  text: string;
  count: number;
}

/** The decisions by both clocks, that of the person and that of the way to the CRM; what never happened is left out. */
export function arrivals(reached: Reached): Arrival[] {
  const lines: Arrival[] = [
    { id: "in_time", text: "in the CRM in time", count: reached.in_time },
    { id: "waiting", text: "decided in time, on their way", count: reached.waiting },
    { id: "late_sync", text: "decided in time, synced late", count: reached.late_sync },
    { id: "late_decision", text: "decided late", count: reached.late_decision },
  ];
  return lines.filter((line) => line.id === "in_time" || line.count > 0);
}

/** How far a day is, in days: what is kept as a day has no hour to count. "today", "tomorrow", "in 4 d", "3 d late". */
export function dayWords(due: string, now: number): { text: string; late: boolean } {
  const days = daysBetween(now, toMillis(due));
  if (days === 0) return { text: "today", late: false };
  if (days === 1) return { text: "tomorrow", late: false };
  return days > 0 ? { text: `in ${days} d`, late: false } : { text: `${-days} d late`, late: true };
}

/** "over the SLA, Arvavia Consulting" as the reason and who it is about, which stand in columns of their own. */
export function reasonAndWho(text: string): [reason: string, who: string] {
  const at = text.indexOf(", ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}
