import { describe, expect, it } from "vitest";
import type { TodayLine } from "../../api/api.gen";
import { arrivals, attainmentPercent, blocksOf, dayWords, reasonAndWho } from "./blocks";

const NOW = new Date(2026, 10, 19, 8, 42).getTime();
const line = (block: TodayLine["block"], id: string): TodayLine => ({ block, title: id, text: "", due: null, opens: { to: "deal", id }, amount: null });

describe("the blocks of today", () => {
  it("stand in their order, leave out empty ones, and say when they show only the first", () => {
    const blocks = blocksOf({ lines: [line("new", "a"), line("needs_you", "b"), line("new", "c")], counts: [{ block: "new", count: 41 }, { block: "due", count: 0 }], since: new Date(2026, 10, 18, 17, 40).toISOString() }, NOW);
    expect(blocks.map(({ title, count, note, rows }) => [title, count, note, rows.length])).toEqual([
      ["Needs you", 1, undefined, 1],
      ["New since Wed 18 Nov, 17:40", 41, "first 2 shown", 2],
    ]);
  });

  it("tell two lines about one record apart", () => {
    const [due] = blocksOf({ lines: [line("due", "a"), line("due", "a")], counts: [], since: null }, NOW);
    expect(new Set(due?.rows.map((row) => row.id)).size).toBe(2);
  });

  it("nothing to meet is not zero percent", () => {
    expect(attainmentPercent({ met: 0, of: 0 })).toBeNull();
    expect(attainmentPercent({ met: 17, of: 21 })).toBe(81);
  });

  it("say both clocks of a decision: late by the person, or late on the way", () => {
    const said = (reached: Parameters<typeof arrivals>[0]) => arrivals(reached).map(({ count, text }) => `${count} ${text}`);
    expect(said({ in_time: 40, waiting: 1, late_sync: 2, late_decision: 3 })).toEqual(["40 in the CRM in time", "1 decided in time, on their way", "2 decided in time, synced late", "3 decided late"]);
    expect(said({ in_time: 0, waiting: 0, late_sync: 0, late_decision: 0 })).toEqual(["0 in the CRM in time"]);
  });

  it.each([
    ["2026-11-19T12:00:00Z", "today", false],
    ["2026-11-20T12:00:00Z", "tomorrow", false],
    ["2026-11-23T12:00:00Z", "in 4 d", false],
    ["2026-11-18T12:00:00Z", "1 d late", true],
  ])("count days, not hours, to a day: %s is %s", (due, text, late) => {
    expect(dayWords(due, NOW)).toEqual({ text, late });
  });

  it("part the reason from who it is about", () => {
    expect(reasonAndWho("over the SLA, Nordvik, Oslo")).toEqual(["over the SLA", "Nordvik, Oslo"]);
    expect(reasonAndWho("Refused")).toEqual(["Refused", ""]);
  });
});
