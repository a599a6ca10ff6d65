/** What the address says about Welcome: the step of setting up; left out, the status decides (see WelcomeScreen). */
import { decoded, wordParam } from "../../format/search";
import type { RawSearch } from "../../format/search";

/** The steps, in order. */
const STEPS = ["start", "connect", "fields", "create", "sync", "ready"] as const;
/** One step. */
export type Step = (typeof STEPS)[number];

/** The CRMs, by name. */
export const CRMS = ["hubspot", "salesforce"] as const;

/** The screen's part of the address: the step, and which CRM is connected. */
export function welcomeSearch(raw: RawSearch) {
  return decoded({ step: wordParam(raw, "step", STEPS), crm: wordParam(raw, "crm", CRMS) });
}
