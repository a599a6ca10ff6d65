/** What the address says about Today: which line the hand is on. A bad value is none. */
import { decoded, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function todaySearch(raw: RawSearch) {
  return decoded({ at: textParam(raw, "at") });
}
