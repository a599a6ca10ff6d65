import { expect, it } from "vitest";
import type { ConflictView, GraphEdge, Party, Side } from "../../api/api.gen";
import { conflictsQuery, factRows, graphOf, sideWords } from "./channel";
import { clockWords } from "../../channel/words";
import { dismissReason, stepProblems, stepRequest } from "./step";

const BRIGHT: Party = { partner: "p1", name: "Brightwater" };
const RHEIN: Party = { partner: "p2", name: "Rheintal" };

it("a view is narrowed by one’s own filters, which win", () => {
  const view: ConflictView = { name: "two_deals", label: "", count: 2, query: { closed: false, kinds: [], signal: "two_open_deals", limit: 0 } };
  expect(conflictsQuery({ kind: "renewal", from: 50_000 }, view, "k")).toMatchObject({ signal: "two_open_deals", kinds: ["renewal"], value_from: 50_000, after: "k", limit: 50 });
  expect(conflictsQuery({}, undefined, null)).toMatchObject({ closed: false, kinds: [], signal: null });
});

it("facts that no side has are left out", () => {
  const side = (party: Party, change: Partial<Side>): Side => ({ party, deals: [], claims: [], registered: null, incumbent: false, certified: null, tier: null, first_qualified: null, first_meeting: null, reserved: false, in_territory: null, evidence: [], ...change });
  const rows = factRows([side(BRIGHT, { registered: "DR-1" }), side(RHEIN, {})], Date.parse("2026-11-18T12:00:00Z"));
  expect(rows.map((row) => row.name)).toEqual(["In force", "The account"]);
  expect(rows[0]?.values).toEqual(["DR-1", "nothing registered"]);
  const deal = { id: "d1", name: "Plan", amount: { amount: "500.00", currency: "EUR" }, position: 2 } as unknown as Side["deals"][number];
  expect([side(RHEIN, {}), side(RHEIN, { tier: "Select", deals: [deal] }), side(RHEIN, { deals: [deal, deal] })].map(sideWords)).toEqual(["", "Select tier · €500 open", "2 open deals"]);
});

it("a graph has two columns and counts what does not fit", () => {
  const edge = (from: string, id: string, by = "deal"): GraphEdge => ({ from, from_label: from, to: { kind: "deal", id, label: id }, by, times: 1 });
  const graph = graphOf([edge("p1", "1"), edge("p1", "2"), edge("Ana", "1", "activity"), edge("Ben", "3", "activity")], [BRIGHT], () => "Deal", 2);
  expect(graph.from.map((node) => node.label)).toEqual(["p1", "Ana"]);
  expect(graph.lines.map(({ from, to }) => [from, to])).toEqual([[0, 0], [0, 1], [1, 0]]);
  expect(graph.left).toBe(2);
});

it("clocks say what is to be done", () => {
  expect([clockWords("S-07", "1 d 3 h"), clockWords("S-07", "1 d 3 h left"), clockWords("S-06", "2 h over"), clockWords("S-06", "2 h left", true)]).toEqual(["plan in 1 d 3 h", "plan in 1 d 3 h", "acknowledge 2 h over", "ack in 2 h"]);
});

it("steps send only what was said", () => {
  expect(stepProblems("escalate", { text: "too big", owner: null, day: null })).toEqual({ owner: "Choose who decides" });
  expect(stepRequest("ask", "c1", { text: " Is it yours? ", owner: null, day: null })).toEqual({ conflict: "c1", question: "Is it yours?" });
  expect(stepRequest("plan", "c1", { text: "call both", owner: null, day: "2026-11-30" })).toEqual({ conflict: "c1", text: "call both", due: "2026-11-30" });
});

it.each([
  [null, "", null],
  ["other", " ", null],
  ["other", "a word", "a word"],
  ["agreed", "", "Agreed between the parties"],
  ["agreed", "on the phone", "Agreed between the parties: on the phone"],
] as const)("dismissed for %s and “%s”: %s", (cause, text, reason) => {
  expect(dismissReason(cause, text)).toBe(reason);
});
