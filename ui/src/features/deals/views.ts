/**
 * The saved views as filters, and what the person's own filters make of them. Pure: "today" is an argument, and the result is
 * exactly what SQL is asked with, so that a tab's count and its rows can never disagree.
 */
import type { DealFilter, DealSort, Direction } from "../../api/api.gen";
import { dayOf } from "../../format/time";
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

/** First and last day of the calendar quarter of an instant. */
export function quarterOf(now: number): { from: string; to: string } {
  const date = new Date(now);
  const first = Math.floor(date.getMonth() / 3) * 3;
  return { from: dayOf(new Date(date.getFullYear(), first, 1).getTime()), to: dayOf(new Date(date.getFullYear(), first + 3, 0).getTime()) };
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

/** The view narrowed by the person's own filters; theirs win where both say something. */
export function dealFilter(search: DealsSearch, now: number): DealFilter {
  const { view = "open", outcome, motion, partner, partnered, stage, owner, from, to, text } = search;
  return {
    ...viewFilter(view, now),
    ...(outcome === undefined ? {} : { outcome }),
    ...(motion === undefined ? {} : { motion }),
    ...(partner === undefined ? {} : { partner }),
    ...(partnered === undefined ? {} : { partnered: partnered === "yes" }),
    ...(stage === undefined ? {} : { stage }),
    ...(owner === undefined ? {} : { owner }),
    ...(from === undefined ? {} : { closes_from: from }),
    ...(to === undefined ? {} : { closes_to: to }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The parameters that narrow, in the order of their chips. */
export const FILTERS = ["outcome", "motion", "partner", "partnered", "stage", "owner", "from", "to"] as const;
/** One of them. */
export type FilterName = (typeof FILTERS)[number];

/** The address without any narrowing. */
export function cleared(search: DealsSearch): DealsSearch {
  const { open, view, sort, direction } = search;
  return Object.fromEntries(Object.entries({ open, view, sort, direction }).filter(([, value]) => value !== undefined)) as DealsSearch;
}
