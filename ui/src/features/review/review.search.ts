/** What the address says about Review: total, a bad value is the default. */
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address: which review, which item of it, and whether the past ones are looked at. */
export function reviewSearch(raw: RawSearch) {
  return decoded({ open: textParam(raw, "open"), item: textParam(raw, "item"), view: wordParam(raw, "view", ["past"]) });
}

/** The address, decoded. */
export type ReviewSearch = ReturnType<typeof reviewSearch>;
