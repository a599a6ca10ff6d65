import { describe, expect, it } from "vitest";
import type { Act, ReplayedDecision } from "../../api/api.gen";
import { groupsOf, movesOf, moversOf, sameSums, sharesOf } from "./replay";

function row(id: string, before: Act, after: Act, rules: string[]): ReplayedDecision {
  return { decision: id, registration: id, number: id, company: id, partner: null, amount: null, decided_at: "2026-11-19T08:00:00Z", done: before, version: 1, before, after, flipped: before !== after, why: rules.map((rule) => ({ rule, name: `rule ${rule}`, before: "passes", after: "fails" })) };
}

const ROWS = [row("a", "approve", "decline", ["R-04.9", "R-04.9"]), row("b", "approve", "ask", ["R-04.13"]), row("c", "approve", "ask", ["R-04.13", "R-04.9"]), row("d", "approve", "approve", ["R-06"])];

describe("a replay", () => {
  it("says how many verdicts move from what to what, the most first", () => {
    expect(movesOf(ROWS).map((move) => [move.id, move.count])).toEqual([
      ["approve-ask", 2],
      ["approve-decline", 1],
    ]);
  });

  it("counts a rule once a decision, and orders by number where the counts are equal", () => {
    expect(moversOf(ROWS).map((mover) => [mover.rule, mover.count])).toEqual([
      ["R-04.9", 2],
      ["R-04.13", 2],
      ["R-06", 1],
    ]);
  });

  it.each([
    [{}, [["approve-ask", ["b", "c"]], ["approve-decline", ["a"]], ["terms", ["d"]]]],
    [{ move: "approve-ask" }, [["approve-ask", ["b", "c"]]]],
    [{ rule: "R-04.9" }, [["approve-ask", ["c"]], ["approve-decline", ["a"]]]],
    [{ move: "approve-decline", rule: "R-04.13" }, []],
    [{ move: "no-such" }, []],
  ] as const)("shows with %j %j", (shown, groups) => {
    expect(groupsOf(ROWS, shown).map((group) => [group.id, group.rows.map((one) => one.decision)])).toEqual(groups);
  });

  it("divides the window without counting anything twice", () => {
    expect(sharesOf({ judged: 10, flipped: 3, decisions: ROWS })).toEqual({ same: 6, flipped: 3, terms: 1 });
  });

  it("knows sums that are the same in another order", () => {
    const [eur, usd] = [{ amount: "1", currency: "EUR" }, { amount: "1", currency: "USD" }];
    expect([sameSums([eur, usd], [usd, eur]), sameSums([eur], [usd])]).toEqual([true, false]);
  });
});
