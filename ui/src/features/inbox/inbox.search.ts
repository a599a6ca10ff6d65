/** What the address says about Inbox: total, a bad value is the default. */
import { present, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function inboxSearch(raw: RawSearch) {
  return present({ open: textParam(raw, "open") });
}
