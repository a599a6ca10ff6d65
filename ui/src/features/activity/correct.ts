/**
 * A change that the CRM has refused, corrected: which of its values can be written anew, which of them the CRM's sentence names,
 * and what is sent. Pure.
 *
 * The hard idea: only what was written anew is sent; all else goes again as it was decided, over what the CRM has now, in the
 * same decision. What was decided first stays in the trail.
 */
import type { Correction, OutboxRow, ResolveMerge } from "../../api/api.gen";
import { problemOf } from "../../deal/changes";
import type { Edits } from "../../deal/edits";

/** One value that can be written anew. */
export interface Correctable extends Correction {
  label: string;
  /** As it was decided, for reading. */
  mine: string | null;
  /** The CRM's sentence names it. */
  named: boolean;
}

/** Whether one of the words stands in the sentence as a word of its own. */
function isNamed(sentence: string, words: readonly string[]): boolean {
  const plain = words.filter((word) => word !== "").map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
  return plain.length > 0 && new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${plain.join("|")})(?![\p{L}\p{N}_])`, "iu").test(sentence);
}

/** What can be written anew in a refused change; what the CRM names first, else in its order. */
export function correctableOf(op: Pick<OutboxRow, "state" | "text" | "fields">): Correctable[] {
  if (op.state !== "rejected") return [];
  const all = op.fields.flatMap((field): Correctable[] => {
    if (field.edit === undefined) return [];
    const named = isNamed(op.text, [field.edit.property, field.label]);
    return [{ ...field.edit, label: field.label, mine: field.mine, named }];
  });
  return all.toSorted((a, b) => Number(b.named) - Number(a.named));
}

/** The corrected change as it is sent; null while nothing was changed or a value cannot stand. */
export function correctionRequest(op: string, fields: readonly Correctable[], edits: Edits): ResolveMerge | null {
  const changed = fields.filter((field) => edits.has(field.property));
  const values = changed.map((field) => ({ property: field.property, value: edits.get(field.property) ?? null }));
  const stands = changed.length > 0 && changed.every((field) => problemOf(field, edits.get(field.property) ?? null) === undefined);
  return stands ? { op, answer: "edit", values, same: false } : null;
}
