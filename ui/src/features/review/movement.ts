/**
 * What moved between two reviews, as bars and words (W-05, B8). Pure. Sums come from Rust and add up there; the one figure made here is
 * the difference of two of them, in whole cents, so that nothing is lost in a float.
 */
import { labels } from "../../api/api.gen";
import type { AgendaItem, MovedDeal, MoveKind, ReviewMovement, Waterfall } from "../../api/api.gen";
import type { WaterfallBar } from "../../charts/Waterfall";
import { formatMoney } from "../../format/money";
import type { MoneyValue } from "../../format/money";
import { countOf } from "../../format/number";
import { formatDay } from "../../format/time";
import { wordOf } from "../../format/words";

const SCALE = 4;

/** A decimal in units of its fourth place; null for what is none. */
function units(amount: string): bigint | null {
  const found = /^(-?)(\d+)(?:\.(\d{1,4})0*)?$/.exec(amount);
  if (found === null) return null;
  const whole = BigInt(`${found[2]}${(found[3] ?? "").padEnd(SCALE, "0")}`);
  return found[1] === "-" ? -whole : whole;
}

/** From one sum to another in the same currency, exactly; null where one of them is no decimal. */
export function difference(from: MoneyValue, to: MoneyValue): MoneyValue | null {
  const [a, b] = [units(from.amount), units(to.amount)];
  if (a === null || b === null || from.currency !== to.currency) return null;
  const [sign, size] = b < a ? ["-", a - b] : ["", b - a];
  const digits = size.toString().padStart(SCALE + 1, "0");
  return { currency: to.currency, amount: `${sign}${digits.slice(0, -SCALE)}.${digits.slice(-SCALE, -SCALE + 2)}` };
}

/** "+€112,000": a change carries its sign. */
export function signed(value: MoneyValue, style: "whole" | "exact" = "whole"): string {
  const text = formatMoney(value, style);
  return value.amount.startsWith("-") || /^0+(\.0+)?$/.test(value.amount) ? text : `+${text}`;
}

/** A step's name without what is explained after it. */
export function kindName(kind: MoveKind): string {
  return labels.MoveKind[kind].split(":")[0] ?? kind;
}

/** "Reseller, EUR". */
export function nameOf({ motion, now }: Pick<Waterfall, "motion" | "now">): string {
  return `${wordOf(motion) ?? "No motion"}, ${now.currency}`;
}

/** The bars of a waterfall, from the day of the review before to that of this one. */
export function barsOf({ then, deals_then, steps, now: end, deals_now }: Waterfall, { since, until }: Pick<ReviewMovement, "since" | "until">, now: number): WaterfallBar[] {
  const total = (id: string, value: MoneyValue, at: string | null, count: number): WaterfallBar => ({ id, name: at === null ? "Then" : formatDay(at, now), amount: value.amount, shown: formatMoney(value), exact: formatMoney(value, "exact"), count, isTotal: true });
  return [
    total("then", then, since, deals_then),
    ...steps.map((step) => ({ id: step.kind, name: kindName(step.kind), amount: step.amount.amount, shown: signed(step.amount), exact: signed(step.amount, "exact"), count: step.deals, isTotal: false })),
    total("now", end, until, deals_now),
  ];
}

/** The waterfall that an item is part of: its motion and its currency, else its motion, else the largest. */
export function waterfallOf(movement: ReviewMovement, item: Pick<AgendaItem, "motion" | "amount"> | null): Waterfall | undefined {
  const own = movement.waterfalls.filter((one) => item !== null && one.motion === item.motion);
  return own.find((one) => one.now.currency === item?.amount?.currency) ?? own[0] ?? movement.waterfalls[0];
}

/** "12 moves, adds up to the cent; axis starts at €5.9 M". */
export function noteOf(waterfall: Waterfall, foot: number): string {
  const moved = waterfall.steps.reduce((all, step) => all + step.deals, 0);
  const sum = waterfall.unexplained === null ? "adds up to the cent" : `${formatMoney(waterfall.unexplained, "exact")} is not explained`;
  const axis = foot > 0 ? `; axis starts at ${formatMoney({ amount: String(foot), currency: waterfall.now.currency }, "short")}` : "";
  return `${moved === 0 ? "nothing moved" : countOf(moved, "move")}, ${sum}${axis}`;
}

/** What one deal did, each kind once; undefined for one that did nothing. */
export function movedDeal(movement: ReviewMovement, deal: string | null): MovedDeal | undefined {
  return deal === null ? undefined : movement.groups.flatMap((group) => group.deals).find((one) => one.id === deal);
}
