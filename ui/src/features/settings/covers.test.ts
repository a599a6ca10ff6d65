import { describe, expect, it } from "vitest";
import type { Cover } from "../../api/api.gen";
import { coverOf, inOrder, problemsOf, whenOf } from "./covers";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const TODAY = "2026-11-21";
const cover = (away: string, by: string, from: string, to: string): Cover => ({ away, by, from, to });
const name = (id: string) => id.toUpperCase();

describe("who covers whom", () => {
  it.each([
    ["2026-11-21", "2026-11-21", "now"],
    ["2026-11-22", "2026-11-30", "coming"],
    ["2026-11-01", "2026-11-20", "over"],
  ])("from %s to %s is %s", (from, to, when) => {
    expect(whenOf(cover("a", "b", from, to), TODAY)).toBe(when);
  });

  it("stands in force first, then to come, then past", () => {
    const all = [cover("p", "x", "2026-10-01", "2026-10-09"), cover("c", "x", "2026-12-01", "2026-12-09"), cover("n", "x", "2026-11-20", "2026-11-29"), cover("d", "x", "2026-11-25", "2026-11-29")];
    expect(inOrder(all, TODAY).map((one) => one.away)).toEqual(["n", "d", "c", "p"]);
  });

  const others = [cover("mara", "kai", "2026-11-20", "2026-11-27")];
  it.each([
    [{ away: null, by: null, from: null, to: null }, { away: "Choose who is away", by: "Choose who covers", from: "Choose the first day", to: "Choose the last day" }],
    [cover("mara", "mara", "2026-12-01", "2026-12-02"), { by: "Nobody stands in for themselves" }],
    [cover("mara", "kai", "2026-12-02", "2026-12-01"), { to: "It ends before it begins" }],
    [cover("mara", "oda", "2026-11-27", "2026-12-01"), { from: "KAI covers already from Fri 20 Nov to Fri 27 Nov" }],
    [cover("mara", "oda", "2026-11-28", "2026-11-28"), {}],
    [cover("kai", "oda", "2026-11-20", "2026-11-27"), {}],
  ])("%j has the problems %j", (draft, problems) => {
    expect(problemsOf(draft, others, name, NOW)).toEqual(problems);
  });

  it("is a cover once nothing is missing", () => {
    expect(coverOf({ away: "a", by: "b", from: TODAY, to: null })).toBeNull();
    expect(coverOf({ away: "a", by: "b", from: TODAY, to: TODAY })).toEqual(cover("a", "b", TODAY, TODAY));
  });
});
