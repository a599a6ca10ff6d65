/** What the address says about Welcome: the step of setting up; left out, the status decides (see WelcomeScreen). */
import { decoded, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The steps, in order. */
const STEPS = ["start", "connect", "fields", "create", "sync", "ready"] as const;
/** One step. */
export type Step = (typeof STEPS)[number];

/** The screen's part of the address. */
export function welcomeSearch(raw: RawSearch) {
  return decoded({ step: wordParam(raw, "step", STEPS) });
}
