/** What the address says about Today: which line the hand is on. A bad value is none. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function todaySearch(raw: RawSearch) {
  return present({ at: textParam(raw, "at") });
}
