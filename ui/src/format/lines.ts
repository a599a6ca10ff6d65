/** Places in a text of many lines. Pure. */

/** Where a line and a column (both from 1) are in the text; beyond its end is the end of the line, or of the text. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n += 1) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf("\n", start);
  const length = (end < 0 ? text.length : end) - start;
  // Columns count characters as people do; the text counts UTF-16 units.
  const before = Array.from(text.slice(start, start + length)).slice(0, Math.max(0, column - 1)).join("").length;
  return start + Math.min(before, length);
}
