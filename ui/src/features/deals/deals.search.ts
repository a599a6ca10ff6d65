/** What the address says about Deals: the saved view, what narrows it, the order, the open deal. A bad value is the default. */
import type { Attribution, DealSort, Direction, Motion, Outcome } from "../../api/api.gen";
import { decoded, numberParam, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The saved views, in the order of their tabs. */
export const VIEWS = ["open", "protection", "stalled", "missing", "won", "all"] as const;
/** A saved view. */
export type View = (typeof VIEWS)[number];
/** The motions in the order of their groups. */
export const MOTIONS = ["reseller", "services", "tech", "marketplace", "referral"] as const satisfies readonly Motion[];
/** How a deal can have ended. */
export const OUTCOMES = ["open", "won", "lost"] as const satisfies readonly Outcome[];
/** How a partner can be credited. */
export const CREDITS = ["sourced", "influenced"] as const satisfies readonly Attribution[];
/** What SQL can sort by. */
export const SORTS = ["name", "partner", "stage", "amount", "hygiene", "protection", "close_date", "notes_age"] as const satisfies readonly DealSort[];
const DIRECTIONS = ["ascending", "descending"] as const satisfies readonly Direction[];
const YES_NO = ["yes", "no"] as const;

/** How they are looked at, beside the table. */
export const LOOKS = ["board", "mend"] as const;

/** The screen's part of the address; what is left out is the default. */
export function dealsSearch(raw: RawSearch) {
  return decoded({
    open: textParam(raw, "open"),
    view: wordParam(raw, "view", VIEWS),
    as: wordParam(raw, "as", LOOKS),
    sort: wordParam(raw, "sort", SORTS),
    direction: wordParam(raw, "direction", DIRECTIONS),
    outcome: wordParam(raw, "outcome", OUTCOMES),
    motion: wordParam(raw, "motion", MOTIONS),
    partner: textParam(raw, "partner"),
    partnered: wordParam(raw, "partnered", YES_NO),
    stage: textParam(raw, "stage"),
    owner: textParam(raw, "owner"),
    from: textParam(raw, "from"),
    to: textParam(raw, "to"),
    min: numberParam(raw, "min", 0, 4_000_000_000),
    max: numberParam(raw, "max", 0, 4_000_000_000),
    hygiene: numberParam(raw, "hygiene", 0, 100),
    credit: wordParam(raw, "credit", CREDITS),
    text: textParam(raw, "text"),
    hide: textParam(raw, "hide"),
  });
}

/** The screen's part of the address. */
export type DealsSearch = ReturnType<typeof dealsSearch>;
