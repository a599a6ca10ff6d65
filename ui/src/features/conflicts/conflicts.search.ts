/** What the address says about Conflicts: which tab, what is open. A bad value is the default. */
import { present, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** Its tabs, in their order. */
export const TABS = ["merge", "held", "notices"] as const;
/** One of them. */
export type Tab = (typeof TABS)[number];

/** The screen's part of the address. */
export function conflictsSearch(raw: RawSearch) {
  return present({ tab: wordParam(raw, "tab", TABS), open: textParam(raw, "open") });
}

/** The address, decoded. */
export type ConflictsSearch = ReturnType<typeof conflictsSearch>;
