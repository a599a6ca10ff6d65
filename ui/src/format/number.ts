/**
 * Counts, percents, rates and changes as text. Percent carries a gap and no decimals (34 %); a change carries its sign and
 * the minus is U+2212; zero is written, never left empty. Intl only, no rounding of money here (see money.ts).
 */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 48,210 */
export function formatCount(n: number): string {
  return whole.format(n).replace("-", "\u2212");
}

/** 34 %, from 34 (not 0.34). */
export function formatPercent(percent: number): string {
  return `${formatCount(Math.round(percent))} %`;
}

/** +3, −6, 0: a change, always signed unless it is none. */
export function formatChange(n: number): string {
  return n > 0 ? `+${formatCount(n)}` : formatCount(n);
}

/** "1 deal", "0 deals", "1,284 deals". */
export function countOf(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** "412 MB" from bytes. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let n = bytes;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit += 1;
  }
  return `${n >= 100 || unit === 0 ? Math.round(n) : n.toFixed(1)} ${units[unit]}`;
}
