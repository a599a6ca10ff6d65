/** What the partner screens say: types by name, sums in several currencies, certificates by how soon they end, debts with the late ones first. Pure. */
import { labels } from "../../api/api.gen";
import type { Certification, Money, Owed, PartnerType } from "../../api/api.gen";
import { formatMoney } from "../../format/money";
import type { MoneyStyle } from "../../format/money";
import { daysBetween, toMillis } from "../../format/time";

/** What the short words of the list stand for, where there is room to say it. */
const LONG: Partial<Record<PartnerType, string>> = { si: "System integrator", msp: "Managed services", isv: "Software vendor" };

/** "SI", as a list says it; null stays null. */
export function typeName(type: PartnerType | null): string | null {
  return type === null ? null : labels.PartnerType[type];
}

/** "System integrator", as a heading says it; null stays null. */
export function longTypeName(type: PartnerType | null): string | null {
  return type === null ? null : (LONG[type] ?? labels.PartnerType[type]);
}

/** What a certificate is called on the page of its partner, whose name it often begins with. */
export function certificateName(name: string, partner: string): string {
  const rest = name.toLowerCase().startsWith(partner.toLowerCase()) ? name.slice(partner.length).replace(/^[\s,:·–—-]+/, "") : name;
  return rest === "" ? name : rest.charAt(0).toUpperCase() + rest.slice(1);
}

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
