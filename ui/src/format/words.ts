/**
 * The product's words for the closed lists that cross from Rust: motions, tiers, kinds, states. One place, so that a list, a
 * chip and a dialog never say the same thing differently. A value that this window does not know is shown as it came.
 */

const WORDS: Record<string, string> = {
  referral: "Referral",
  reseller: "Reseller",
  marketplace: "Marketplace",
  services: "Services",
  tech: "Tech",
  registered: "Registered",
  select: "Select",
  elite: "Elite",
  sourced: "Sourced",
  influenced: "Influenced",
  prospect: "Prospect",
  onboarding: "Onboarding",
  active: "Active",
  at_risk: "At risk",
  offboarding: "Offboarding",
  ended: "Ended",
  open: "Open",
  won: "Won",
  lost: "Lost",
  draft: "Draft",
  submitted: "Submitted",
  info_requested: "Info requested",
  approved: "Approved",
  declined: "Declined",
  expired: "Expired",
  withdrawn: "Withdrawn",
  converted: "Converted",
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
