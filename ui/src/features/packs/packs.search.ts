/** What the address says about Packs: for whom, which quarter, which edition, which past pack is open, and whether the preview is in front where there is room for one pane. A bad value is the default. */
import type { Edition } from "../../api/api.gen";
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

const EDITIONS = ["partner", "internal"] as const satisfies readonly Edition[];

/** The screen's part of the address. */
export function packsSearch(raw: RawSearch) {
  const quarter = textParam(raw, "quarter");
  return decoded({
    partner: textParam(raw, "partner"),
    quarter: quarter !== undefined && /^\d{4}Q[1-4]$/.test(quarter) ? quarter : undefined,
    edition: wordParam(raw, "edition", EDITIONS),
    open: textParam(raw, "open"),
    view: wordParam(raw, "view", ["preview"]),
  });
}

/** The address, decoded. */
export type PacksSearch = ReturnType<typeof packsSearch>;
