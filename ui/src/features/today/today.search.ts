/** What the address says about Today: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function todaySearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
