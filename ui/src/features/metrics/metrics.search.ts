/** What the address says about Metrics: the quarter, by what it is laid out, the order, the open group, the number whose records are open; or the forecast with the deal that is open beside it. A bad value is the default. */
import type { MetricBy } from "../../api/api.gen";
import { isQuarter } from "../../format/quarter";
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** What numbers are laid out by, in the order of the tabs. */
export const BYS = ["motion", "partner", "tier", "type", "region", "owner", "quarter"] as const satisfies readonly MetricBy[];

/** The screen's part of the address; `group` is a group's key, `~` for what has none. */
export function metricsSearch(raw: RawSearch) {
  const quarter = textParam(raw, "quarter");
  return decoded({
    quarter: isQuarter(quarter) ? quarter : undefined,
    by: wordParam(raw, "by", BYS),
    sort: textParam(raw, "sort"),
    direction: wordParam(raw, "direction", ["ascending", "descending"]),
    group: textParam(raw, "group"),
    behind: textParam(raw, "behind"),
    view: wordParam(raw, "view", ["forecast"]),
    deal: textParam(raw, "deal"),
  });
}

/** The address, decoded. */
export type MetricsSearch = ReturnType<typeof metricsSearch>;
