/**
 * The saved views as filters, and what the person's own filters make of them. Pure: "today" is an argument, and the result is
 * exactly what SQL is asked with, so that a tab's count and its rows can never disagree.
 */
import { labels } from "../../api/api.gen";
import type { DealFilter, DealSort, DealView, Direction } from "../../api/api.gen";
import { quarterBegins } from "../../format/quarter";
import { dayOf } from "../../format/time";
import { formatCount } from "../../format/number";
import { wordOf } from "../../format/words";
import type { DealsSearch, View } from "./deals.search";

const DAY = 86_400_000;

/** Names of the tabs. */
export const VIEW_NAME: Record<View, string> = {
  open: "Open by motion",
  protection: "Protection ends in 30 days",
  stalled: "Stalled",
  missing: "Missing fields",
  won: "Won this quarter",
  all: "All",
};

/** How a view is sorted unless the person says otherwise. */
export const VIEW_SORT: Record<View, { sort: DealSort; direction: Direction }> = {
  open: { sort: "notes_age", direction: "ascending" },
  protection: { sort: "protection", direction: "ascending" },
  stalled: { sort: "close_date", direction: "ascending" },
  missing: { sort: "hygiene", direction: "ascending" },
  won: { sort: "close_date", direction: "descending" },
  all: { sort: "close_date", direction: "ascending" },
};

/** First and last day of the quarter of an instant. */
export function quarterOf(now: number): { from: string; to: string } {
  const { year, month } = quarterBegins(now);
  return { from: dayOf(new Date(year, month, 1).getTime()), to: dayOf(new Date(year, month + 3, 0).getTime()) };
}

/** The filter of a saved view. */
export function viewFilter(view: View, now: number): DealFilter {
  switch (view) {
    case "open":
      return { outcome: "open", partnered: true };
    case "protection":
      return { outcome: "open", protection_ends_by: dayOf(now + 30 * DAY) };
    case "stalled":
      return { outcome: "open", partnered: true, stalled: true };
    case "missing":
      return { outcome: "open", partnered: true, missing_fields: true };
    case "won": {
      const { from, to } = quarterOf(now);
      return { outcome: "won", partnered: true, closes_from: from, closes_to: to };
    }
    case "all":
      return {};
  }
}

/** What the person has narrowed, and nothing of the view. */
export function ownFilter(search: DealsSearch): DealFilter {
  const { outcome, motion, partner, partnered, stage, owner, from, to, min, max, hygiene, credit, text } = search;
  return {
    ...(outcome === undefined ? {} : { outcome }),
    ...(motion === undefined ? {} : { motion }),
    ...(partner === undefined ? {} : { partner }),
    ...(partnered === undefined ? {} : { partnered: partnered === "yes" }),
    ...(stage === undefined ? {} : { stage }),
    ...(owner === undefined ? {} : { owner }),
    ...(from === undefined ? {} : { closes_from: from }),
    ...(to === undefined ? {} : { closes_to: to }),
    ...(min === undefined ? {} : { amount_from: min }),
    ...(max === undefined ? {} : { amount_to: max }),
    ...(hygiene === undefined ? {} : { hygiene_to: hygiene }),
    ...(credit === undefined ? {} : { attribution: credit }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The view narrowed by the person's own filters; theirs win where both say something. */
export function dealFilter(search: DealsSearch, now: number): DealFilter {
  return { ...viewFilter(search.view ?? "open", now), ...ownFilter(search) };
}

/** The address that shows a kept view. */
export function searchOf({ view, filter, sort, direction }: DealView): DealsSearch {
  const { outcome, motion, partner, partnered, stage, owner, text, closes_from: from, closes_to: to, amount_from: min, amount_to: max, hygiene_to: hygiene, attribution: credit } = filter;
  const said = { outcome, motion, partner, partnered: partnered === undefined || partnered === null ? null : partnered ? "yes" : "no", stage, owner, from, to, min, max, hygiene, credit, text } as const;
  return { view, sort, direction, ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined)) as DealsSearch) };
}

/** Whether a kept view asks what is on screen. */
export function isView(view: DealView, current: Omit<DealView, "name">): boolean {
  const said = ({ view: tab, filter, sort, direction }: Omit<DealView, "name">) => JSON.stringify([tab, sort, direction, searchOf({ name: "", view: tab, filter, sort, direction })]);
  return said(view) === said(current);
}

const isNumber = (value: number | null | undefined): value is number => typeof value === "number";

/** "Stalled, largest first, “hansa”". */
export function viewWords({ view, filter, sort, direction }: Omit<DealView, "name">): string {
  const own = [filter.outcome, filter.motion].map((one) => wordOf(one)?.toLowerCase());
  const few = [filter.partner && "of one partner", filter.partnered === false && "direct", filter.stage && "in one stage", filter.owner && "of one owner", filter.closes_from && `closes from ${filter.closes_from}`, filter.closes_to && `closes until ${filter.closes_to}`, ...[filter.amount_from].filter(isNumber).map((least) => `from ${formatCount(least)}`), ...[filter.amount_to].filter(isNumber).map((most) => `up to ${formatCount(most)}`), ...[filter.hygiene_to].filter(isNumber).map((most) => `hygiene up to ${most}`), filter.attribution && wordOf(filter.attribution)?.toLowerCase(), filter.text && `“${filter.text}”`];
  return [VIEW_NAME[view], ...own, ...few, `by ${labels.DealSort[sort].toLowerCase()}`, direction === "descending" ? "descending" : ""].filter(Boolean).join(", ");
}

/** The parameters that narrow, in the order of their chips. */
export const FILTERS = ["outcome", "motion", "partner", "partnered", "stage", "owner", "from", "to", "min", "max", "hygiene", "credit"] as const;
/** One of them. */
export type FilterName = (typeof FILTERS)[number];

/** The address without any narrowing. */
export function cleared(search: DealsSearch): DealsSearch {
  const { open, view, as, sort, direction, hide } = search;
  return Object.fromEntries(Object.entries({ open, view, as, sort, direction, hide }).filter(([, value]) => value !== undefined)) as DealsSearch;
}
