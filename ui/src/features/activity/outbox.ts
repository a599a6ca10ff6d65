/**
 * The outbox as a person reads it: changes and messages by the decision they belong to, what needs a person, what waits, what is
 * over, and the proof of a change as text. Pure.
 */
import type { MessageRow, OpState, OutboxField, OutboxRow, Owner } from "../../api/api.gen";
import type { Tone } from "../../components/Tag";
import type { Show } from "./activity.search";

/** A line of the list: a change, or a message that goes with its decision. */
export type Line = { id: string; decision: string; op: OutboxRow; message?: undefined } | { id: string; decision: string; op?: undefined; message: MessageRow };

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
  sending: "waiting",
  unknown: "waiting",
  acked: "waiting",
  done: "done",
  superseded: "done",
  withdrawn: "done",
};

/** What a line is to a person: it needs them, it waits, it is over. A held message waits with its decision. */
export function kindOf(line: Line): Exclude<Show, "all"> {
  if (line.op) return KIND[line.op.state];
  return line.message.released || line.message.withdrawn ? "done" : "waiting";
}

/** State as a word with its colour. */
export function stateWord(line: Line): { word: string; tone: Tone } {
  if (line.message) return line.message.withdrawn ? { word: "Withdrawn", tone: "neutral" } : line.message.released ? { word: "Released", tone: "ok" } : { word: "Held", tone: "neutral" };
  switch (line.op.state) {
    case "conflict":
      return { word: "Merge conflict", tone: "warn" };
    case "rejected":
      return { word: "Refused", tone: "danger" };
    case "queued":
      return { word: "Not sent", tone: "neutral" };
    case "blocked":
      return { word: "Waits", tone: "neutral" };
    case "sending":
      return { word: "Sending", tone: "info" };
    case "unknown":
      return { word: "Checking", tone: "info" };
    case "acked":
      return { word: "Checking", tone: "info" };
    case "done":
      return { word: "Confirmed", tone: "ok" };
    case "superseded":
      return { word: "Replaced", tone: "neutral" };
    case "withdrawn":
      return { word: "Taken back", tone: "neutral" };
  }
}

/** Lines by decision in the order in which the decisions first occur; messages stand under their decision's changes. */
export function groupsOf(ops: readonly OutboxRow[], messages: readonly MessageRow[], show: Show): DecisionGroup[] {
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
  return [...groups.values()];
}

/** How many lines each filter has. */
export function countsOf(ops: readonly OutboxRow[], messages: readonly MessageRow[]): Record<Show, number> {
  const counts: Record<Show, number> = { all: 0, needs: 0, waiting: 0, done: 0 };
  for (const group of groupsOf(ops, messages, "all")) {
    for (const line of group.rows) {
      counts.all += 1;
      counts[kindOf(line)] += 1;
    }
  }
  return counts;
}

/** Whether both sides changed the field to different values since the base. */
export function isContested(field: OutboxField): boolean {
  return field.theirs !== field.base && field.theirs !== field.mine;
}

/** The fields with people by name, where a field holds one: the CRM knows them by number. */
export function withNames(op: Pick<OutboxRow, "fields">, owners: readonly Owner[]): OutboxField[] {
  const name = (value: string | null) => owners.find((owner) => owner.id === value)?.name ?? value;
  return op.fields.map((field) => (/owner|decided by|claimed by/i.test(field.label) ? { ...field, base: name(field.base), mine: name(field.mine), theirs: name(field.theirs) } : field));
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
    `Saved: ${op.made_at}; requests made: ${op.attempt}`,
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
