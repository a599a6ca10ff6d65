/**
 * What a cell says and how it is to be read, from the row and the day: days of protection left, the age of the notes, hygiene,
 * credit, close date. Pure; the colours always come with words.
 */
import type { Converted, DealRow, Money } from "../../api/api.gen";
import { formatMoney } from "../../format/money";
import { daysBetween, formatDay, toMillis } from "../../format/time";
import { wordOf } from "../../format/words";

/** Words, how they are meant, and the whole story for the pointer. */
export interface Cell {
  text: string;
  tone: "plain" | "quiet" | "ok" | "warn" | "danger";
  title?: string;
}

const STALE_DAYS = 7;
const MUCH_TOO_OLD_DAYS = 14;
const ENDS_NOW_DAYS = 14;
const ENDS_SOON_DAYS = 28;

/** Days until the protection ends: "90 d", "ended", "none". */
export function protectionCell(row: DealRow, now: number): Cell {
  if (row.protection_end === null) return { text: "none", tone: "quiet" };
  const left = daysBetween(now, toMillis(row.protection_end));
  if (row.outcome !== "open") return { text: formatDay(row.protection_end, now), tone: "quiet" };
  if (left < 0) return { text: "ended", tone: "danger", title: `Ended ${formatDay(row.protection_end, now)}` };
  const tone = left <= ENDS_NOW_DAYS ? "danger" : left <= ENDS_SOON_DAYS ? "warn" : "plain";
  return { text: `${left} d`, tone, title: `Protected until ${formatDay(row.protection_end, now)}` };
}

/** How old the stage notes are; older than seven days is stale (F-02). */
export function notesCell(row: DealRow, now: number): Cell {
  if (row.notes_at === null) return { text: "missing", tone: row.outcome === "open" ? "danger" : "quiet" };
  const age = Math.max(0, daysBetween(toMillis(row.notes_at), now));
  if (row.outcome !== "open") return { text: `${age} d`, tone: "quiet" };
  const tone = age > MUCH_TOO_OLD_DAYS ? "danger" : age > STALE_DAYS ? "warn" : "quiet";
  return { text: `${age} d`, tone, title: age > STALE_DAYS ? `Stale: notes are due every ${STALE_DAYS} days` : undefined } as Cell;
}

/** The close date; red when it is past and the deal is open. */
export function closeCell(row: DealRow, now: number): Cell {
  if (row.close_date === null) return { text: "missing", tone: "danger" };
  const past = row.outcome === "open" && daysBetween(now, toMillis(row.close_date)) < 0;
  return { text: formatDay(row.close_date, now), tone: past ? "danger" : "plain", ...(past ? { title: "The close date is past" } : {}) };
}

/** Share of required fields present and fresh, as a tone: full is good, a little less is normal. */
export function hygieneTone(percent: number): "ok" | "neutral" | "warn" | "danger" {
  if (percent >= 95) return "ok";
  if (percent >= 85) return "neutral";
  return percent >= 75 ? "warn" : "danger";
}

/** Sourced or influenced with its percentage; missing is red only where a partner is on the deal. */
export function creditCell(row: DealRow): Cell {
  const word = wordOf(row.attribution);
  if (word === null) return row.partner === null ? { text: "direct", tone: "quiet" } : { text: "missing", tone: "danger" };
  return { text: row.attribution_pct === null ? word : `${word} ${row.attribution_pct}`, tone: "plain" };
}

/** What an amount is worth in the account's own currency, and by which rate: "$112.50 at 1 USD = 0.8 EUR since 1 Jul". */
export function convertedText({ money, rate }: Converted, now: number): string {
  if (rate === null) return `${formatMoney(money, "exact")} as the CRM converts it`;
  const since = rate.since === null ? "" : ` since ${formatDay(rate.since, now)}`;
  return `${formatMoney(money, "exact")} at 1 ${rate.one} = ${rate.is.amount} ${rate.is.currency}${since}`;
}

/** Sums in one line: each currency once, the largest list first as Rust sends it; short beyond two. */
export function sumsText(sums: readonly Money[]): string {
  if (sums.length === 0) return "no amounts";
  return sums.map((sum) => formatMoney(sum, sums.length > 2 ? "short" : "whole")).join(" · ");
}

/** The first sum, short when more currencies follow, and how many they are; for a narrow cell. */
export function firstSum(sums: readonly Money[]): Cell {
  const [first, ...more] = sums;
  if (first === undefined) return { text: "", tone: "plain" };
  return { text: more.length === 0 ? formatMoney(first) : `${formatMoney(first, "short")} +${more.length}`, tone: "plain", title: sums.map((sum) => formatMoney(sum)).join(" · ") };
}
