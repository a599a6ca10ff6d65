/** What a deal's field is called where it was observed: by the deal's own label, else by its name in words. Pure. */
import type { DealField, Field } from "../api/api.gen";

/** "Close date". */
export function labelOf(fields: readonly Pick<DealField, "field" | "label">[], field: Field): string {
  return fields.find((one) => one.field === field)?.label ?? field.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
}
