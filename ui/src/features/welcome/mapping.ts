/**
 * The mapping as a person reads it: kinds in order, lines with their state, and what was changed as the request that saves
 * it. Pure; the choices in the page are kept apart from what Rust said until they are saved.
 */
import type { MappedField, MappingLine, ObjectKind } from "../../api/api.gen";
import type { Outcome } from "../../components/Verdict";

/** What each kind is called. */
export const KIND_NAME: Record<ObjectKind, string> = {
  deal: "Deals",
  company: "Companies: partners and accounts",
  registration: "Registrations",
  contact: "Contacts",
  certification: "Certifications",
  task: "Tasks",
  note: "Notes",
  meeting: "Meetings",
  call: "Calls",
  email: "E-mails",
};

const ORDER: readonly ObjectKind[] = ["deal", "registration", "company", "certification", "contact", "task", "note", "meeting", "call", "email"];

/** Changed properties by line key; null unmaps. */
export type Changes = Readonly<Record<string, string | null>>;

/** Stands for one line. */
export function keyOf(line: Pick<MappingLine, "kind" | "field">): string {
  return `${line.kind}.${line.field}`;
}

/** The property of a line with the changes on it. */
export function propertyOf(line: MappingLine, changes: Changes): string | null {
  const changed = changes[keyOf(line)];
  return changed === undefined ? line.property : changed;
}

/** Lines by kind, in the order in which a partner manager thinks of them; wanted ones first. */
export function byKind(lines: readonly MappingLine[]): { kind: ObjectKind; lines: MappingLine[] }[] {
  return ORDER.map((kind) => ({
    kind,
    lines: lines.filter((line) => line.kind === kind).toSorted((a, b) => Number(b.wanted) - Number(a.wanted)),
  })).filter((group) => group.lines.length > 0);
}

/** How a line stands: a sign and words. */
export function stateOf(line: MappingLine, changes: Changes): { outcome: Outcome | "none"; text: string } {
  const property = propertyOf(line, changes);
  if (property === null) return line.wanted ? { outcome: "warn", text: "Missing, wanted" } : { outcome: "none", text: "Not used" };
  if (property !== line.property) return { outcome: "info", text: "Changed by you" };
  return { outcome: "ok", text: line.holds ? HOLDS[line.holds] : "Found" };
}

const HOLDS = {
  text: "Text",
  number: "Number",
  day: "Date",
  instant: "Date and time",
  truth: "Yes or no",
  choice: "One of a list",
  choices: "Several of a list",
};

/** How many are matched, wanted and missing, and not used. */
export function tally(lines: readonly MappingLine[], changes: Changes): { matched: number; missing: number; unused: number } {
  const sum = { matched: 0, missing: 0, unused: 0 };
  for (const line of lines) {
    if (propertyOf(line, changes) !== null) sum.matched += 1;
    else if (line.wanted) sum.missing += 1;
    else sum.unused += 1;
  }
  return sum;
}

/** The changed fields, for saving. */
export function changedFields(lines: readonly MappingLine[], changes: Changes): MappedField[] {
  return lines
    .filter((line) => propertyOf(line, changes) !== line.property)
    .map((line) => ({ kind: line.kind, field: line.field, property: propertyOf(line, changes) }));
}
