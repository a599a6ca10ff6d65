/** What the address says about the Inbox: which list, whose, which, how sorted, what words, what is open. A bad value is the default. */
import type { Direction, InboxShow, InboxSort, Scope } from "../../api/api.gen";
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** Whose queue, in the order of the switch. */
export const SCOPES = ["mine", "team", "unassigned"] as const satisfies readonly Scope[];
/** Waiting, decided, both, or put aside. */
export const SHOWS = ["open", "decided", "all", "snoozed"] as const satisfies readonly InboxShow[];
/** What the list can be sorted by. */
export const SORTS = ["time_left", "company", "partner", "amount", "submitted"] as const satisfies readonly InboxSort[];
const DIRECTIONS = ["ascending", "descending"] as const satisfies readonly Direction[];

/** The screen's part of the address; what is left out is the default. */
export function inboxSearch(raw: RawSearch) {
  return decoded({
    open: textParam(raw, "open"),
    scope: wordParam(raw, "scope", SCOPES),
    list: wordParam(raw, "list", ["protections"] as const),
    show: wordParam(raw, "show", SHOWS),
    sort: wordParam(raw, "sort", SORTS),
    direction: wordParam(raw, "direction", DIRECTIONS),
    partner: textParam(raw, "partner"),
    text: textParam(raw, "text"),
  });
}

/** The address with everything filled in. */
export type InboxSearch = ReturnType<typeof inboxSearch>;
