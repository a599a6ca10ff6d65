/** What a partner's deals are shown by: only columns in which something was sent. Pure. */
import type { PresentedDeal } from "../../api/api.gen";
import { wordOf } from "../../format/words";

/** A column of the deals. */
export interface PresentColumn {
  id: "name" | "stage" | "amount" | "close" | "protection" | "next";
  title: string;
  right?: true;
  /** Left out where no deal has it. */
  has: (deal: PresentedDeal) => boolean;
}

const COLUMNS: readonly PresentColumn[] = [
  { id: "name", title: "Deal", has: () => true },
  { id: "stage", title: "Stage", has: () => true },
  { id: "amount", title: "Amount", right: true, has: (deal) => deal.amount !== null },
  { id: "close", title: "Close", right: true, has: (deal) => deal.close !== null },
  { id: "protection", title: "Protected until", right: true, has: (deal) => deal.protection_end !== null },
  { id: "next", title: "Next step", has: (deal) => deal.next_step !== null },
];

/** The columns that say something. */
export function columnsOf(deals: readonly PresentedDeal[]): readonly PresentColumn[] {
  return COLUMNS.filter((column) => deals.some((deal) => column.has(deal)));
}

/** What the deal is called by what may be seen of it. */
export function titleOf({ name, account }: Pick<PresentedDeal, "name" | "account">): string {
  return name ?? account ?? "Deal";
}

/** "Sourced, 60 %". */
export function creditWords({ attribution, pct }: Pick<PresentedDeal, "attribution" | "pct">): string {
  return [wordOf(attribution), pct === null ? null : `${pct} %`].filter(Boolean).join(", ");
}
