import { describe, expect, it } from "vitest";
import type { MessageRow, OpState, OutboxRow } from "../../api/api.gen";
import { activitySearch } from "./activity.search";
import { countsOf, factsOf, groupsOf, isContested, proofText, withNames } from "./outbox";

function op(id: string, decision: string, state: OpState): OutboxRow {
  return { id, decision, title: `Decision ${decision}`, what: "Deal: stage", object: "deal", record: "51877", state, text: `it is ${state}`, attempt: 1, made_at: "2026-11-18T21:10:00Z", next_at: null, fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: null }], evidence: [{ at: "2026-11-18T21:10:01Z", text: "saved here" }], can_retry: state === "rejected", can_withdraw: state !== "done" };
}

function message(id: string, decision: string, released: boolean): MessageRow {
  return { id, decision, to: "jana@altmark.example", subject: "Approved", text: "Dear Jana", released, withdrawn: false };
}

const OPS = [op("1", "d1", "conflict"), op("2", "d2", "done"), op("3", "d1", "queued"), op("4", "d3", "unknown")];
const MESSAGES = [message("1", "d1", false), message("2", "d2", true)];

describe("the outbox", () => {
  it("stands by decision, in the order they come, with the messages at the end of theirs", () => {
    expect(groupsOf(OPS, MESSAGES, "all").map(({ title, tone, rows }) => [title, tone, rows.map((row) => row.id)])).toEqual([
      ["Decision d1", "warn", ["1", "3", "message 1"]],
      ["Decision d2", undefined, ["2", "message 2"]],
      ["Decision d3", undefined, ["4"]],
    ]);
  });

  it.each([
    ["needs", ["1"]],
    ["waiting", ["3", "message 1", "4"]],
    ["done", ["2", "message 2"]],
  ] as const)("%s shows %j", (show, ids) => {
    expect(groupsOf(OPS, MESSAGES, show).flatMap((group) => group.rows.map((row) => row.id))).toEqual(ids);
  });

  it("counts every line once", () => {
    expect(countsOf(OPS, MESSAGES)).toEqual({ all: 6, needs: 1, waiting: 3, done: 2 });
  });

  it("calls a field contested when the CRM moved elsewhere than mine", () => {
    const field = { label: "Close", base: "a", mine: "b", theirs: "c" };
    expect([isContested(field), isContested({ ...field, theirs: "a" }), isContested({ ...field, theirs: "b" })]).toEqual([true, false, false]);
  });

  it("says people by name where a field holds one, and leaves numbers alone elsewhere", () => {
    const fields = [{ label: "Owner", base: null, mine: "80", theirs: "81" }, { label: "Percent", base: null, mine: "80", theirs: null }];
    expect(withNames({ fields }, [{ id: "80", name: "Dana Norrland", email: "" }]).map((field) => [field.mine, field.theirs])).toEqual([["Dana Norrland", "81"], ["80", null]]);
  });

  it("proves a change with its id, state, fields and every observation", () => {
    expect(proofText(OPS[0] ?? op("x", "d", "done"))).toBe(
      [
        "Change 1",
        "Decision: Decision d1 (d1)",
        "What: Deal: stage, deal 51877",
        "State: conflict. it is conflict",
        "Saved: 2026-11-18T21:10:00Z; requests made: 1",
        "Fields:",
        "  Stage: Proof -> Commercials (in the CRM: empty)",
        "Evidence:",
        "  2026-11-18T21:10:01Z  saved here",
      ].join("\n"),
    );
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
