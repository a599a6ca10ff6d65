import { describe, expect, it } from "vitest";
import type { Party } from "../api/api.gen";
import { emptyForm, foreignNames, settleProblems, settleRequest } from "./settle";
import type { SettleForm } from "./settle";

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
});

it("a letter is looked through for the other party’s name", () => {
  const letter = { to: "Brightwater", subject: "Voss: who works with it", text: "it is with Brightwater, not with RHEINTAL" };
  expect(foreignNames(letter, [BRIGHT, RHEIN])).toEqual(["Rheintal"]);
  expect(foreignNames({ ...letter, text: "it is with Brightwater" }, [BRIGHT, RHEIN])).toEqual([]);
});

it("begins with equal shares and roles that differ, and with whom the policy puts first", () => {
  expect(emptyForm([BRIGHT, DIRECT], "direct")).toEqual({ winner: "direct", reason: "", parts: [{ party: "p1", pct: "50", role: "resale" }, { party: "direct", pct: "50", role: "services" }] });
  expect(emptyForm([BRIGHT, RHEIN, DIRECT], null).parts.map((part) => part.pct)).toEqual(["34", "33", "33"]);
});
