/** What the address says about Conflicts: which tab, what is open, which channel conflicts. A bad value is the default. */
import { decoded, numberParam, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";
import { KINDS, MOTIONS } from "../../channel/words";

/** Its tabs, in their order. */
export const TABS = ["channel", "merge", "held", "notices"] as const;
/** One of them. */
export type Tab = (typeof TABS)[number];

/** The screen's part of the address; `view` is one of the program's, by its name. */
export function conflictsSearch(raw: RawSearch) {
  return decoded({
    tab: wordParam(raw, "tab", TABS),
    open: textParam(raw, "open"),
    view: textParam(raw, "view"),
    kind: wordParam(raw, "kind", KINDS),
    partner: textParam(raw, "partner"),
    motion: wordParam(raw, "motion", MOTIONS),
    region: textParam(raw, "region"),
    from: numberParam(raw, "from", 1, 4_000_000_000),
    text: textParam(raw, "text"),
  });
}

/** The address, decoded. */
export type ConflictsSearch = ReturnType<typeof conflictsSearch>;
