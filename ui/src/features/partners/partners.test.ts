import { describe, expect, it } from "vitest";
import type { Owed } from "../../api/api.gen";
import { partnersSearch } from "./partners.search";
import { logProblems, quickLogRequest } from "./quickLog";
import { certificateState, lateFirst, sumWords } from "./words";

const NOW = Date.parse("2026-11-19T09:00:00");
const owed = (text: string, due: string | null, late: boolean): Owed => ({ text, due, late, registration: null, deal: null });

describe("words of a partner", () => {
  it("never adds up two currencies", () => {
    expect(sumWords([{ amount: "1284000.00", currency: "EUR" }, { amount: "310000.00", currency: "CHF" }])).toBe("€1,284,000 + CHF 310,000");
    expect(sumWords([])).toBe("none");
  });

  it.each([
    [null, "open"],
    ["2026-11-18", "ended"],
    ["2026-11-19", "soon"],
    ["2026-12-19", "soon"],
    ["2026-12-20", "valid"],
  ])("a certificate that ends %s is %s", (expires, state) => {
    expect(certificateState({ expires }, NOW)).toBe(state);
  });

  it("puts what is late first, then by day, without a day last", () => {
    const list = [owed("undated", null, false), owed("soon", "2026-11-24", false), owed("later late", "2026-11-16", true), owed("late", "2026-11-10", true)];
    expect(lateFirst(list).map((one) => one.text)).toEqual(["late", "later late", "soon", "undated"]);
  });
});

describe("the quick log", () => {
  const draft = { note: " Talked about depots ", step: "", owner: "o1", due: "2026-11-24", deal: null };

  it("needs a note, and an owner and a near day only for a promise", () => {
    expect(logProblems({ ...draft, note: " ", owner: null, due: null }, NOW)).toEqual({ note: "Write what was said" });
    expect(logProblems({ ...draft, step: "Quote", owner: null, due: null }, NOW)).toEqual({ owner: "Somebody does it", due: "By when" });
    expect(logProblems({ ...draft, step: "Quote", due: "2026-11-27" }, NOW)).toEqual({ due: "Within seven days (S-05)" });
    expect(logProblems({ ...draft, step: "Quote", due: "2026-11-26" }, NOW)).toEqual({});
  });

  it("sends neither owner nor day without a promise", () => {
    expect(quickLogRequest("p4", draft)).toEqual({ partner: "p4", deal: null, note: "Talked about depots", next_step: null, owner: null, due: null });
    expect(quickLogRequest("p4", { ...draft, step: " Quote ", deal: "x7" })).toEqual({ partner: "p4", deal: "x7", note: "Talked about depots", next_step: "Quote", owner: "o1", due: "2026-11-24" });
  });
});

it("a bad address is the default", () => {
  expect(partnersSearch({ open: "p1", tab: "call", tier: "gold", type: "si", sort: "health", direction: "down" })).toEqual({ open: "p1", tab: "call", type: "si" });
});
