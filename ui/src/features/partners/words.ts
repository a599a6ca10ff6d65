/** What the partner screens say: types by name, sums in several currencies, certificates by how soon they end, debts with the late ones first. Pure. */
import type { Certification, Money, Owed, PartnerSort, PartnerType } from "../../api/api.gen";
import { formatMoney } from "../../format/money";
import type { MoneyStyle } from "../../format/money";
import { daysBetween, toMillis } from "../../format/time";

const TYPE: Record<PartnerType, string> = {
  referral: "Referral",
  reseller: "Reseller",
  distributor: "Distributor",
  marketplace: "Marketplace",
  si: "System integrator",
  msp: "Managed services",
  isv: "Software vendor",
  agency: "Agency",
  affiliate: "Affiliate",
};

/** "System integrator"; null stays null. */
export function typeName(type: PartnerType | null): string | null {
  return type === null ? null : TYPE[type];
}

/** What the head of the list says it is sorted by. */
export const SORT_NAME: Record<PartnerSort, string> = { name: "Name", tier: "Tier", open_amount: "Open amount", last_touch: "Last touch" };

/** "€1,284,000 + CHF 310,000"; "none" without any. Currencies are never added up. */
export function sumWords(sums: readonly Money[], style: MoneyStyle = "whole"): string {
  return sums.length === 0 ? "none" : sums.map((sum) => formatMoney(sum, style)).join(" + ");
}

/** How a certificate stands today. */
export function certificateState(certificate: Pick<Certification, "expires">, now: number): "ended" | "soon" | "valid" | "open" {
  if (certificate.expires === null) return "open";
  const days = daysBetween(now, toMillis(certificate.expires));
  return days < 0 ? "ended" : days <= 30 ? "soon" : "valid";
}

/** Late ones first, then by day; those without a day last. */
export function lateFirst(owed: readonly Owed[]): Owed[] {
  return owed.toSorted((a, b) => Number(b.late) - Number(a.late) || (a.due ?? "9").localeCompare(b.due ?? "9"));
}
