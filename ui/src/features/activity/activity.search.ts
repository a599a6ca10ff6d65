/** What the address says about Activity: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function activitySearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
