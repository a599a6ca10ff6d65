/** What the address says about Deals: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function dealsSearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
