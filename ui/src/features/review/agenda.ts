/**
 * The agenda as a person walks it: sections in their order, how far each has come, what comes next, and
 * whether the clock of the whole is ahead. Pure.
 *
 * The hard idea: about a dozen items are talked about, the rest is cleared in one act. So the walk (j, k, "log and next") goes
 * over the discussed items, and over the others of a section only once that section has been unfolded.
 */
import { labels } from "../../api/api.gen";
import type { AgendaItem, AgendaOrder, AgendaSection } from "../../api/api.gen";
import type { Tone } from "../../components/Tag";
import { countOf } from "../../format/number";

/** Under which heading an item stands: its section, or its seller where the agenda goes by sellers (W-07). */
export function headingOf(item: Pick<AgendaItem, "section" | "seller_name">, order: AgendaOrder): string {
  return order === "seller" ? (item.seller_name ?? "") : item.section;
}

/** One section with items. */
export interface Section {
  /** The section, or the seller. */
  id: string;
  name: string;
  items: readonly AgendaItem[];
  /** Talked about one by one. */
  discussed: readonly AgendaItem[];
  /** Cleared together. */
  rest: readonly AgendaItem[];
  settled: number;
  parked: boolean;
}

/** Whether nothing more is to be done about it in this review. */
export function isSettled(item: Pick<AgendaItem, "state">): boolean {
  return item.state !== "open";
}

/** The sections, in the order of the items: which there are and in which order is the policy's. */
export function sectionsOf(items: readonly AgendaItem[], order: AgendaOrder = "motion"): Section[] {
  const ids = [...new Set(items.map((item) => headingOf(item, order)))];
  return ids.map((id) => {
    const own = items.filter((item) => headingOf(item, order) === id);
    return {
      id,
      name: order === "seller" ? id || "Nobody’s" : labels.AgendaSection[id as AgendaSection],
      items: own,
      discussed: own.filter((item) => item.discussed),
      rest: own.filter((item) => !item.discussed),
      settled: own.filter(isSettled).length,
      parked: own.some((item) => item.state === "parked"),
    };
  });
}

/** The items that j and k walk over. */
export function walkOf(sections: readonly Section[], unfolded: ReadonlySet<string>): AgendaItem[] {
  return sections.flatMap((section) => [...section.discussed, ...(unfolded.has(section.id) ? section.rest : [])]);
}

/** Where to go after an item: the next open one of the walk, from the top again at the end; null when none is open. */
export function nextOpen(walk: readonly AgendaItem[], from: string | null): string | null {
  const at = walk.findIndex((item) => item.id === from);
  const order = [...walk.slice(at + 1), ...walk.slice(0, Math.max(0, at))];
  return order.find((item) => item.state === "open")?.id ?? null;
}

/** The neighbour of an item in the walk; null at the ends. */
export function neighbour(walk: readonly AgendaItem[], from: string | null, step: 1 | -1): string | null {
  const at = walk.findIndex((item) => item.id === from);
  if (at < 0) return walk[0]?.id ?? null;
  return walk[at + step]?.id ?? null;
}

/** Parts of the bar over the agenda: each section as what is done of it and what is left. */
export function barOf(sections: readonly Section[], current: string | null): { id: string; size: number; tone: Tone }[] {
  return sections.flatMap((section) => {
    const done = { id: `${section.id} done`, size: section.settled, tone: section.id === current ? ("accent" as const) : ("ok" as const) };
    const left = { id: `${section.id} left`, size: section.items.length - section.settled, tone: "neutral" as const };
    return [done, left].filter((part) => part.size > 0);
  });
}

/** "13 of 32, 1 parked, 2 flagged". */
export function progressWords(items: readonly AgendaItem[]): string {
  const of = (state: AgendaItem["state"]) => items.filter((item) => item.state === state).length;
  const parts = [`${items.filter(isSettled).length} of ${items.length}`];
  if (of("parked") > 0) parts.push(`${of("parked")} parked`);
  if (of("flagged") > 0) parts.push(`${of("flagged")} flagged`);
  return parts.join(", ");
}

/** How far the talk is before or behind the plan, when the time is spread evenly over what is discussed. */
export function paceWords(items: readonly AgendaItem[], minutes: number, elapsedMs: number): { text: string; tone: "ok" | "warn" } {
  const discussed = items.filter((item) => item.discussed);
  if (discussed.every(isSettled)) return { text: "all discussed", tone: "ok" };
  const planned = (discussed.filter(isSettled).length / discussed.length) * minutes;
  const ahead = Math.round(planned - elapsedMs / 60_000);
  if (ahead === 0) return { text: "on time", tone: "ok" };
  return ahead > 0 ? { text: `${ahead} min ahead`, tone: "ok" } : { text: `${-ahead} min behind`, tone: "warn" };
}

/** Milliseconds meant for one item of the talk. */
export function itemShare(items: readonly AgendaItem[], minutes: number): number {
  const discussed = items.filter((item) => item.discussed).length;
  return (Math.max(1, minutes) * 60_000) / Math.max(1, discussed);
}

/** The items that one act clears: open and not discussed. */
export function restToClear(items: readonly AgendaItem[]): AgendaItem[] {
  return items.filter((item) => !item.discussed && item.state === "open");
}

/** What finishing leaves behind, in a sentence. */
export function leftWords(items: readonly AgendaItem[]): string {
  const open = items.filter((item) => item.state === "open");
  const talk = open.filter((item) => item.discussed).length;
  const rest = open.length - talk;
  if (open.length === 0) return "Every item is settled.";
  const parts = [talk > 0 ? `${countOf(talk, "item")} to discuss` : "", rest > 0 ? `${countOf(rest, "item")} of the rest` : ""].filter(Boolean);
  return `${parts.join(" and ")} ${open.length === 1 ? "is" : "are"} still open. The minutes list ${open.length === 1 ? "it" : "them"} as not reached.`;
}
