/** Shares in whole points as they are typed: each one, and what they come to. Pure. */

/** The share in whole points; NaN when it is not one. */
export function points(draft: { pct: string }): number {
  return /^\d{1,3}$/.test(draft.pct.trim()) ? Number(draft.pct) : Number.NaN;
}

/** The sum of the shares that are numbers. */
export function sumOf(drafts: readonly { pct: string }[]): number {
  return drafts.reduce((sum, draft) => sum + (Number.isNaN(points(draft)) ? 0 : points(draft)), 0);
}

/** Equal shares, the rest with the first. */
export function equalShares(count: number): number[] {
  const each = Math.floor(100 / count);
  return Array.from({ length: count }, (_, n) => (n === 0 ? 100 - each * (count - 1) : each));
}
