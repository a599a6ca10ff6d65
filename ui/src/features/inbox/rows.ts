/** How rows of the inbox become groups with headings, and how a fact becomes words with links. Pure. */
import type { InboxGroup, InboxRow, InboxSort, RecordLink, Similar } from "../../api/api.gen";

/** Headings by group. */
export const GROUP_TITLE: Record<InboxGroup, string> = {
  over: "Over the SLA",
  today: "Due today",
  tomorrow: "Due tomorrow",
  later: "Later",
  paused: "Paused, the partner owes an answer",
  decided: "Decided",
};

/** Names of the sorts. */
export const SORT_NAME: Record<InboxSort, string> = {
  time_left: "SLA time left",
  company: "Company",
  partner: "Partner",
  amount: "Amount",
  submitted: "Submitted",
};

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
 * here and is not sent comes with the first page and stands at the end.
 */
export function groupRows(rows: readonly InboxRow[], sort: InboxSort, complete: boolean): Group[] {
  if (sort !== "time_left") return rows.length > 0 ? [{ id: "all", rows: [...rows] }] : [];
  const groups = new Map<InboxGroup, InboxRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  const last = rows.findLast((row) => row.group !== "decided")?.group ?? "decided";
  return [...groups]
    .toSorted(([a], [b]) => Number(a === "decided") - Number(b === "decided"))
    .map(([id, inside]) => ({
      id,
      title: GROUP_TITLE[id],
      ...(complete || id !== last ? { count: inside.length } : {}),
      ...(id === "over" ? { tone: "danger" as const } : {}),
      rows: inside,
    }));
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
