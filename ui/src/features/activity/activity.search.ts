/** What the address says about Activity: which tab, which changes, what words, what is open. A bad value is the default. */
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** Which changes of the outbox. */
export const SHOWS = ["all", "needs", "waiting", "way", "done"] as const;
/** One of them. */
export type Show = (typeof SHOWS)[number];

/** The screen's part of the address. */
export function activitySearch(raw: RawSearch) {
  return decoded({ tab: wordParam(raw, "tab", ["preview", "audit"]), show: wordParam(raw, "show", SHOWS), text: textParam(raw, "text"), open: textParam(raw, "open") });
}

/** The address, decoded. */
export type ActivitySearch = ReturnType<typeof activitySearch>;
