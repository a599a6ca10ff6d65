/**
 * How typed text finds a title: every word must occur, words at the start of a word weigh more, and the first word of
 * the title most. Pure; the palette and the filters use it, and the ranges say what to draw bold.
 */

/** Where the query met the text: start and end offsets, in order, not overlapping. */
export type Range = readonly [number, number];

/** A match with its weight (higher is better), or null when a word does not occur. */
export function matchText(text: string, query: string): { weight: number; ranges: Range[] } | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  const ranges: Range[] = [];
  let weight = 0;
  for (const word of words) {
    const atStart = startOfWord(lower, word);
    const at = atStart >= 0 ? atStart : lower.indexOf(word);
    if (at < 0) return null;
    weight += at === 0 ? 3 : atStart >= 0 ? 2 : 1;
    ranges.push([at, at + word.length]);
  }
  const inOrder = ranges.toSorted((a, b) => a[0] - b[0]);
  const apart = inOrder.filter((range, n) => n === 0 || range[0] >= (inOrder[n - 1]?.[1] ?? 0));
  return { weight: words.length ? weight / words.length : 0, ranges: apart };
}

function startOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? " ")) return at;
  }
  return -1;
}
