import { describe, expect, it } from "vitest";
import type { ClockLine, ClockRecord } from "../api/api.gen";
import { clocksOf, keptPercent, keptRows, keptWords, marginWords, nextOut } from "./clocks";

const line = (rule: string, due: string, state: ClockLine["clock"]["state"], id = "7"): ClockLine => ({ clock: { rule, started: "2026-11-18T08:00:00Z", due, state, since: null }, title: rule, partner: null, opens: { to: "registration", id } });
const record = (rule: string, change: Partial<ClockRecord> = {}): ClockRecord => ({ rule, name: rule, target: "2 business days", met: 17, breached: 4, over: 0, baseline: 0, median_left: null, reached: null, worst: [], partial: false, ...change });

describe("clocks", () => {
  const rows = [line("S-02", "2026-11-17T08:00:00Z", "over"), line("S-04", "2026-11-22T08:00:00Z", "running"), line("S-05", "2026-11-21T08:00:00Z", "running", "8"), line("S-06", "2026-11-20T08:00:00Z", "paused")];

  it("that still run stand by when they run out; those that are over or paused are no news", () => {
    expect(nextOut(rows, 5).map((row) => row.clock.rule)).toEqual(["S-05", "S-04"]);
    expect(nextOut(rows, 1).map((row) => row.clock.rule)).toEqual(["S-05"]);
  });

  it("of one record are those alone", () => {
    expect(clocksOf(rows, "registration", "8").map((row) => row.clock.rule)).toEqual(["S-05"]);
    expect(clocksOf(rows, "deal", "8")).toEqual([]);
  });

  it("that nothing happened to are left out, as is the one that stands elsewhere", () => {
    expect(keptRows([record("S-02"), record("S-04", { met: 0, breached: 0 }), record("S-05")], "S-02").map((row) => row.rule)).toEqual(["S-05"]);
  });

  it.each([
    [null, null],
    [50_400, "typically 14 h to spare"],
    [-10_800, "typically 3 h late"],
  ])("say by how much: %s is %s", (seconds, said) => {
    expect(marginWords(seconds)).toBe(said);
  });

  it("say how many of how many, by how much, and what is still over", () => {
    expect(keptPercent({ met: 17, breached: 4 })).toBe(81);
    expect(keptWords(record("S-02", { median_left: 50_400, over: 2 }))).toBe("17 of 21, typically 14 h to spare, 2 still over");
  });
});
