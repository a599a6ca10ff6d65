/**
 * The outbox as a person reads it: changes and messages by the decision they belong to, what needs a person, what waits and for
 * what, what is over, and the proof of a change as text. Pure.
 */
import type { MergeRow, MessageRow, OpState, OutboxRow, RecoveredRow } from "../../api/api.gen";
import type { Tone } from "../../components/Tag";
import { countOf } from "../../format/number";
import { formatMoment, formatSpan, toMillis } from "../../format/time";
import { formatQuoted, formatValue } from "../../format/value";
import type { Show } from "./activity.search";

/** A line of the list: a change, a message that goes with its decision, or a decision that was recovered from the journal. */
export type Line =
  | { id: string; decision: string; op: OutboxRow; message?: undefined; recovered?: undefined }
  | { id: string; decision: string; op?: undefined; message: MessageRow; recovered?: undefined }
  | { id: string; decision: string; op?: undefined; message?: undefined; recovered: RecoveredRow };

/** Lines of one decision. */
export interface DecisionGroup {
  id: string;
  title: string;
  tone?: "warn";
  rows: Line[];
}

const KIND: Record<OpState, Exclude<Show, "all">> = {
  conflict: "needs",
  rejected: "needs",
  queued: "waiting",
  blocked: "waiting",
  sending: "way",
  unknown: "way",
  acked: "way",
  done: "done",
  superseded: "done",
  withdrawn: "done",
};

/** Whether it is held back with its decision; what is over is not. */
export function isHeld(op: Pick<OutboxRow, "held" | "state">): boolean {
  return op.held === true && KIND[op.state] !== "done";
}

/** What a line is to a person: it needs them, it waits, it is under way, it is over. A held message waits with its decision. */
export function kindOf(line: Line): Exclude<Show, "all"> {
  if (line.op) return isHeld(line.op) ? "needs" : KIND[line.op.state];
  if (line.recovered) return "needs";
  return line.message.released || line.message.withdrawn ? "done" : "waiting";
}

const WORD: Record<OpState, { word: string; tone: Tone }> = {
  conflict: { word: "Needs you", tone: "warn" },
  rejected: { word: "Refused", tone: "danger" },
  queued: { word: "Saved here", tone: "neutral" },
  blocked: { word: "Waiting", tone: "neutral" },
  sending: { word: "Sending", tone: "info" },
  unknown: { word: "Checking", tone: "info" },
  acked: { word: "Checking", tone: "info" },
  done: { word: "Confirmed", tone: "ok" },
  superseded: { word: "Replaced", tone: "neutral" },
  withdrawn: { word: "Taken back", tone: "neutral" },
};

/** State as a word with its colour. */
export function stateWord(line: Line): { word: string; tone: Tone } {
  if (line.recovered) return { word: "Please confirm", tone: "warn" };
  if (line.message) return line.message.withdrawn ? { word: "Withdrawn", tone: "neutral" } : line.message.released ? { word: "Released", tone: "ok" } : { word: "Held", tone: "neutral" };
  return isHeld(line.op) ? { word: "Held back", tone: "warn" } : WORD[line.op.state];
}

/** State as a sentence with its time in the reader's zone; what only the program knows is said in its words. */
export function stateSentence(op: OutboxRow, crm: string, now: number): string {
  const next = (what: string) => (op.next_at === null ? "" : ` (next ${what} ${formatMoment(op.next_at, now)})`);
  if (isHeld(op)) return "Held back: facts that it relied on have moved";
  switch (op.state) {
    case "queued":
      return op.attempt === 0 ? `Saved here ${formatMoment(op.made_at, now)}` : `${formatQuoted(op.text)}${next("try")}`;
    case "blocked":
      return `${formatQuoted(op.text)}${next("try")}`;
    case "unknown":
      return `We don’t know yet, checking${next("check")}`;
    case "acked":
      return `${crm} accepted it, checking${next("check")}`;
    case "done":
      return op.landed_at === undefined ? op.text : `Confirmed in ${crm} ${formatMoment(op.landed_at, now)}`;
    case "sending":
    case "conflict":
    case "rejected":
    case "superseded":
    case "withdrawn":
      return formatQuoted(op.text);
  }
}

/** A merge conflict as a sentence with who set what and when, as far as the CRM says: "Needs you: Ana set Rejected at 13:58". */
export function needsSentence(merge: Pick<MergeRow, "fields" | "kind">, crm: string, now: number): string | null {
  const fields = merge.fields.filter((field) => field.their_when !== null || field.theirs !== null);
  const [first] = fields;
  if (!first || (merge.kind !== "changed" && merge.kind !== "guard")) return null;
  const isKnown = first.their_who !== null || first.their_when !== null;
  const who = isKnown ? (first.their_who ?? "somebody") : crm;
  const at = first.their_when === null ? "" : ` at ${formatMoment(first.their_when, now)}`;
  const one = first.theirs === null ? (isKnown ? "cleared it" : "has nothing there") : `${isKnown ? "set" : "has"} ${formatValue(first.theirs)}`;
  return `Needs you: ${who} ${fields.length > 1 ? `changed ${countOf(fields.length, "field")}` : one}${at}`;
}

/**
 * What must be in the CRM before it may leave: the changes that it builds on, and those made earlier on the same record (I7).
 * Empty once it has left. `ops` are newest first, as the program lists them.
 */
export function waitsFor(op: OutboxRow, ops: readonly OutboxRow[]): OutboxRow[] {
  if (op.state !== "queued" && op.state !== "blocked") return [];
  const at = ops.findIndex((one) => one.id === op.id);
  const isBefore = (one: OutboxRow, n: number) => one.id !== op.id && KIND[one.state] !== "done" && (op.depends_on.includes(one.id) || (n > at && one.object === op.object && one.record === op.record));
  return ops.filter(isBefore).toReversed();
}

/** "Waits for: new deal", "Waits for: new deal and 2 more"; null when nothing stands before it. */
export function waitsWords(before: readonly Pick<OutboxRow, "what">[]): string | null {
  const [first] = before;
  if (!first) return null;
  return `Waits for: ${first.what.charAt(0).toLowerCase()}${first.what.slice(1)}${before.length > 1 ? ` and ${before.length - 1} more` : ""}`;
}

/** What opens after a line was answered: the next one that needs a person, else the next, else the one before. */
export function afterLine(lines: readonly Line[], answered: string): string | undefined {
  const at = lines.findIndex((line) => line.id === answered);
  const next = lines.slice(at + 1).find((line) => kindOf(line) === "needs") ?? lines[at + 1] ?? lines[at - 1];
  return next?.id;
}

/** The second clock beside the first: "1 m later", "at once", or that it is not there yet. */
export function landedAfter(op: Pick<OutboxRow, "made_at" | "decided_at" | "landed_at">): string | null {
  if (op.landed_at === undefined) return null;
  const took = toMillis(op.landed_at) - toMillis(op.decided_at ?? op.made_at);
  return took < 1000 ? "at once" : `${formatSpan(took)} later`;
}

/** The changes of one decision in the order in which they were made; a later one may build on an earlier one. */
export function changesOf(ops: readonly OutboxRow[], decision: string): OutboxRow[] {
  return ops.filter((op) => op.decision === decision).toReversed();
}

/** What was recovered first, then lines by decision in the order in which those first occur; messages stand under their decision's changes. */
export function groupsOf(ops: readonly OutboxRow[], messages: readonly MessageRow[], recovered: readonly RecoveredRow[], show: Show): DecisionGroup[] {
  const groups = new Map<string, DecisionGroup>();
  const add = (line: Line, title: string) => {
    if (show !== "all" && kindOf(line) !== show) return;
    const group = groups.get(line.decision) ?? { id: line.decision, title, rows: [] };
    group.rows.push(line);
    if (kindOf(line) === "needs") group.tone = "warn";
    groups.set(line.decision, group);
  };
  const titles = new Map(ops.map((op) => [op.decision, op.title]));
  for (const op of ops) add({ id: op.id, decision: op.decision, op }, op.title);
  for (const message of messages) add({ id: `message ${message.id}`, decision: message.decision, message }, titles.get(message.decision) ?? message.subject);
  const found: DecisionGroup = { id: "recovered", title: "Recovered: please confirm", tone: "warn", rows: recovered.map((row) => ({ id: row.op, decision: row.op, recovered: row })) };
  return found.rows.length > 0 && (show === "all" || show === "needs") ? [found, ...groups.values()] : [...groups.values()];
}

/** How many lines each filter has. */
export function countsOf(ops: readonly OutboxRow[], messages: readonly MessageRow[], recovered: readonly RecoveredRow[]): Record<Show, number> {
  const counts: Record<Show, number> = { all: 0, needs: 0, waiting: 0, way: 0, done: 0 };
  for (const group of groupsOf(ops, messages, recovered, "all")) {
    for (const line of group.rows) {
      counts.all += 1;
      counts[kindOf(line)] += 1;
    }
  }
  return counts;
}

/** The receipt of a change as text that can be sent to somebody: what, its state, every observation. */
export function proofText(op: OutboxRow): string {
  const fields = op.fields.map((field) => `  ${field.label}: ${field.base ?? "empty"} -> ${field.mine ?? "empty"} (in the CRM: ${field.theirs ?? "empty"})`);
  const evidence = op.evidence.map((one) => `  ${one.at}  ${one.text}`);
  return [
    `Change ${op.id}`,
    `Decision: ${op.title} (${op.decision})`,
    `What: ${op.what}, ${op.object} ${op.record}`,
    `State: ${op.state}. ${op.text}`,
    `Decided: ${op.decided_at ?? op.made_at}; saved here: ${op.made_at}; in the CRM: ${op.landed_at ?? "not yet"}`,
    `Requests made: ${op.attempt}; next check: ${op.next_at ?? "none"}`,
    ...(op.depends_on.length > 0 ? [`Builds on: ${op.depends_on.join(", ")}`] : []),
    ...(fields.length > 0 ? ["Fields:", ...fields] : []),
    ...(evidence.length > 0 ? ["Evidence:", ...evidence] : ["Evidence: none yet"]),
  ].join("\n");
}

/** Facts of an audit entry as label and value; nested ones as JSON, text that is not JSON as it is. */
export function factsOf(text: string | null): { label: string; value: string }[] {
  if (text === null || text === "") return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return [{ label: "facts", value: text }];
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return [{ label: "facts", value: typeof parsed === "string" ? parsed : JSON.stringify(parsed) }];
  return Object.entries(parsed).map(([label, value]) => ({ label: label.replaceAll("_", " "), value: typeof value === "string" ? value : JSON.stringify(value) }));
}
