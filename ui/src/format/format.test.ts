import { describe, expect, it } from "vitest";
import { matchText } from "./match";
import { formatMoney, withMoney } from "./money";
import { countOf, formatBytes, formatChange, formatPercent } from "./number";
import { numberParam, textParam, wordParam } from "./search";
import { formatDate, formatDay, formatExact, formatRelative, formatSpan, formatStopwatch } from "./time";
import { checksText } from "./words";

describe("money", () => {
  it.each([
    ["184000.00", "EUR", "whole", "€184,000"],
    ["2150000", "DKK", "whole", "DKK 2,150,000"],
    ["96000", "CHF", "whole", "CHF 96,000"],
    ["-64000.5", "EUR", "exact", "\u2212€64,000.50"],
    ["12345678901234567.89", "USD", "exact", "$12,345,678,901,234,567.89"],
    ["6532000", "EUR", "short", "€6.53 M"],
    ["640000", "EUR", "short", "€640 k"],
    ["2200000", "EUR", "short", "€2.20 M"],
    ["4000000", "EUR", "short", "€4 M"],
    ["0", "EUR", "whole", "€0"],
    ["a lot", "EUR", "whole", "EUR a lot"],
  ] as const)("%s %s in the style %s reads %s", (amount, currency, style, text) => {
    expect(formatMoney({ amount, currency }, style)).toBe(text);
  });

  it.each([
    ["USD 71,266 at stake", "$71,266 at stake"],
    ["DKK 2150000 from Qualified to buy", "DKK 2,150,000 from Qualified to buy"],
    ["EUR -12.50 of EUR 40", "\u2212€12.50 of €40"],
    ["a deal is in stage 5", "a deal is in stage 5"],
  ])("in the sentence %s is written as everywhere", (text, written) => {
    expect(withMoney(text)).toBe(written);
  });
});

describe("checks", () => {
  it("are counted with the same words wherever they stand", () => {
    expect(checksText([{ outcome: "pass" }, { outcome: "fail" }, { outcome: "warn" }, { outcome: "pass" }])).toBe("2 pass, 1 to look at, 1 fails");
    expect(checksText([{ outcome: "fail" }, { outcome: "fail" }])).toBe("0 pass, 0 to look at, 2 fail");
    expect(checksText([])).toBe("0 pass, 0 to look at, none fails");
  });
});

describe("numbers", () => {
  it("percent has a gap, a change has its sign, a count its noun", () => {
    expect(formatPercent(34.4)).toBe("34 %");
    expect([formatChange(3), formatChange(0), formatChange(-6)]).toEqual(["+3", "0", "\u22126"]);
    expect([countOf(1, "deal"), countOf(0, "deal"), countOf(1284, "deal")]).toEqual(["1 deal", "0 deals", "1,284 deals"]);
    expect([formatBytes(999), formatBytes(41_200_000)]).toEqual(["999 B", "41.2 MB"]);
  });
});

describe("time", () => {
  const now = new Date(2026, 10, 19, 8, 42).getTime();
  const after = (ms: number) => new Date(now + ms).toISOString();

  it.each([
    [40_000, "40 s"],
    [78 * 60_000, "1 h 18 m"],
    [185 * 60_000, "3 h 05 m"],
    [28 * 3_600_000, "1 d 4 h"],
    [-130 * 60_000, "2 h 10 m"],
    [99 * 86_400_000, "99 d"],
  ])("a span of %i ms reads %s", (ms, text) => expect(formatSpan(ms)).toBe(text));

  it("near times are relative and say which way", () => {
    expect(formatRelative(after(20_000), now)).toBe("just now");
    expect(formatRelative(after(-104 * 60_000), now)).toBe("1 h 44 m ago");
    expect(formatRelative(after(78 * 60_000), now)).toBe("in 1 h 18 m");
    expect(formatRelative("2026-11-19", now)).toBe("today");
    expect(formatRelative("2026-11-24", now)).toBe("in 5 days");
  });

  it("a date names the year only when it is another one, and a day never shifts", () => {
    expect(formatDate("2026-11-19", now)).toBe("Thu 19 Nov");
    expect(formatDate("2027-02-26", now)).toBe("26 Feb 2027");
    expect([formatDay("2026-09-09", now), formatDay("2027-02-26", now), formatDay("2027-12-24", now)]).toEqual(["9 Sep", "26 Feb", "24 Dec 2027"]);
    expect(formatExact("2026-11-19")).toBe("Thu 19 Nov 2026");
    expect(formatDate("soon", now)).toBe("soon");
  });

  it("a running clock counts up", () => {
    expect([formatStopwatch(1_104_000), formatStopwatch(3_730_000)]).toEqual(["18:24", "1:02:10"]);
  });
});

describe("match", () => {
  it("every word must occur, and the start of the title weighs most", () => {
    expect(matchText("Set protection window", "prot win")?.ranges).toEqual([[4, 8], [15, 18]]);
    expect(matchText("Set protection window", "lock")).toBeNull();
    const weight = (text: string) => matchText(text, "re")?.weight ?? 0;
    expect(weight("Review")).toBeGreaterThan(weight("Start review"));
    expect(weight("Start review")).toBeGreaterThan(weight("Share"));
  });
});

describe("search parameters", () => {
  it("a bad value is no value", () => {
    expect(textParam({ open: { a: 1 } }, "open")).toBeUndefined();
    expect(textParam({ open: 42 }, "open")).toBe("42");
    expect(wordParam({ sort: "drop" }, "sort", ["due", "amount"])).toBeUndefined();
    expect(numberParam({ n: "12" }, "n", 0, 10)).toBeUndefined();
    expect(numberParam({ n: "7" }, "n", 0, 10)).toBe(7);
  });
});
