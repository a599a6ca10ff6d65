/** Which words of a value another one does not have, so that a comparison can mark them. Pure. */

/** A piece of a value; `other` when the value beside it does not have this word. */
export interface WordPart {
  text: string;
  other: boolean;
}

/**
 * The words of a value that the other does not have, whatever their case and accents: what is different in "Hansa Kuehlkette Nord".
 * Where not one word is shared there is nothing to tell apart, and the value is one piece.
 */
export function differingWords(value: string, beside: string | null): WordPart[] {
  const known = new Set(words(beside ?? "").map(folded));
  const parts = value.split(/(\s+)/u).filter((text) => text !== "");
  const other = parts.map((text) => text.trim() !== "" && !words(text).every((word) => known.has(folded(word))));
  if (!parts.some((text, n) => text.trim() !== "" && !other[n])) return [{ text: value, other: false }];
  return parts.map((text, n) => ({ text, other: other[n] === true }));
}

function words(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

function folded(word: string): string {
  return word.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
