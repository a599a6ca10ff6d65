/** Where a key leads on the board: down a column, or over to the next one that has a card. Pure. */

/** A key's meaning. */
export type Step = "up" | "down" | "left" | "right" | "first" | "last";

/** The card after one step, from columns of ids; the first card from nowhere; null where there is none. */
export function stepped(columns: readonly (readonly string[])[], from: string | null, step: Step): string | null {
  const at = from === null ? -1 : columns.findIndex((ids) => ids.includes(from));
  const here = columns[at];
  if (from === null || here === undefined) return columns.find((ids) => ids.length > 0)?.[0] ?? null;
  const n = here.indexOf(from);
  switch (step) {
    case "up":
      return here[n - 1] ?? from;
    case "down":
      return here[n + 1] ?? from;
    case "first":
      return here[0] ?? from;
    case "last":
      return here.at(-1) ?? from;
    case "left":
    case "right": {
      const others = step === "left" ? columns.slice(0, at).toReversed() : columns.slice(at + 1);
      const to = others.find((ids) => ids.length > 0);
      return to?.[Math.min(n, to.length - 1)] ?? from;
    }
  }
}
