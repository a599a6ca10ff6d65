/** What the address says about an import: which, what of it is shown, which rows, which one is open. */
import type { RowVerdict } from "../../api/api.gen";
import { decoded, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The verdicts in the order of the filter. */
export const VERDICTS = ["ok", "duplicate", "incomplete", "rejected", "saved"] as const satisfies readonly RowVerdict[];

/** The screen's part of the address; what is left out is the default. */
export function intakeSearch(raw: RawSearch) {
  return decoded({
    id: textParam(raw, "id"),
    tab: wordParam(raw, "tab", ["columns", "rows"] as const),
    verdict: wordParam(raw, "verdict", VERDICTS),
    open: textParam(raw, "open"),
  });
}
