import { describe, expect, it } from "vitest";
import type { MergeField, MessageRow, OpState, OutboxRow, PreviewOp, PreviewVerdict, RecoveredRow } from "../../api/api.gen";
import { activitySearch } from "./activity.search";
import { correctableOf, correctionRequest } from "./correct";
import { afterLine, changesOf, countsOf, factsOf, groupsOf, landedAfter, needsSentence, proofText, stateSentence, stateWord, waitsFor, waitsWords } from "./outbox";
import { previewGroups, previewWords } from "./preview";

function op(id: string, decision: string, state: OpState): OutboxRow {
  return { id, decision, title: `Decision ${decision}`, what: "Deal: stage", object: "deal", record: "51877", state, text: `it is ${state}`, attempt: 1, made_at: "2026-11-18T21:10:00Z", next_at: null, depends_on: [], fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: null }], evidence: [{ at: "2026-11-18T21:10:01Z", text: "saved here" }], can_retry: state === "rejected", can_withdraw: state !== "done" };
}

function message(id: string, decision: string, released: boolean): MessageRow {
  return { id, decision, to: "jana@altmark.example", subject: "Approved", text: "Dear Jana", released, withdrawn: false };
}

const RECOVERED: RecoveredRow = { op: "r1", title: "Declined Aller", actor: "Mara", reason: null, made_at: "2026-11-18T20:00:00Z", ops: 2, may_have_left: false, text: "Recovered: please confirm." };
const OPS = [op("1", "d1", "conflict"), op("2", "d2", "done"), op("3", "d1", "queued"), op("4", "d3", "unknown")];
const MESSAGES = [message("1", "d1", false), message("2", "d2", true)];

describe("the outbox", () => {
  it("stands by decision, in the order they come, with the messages at the end of theirs", () => {
    expect(groupsOf(OPS, MESSAGES, [], "all").map(({ title, tone, rows }) => [title, tone, rows.map((row) => row.id)])).toEqual([
      ["Decision d1", "warn", ["1", "3", "message 1"]],
      ["Decision d2", undefined, ["2", "message 2"]],
      ["Decision d3", undefined, ["4"]],
    ]);
  });

  it.each([
    ["needs", ["r1", "1"]],
    ["waiting", ["3", "message 1"]],
    ["way", ["4"]],
    ["done", ["2", "message 2"]],
  ] as const)("%s shows %j", (show, ids) => {
    expect(groupsOf(OPS, MESSAGES, [RECOVERED], show).flatMap((group) => group.rows.map((row) => row.id))).toEqual(ids);
  });

  it("counts every line once", () => {
    expect(countsOf(OPS, MESSAGES, [RECOVERED])).toEqual({ all: 7, needs: 2, waiting: 2, way: 1, done: 2 });
  });

  it("what was recovered stands first and asks for a word", () => {
    const [first] = groupsOf(OPS, MESSAGES, [RECOVERED], "all");
    expect([first?.title, first?.tone, first?.rows.map(stateWord)]).toEqual(["Recovered: please confirm", "warn", [{ word: "Please confirm", tone: "warn" }]]);
  });

  const clock = (text: string) => new Date(text).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const now = Date.parse("2026-11-18T21:12:00Z");
  it.each([
    [{ state: "queued", attempt: 0 }, `Saved here ${clock("2026-11-18T21:10:00Z")}`],
    [{ state: "queued", attempt: 1, text: "Waiting to be sent again: 429" }, "Waiting to be sent again: 429"],
    [{ state: "queued", attempt: 1, text: "Waiting to be sent again: 429", next_at: "2026-11-18T21:13:00Z" }, `Waiting to be sent again: 429 (next try ${clock("2026-11-18T21:13:00Z")})`],
    [{ state: "blocked", text: "Waiting: sign in again" }, "Waiting: sign in again"],
    [{ state: "rejected", text: "HubSpot refused: field X is required" }, "HubSpot refused: field X is required"],
    [{ state: "superseded", text: "Replaced by a later change" }, "Replaced by a later change"],
    [{ state: "sending" }, "it is sending"],
    [{ state: "unknown", next_at: "2026-11-18T21:13:00Z" }, `We don’t know yet, checking (next check ${clock("2026-11-18T21:13:00Z")})`],
    [{ state: "acked" }, "HubSpot accepted it, checking"],
    [{ state: "done", landed_at: "2026-11-18T21:11:00Z" }, `Confirmed in HubSpot ${clock("2026-11-18T21:11:00Z")}`],
    [{ state: "conflict", text: "Needs you: Ana set Rejected" }, "Needs you: Ana set Rejected"],
    [{ state: "queued", attempt: 0, held: true }, "Held back: facts that it relied on have moved"],
    [{ state: "withdrawn", held: true }, "it is withdrawn"],
  ] as const)("%j is said as %s", (change, said) => {
    expect(stateSentence({ ...op("1", "d", change.state), ...change }, "HubSpot", now)).toBe(said);
  });

  it("a held decision needs a person, whatever its changes wait for", () => {
    const held = { ...op("1", "d1", "queued"), held: true };
    expect(groupsOf([held], [], [], "needs").flatMap((group) => group.rows.map(stateWord))).toEqual([{ word: "Held back", tone: "warn" }]);
  });

  it.each([
    [{}, null],
    [{ landed_at: "2026-11-18T21:10:00Z" }, "at once"],
    [{ landed_at: "2026-11-18T21:40:00Z" }, "30 m later"],
    [{ landed_at: "2026-11-18T21:40:00Z", decided_at: "2026-11-18T20:40:00Z" }, "1 h later"],
  ])("the second clock of %j says %s", (clocks, said) => {
    expect(landedAfter({ made_at: "2026-11-18T21:10:00Z", ...clocks })).toBe(said);
  });

  it("gives the changes of a decision in the order in which they were made", () => {
    expect(changesOf(OPS, "d1").map((one) => one.id)).toEqual(["3", "1"]);
  });

  const theirs = (value: string | null, who: string | null, when: string | null): MergeField => ({ property: "status", field: null, label: "Status", base: "Open", mine: "Approved", theirs: value, mine_raw: "", theirs_raw: "", their_who: who, their_when: when, guard: false, holds: "text", options: [] });
  const at = "2026-11-18T20:58:00Z";
  it.each([
    [[theirs("Rejected", "Ana", at)], `Needs you: Ana set Rejected at ${clock(at)}`],
    [[theirs("EUR 8,000", null, at)], `Needs you: somebody set €8,000 at ${clock(at)}`],
    [[theirs("Rejected", null, null)], "Needs you: HubSpot has Rejected"],
    [[theirs(null, "Ana", at)], `Needs you: Ana cleared it at ${clock(at)}`],
    [[theirs("Rejected", "Ana", at), theirs("x", "Ana", at)], `Needs you: Ana changed 2 fields at ${clock(at)}`],
    [[], null],
  ])("a merge conflict about %j is said as %s", (fields, said) => {
    expect(needsSentence({ kind: "changed", fields }, "HubSpot", now)).toBe(said);
  });

  it("where the record itself is the matter, the program’s own words are said", () => {
    expect(needsSentence({ kind: "archived", fields: [theirs("Rejected", "Ana", at)] }, "HubSpot", now)).toBeNull();
  });

  // Newest first, as the program lists them: the deal is made, linked, then set; another deal has nothing to do with it.
  const made = { ...op("1", "d1", "queued"), what: "New deal", record: "local:7" };
  const linked = { ...op("2", "d1", "queued"), what: "Deal linked to company", record: "local:7", depends_on: ["1"] };
  const set = { ...op("3", "d2", "queued"), record: "local:7" };
  const chain = [op("4", "d3", "queued"), set, linked, made];
  it.each([
    [made, chain, []],
    [linked, chain, ["1"]],
    [set, chain, ["1", "2"]],
    [set, [set, { ...linked, state: "withdrawn" as const }, { ...made, state: "done" as const }], []],
    [{ ...linked, record: "9" }, [{ ...linked, record: "9" }, { ...made, state: "rejected" as const }], ["1"]],
    [{ ...linked, state: "sending" as const }, chain, []],
  ])("$what waits for what it builds on and for what is earlier on its record", (waiting, ops, ids) => {
    expect(waitsFor(waiting, ops).map((one) => one.id)).toEqual(ids);
  });

  it.each([
    [[], null],
    [["New deal"], "Waits for: new deal"],
    [["New deal", "Deal: stage", "Deal: amount"], "Waits for: new deal and 2 more"],
  ])("before it %j: %s", (before, said) => {
    expect(waitsWords(before.map((what) => ({ what })))).toBe(said);
  });

  it.each([
    ["1", "3"],
    ["2", "4"],
    ["4", "2"],
  ])("after %s the next that needs a person opens, else the next, else the one before (%s)", (answered, opens) => {
    const lines = groupsOf([op("1", "a", "conflict"), op("3", "b", "rejected"), op("2", "c", "done"), op("4", "d", "done")], [], [], "all").flatMap((group) => group.rows);
    expect(afterLine(lines, answered)).toBe(opens);
  });

  it("proves a change with its id, state, fields and every observation", () => {
    expect(proofText(OPS[0] ?? op("x", "d", "done"))).toBe(
      [
        "Change 1",
        "Decision: Decision d1 (d1)",
        "What: Deal: stage, deal 51877",
        "State: conflict. it is conflict",
        "Decided: 2026-11-18T21:10:00Z; saved here: 2026-11-18T21:10:00Z; in the CRM: not yet",
        "Requests made: 1; next check: none",
        "Fields:",
        "  Stage: Proof -> Commercials (in the CRM: empty)",
        "Evidence:",
        "  2026-11-18T21:10:01Z  saved here",
      ].join("\n"),
    );
  });
});

describe("a refused change", () => {
  const value = (label: string, property: string, raw: string): OutboxRow["fields"][number] => ({ label, base: null, mine: raw, theirs: null, edit: { property, field: null, raw, holds: property === "amount" ? "number" : "text", options: [] } });
  const refused = (text: string): OutboxRow => ({ ...op("1", "d", "rejected"), text, fields: [value("Next step", "next_step", "Call"), value("Amount", "amount", "1400"), { label: "Account", base: null, mine: "Hansa", theirs: null }] });

  it.each([
    ["HubSpot refused: Property values were not valid: amount", ["amount", "next_step"]],
    ["HubSpot refused: Next step is required, \"next_steps\" is not", ["next_step", "amount"]],
    ["HubSpot refused: amounts are locked", ["next_step", "amount"]],
  ])("%s: asks for %j", (text, properties) => {
    expect(correctableOf(refused(text)).map((field) => field.property)).toEqual(properties);
  });

  it("can be corrected only while it is refused", () => {
    expect(correctableOf({ ...refused(""), state: "queued" })).toEqual([]);
  });

  it.each([
    [[], null],
    [[["amount", "much"]], null],
    [[["amount", "900"]], [{ property: "amount", value: "900" }]],
    [[["next_step", null], ["other", "x"]], [{ property: "next_step", value: null }]],
  ] as [[string, string | null][], unknown][])("with %j sends %j", (edits, values) => {
    const request = correctionRequest("1", correctableOf(refused("")), new Map(edits));
    expect(request).toEqual(values === null ? null : { op: "1", answer: "edit", values, same: false });
  });
});

describe("what would be sent", () => {
  const would = (id: string, decision: string, verdict: PreviewVerdict): PreviewOp => ({ op: id, decision, title: `Decision ${decision}`, what: "Deal: stage", record: { kind: "deal", id: "7", label: "Altmark" }, verdict, text: "", fields: [], problems: [], undo: "Stage: back to Proof" });

  it("stands by decision, those that need somebody are marked", () => {
    const groups = previewGroups([would("1", "a", "send"), would("2", "b", "refused"), would("3", "a", "waits")]);
    expect(groups.map(({ title, tone, rows }) => [title, tone, rows.map((row) => row.op)])).toEqual([
      ["Decision a", undefined, ["1", "3"]],
      ["Decision b", "warn", ["2"]],
    ]);
  });

  it.each([
    [{ send: 0, needs_you: 0, waits: 0 }, "nothing would be sent"],
    [{ send: 1, needs_you: 0, waits: 0 }, "1 change would be sent"],
    [{ send: 5, needs_you: 1, waits: 2 }, "5 changes would be sent, 1 needs you, 2 wait"],
  ])("%j is said as %s", (preview, said) => {
    expect(previewWords(preview)).toBe(said);
  });
});

it.each([
  [null, []],
  ['{"rule":"R-08","days":90}', [{ label: "rule", value: "R-08" }, { label: "days", value: "90" }]],
  ["not json", [{ label: "facts", value: "not json" }]],
])("facts %s are read as label and value", (text, facts) => {
  expect(factsOf(text)).toEqual(facts);
});

it("a bad address is the default", () => {
  expect(activitySearch({ tab: "both", show: "needs", open: 12 })).toEqual({ show: "needs", open: "12" });
});
