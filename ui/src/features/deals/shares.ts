/** The partners of a deal while they are edited: what may not be, and what is sent (F-05). Pure; a gate of Rust's own stands behind it. */
import type { Attribution, DealPartner, PartnerRole, SetPartners } from "../../api/api.gen";
import { points, sumOf } from "../../format/points";

/** One partner as it is typed. */
export interface ShareDraft {
  partner: string | null;
  role: PartnerRole;
  attribution: Attribution;
  pct: string;
  part: string;
}

/** The draft of what stands. */
export function shareDrafts(partners: readonly DealPartner[]): ShareDraft[] {
  return partners.map(({ partner, role, attribution, pct, part }) => ({ partner, role, attribution, pct: String(pct), part: part ?? "" }));
}

/** What is wrong, in sentences; nothing when it may be saved. */
export function shareProblems(drafts: readonly ShareDraft[], needsReason: boolean, reason: string): string[] {
  const problems: string[] = [];
  const names = drafts.map((draft) => draft.partner).filter((id) => id !== null);
  if (names.length < drafts.length) problems.push("Choose the partner on each line.");
  if (new Set(names).size < names.length) problems.push("A partner stands on one line only.");
  if (drafts.some((draft) => Number.isNaN(points(draft)) || points(draft) > 100)) problems.push("Each share is a whole number from 0 to 100.");
  if (sumOf(drafts) > 100) problems.push(`The shares are ${sumOf(drafts)} %; together they are 100 % at most.`);
  if (drafts.filter((draft) => draft.attribution === "sourced").length > 1) problems.push("One partner at most has sourced the deal.");
  if (needsReason && reason.trim() === "") problems.push("The credit is locked: say why it is amended.");
  return problems;
}

/** The first is the partner of record: the line moved to the top. */
export function toTop<T>(list: readonly T[], at: number): T[] {
  const one = list[at];
  return one === undefined ? [...list] : [one, ...list.filter((_, n) => n !== at)];
}

/** What is sent. Call it only without problems. */
export function shareRequest(deal: string, drafts: readonly ShareDraft[], reason: string): SetPartners {
  return {
    deal,
    partners: drafts.map((draft) => ({ partner: draft.partner ?? "", role: draft.role, attribution: draft.attribution, pct: points(draft), part: draft.part.trim() === "" ? null : draft.part.trim() })),
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  };
}
