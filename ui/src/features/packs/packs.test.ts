import { afterEach, expect, it } from "vitest";
import { quarterAfter, quarterBefore, quarterBegins, quarterDays, startYearsIn } from "../../format/quarter";
import { packsSearch } from "./packs.search";
import { fileName, folderOf, lastFinishedQuarter, packKey, quarterName, quartersOnOffer, shortHash } from "./quarters";

it.each([
  ["2026-11-19T08:42:00Z", "2026Q3"],
  ["2026-10-01T00:00:00Z", "2026Q3"],
  ["2026-09-30T23:59:59Z", "2026Q2"],
  ["2027-01-01T00:00:00Z", "2026Q4"],
  ["2026-02-28T12:00:00Z", "2025Q4"],
])("at %s the last finished quarter is %s", (now, quarter) => {
  expect(lastFinishedQuarter(now)).toBe(quarter);
});

afterEach(() => startYearsIn(1));

it.each([
  [2, "2026-02-01T00:00:00Z", "2026Q4", "Q4 FY2026", 1],
  [2, "2027-01-31T12:00:00Z", "2027Q3", "Q3 FY2027", 10],
  [4, "2026-03-31T12:00:00Z", "2026Q3", "Q3 FY2026", 0],
  [12, "2028-02-29T12:00:00Z", "2027Q4", "Q4 FY2027", 11],
])("with years from month %i on, at %s the last finished quarter is %s", (starts, now, quarter, name, begins) => {
  startYearsIn(starts);
  expect([lastFinishedQuarter(now), quarterName(quarter)]).toEqual([quarter, name]);
  const { year, month } = quarterBegins(Date.parse(now));
  expect(new Date(year, month).getMonth()).toBe(begins);
});

it("knows the days of a quarter, whenever years begin", () => {
  expect(quarterDays("2026Q3")).toEqual({ from: "2026-07-01", to: "2026-09-30" });
  startYearsIn(2);
  expect([quarterDays("2027Q1"), quarterDays("2027Q4")]).toEqual([{ from: "2026-02-01", to: "2026-04-30" }, { from: "2026-11-01", to: "2027-01-31" }]);
});

it("offers the running quarter, the last finished one and those before, and the chosen one however old", () => {
  const offered = quartersOnOffer("2026-11-19T08:42:00Z", "2019Q1");
  expect(offered.slice(0, 3)).toEqual([{ id: "2026Q4", hint: "still running" }, { id: "2026Q3", hint: "the last finished" }, { id: "2026Q2" }]);
  expect(offered.at(-1)).toEqual({ id: "2019Q1" });
  expect([quarterBefore("2026Q1"), quarterAfter("2026Q4"), quarterName("2026Q3")]).toEqual(["2025Q4", "2027Q1", "Q3 2026"]);
});

it("names files without their folder, on every system", () => {
  expect([fileName("/home/m/Documents/a.pdf"), fileName("C:\\Docs\\a.xlsx"), folderOf("/home/m/a.pdf"), folderOf("a.pdf")]).toEqual(["a.pdf", "a.xlsx", "/home/m", ""]);
  expect(shortHash("0123456789abcdef")).toBe("0123456789ab");
  expect(packKey({ partner: "p", quarter: "2026Q3", edition: "partner", at: "t" })).not.toBe(packKey({ partner: "p", quarter: "2026Q3", edition: "internal", at: "t" }));
});

it("a bad address is the default", () => {
  expect(packsSearch({ partner: "p4", quarter: "2026-3", edition: "secret" })).toEqual({ partner: "p4" });
});
