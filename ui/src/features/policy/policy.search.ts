/** What the address says about the policy: the form it is shown in, the version that is looked at, what is open, which part of a replay. */
import { decoded, numberParam, textParam, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The forms of the policy, in the order of the tabs. */
export const TABS = ["settings", "document", "file", "versions", "replay"] as const;
/** One of them. */
export type PolicyTab = (typeof TABS)[number];

/** The screen's part of the address; what is left out is the default. */
export function policySearch(raw: RawSearch) {
  return decoded({
    tab: wordParam(raw, "tab", TABS),
    version: numberParam(raw, "version", 1, 4_294_967_295),
    against: numberParam(raw, "against", 1, 4_294_967_295),
    open: textParam(raw, "open"),
    move: textParam(raw, "move"),
    rule: textParam(raw, "rule"),
  });
}
