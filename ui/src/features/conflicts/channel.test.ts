import { describe, expect, it } from "vitest";
import type { ConflictView, GraphEdge, Party, Side } from "../../api/api.gen";
import { conflictsQuery, factRows, foreignNames, graphOf, settleProblems, settleRequest, toldWords } from "./channel";
import type { SettleForm } from "./channel";
import { clockWords, severityBars } from "./channelWords";
import { dismissReason, stepProblems, stepRequest } from "./step";

const BRIGHT: Party = { partner: "p1", name: "Brightwater" };
const RHEIN: Party = { partner: "p2", name: "Rheintal" };
const DIRECT: Party = { partner: null, name: "Direct sales" };
const form = (a: string, b: string, reason = "agreed", change: Partial<SettleForm> = {}): SettleForm => ({ winner: null, reason, parts: [{ party: "p1", pct: a, role: "resale" }, { party: "p2", pct: b, role: "services" }], ...change });

describe("a settlement", () => {
  it.each([
    ["60", "40", undefined],
    ["60", "30", "The shares add up to 90 %, not to 100 %."],
    ["60", "60", "The shares add up to 120 %, not to 100 %."],
    ["100", "0", "Each share is a whole number from 1 to 100."],
    ["50.5", "49.5", "Each share is a whole number from 1 to 100."],
    ["", "100", "Each share is a whole number from 1 to 100."],
  ])("shared %s and %s: %s", (a, b, said) => {
    expect(settleProblems("split", form(a, b), "p1").parts).toBe(said);
  });

  it("with joint roles needs two that differ; direct sales has none", () => {
    const same = form("60", "40", "agreed", { parts: [{ party: "p1", pct: "60", role: "resale" }, { party: "p2", pct: "40", role: "resale" }] });
    expect(settleProblems("joint", same, "p1").parts).toMatch(/different ones/);
    expect(settleProblems("split", same, "p1")).toEqual({});
  });

  it("that is shared always says why, an award only against the rule", () => {
    expect(settleProblems("split", form("60", "40", " "), "p1").reason).toBeDefined();
    expect(settleProblems("awarded", form("", "", "", { winner: "p1" }), "p1")).toEqual({});
    expect(settleProblems("awarded", form("", "", "", { winner: "p2" }), "p1").reason).toMatch(/does not put this party first/);
    expect(settleProblems("awarded", form("", ""), null).winner).toBeDefined();
  });

  it("sends roles with joint roles alone, and no shares with an award", () => {
    expect(settleRequest("c1", "split", form("60", "40"))).toEqual({ conflict: "c1", outcome: "split", shares: [{ party: "p1", pct: 60 }, { party: "p2", pct: 40 }], reason: "agreed" });
    expect(settleRequest("c1", "joint", form("60", "40")).shares).toEqual([{ party: "p1", pct: 60, role: "resale" }, { party: "p2", pct: 40, role: "services" }]);
    expect(settleRequest("c1", "awarded", form("60", "40", "", { winner: "p1" }))).toEqual({ conflict: "c1", outcome: "awarded", winner: "p1", shares: [] });
  });

  it("tells each partner of itself alone, and direct sales nothing", () => {
    expect(toldWords("awarded", form("", "", "", { winner: "direct" }), [RHEIN, DIRECT])).toEqual(["Rheintal hears that the account is not with it, and until when it can appeal."]);
    expect(toldWords("split", form("60", "40"), [BRIGHT, RHEIN])).toEqual(["Brightwater hears its own share.", "Rheintal hears its own share."]);
  });
});

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
});

it("a letter is looked through for the other party’s name", () => {
  const letter = { to: "Brightwater", subject: "Voss: who works with it", text: "it is with Brightwater, not with RHEINTAL" };
  expect(foreignNames(letter, [BRIGHT, RHEIN])).toEqual(["Rheintal"]);
  expect(foreignNames({ ...letter, text: "it is with Brightwater" }, [BRIGHT, RHEIN])).toEqual([]);
});

it("a graph has two columns and counts what does not fit", () => {
  const edge = (from: string, id: string, by = "deal"): GraphEdge => ({ from, from_label: from, to: { kind: "deal", id, label: id }, by, times: 1 });
  const graph = graphOf([edge("p1", "1"), edge("p1", "2"), edge("Ana", "1", "activity"), edge("Ben", "3", "activity")], [BRIGHT], () => "Deal", 2);
  expect(graph.from.map((node) => node.label)).toEqual(["p1", "Ana"]);
  expect(graph.lines.map(({ from, to }) => [from, to])).toEqual([[0, 0], [0, 1], [1, 0]]);
  expect(graph.left).toBe(2);
});

it.each([
  [90, 3],
  [67, 3],
  [66, 2],
  [33, 1],
])("a severity of %s fills %s bars", (severity, bars) => {
  expect(severityBars(severity)).toBe(bars);
});

it("clocks say what is to be done", () => {
  expect([clockWords("S-07", "1 d 3 h"), clockWords("S-07", "1 d 3 h left"), clockWords("S-06", "2 h over")]).toEqual(["plan in 1 d 3 h", "plan in 1 d 3 h", "acknowledge 2 h over"]);
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
