/**
 * How an import is said and what of it can be saved. Pure.
 *
 * The hard idea: the mapping is always sent whole, because how one column is read can change every row; a field stands in one column
 * at most, so that choosing it for another takes it from the first.
 */
import type { Confidence, Field, Import, IntakeCounts, IntakeMapping, IntakeRow, RowVerdict } from "../../api/api.gen";
import { countOf, formatCount } from "../../format/number";

/** Not read. */
export const NO_FIELD = "";

/** The mapping with one column read as another field, or not at all. */
export function withColumn(mapping: IntakeMapping, at: number, field: Field | null): IntakeMapping {
  return { ...mapping, columns: mapping.columns.map((one, n) => (n === at ? field : field !== null && one === field ? null : one)) };
}

/** The labels of what the policy asks for and no column holds. A partner chosen for all rows is one that is said. */
export function unmapped(read: Import): string[] {
  if (read.columns.length === 0) return [];
  return read.fields.filter((one) => one.required && !read.mapping.columns.includes(one.field) && !(one.field === "partner" && read.mapping.partner)).map((one) => one.label);
}

/** How many rows a filter shows. */
export function countOfVerdict(counts: IntakeCounts, verdict: RowVerdict | undefined): number {
  return verdict === undefined ? counts.rows : counts[verdict];
}

/** Whether a person may save this row; a duplicate and an incomplete one only by choosing it. */
export function canSave(row: Pick<IntakeRow, "verdict">): boolean {
  return row.verdict !== "rejected" && row.verdict !== "saved";
}

/** How a verdict is signed. */
export const VERDICT_SIGN = { ok: "ok", duplicate: "warn", incomplete: "warn", rejected: "fail", saved: "info" } as const satisfies Record<RowVerdict, "ok" | "warn" | "fail" | "info">;
/** How certain a value is, as a sign; what the file states needs none. */
export const CONFIDENCE_SIGN = { stated: null, found: "info", unsure: "warn" } as const satisfies Record<Confidence, "info" | "warn" | null>;

/** "280 ready, 20 duplicates, 12 rejected"; how many in all is said by how the file was read. */
export function countWords(counts: IntakeCounts): string {
  const parts = [
    `${formatCount(counts.ok)} ready`,
    counts.duplicate > 0 ? countOf(counts.duplicate, "duplicate") : "",
    counts.incomplete > 0 ? `${formatCount(counts.incomplete)} incomplete` : "",
    counts.rejected > 0 ? `${formatCount(counts.rejected)} rejected` : "",
    counts.saved > 0 ? `${formatCount(counts.saved)} saved` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** The values of a row that a person changed, field by field; what is as it was is left out. */
export function rowEdits(row: Pick<IntakeRow, "values">, typed: ReadonlyMap<Field, string>): { field: Field; value: string }[] {
  const before = new Map(row.values.map((one) => [one.field, one.value]));
  return [...typed].filter(([field, value]) => value.trim() !== (before.get(field) ?? "")).map(([field, value]) => ({ field, value: value.trim() }));
}
