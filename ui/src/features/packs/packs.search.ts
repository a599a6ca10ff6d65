/** What the address says about Packs: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function packsSearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
