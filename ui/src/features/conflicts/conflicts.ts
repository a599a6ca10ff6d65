/**
 * Merge conflicts, held decisions and notices as a person reads and answers them. Pure.
 *
 * The hard idea: an edit sends only what was changed against one's own value; a field that is not named keeps mine. What is a
 * condition of the decision (a guard) is shown and never edited.
 */
import type { MergeAnswer, MergeField, MergeRow, MergeValue, NoticeAbout, NoticeRow, OutboxField, OutboxRow, ResolveMerge } from "../../api/api.gen";
import { problemOf } from "../../deal/changes";
import type { Edits } from "../../deal/edits";
import { countOf } from "../../format/number";
import { formatMoment } from "../../format/time";

/** The fields of it that a person may write another value into. */
export function editableFields(row: Pick<MergeRow, "fields">): MergeField[] {
  return row.fields.filter((field) => !field.guard);
}

/** The answer as it is sent, or null while it cannot be: an edit without a change, or with a value that cannot stand. */
export function answerRequest(row: MergeRow, answer: MergeAnswer, edits: Edits, same: boolean): ResolveMerge | null {
  if (!row.answers.includes(answer)) return null;
  const seen: MergeValue[] = row.fields.map((field) => ({ property: field.property, value: field.theirs_raw }));
  if (answer !== "edit") return { op: row.op, answer, values: [], seen, same };
  const changed = editableFields(row).filter((field) => edits.has(field.property));
  if (changed.length === 0 || changed.some((field) => problemOf(field, edits.get(field.property) ?? null) !== undefined)) return null;
  const values: MergeValue[] = changed.map((field) => ({ property: field.property, value: edits.get(field.property) ?? null }));
  return { op: row.op, answer, values, seen, same };
}

/** The fields of the same change that nobody contests: they go the way of the answer, with yours into the CRM, with theirs nowhere. */
export function uncontested(row: Pick<MergeRow, "fields">, change: Pick<OutboxRow, "fields"> | undefined): OutboxField[] {
  const contested = new Set(row.fields.map((field) => field.label));
  return change?.fields.filter((field) => !contested.has(field.label)) ?? [];
}

/** "Close date" of one field, "3 fields" of several, the reason where the record itself is the matter. */
export function whatWords(row: Pick<MergeRow, "fields" | "kind" | "text">): string {
  if (row.kind !== "changed" && row.kind !== "guard") return row.text;
  const [first] = row.fields;
  return row.fields.length === 1 && first ? first.label : countOf(row.fields.length, "field");
}

/** "Same answer for 12 like this": only where others have the same fields with the same three values. */
export function sameWords(row: Pick<MergeRow, "same_as">): string | null {
  return row.same_as === 0 ? null : row.same_as === 1 ? "Same answer for the other one like this" : `Same answer for ${row.same_as} more like this`;
}

/** Who, and below it when, as far as the CRM says. */
export function whoWhen(who: string | null, when: string | null, now: number, nobody: string): string[] {
  const at = when === null ? [] : [formatMoment(when, now)];
  if (who === null) return when === null ? [nobody] : ["somebody", ...at];
  return [who, ...at];
}

/** What opens after one was answered: the next one, else the one before. */
export function afterAnswer<Row>(rows: readonly Row[], idOf: (row: Row) => string, answered: string): string | undefined {
  const at = rows.findIndex((row) => idOf(row) === answered);
  const next = rows[at + 1] ?? rows[at - 1];
  return next === undefined ? undefined : idOf(next);
}

const ORDER: readonly NoticeAbout[] = ["overwrote", "changed_after", "repeated"];

/** Notices by what they tell, lost values first. */
export function noticeGroups(rows: readonly NoticeRow[], words: Readonly<Record<NoticeAbout, string>>): { id: NoticeAbout; title: string; rows: NoticeRow[]; count: number }[] {
  return ORDER.map((id) => ({ id, title: words[id], rows: rows.filter((row) => row.about === id) }))
    .filter((group) => group.rows.length > 0)
    .map((group) => ({ ...group, count: group.rows.length }));
}
