/**
 * What is typed about an item before it is logged: kept for each item while the window lives, so that leaving an item (or the
 * screen) loses nothing; checked as the operating model asks (a next step with an owner and a day inside seven, W-04). Pure,
 * but for the store of drafts, which is a plain map read through `useDraft`.
 */
import { useSyncExternalStore } from "react";
import { labels } from "../../api/api.gen";
import type { AgendaItem, DealField, Field, ItemOutcome, ItemVerdict, LogItem, ReviewItemDetail } from "../../api/api.gen";
import { formatDay } from "../../format/time";
import { optionsOf } from "../../format/words";
import { editRequest, needsOverride, NO_CHANGES } from "../../deal/changes";
import type { Changes } from "../../deal/changes";
import { NO_CONFIRMS } from "../../deal/confirms";
import type { Confirms } from "../../deal/confirms";

/** What a person can choose with 1 to 4; "No action" has a key of its own. */
export const VERDICTS = optionsOf(labels.ItemVerdict)
  .filter((one) => one.id !== "no_action")
  .map((one, n) => ({ ...one, key: String(n + 1) }));

/** Typed and chosen, not yet logged. Null = not touched, the default stands. */
export interface Draft {
  verdict: ItemVerdict | null;
  text: string;
  step: string;
  owner: string | null;
  due: string | null;
  /** Edits of the deal (W-08). */
  changes: Changes;
  /** Exit criteria that are confirmed with it. */
  confirms: Confirms;
  /** Why its stage moves past a gate that does not hold. */
  reason: string;
}

/** Nothing typed. */
export const NO_DRAFT: Draft = { verdict: null, text: "", step: "", owner: null, due: null, changes: NO_CHANGES, confirms: NO_CONFIRMS, reason: "" };

/** What was logged, to be changed and logged anew after it was taken back. */
export function draftOf(outcome: ItemOutcome): Draft {
  const { verdict, text, next_step, owner, due } = outcome;
  return { ...NO_DRAFT, verdict: verdict === "no_action" ? null : verdict, text, step: next_step ?? "", owner, due };
}

/** What was read about an item, with the item as the review has it now: what was logged this moment can be taken back. */
export function detailNow(read: ReviewItemDetail, item: AgendaItem): ReviewItemDetail {
  return { ...read, item, undoable: read.item.state === item.state ? read.undoable : item.state === "decided" };
}

const EDITED: ReadonlySet<Field> = new Set(["stage", "amount", "close_date"]);

/** The fields of the item's deal that are edited in the review. */
export function editedFields(detail: Pick<ReviewItemDetail, "fields">): DealField[] {
  return detail.fields.filter((field) => EDITED.has(field.field) && field.editable);
}

const drafts = new Map<string, Draft>();
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Keeps what is typed about an item; null forgets it (it was logged). */
export function keepDraft(item: string, draft: Draft | null): void {
  if (draft === null) drafts.delete(item);
  else drafts.set(item, draft);
  for (const watcher of watchers) watcher();
}

/** What was typed about an item, and how to type on. */
export function useDraft(item: string): [Draft, (change: Partial<Draft>) => void] {
  const draft = useSyncExternalStore(watch, () => drafts.get(item) ?? NO_DRAFT);
  return [draft, (change) => keepDraft(item, { ...(drafts.get(item) ?? NO_DRAFT), ...change })];
}

const DAY = 86_400_000;

function utc(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day of an instant where the reader is. */
export function localDay(now: number): string {
  const date = new Date(now);
  return new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())).toISOString().slice(0, 10);
}

/** The working days on offer, from tomorrow to the last one allowed, with the weekday's name. */
export function quickDays(now: number, dueBy: string): { day: string; name: string }[] {
  const days = [];
  for (let at = utc(localDay(now)) + DAY; at <= utc(dueBy); at += DAY) {
    const date = new Date(at);
    if (date.getUTCDay() === 0 || date.getUTCDay() === 6) continue;
    days.push({ day: date.toISOString().slice(0, 10), name: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()] ?? "" });
  }
  return days;
}

/** "in 5 days, 2 to spare". */
export function dueWords(due: string | null, now: number, dueBy: string): string {
  if (due === null) return `by ${formatDay(dueBy, now)}`;
  const away = Math.round((utc(due) - utc(localDay(now))) / DAY);
  const spare = Math.round((utc(dueBy) - utc(due)) / DAY);
  if (away < 0) return "in the past";
  if (spare < 0) return `${-spare} ${spare === -1 ? "day" : "days"} too late`;
  const when = away === 0 ? "today" : away === 1 ? "tomorrow" : `in ${away} days`;
  return spare === 0 ? `${when}, the last` : `${when}, ${spare} to spare`;
}

/** The day that stands there before anybody chooses: the last working day allowed. */
export function defaultDue(now: number, dueBy: string): string {
  return quickDays(now, dueBy).at(-1)?.day ?? dueBy;
}

/** What keeps an item from being logged, by field. */
export interface Problems {
  verdict?: string;
  step?: string;
  owner?: string;
  due?: string;
  /** A value of the deal is wrong; its own field says how. */
  deal?: string;
  /** The gate needs a reason. */
  reason?: string;
}

/** The draft with its defaults filled in. */
export function filled(draft: Draft, detail: Pick<ReviewItemDetail, "owner" | "due_by">, now: number): Draft {
  return { ...draft, owner: draft.owner ?? detail.owner, due: draft.due ?? defaultDue(now, detail.due_by) };
}

/** Whether the decision changes the deal, or confirms something of it. */
export function changesDeal({ changes, confirms }: Pick<Draft, "changes" | "confirms">): boolean {
  return changes.size + confirms.size > 0;
}

/** What is missing or wrong in a draft that is already filled (W-04). */
export function problemsOf(draft: Draft, { due_by: dueBy, fields }: Pick<ReviewItemDetail, "due_by" | "fields">, now: number, held = needsOverride(fields, draft.changes)): Problems {
  const problems: Problems = {};
  const edits = changesDeal(draft);
  if (draft.verdict === null) problems.verdict = edits ? "Choose 1 to 4: the deal was changed" : "Choose 1 to 4, or N for no action";
  if (draft.step.trim() === "") problems.step = "Every item ends with a next step, or with no action (W-04)";
  if (draft.owner === null) problems.owner = "Somebody does it";
  if (draft.due === null) problems.due = "By when";
  else if (draft.due > dueBy) problems.due = `Later than ${formatDay(dueBy, now)} (W-04)`;
  else if (draft.due < localDay(now)) problems.due = "In the past";
  if (edits && held && draft.reason.trim() === "") problems.reason = "The gate does not hold: why does the stage move?";
  else if (edits && editRequest("", fields, draft.changes, draft.reason, held, draft.confirms) === null) problems.deal = "A value of the deal cannot be saved";
  return problems;
}

/** The decision to send. `no_action` needs no step, takes none, and changes nothing. */
export function logRequest(review: string, item: Pick<AgendaItem, "id" | "deal">, fields: readonly DealField[], draft: Draft, verdict: ItemVerdict, held = needsOverride(fields, draft.changes)): LogItem {
  const none = verdict === "no_action";
  const edit = none || item.deal === null ? null : editRequest(item.deal, fields, draft.changes, draft.reason, held, draft.confirms);
  return {
    review,
    item: item.id,
    verdict,
    text: draft.text.trim(),
    next_step: none ? null : draft.step.trim(),
    owner: none ? null : draft.owner,
    due: none ? null : draft.due,
    edits: edit?.set ?? [],
    override_reason: edit?.override_reason ?? null,
    confirm: edit?.confirm ?? [],
  };
}
