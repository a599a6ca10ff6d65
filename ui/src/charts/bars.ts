/**
 * Where the bars of a waterfall stand: totals from the foot of the axis, steps from where the one before has ended. Pure.
 *
 * The hard idea: a pipeline of millions that moved by thousands would be two blocks and a row of hairs, so the axis begins below the
 * lowest level where that is far from zero, which the caller writes and the drawing shows as a break. Amounts are read as numbers for
 * the drawing alone; what is written are the decimals as they came.
 */

/** A bar as it is given: a total, or a step up or down. */
export interface Bar {
  id: string;
  amount: string;
  isTotal: boolean;
}

/** A bar in its place, in parts of 100 from the top. */
export interface PlacedBar {
  id: string;
  top: number;
  height: number;
  tone: "total" | "up" | "down";
  /** Where the next one begins. */
  level: number;
}

/** The drawing. */
export interface WaterfallLayout {
  bars: readonly PlacedBar[];
  /** What the foot stands for; 0 where the axis is whole. */
  foot: number;
}

/** A step is seen, however small: parts of 100. */
const LEAST = 1;

/** The places of the bars. */
export function waterfall(bars: readonly Bar[]): WaterfallLayout {
  const ends: { from: number; to: number }[] = [];
  for (const bar of bars) {
    const value = Number(bar.amount);
    const before = ends.at(-1)?.to ?? 0;
    ends.push(bar.isTotal ? { from: Number.NaN, to: value } : { from: before, to: before + value });
  }
  const levels = ends.flatMap(({ from, to }) => (Number.isNaN(from) ? [to] : [from, to]));
  const [least, most] = [Math.min(...levels), Math.max(...levels, 0)];
  const foot = least > 0 && most > least && least > (most - least) * 1.5 ? footUnder(least, most) : Math.min(0, least);
  const whole = most - foot || 1;
  const y = (value: number) => 100 - ((value - foot) / whole) * 100;
  return {
    foot,
    bars: bars.map((bar, n) => {
      const { from, to } = ends[n] ?? { from: 0, to: 0 };
      const [a, b] = [y(Number.isNaN(from) ? Math.max(foot, 0) : from), y(to)];
      const height = Math.max(LEAST, Math.abs(a - b));
      const tone = bar.isTotal ? "total" : to >= from ? "up" : "down";
      return { id: bar.id, top: Math.min(100 - height, Math.min(a, b)), height, tone, level: b };
    }),
  };
}

/** A round figure under the lowest level, so that the totals keep a third of the height. */
function footUnder(least: number, most: number): number {
  const wanted = Math.max(0, least - (most - least) / 2);
  const step = 10 ** Math.floor(Math.log10(Math.max(1, most - least)));
  return Math.max(0, Math.floor(wanted / step) * step);
}
