import { describe, expect, it } from "vitest";
import type { MergeField, MergeRow, NoticeAbout, NoticeRow } from "../../api/api.gen";
import { withEdit } from "../../deal/edits";
import { afterAnswer, answerRequest, editableFields, noticeGroups, sameWords, uncontested, whatWords, whoWhen } from "./conflicts";
import { conflictsSearch } from "./conflicts.search";

function field(property: string, mine: string, guard = false): MergeField {
  return { property, field: null, label: property, base: "a", mine, theirs: "c", mine_raw: mine, theirs_raw: "c", their_who: null, their_when: null, guard, holds: property === "amount" ? "number" : "text", options: [] };
}

function merge(fields: MergeField[], change: Partial<MergeRow> = {}): MergeRow {
  return { op: "1", decision: "d", title: "Edited", record: { kind: "deal", id: "7", label: "Altmark" }, kind: "changed", text: "Changed in the CRM", fields, mine_at: "", mine_by: "Mara", device: "laptop", seen_at: "", same_as: 0, answers: ["keep_mine", "take_theirs", "edit"], ...change };
}

const ROW = merge([field("amount", "140"), field("city", "Kiel"), field("status", "open", true)]);

/** Theirs, as the screen shows them. */
const SEEN = ROW.fields.map((field) => ({ property: field.property, value: "c" }));

describe("answering a merge conflict", () => {
  it("sends only the fields that were changed against one’s own value", () => {
    const edits = withEdit(withEdit(new Map(), { property: "amount", raw: "140" }, "150"), { property: "city", raw: "Kiel" }, "Kiel");
    expect(answerRequest(ROW, "edit", edits, false)).toEqual({ op: "1", answer: "edit", values: [{ property: "amount", value: "150" }], seen: SEEN, same: false });
  });

  it("clears a field that was emptied", () => {
    const edits = withEdit(new Map(), { property: "city", raw: "Kiel" }, "");
    expect(answerRequest(ROW, "edit", edits, true)).toEqual({ op: "1", answer: "edit", values: [{ property: "city", value: null }], seen: SEEN, same: true });
  });

  it.each([
    ["nothing was changed", new Map()],
    ["a value cannot stand", new Map([["amount", "much"]])],
    ["only a condition of the decision was changed", new Map([["status", "closed"]])],
  ])("sends no edit when %s", (_, edits) => {
    expect(answerRequest(ROW, "edit", edits, false)).toBeNull();
  });

  it("never sends an answer that the program does not offer", () => {
    expect(answerRequest(ROW, "keep_note", new Map(), false)).toBeNull();
    expect(answerRequest(ROW, "take_theirs", new Map(), false)).toEqual({ op: "1", answer: "take_theirs", values: [], seen: SEEN, same: false });
  });

  it("shows a condition and does not edit it", () => {
    expect(editableFields(ROW).map((one) => one.property)).toEqual(["amount", "city"]);
  });

  it.each([
    ["1", "2"],
    ["2", "3"],
    ["3", "2"],
  ])("after %s opens %s", (answered, next) => {
    expect(afterAnswer(["1", "2", "3"], (id) => id, answered)).toBe(next);
  });

  it("names what else hangs on the answer: the fields of the same change that nobody contests", () => {
    const change = { fields: ["amount", "Next step", "city"].map((label) => ({ label, base: null, mine: "x", theirs: null })) };
    expect(uncontested(ROW, change).map((one) => one.label)).toEqual(["Next step"]);
    expect(uncontested(ROW, undefined)).toEqual([]);
  });

  it("opens nothing after the last", () => {
    expect(afterAnswer(["1"], (id) => id, "1")).toBeUndefined();
  });
});

describe("what is said", () => {
  it.each([
    [merge([field("amount", "1")]), "amount"],
    [ROW, "3 fields"],
    [merge([], { kind: "archived", text: "In the recycle bin" }), "In the recycle bin"],
  ])("of the row %#: %s", (row, said) => {
    expect(whatWords(row)).toBe(said);
  });

  it.each([
    [0, null],
    [1, "Same answer for the other one like this"],
    [12, "Same answer for 12 more like this"],
  ])("%s others alike: %s", (same_as, said) => {
    expect(sameWords({ same_as })).toBe(said);
  });

  const now = Date.parse("2026-11-18T12:00:00");
  it.each([
    ["Ana", "2026-11-18T11:00:00", ["Ana", "11:00"]],
    ["Ana", null, ["Ana"]],
    [null, "2026-11-18T11:00:00", ["somebody", "11:00"]],
    [null, null, ["HubSpot does not say"]],
  ])("%s at %s: %j", (who, when, said) => {
    expect(whoWhen(who, when, now, "HubSpot does not say")).toEqual(said);
  });
});

it("notices stand by what they tell, lost values first", () => {
  const notice = (id: number, about: NoticeAbout) => ({ id, about }) as NoticeRow;
  const words = { overwrote: "Overwrote", changed_after: "Changed after", repeated: "Repeated" };
  expect(noticeGroups([notice(1, "repeated"), notice(2, "overwrote"), notice(3, "overwrote")], words).map((group) => [group.title, group.rows.map((row) => row.id), group.count])).toEqual([
    ["Overwrote", [2, 3], 2],
    ["Repeated", [1], 1],
  ]);
});

it("a bad address is the default", () => {
  expect(conflictsSearch({ tab: "other", kind: "war", from: -1, open: 12 })).toEqual({ open: "12" });
});
