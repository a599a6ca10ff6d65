// A waterfall leads from "then" to "now"; nobody awaits one.
/* oxlint-disable unicorn/no-thenable */
import { describe, expect, it } from "vitest";
import type { AgendaItem, DealField, ItemState } from "../../api/api.gen";
import { difference, kindName, nameOf, noteOf, signed } from "./movement";
import { barOf, itemShare, leftWords, neighbour, nextOpen, paceWords, progressWords, restToClear, sectionsOf, walkOf } from "./agenda";
import { defaultDue, draftOf, dueWords, editedFields, filled, logRequest, NO_DRAFT, problemsOf, quickDays } from "./logging";
import { blocksOf } from "./markdown";
import { reviewSearch } from "./review.search";
import { elapsed } from "./stopwatch";

function item(id: string, section: AgendaItem["section"], state: ItemState = "open", discussed = true): AgendaItem {
  return { id, section, title: `Account ${id}`, subtitle: "Altmark IT", why: "stalled", motion: "reseller", amount: null, rank: 10, discussed, deal: null, registration: null, partner: null, conflict: null, seller: null, seller_name: null, state, outcome: null };
}

function field(name: DealField["field"], value: string | null, more: Partial<DealField> = {}): DealField {
  return { field: name, label: name, value, shown: value, holds: "text", options: [], need: "free", state: "present", editable: true, pending: false, theirs: null, ...more };
}

const AGENDA = [item("1", "clocks", "decided"), item("2", "deals", "parked"), item("3", "deals"), item("4", "deals", "open", false), item("5", "stalled"), item("6", "hygiene", "open", false)];
const THURSDAY = Date.parse("2026-11-19T09:00:00");

describe("the agenda", () => {
  it("has the sections that have items, in their order, with how many are settled", () => {
    expect(sectionsOf(AGENDA).map(({ id, settled, items }) => [id, settled, items.length])).toEqual([
      ["clocks", 1, 1],
      ["deals", 1, 3],
      ["stalled", 0, 1],
      ["hygiene", 0, 1],
    ]);
  });

  it("goes by sellers where the review does, what nobody owns under its own heading", () => {
    const own = (id: string, seller: string | null) => ({ ...item(id, "deals"), seller_name: seller });
    expect(sectionsOf([own("1", "Kai"), own("2", "Ruth"), own("3", "Kai"), own("4", null)], "seller").map(({ name, items }) => [name, items.length])).toEqual([["Kai", 2], ["Ruth", 1], ["Nobody’s", 1]]);
  });

  it("walks over what is discussed, and over the rest of a section that was unfolded", () => {
    const ids = (open: readonly AgendaItem["section"][]) => walkOf(sectionsOf(AGENDA), new Set(open)).map((one) => one.id);
    expect(ids([])).toEqual(["1", "2", "3", "5"]);
    expect(ids(["hygiene"])).toEqual(["1", "2", "3", "5", "6"]);
  });

  it("goes to the next open item, round the end, and nowhere when none is open", () => {
    const walk = walkOf(sectionsOf(AGENDA), new Set());
    expect(nextOpen(walk, "3")).toBe("5");
    expect(nextOpen(walk, "5")).toBe("3");
    expect(nextOpen([item("1", "clocks", "decided")], "1")).toBeNull();
    expect([neighbour(walk, "3", 1), neighbour(walk, "1", -1), neighbour(walk, "5", 1)]).toEqual(["5", null, null]);
  });

  it("draws done and left of every section, the open one in the accent, nothing of no size", () => {
    expect(barOf(sectionsOf(AGENDA), "deals").map(({ id, size, tone }) => [id, size, tone])).toEqual([
      ["clocks done", 1, "ok"],
      ["deals done", 1, "accent"],
      ["deals left", 2, "neutral"],
      ["stalled left", 1, "neutral"],
      ["hygiene left", 1, "neutral"],
    ]);
  });

  it("says how far it is and whether there is time", () => {
    expect(progressWords(AGENDA)).toBe("2 of 6, 1 parked");
    // Two of four discussed of 40 minutes: 20 minutes' worth.
    expect(paceWords(AGENDA, 40, 15 * 60_000)).toEqual({ text: "5 min ahead", tone: "ok" });
    expect(paceWords(AGENDA, 40, 26 * 60_000)).toEqual({ text: "6 min behind", tone: "warn" });
    expect(itemShare(AGENDA, 40)).toBe(10 * 60_000);
    expect(elapsed(1000, 9000, { total: 2000, since: null })).toBe(6000);
    expect(elapsed(1000, 9000, { total: 2000, since: 5000 })).toBe(2000);
  });

  it("clears what is open and not discussed, and says what finishing leaves", () => {
    expect(restToClear(AGENDA).map((one) => one.id)).toEqual(["4", "6"]);
    expect(leftWords(AGENDA)).toBe("2 items to discuss and 2 items of the rest are still open. The minutes list them as not reached.");
    expect(leftWords([item("1", "clocks", "flagged")])).toBe("Every item is settled.");
  });
});

describe("the next step", () => {
  it("is offered on the working days up to the last one allowed", () => {
    expect(quickDays(THURSDAY, "2026-11-26").map(({ day, name }) => `${name} ${day.slice(8)}`)).toEqual(["Fri 20", "Mon 23", "Tue 24", "Wed 25", "Thu 26"]);
    expect(defaultDue(THURSDAY, "2026-11-22")).toBe("2026-11-20");
  });

  it.each([
    ["2026-11-24", "in 5 days, 2 to spare"],
    ["2026-11-26", "in 7 days, the last"],
    ["2026-11-19", "today, 7 to spare"],
    ["2026-11-28", "2 days too late"],
    ["2026-11-18", "in the past"],
  ])("due %s reads %s", (due, words) => {
    expect(dueWords(due, THURSDAY, "2026-11-26")).toBe(words);
  });

  const detail = { owner: null, due_by: "2026-11-26", fields: [] };
  const done = { ...NO_DRAFT, verdict: "get_help" as const, text: " as said ", step: " Call ", owner: "o1", due: "2026-11-24" };

  it("needs a verdict, a step, an owner and a day inside seven", () => {
    expect(Object.keys(problemsOf(filled(NO_DRAFT, detail, THURSDAY), detail, THURSDAY))).toEqual(["verdict", "step", "owner"]);
    expect(problemsOf(done, detail, THURSDAY)).toEqual({});
    expect(problemsOf({ ...done, due: "2026-11-27" }, detail, THURSDAY)).toEqual({ due: "Later than 26 Nov (W-04)" });
    const asked = { review: "r", item: "i", verdict: "get_help", text: "as said", next_step: "Call", owner: "o1", due: "2026-11-24", edits: [], override_reason: null, confirm: [] };
    expect(logRequest("r", { id: "i", deal: "d" }, [], done, "get_help")).toEqual(asked);
    expect(logRequest("r", { id: "i", deal: "d" }, [], done, "no_action")).toMatchObject({ next_step: null, owner: null, due: null });
  });

  it("takes stage, amount and close date of the deal with it, past the gate only with a reason", () => {
    const fields = [field("stage", "s1"), field("amount", "100", { holds: "number" }), field("close_date", null, { holds: "day" }), field("owner", "o1"), field("products", null, { need: "hard", state: "missing" })];
    expect(editedFields({ fields }).map((one) => one.field)).toEqual(["stage", "amount", "close_date"]);
    expect(editedFields({ fields: fields.map((one) => ({ ...one, editable: false })) })).toEqual([]);
    const moved = { ...done, changes: new Map([["stage" as const, "s2"]]) };
    expect(Object.keys(problemsOf(moved, { ...detail, fields }, THURSDAY))).toEqual(["reason"]);
    expect(problemsOf({ ...moved, reason: "They signed" }, { ...detail, fields }, THURSDAY)).toEqual({});
    const wrong = { ...done, changes: new Map([["amount" as const, "much"]]) };
    expect(Object.keys(problemsOf(wrong, { ...detail, fields }, THURSDAY))).toEqual(["deal"]);
    expect(problemsOf({ ...wrong, verdict: null }, { ...detail, fields }, THURSDAY).verdict).toBe("Choose 1 to 4: the deal was changed");
    const request = logRequest("r", { id: "i", deal: "d" }, fields, { ...moved, reason: "They signed" }, "keep_plan");
    expect(request).toMatchObject({ edits: [{ field: "stage", value: "s2" }], override_reason: "They signed" });
    expect(logRequest("r", { id: "i", deal: "d" }, fields, moved, "no_action").edits).toEqual([]);
  });

  it("stands in the form again after it was taken back", () => {
    const outcome = { verdict: "let_go" as const, text: "gone", next_step: "Tell them", owner: "o1", owner_name: "Kai", due: "2026-11-24", edits: [], override_reason: null, at: "2026-11-19T09:00:00Z", decision: "d" };
    expect(draftOf(outcome)).toEqual({ ...NO_DRAFT, verdict: "let_go", text: "gone", step: "Tell them", owner: "o1", due: "2026-11-24" });
    expect(draftOf({ ...outcome, verdict: "no_action", next_step: null }).verdict).toBeNull();
  });
});

it("minutes are drawn from their Markdown, pipes in cells and all", () => {
  expect(blocksOf("# Weekly\n\nHalden\n\n| Item | Due |\n| --- | --- |\n| A \\| B | 2026-11-24 |\n\n## Parked\n\n- one\n- two\n")).toEqual([
    { is: "heading", level: 1, text: "Weekly" },
    { is: "text", text: "Halden" },
    { is: "table", head: ["Item", "Due"], rows: [["A | B", "2026-11-24"]] },
    { is: "heading", level: 2, text: "Parked" },
    { is: "list", items: ["one", "two"] },
  ]);
});

it("a bad address is the default", () => {
  expect(reviewSearch({ open: 7, item: {}, view: "future" })).toEqual({ open: "7" });
});

describe("what moved", () => {
  const eur = (amount: string) => ({ amount, currency: "EUR" });

  it.each([
    ["100.00", "120.5", "20.50", "+€21"],
    ["6420000.10", "6420000.05", "-0.05", "−€0"],
    ["-5", "5.00", "10.00", "+€10"],
    ["9007199254740993.01", "9007199254740994.02", "1.01", "+€1"],
    ["7", "7.00", "0.00", "€0"],
  ])("from %s to %s is %s, exactly", (from, to, amount, said) => {
    const net = difference(eur(from), eur(to));
    expect([net, net && signed(net)]).toEqual([eur(amount), said]);
  });

  it("has no difference between currencies or without figures", () => {
    expect([difference(eur("1"), { amount: "1", currency: "DKK" }), difference(eur("lots"), eur("1"))]).toEqual([null, null]);
  });

  it("says what is not explained, and what is", () => {
    const fall = { motion: null, then: eur("1.00"), deals_then: 1, steps: [], now: eur("2.00"), deals_now: 1, unexplained: eur("1.00") };
    expect([nameOf(fall), noteOf(fall, 0)]).toEqual(["No motion, EUR", "nothing moved, €1.00 is not explained"]);
    expect(noteOf({ ...fall, unexplained: null, steps: [{ kind: "won", amount: eur("-3"), deals: 2, ids: [] }] }, 5_900_000)).toBe("2 moves, adds up to the cent; axis starts at €5.90 M");
    expect(kindName("came_in")).toBe("Came in");
  });
});
