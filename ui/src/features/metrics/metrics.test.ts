import { describe, expect, it } from "vitest";
import type { DealFilter, Metric, MetricDefinition, MetricGroup } from "../../api/api.gen";
import { stacked } from "../../charts/stack";
import { byTopic, clockKept, coverage, dealsBehind, declinesText, headlines, laidOut, metricText, ordered, rangeText, trendBars } from "./metrics";
import { metricsSearch } from "./metrics.search";

const metric = (value: string | null, more: Partial<Metric> = {}): Metric => ({ value, before: null, year_ago: null, direct: null, known: 4, of: 5, range: null, records: null, ...more });

it.each([
  ["6530000.25", "money", "short", "€6.53 M"],
  ["6530000.25", "money", "exact", "€6,530,000.25"],
  ["34.2", "percent", "whole", "34.2 %"],
  ["-7.5", "points", "whole", "−7.5 pts"],
  ["7.5", "points", "whole", "+7.5 pts"],
  ["40.3", "days", "whole", "40.3 d"],
  ["13.5", "hours", "whole", "13.5 h"],
  ["1204", "count", "whole", "1,204"],
  ["2.6", "ratio", "whole", "2.6×"],
  [null, "money", "whole", "–"],
] as const)("%s of %s is written %s as %s", (value, unit, style, text) => {
  expect(metricText(value, unit, "EUR", style)).toBe(text);
});

it("says how much is known and what it could be", () => {
  expect([coverage({ known: 4, of: 5 }), coverage({ known: 5, of: 5 }), coverage({ known: 0, of: 0 })]).toEqual(["4 of 5 known", "all 5 known", null]);
  expect(rangeText(metric("30000", { range: ["30000", "37000"] }), "money", "EUR")).toBe("€30,000 to €37,000");
});

it("numbers stand under what they belong to, and those that cannot be laid out are named", () => {
  const is = (id: string, topic: MetricDefinition["topic"], by: MetricDefinition["by"]) => ({ id, name: id, topic, by }) as MetricDefinition;
  const all = [is("raised", "conflicts", ["quarter"]), is("revenue", "revenue", ["motion", "quarter"]), is("won", "revenue", ["motion"])];
  const topics = byTopic(all.map((one) => ({ is: one, metric: metric("1") })));
  expect(topics.map(({ name, told }) => [name, told.map((one) => one.is.id)])).toEqual([["Revenue", ["revenue", "won"]], ["Channel conflicts", ["raised"]]]);
  expect(laidOut(all, "motion")).toEqual({ can: [all[1], all[2]], cannot: ["raised"] });
});

it("says why registrations were declined and how a clock was kept", () => {
  expect(declinesText([{ reason: "duplicate", count: 1200 }, { reason: null, count: 1 }])).toBe("Duplicate 1,200, no reason 1");
  expect(clockKept({ met: 9, breached: 2, over: 1 })).toEqual({ count: "9 of 12", share: "75 %" });
  expect(clockKept({ met: 0, breached: 0, over: 0 })).toBeNull();
});

it("coverage stands large where there is a target, the weighted pipeline where there is none", () => {
  const coverage = (value: string | null) => headlines([{ is: { id: "coverage" } as MetricDefinition, metric: metric(value) }]).at(-1);
  expect([coverage("2.6"), coverage(null), headlines([]).length]).toEqual(["coverage", "weighted_pipeline", 6]);
});

describe("the deals behind a number", () => {
  it.each<[DealFilter | null, object | null]>([
    [null, null],
    [{ outcome: "won", partnered: true, closes_from: "2026-10-01", closes_to: "2026-12-31" }, { view: "all", outcome: "won", partnered: "yes", from: "2026-10-01", to: "2026-12-31" }],
    [{ outcome: "open", partnered: true, motion: "reseller", owner: null }, { view: "all", outcome: "open", partnered: "yes", motion: "reseller" }],
    [{ outcome: "won", partnered: true, attribution: "sourced" }, { view: "all", outcome: "won", partnered: "yes", credit: "sourced" }],
    // A list that is not the one counted is no list.
    [{ outcome: "open", stalled: true }, null],
  ])("%j stand at %j", (records, address) => {
    expect(dealsBehind(records)).toEqual(address);
  });
});

it("groups are in the order of a number, those without one last either way", () => {
  const definitions = [{ id: "cycle" }] as MetricDefinition[];
  const groups = [["b", "9"], ["none", null], ["c", "10"], ["a", "74.5"]].map(([label, value]): MetricGroup => ({ key: label ?? "", label: label ?? "", metrics: [metric(value ?? null)] }));
  const by = (sort: string | undefined, direction: "ascending" | "descending") => ordered(groups, definitions, sort, direction).map((group) => group.label);
  expect(by("cycle", "descending")).toEqual(["a", "c", "b", "none"]);
  expect(by("cycle", "ascending")).toEqual(["b", "c", "a", "none"]);
  expect(by("label", "ascending")).toEqual(["a", "b", "c", "none"]);
  expect(by("nonsense", "ascending")).toEqual(["b", "none", "c", "a"]);
});

it("bars stand on each other to the line of what they come to", () => {
  const { bars, lines } = stacked([{ id: "q", amounts: ["1000000", "500000", "0", "1500000"] }, { id: "none", amounts: ["0", "0", "0", "0"] }]);
  expect(lines).toEqual([0, 1_000_000, 2_000_000, 3_000_000]);
  expect(bars[0]?.parts.map((part) => Math.round(part.height))).toEqual([33, 17, 0, 50]);
  expect([bars[0]?.top, bars[1]?.top].map((top) => Math.round(top ?? -1))).toEqual([0, 100]);
  expect(stacked([]).lines).toEqual([0, 1]);
});

it("above a quarter stands the share with a partner, and the running one says so", () => {
  const quarter = { sourced: "30", influenced: "20", untold: "10", direct: "40", won: 5, lost: 3 };
  const bars = trendBars([{ quarter: "2026Q3", ...quarter }, { quarter: "2026Q4", ...quarter, sourced: "0", influenced: "0", untold: "0", direct: "0" }], "EUR", "2026Q4");
  expect(bars.map(({ name, note, isRunning, more }) => [name, note, isRunning, more])).toEqual([["Q3 2026", "60 %", false, ["5", "3"]], ["Q4 2026", "none", true, ["5", "3"]]]);
});

it("a bad address is the default", () => {
  expect(metricsSearch({ quarter: "2026-3", by: "colour", direction: "up", group: {} })).toEqual({});
});
