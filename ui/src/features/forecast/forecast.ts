/** Words and places of the forecast's drawings. Pure; sums come from Rust, here they are only put on a line. */
// Only the tables of words: nothing here calls anything.
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import type { BacktestHorizon, ForecastIn, ForecastQuery, ForecastSum } from "../../api/api.gen";
import { formatPercent } from "../../format/number";

/** A row of the table: a sum with its name. */
export interface Part {
  id: string;
  name: string;
  sum: ForecastSum;
}

/** Parts that add up to the same, under one heading. */
export interface Parts {
  id: string;
  title: string;
  rows: Part[];
}

/** A currency's sums, under their headings; what has nothing is left out. */
export function partsOf(one: ForecastIn): Parts[] {
  const has = ({ sum }: Part) => sum.open_deals > 0 || sum.won_deals > 0 || Number(sum.expected.amount) > 0;
  const all: Parts[] = [
    { id: "all", title: "All business", rows: [{ id: "total", name: "Everything", sum: one.total }, { id: "partnered", name: "With a partner", sum: one.partnered }] },
    { id: "credit", title: "By who brought it", rows: one.by_credit.map(({ credit, sum }) => ({ id: credit, name: labels.CreditClass[credit], sum })) },
    { id: "motion", title: "By motion", rows: one.by_motion.map(({ motion, sum }) => ({ id: motion ?? "none", name: motion === null || motion === undefined ? "No motion" : labels.Motion[motion], sum })) },
    {
      id: "movement",
      title: "By movement",
      rows: [
        { id: "active", name: "Open and moving", sum: one.active },
        { id: "stalled", name: "Open and stalled", sum: one.stalled },
        { id: "not_yet", name: "Not in the pipeline yet", sum: one.not_yet_there },
      ],
    },
  ];
  return all.map((parts) => ({ ...parts, rows: parts.rows.filter(has) })).filter(({ rows }) => rows.length > 0);
}

/** Where a sum stands on a line from nothing to `most`, of 100. */
export function placed({ won, low, expected, high }: ForecastSum, most: number) {
  const at = (money: { amount: string }) => (most > 0 ? (Number(money.amount) / most) * 100 : 0);
  return { won: at(won), low: at(low), expected: at(expected), high: at(high) };
}

/** "12 %", "<1 %", "3.4 %": small chances keep a decimal. */
export function chanceText(chance: number): string {
  const percent = chance * 100;
  if (percent > 0 && percent < 0.1) return "<0.1 %";
  return percent < 10 && percent > 0 ? `${percent.toFixed(1)} %` : formatPercent(percent);
}

/** "×1.24": what a factor multiplies by. */
export function timesText(times: number): string {
  return `×${times.toFixed(2)}`;
}

/** Until when it looks: the end of the quarter, or so many days ahead. */
export const UNTIL = [
  { id: "quarter", name: "This quarter" },
  { id: "30", name: "30 days" },
  { id: "60", name: "60 days" },
  { id: "90", name: "90 days" },
] as const;
/** One of [`UNTIL`]. */
export type Until = (typeof UNTIL)[number]["id"];

const DAY = 86_400_000;

/** What is asked; `today` is the workspace's day. */
export function asked(until: Until, motion: ForecastQuery["motion"], today: string): ForecastQuery {
  const by = until === "quarter" ? null : new Date(Date.parse(today) + Number(until) * DAY).toISOString().slice(0, 10);
  return { by, motion, partner: null, limit: 100 };
}

/** "said 12 %, came 14 %": a tenth of the deals in words. */
export function tenthText({ deals, said, came }: BacktestHorizon["calibration"][number]): string {
  return `${deals} deals: said ${chanceText(said)}, came ${chanceText(came)}`;
}
