/**
 * Changes of a deal that are not saved yet: what differs, whether it may be saved, what is sent. Pure.
 *
 * The hard idea: only what differs from the value as read becomes part of the one decision, so that an untouched field can never
 * overwrite what somebody else writes in the CRM. Raw values go over; what a person reads ("shown") never does.
 */
import type { DealField, EditDeal, Field } from "../api/api.gen";
import { confirmed, NO_CONFIRMS } from "./confirms";

/** New raw values by field; null clears. */
export type Changes = ReadonlyMap<Field, string | null>;

/** Nothing changed. */
export const NO_CHANGES: Changes = new Map();

/** The changes after one more; a value as it was read is no change. */
export function withChange(changes: Changes, field: DealField, value: string | null): Changes {
  const next = new Map(changes);
  const same = (value ?? "") === (field.value ?? "");
  if (same) next.delete(field.field);
  else next.set(field.field, value === "" ? null : value);
  return next;
}

/** What is wrong with a value, in words; undefined when it may be saved. */
export function problemOf(field: Pick<DealField, "holds"> & { field: Field | null }, value: string | null): string | undefined {
  if (value === null || value === "") return field.field === "stage" ? "A deal has a stage" : undefined;
  if (field.holds === "number" && !/^-?\d+(\.\d+)?$/.test(value)) return "A number, like 184000 or 184000.50";
  if (field.field === "amount" && value.startsWith("-")) return "An amount is not negative";
  if (field.field === "attribution_pct" && (Number(value) < 0 || Number(value) > 100)) return "Between 0 and 100";
  return undefined;
}

/** Whether the stage moves while a hard field is missing, so that the gate needs a reason (F-01). */
export function needsOverride(fields: readonly DealField[], changes: Changes): boolean {
  if (!changes.has("stage")) return false;
  return fields.some((field) => {
    if (field.need !== "hard") return false;
    const change = changes.get(field.field);
    return change === null || (change === undefined && field.state === "missing");
  });
}

/** The one decision that saves all changes and confirmations, or null while there are none or something stands in its way; `held` when the gate asks for a reason. */
export function editRequest(deal: string, fields: readonly DealField[], changes: Changes, reason: string, held = needsOverride(fields, changes), confirms = NO_CONFIRMS): EditDeal | null {
  if (changes.size === 0 && confirms.size === 0) return null;
  if (fields.some((field) => changes.has(field.field) && problemOf(field, changes.get(field.field) ?? null) !== undefined)) return null;
  const words = reason.trim();
  if (held && words === "") return null;
  return {
    deal,
    set: [...changes].map(([field, value]) => ({ field, value })),
    confirm: confirmed(confirms),
    ...(words === "" ? {} : { override_reason: words }),
  };
}
