/** How rows of the inbox become groups with headings, and how facts become words: with links, in short, as people write them. Pure. */
import { labels } from "../../api/api.gen";
import type { InboxGroup, InboxRow, InboxSort, RecordLink, Similar } from "../../api/api.gen";
import { formatMoney } from "../../format/money";
import { formatDate, isDay, toMillis } from "../../format/time";

/** Rows under one heading. */
export interface Group {
  id: string;
  title?: string;
  count?: number;
  tone?: "danger";
  rows: InboxRow[];
}

/**
 * Rows under the headings of their clocks, in the order they came. Only the time-left order has headings: in any other the
 * same heading would come again and again. The last group has no count while more rows may follow it; what was decided
 * here and is not sent comes with the first page and stands at the end. A clock that ran out since they were read is over.
 */
export function groupRows(read: readonly InboxRow[], sort: InboxSort, complete: boolean, now: number): Group[] {
  const rows = read.map((row) => (ranOut(row, now) ? { ...row, group: "over" as const } : row));
  if (sort !== "time_left") return rows.length > 0 ? [{ id: "all", rows: [...rows] }] : [];
  const groups = new Map<InboxGroup, InboxRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const last = rows.findLast((row) => row.group !== "decided")?.group ?? "decided";
  return [...groups]
    .toSorted(([a], [b]) => Number(a === "decided") - Number(b === "decided"))
    .map(([id, inside]) => ({
      id,
      title: labels.InboxGroup[id],
      ...(complete || id !== last ? { count: inside.length } : {}),
      ...(id === "over" ? { tone: "danger" as const } : {}),
      rows: inside,
    }));
}

/** Whether its clock has run out since it was read; everything else about a clock is said by Rust. */
function ranOut(row: InboxRow, now: number): boolean {
  return (row.group === "today" || row.group === "tomorrow" || row.group === "later") && row.clock?.state === "running" && toMillis(row.clock.due) <= now;
}

/** A piece of a sentence, linked when it names a record. */
export interface FactPart {
  text: string;
  link: RecordLink | null;
}

/** A fact with the records it names as links; records that it does not name follow at its end. */
export function factParts(fact: string, records: readonly RecordLink[]): FactPart[] {
  let parts: FactPart[] = [{ text: fact, link: null }];
  const unnamed: RecordLink[] = [];
  for (const link of records) {
    const at = parts.findIndex((part) => part.link === null && link.label !== "" && part.text.includes(link.label));
    const part = parts[at];
    if (part === undefined) {
      unnamed.push(link);
      continue;
    }
    const [before = "", ...after] = part.text.split(link.label);
    parts = [
      ...parts.slice(0, at),
      { text: before, link: null },
      { text: link.label, link },
      { text: after.join(link.label), link: null },
      ...parts.slice(at + 1),
    ];
  }
  for (const link of unnamed) parts.push({ text: ", ", link: null }, { text: link.label, link });
  return parts.filter((part) => part.text !== "");
}

/** The fields of a comparison: every label of every record, each once, in the order they came. */
export function comparedFields(similar: readonly Similar[]): string[] {
  return [...new Set(similar.flatMap((record) => record.lines.map((line) => line.label)))];
}

/** What would turn a recommendation: to which act, and the changes that it takes, each as a clause. */
export interface Flip {
  lead: string;
  causes: string[];
}

/**
 * "would be “ask” if A, B and C" taken apart, so that the first cause can stand for many; what stands in quotation marks is one
 * word. A sentence of another make is one cause without a lead.
 */
export function flipOf(text: string): Flip {
  const [, lead, rest] = /^(would be .*? if )(.*)$/su.exec(text) ?? [null, "", text];
  const causes: string[] = [""];
  let quoted = false;
  for (const word of (rest ?? "").split(/(“|”|, | and )/u)) {
    if (word === "“" || word === "”") quoted = word === "“";
    if (!quoted && (word === ", " || word === " and ")) causes.push("");
    else causes[causes.length - 1] += word;
  }
  return { lead: capital(lead ?? ""), causes };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A value of a comparison as the window writes it: "2026-11-13" as a date, "USD 455,056" as money, the rest as it came. */
export function comparedValue(value: string, now: number): string {
  if (isDay(value)) return formatDate(value, now);
  const [, currency, amount] = /^([A-Z]{3}) (-?[\d,]+(?:\.\d+)?)$/u.exec(value) ?? [];
  return currency === undefined || amount === undefined ? value : formatMoney({ currency, amount: amount.replaceAll(",", "") });
}

/** The registration's number, unless it only says again who and what ("Altmark IT - Hansa Kühlkette"). */
export function numberOf(row: Pick<InboxRow, "number" | "company">): string | null {
  return row.number.toLowerCase().includes(row.company.toLowerCase()) ? null : row.number;
}
