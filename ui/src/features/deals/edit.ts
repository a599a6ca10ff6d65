/**
 * The fields of one deal as its pane shows them: stage, amount and close date are edited like the fields of F, though they come
 * from the row. Pure.
 */
import type { DealDetail, DealField, Field } from "../../api/api.gen";

function own(detail: DealDetail): DealField[] {
  const { row, stages } = detail;
  const made = (field: Field, label: string, value: string | null, shown: string | null, holds: DealField["holds"]): DealField => ({
    field,
    label,
    value,
    shown,
    holds,
    options: field === "stage" ? stages : [],
    need: "free",
    state: value === null ? "missing" : "present",
    editable: true,
    pending: false,
    theirs: null,
  });
  return [
    made("stage", "Stage", stages.find((stage) => stage.label === row.stage)?.value ?? null, row.stage, "choice"),
    made("amount", "Amount", row.amount?.amount ?? null, row.amount?.amount ?? null, "number"),
    made("close_date", "Close date", row.close_date, row.close_date, "day"),
  ];
}

/** Stage, amount, close date, then the fields of F in their order; each once. */
export function fieldsOf(detail: DealDetail): DealField[] {
  const given = new Set(detail.fields.map((field) => field.field));
  return [...own(detail).filter((field) => !given.has(field.field)), ...detail.fields.map((field) => (field.field === "stage" && field.options.length === 0 ? { ...field, options: detail.stages } : field))];
}

/** "hygiene 73, 2 missing, 1 stale": what the heading over the fields says. */
export function stateWords(fields: readonly DealField[]): string {
  const missing = fields.filter((field) => field.state === "missing" && field.need !== "free").length;
  const stale = fields.filter((field) => field.state === "stale").length;
  const parts = [missing > 0 ? `${missing} missing` : null, stale > 0 ? `${stale} stale` : null].filter(Boolean);
  return parts.length === 0 ? "all there and fresh" : parts.join(", ");
}
