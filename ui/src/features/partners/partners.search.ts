/** What the address says about Partners: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function partnersSearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
