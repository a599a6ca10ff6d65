/**
 * The product's words for the closed lists that cross from Rust: motions, tiers, kinds, states. One place, so that a list, a
 * chip and a dialog never say the same thing differently; the words themselves are the model's, written into the client. A
 * value that this window does not know is shown as it came.
 */
// Only the tables of words: nothing here calls anything.
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../api/api.gen";

const WORDS: Readonly<Record<string, string>> = {
  ...labels.Attribution,
  ...labels.Motion,
  ...labels.PartnerStatus,
  ...labels.RegistrationStatus,
  ...labels.Tier,
  open: "Open",
  won: "Won",
  lost: "Lost",
  // The rhythm alone; "Weekly review" is labels.ReviewTemplate.
  weekly: "Weekly",
  monthly: "Monthly",
  quarterly: "Quarterly",
};

/** "at_risk" -> "At risk"; null stays null, so that the caller can leave it out. */
export function wordOf(value: string): string;
export function wordOf(value: string | null | undefined): string | null;
export function wordOf(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  return WORDS[value] ?? value;
}

const KINDS: Readonly<Record<string, string>> = { company: "Company", registration: "Registration", deal: "Deal", certification: "Certificate", contact: "Contact", task: "Task", note: "Note", meeting: "Meeting", call: "Call", email: "E-mail" };

/** "Deal" of a kind of record. */
export function kindWord(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** A closed list as options to choose from, in its own order. */
export function optionsOf<T extends string>(words: Readonly<Record<T, string>>): { id: T; name: string }[] {
  return Object.entries<string>(words).map(([id, name]) => ({ id: id as T, name }));
}

/** "12 pass, 2 to look at, none fails". */
export function checksText(checks: readonly { outcome: "pass" | "warn" | "fail" }[]): string {
  const [passes, warnings, fails] = (["pass", "warn", "fail"] as const).map((outcome) => checks.filter((check) => check.outcome === outcome).length);
  return `${passes} pass, ${warnings} to look at, ${fails === 0 ? "none fails" : fails === 1 ? "1 fails" : `${fails} fail`}`;
}
