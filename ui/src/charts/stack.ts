/**
 * Where the parts of stacked bars stand, and the lines behind them. Pure.
 *
 * Amounts are read as numbers for the drawing alone; what is written are the decimals as they came.
 */

/** A bar as it is given: its parts from the foot up, each a decimal. */
export interface Stack {
  id: string;
  amounts: readonly string[];
}

/** A bar in its place, in parts of 100 from the top. */
export interface PlacedStack {
  id: string;
  top: number;
  parts: readonly { top: number; height: number }[];
}

/** The drawing. */
export interface StackLayout {
  bars: readonly PlacedStack[];
  /** Values with a line, from zero up; the last is the top of the drawing. */
  lines: readonly number[];
}

/** Lines above zero, at most. */
const LINES = 4;

/** The places of the bars. */
export function stacked(stacks: readonly Stack[]): StackLayout {
  const most = Math.max(...stacks.map(({ amounts }) => amounts.reduce((sum, amount) => sum + Number(amount), 0)), 0);
  const step = roundStep(most / LINES);
  const count = Math.max(1, Math.ceil(most / step));
  const whole = step * count;
  return {
    lines: Array.from({ length: count + 1 }, (_, n) => n * step),
    bars: stacks.map(({ id, amounts }) => {
      let top = 100;
      const parts = amounts.map((amount) => {
        const height = (Number(amount) / whole) * 100;
        top -= height;
        return { top, height };
      });
      return { id, top, parts };
    }),
  };
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundStep(least: number): number {
  if (least <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((times) => times * power >= least) ?? 10);
}
