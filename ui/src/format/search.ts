/**
 * Reading what stands in the address, where anything can stand: every reader answers with a sound value, never fails. A
 * screen's `*.search.ts` is made of these, so a bad address shows the screen's default and not an error.
 */

/** Raw search parameters. */
export type RawSearch = Record<string, unknown>;

/** A text of at most 300 characters, or undefined. */
export function textParam(raw: RawSearch, name: string): string | undefined {
  const value = raw[name];
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= 300 ? text : undefined;
}

/** One of the given words, or undefined. */
export function wordParam<T extends string>(raw: RawSearch, name: string, words: readonly T[]): T | undefined {
  return words.find((word) => word === raw[name]);
}

/** A whole number inside the limits, or undefined. */
export function numberParam(raw: RawSearch, name: string, min: number, max: number): number | undefined {
  const value = Number(raw[name]);
  return raw[name] !== undefined && raw[name] !== "" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
}

/**
 * The decoded parameters, each by its name. One that is missing or bad is there as undefined: the router lays them over what the
 * address says, and a name that is left out would let the raw value through.
 */
export function decoded<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return values as { [K in keyof T]?: Exclude<T[K], undefined> };
}
