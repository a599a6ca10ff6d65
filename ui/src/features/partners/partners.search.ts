/** What the address says about Partners: filters, order, what is open, and whether its call sheet is. A bad value is the default. */
import type { Direction, PartnerSort, PartnerStatus, PartnerType, Tier } from "../../api/api.gen";
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** What the list can be sorted by. */
export const SORTS = ["name", "tier", "open_amount", "last_touch"] as const satisfies readonly PartnerSort[];
/** Types, tiers and states to filter by. */
export const TYPES = ["referral", "reseller", "distributor", "marketplace", "si", "msp", "isv", "agency", "affiliate"] as const satisfies readonly PartnerType[];
/** Tiers, from the top. */
export const TIERS = ["elite", "select", "registered"] as const satisfies readonly Tier[];
/** States in the order of a partner's life. */
export const STATUSES = ["prospect", "onboarding", "active", "at_risk", "offboarding", "ended"] as const satisfies readonly PartnerStatus[];
const DIRECTIONS = ["ascending", "descending"] as const satisfies readonly Direction[];

/** The screen's part of the address. */
export function partnersSearch(raw: RawSearch) {
  return decoded({
    open: textParam(raw, "open"),
    tab: wordParam(raw, "tab", ["call"]),
    type: wordParam(raw, "type", TYPES),
    tier: wordParam(raw, "tier", TIERS),
    status: wordParam(raw, "status", STATUSES),
    text: textParam(raw, "text"),
    sort: wordParam(raw, "sort", SORTS),
    direction: wordParam(raw, "direction", DIRECTIONS),
  });
}

/** The address, decoded. */
export type PartnersSearch = ReturnType<typeof partnersSearch>;
