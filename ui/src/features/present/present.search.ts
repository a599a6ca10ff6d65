/** What the address says about the presenter view: who looks on, and the deal that is shown. */
import { decoded, textParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The screen's part of the address. */
export function presentSearch(raw: RawSearch) {
  return decoded({ partner: textParam(raw, "partner"), deal: textParam(raw, "deal") });
}
