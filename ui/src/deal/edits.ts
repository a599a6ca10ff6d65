/** New raw values of a change, by the CRM's property: what a person writes in place of what was refused or is contested. Pure. */

/** New raw values by the CRM's property; null clears. */
export type Edits = ReadonlyMap<string, string | null>;

/** Nothing written yet. */
export const NO_EDITS: Edits = new Map();

/** The edits after one more; the value that was there (`raw`) again is no edit. */
export function withEdit(edits: Edits, field: { property: string; raw: string }, value: string | null): Edits {
  const next = new Map(edits);
  if ((value ?? "") === field.raw) next.delete(field.property);
  else next.set(field.property, value === "" ? null : value);
  return next;
}
