import { describe, expect, it } from "vitest";
import type { DealDetail, DealField, DealRow } from "../../api/api.gen";
import { dealWords } from "../../format/deal";
import { closeCell, convertedText, creditCell, firstSum, hygieneTone, notesCell, protectionCell, sumsText } from "./cellWords";
import { dealsSearch } from "./deals.search";
import { editRequest, needsOverride, NO_CHANGES, problemOf, withChange } from "../../deal/changes";
import { fieldsOf, stateWords } from "./edit";
import { shareProblems, shareRequest, toTop } from "./shares";
import { cleared, dealFilter, quarterOf } from "./views";

const NOW = new Date(2026, 10, 19, 8, 42).getTime();

function row(change: Partial<DealRow> = {}): DealRow {
  return {
    id: "1",
    name: "Hansa Kühlkette - Plan and Edge",
    account: "Hansa Kühlkette",
    partner: "Altmark IT",
    amount: { amount: "184000.00", currency: "EUR" },
    stage: "Qualification",
    position: 2,
    outcome: "open",
    stalled: false,
    motion: "reseller",
    attribution: "sourced",
    attribution_pct: 100,
    hygiene: 93,
    protection_end: "2027-02-17",
    close_date: "2026-12-18",
    notes_at: "2026-11-18T10:00:00Z",
    pending: false,
    ...change,
  };
}

function field(name: DealField["field"], change: Partial<DealField> = {}): DealField {
  return { field: name, label: name, value: null, shown: null, holds: "text", options: [], need: "hard", state: "missing", editable: true, pending: false, theirs: null, ...change };
}

function detail(fields: DealField[]): DealDetail {
  const stages = [
    { value: "s1", label: "Registration" },
    { value: "s2", label: "Qualification" },
  ];
  return { row: row(), converted: null, account_id: null, partner_id: null, owner: null, fields, stages, touches: [], movements: [], crm_url: null };
}

describe("cells", () => {
  it.each([
    ["2026-11-18", "ended", "danger"],
    ["2026-11-19", "0 d", "danger"],
    ["2026-12-03", "14 d", "danger"],
    ["2026-12-17", "28 d", "warn"],
    ["2027-02-17", "90 d", "plain"],
    [null, "none", "quiet"],
  ])("a protection until %s reads %s, %s", (protection_end, text, tone) => expect(protectionCell(row({ protection_end }), NOW)).toMatchObject({ text, tone }));

  it.each([
    ["2026-11-19T06:00:00Z", "0 d", "quiet"],
    ["2026-11-12T10:00:00Z", "7 d", "quiet"],
    ["2026-11-11T10:00:00Z", "8 d", "warn"],
    ["2026-11-03T10:00:00Z", "16 d", "danger"],
    [null, "missing", "danger"],
  ])("notes of %s are %s, %s", (notes_at, text, tone) => expect(notesCell(row({ notes_at }), NOW)).toMatchObject({ text, tone }));

  it("a past close date is red only while the deal is open", () => {
    expect(closeCell(row({ close_date: "2026-11-18" }), NOW).tone).toBe("danger");
    expect(closeCell(row({ close_date: "2026-11-18", outcome: "won" }), NOW).tone).toBe("plain");
    expect(closeCell(row({ close_date: null }), NOW).text).toBe("missing");
  });

  it("credit that is missing is red only with a partner", () => {
    expect(creditCell(row()).text).toBe("Sourced 100");
    expect(creditCell(row({ attribution: null }))).toMatchObject({ text: "missing", tone: "danger" });
    expect(creditCell(row({ attribution: null, partner: null }))).toMatchObject({ text: "direct", tone: "quiet" });
    expect([100, 93, 80, 60].map(hygieneTone)).toEqual(["ok", "neutral", "warn", "danger"]);
  });

  it("a deal's name does not say its account twice", () => {
    expect(dealWords(row())).toEqual({ head: "Hansa Kühlkette", rest: "Plan and Edge" });
    expect(dealWords(row({ name: "Renewal 2027" }))).toEqual({ head: "Hansa Kühlkette", rest: "Renewal 2027" });
    expect(dealWords(row({ account: null }))).toEqual({ head: "Hansa Kühlkette - Plan and Edge", rest: "" });
  });

  it.each([
    [{ one: "USD", is: { amount: "0.8", currency: "EUR" }, since: "2026-07-01" }, "$112.50 at 1 USD = 0.8 EUR since 1 Jul"],
    [{ one: "EUR", is: { amount: "1.25", currency: "USD" }, since: null }, "$112.50 at 1 EUR = 1.25 USD"],
    [null, "$112.50 as the CRM converts it"],
  ])("an amount in another currency is told with its rate %j", (rate, text) => expect(convertedText({ money: { amount: "112.50", currency: "USD" }, rate }, NOW)).toBe(text));

  it("sums stay apart by currency", () => {
    const sums = [
      { amount: "1000.00", currency: "EUR" },
      { amount: "250.00", currency: "DKK" },
    ];
    expect(sumsText(sums)).toBe("€1,000 · DKK 250");
    expect(firstSum(sums).text).toBe("€1 k +1");
    expect(sumsText([])).toBe("no amounts");
  });
});

describe("views", () => {
  it("ask SQL for what their name says", () => {
    expect(dealFilter({}, NOW)).toEqual({ outcome: "open", partnered: true });
    expect(dealFilter({ view: "protection" }, NOW)).toEqual({ outcome: "open", protection_ends_by: "2026-12-19" });
    expect(dealFilter({ view: "won" }, NOW)).toEqual({ outcome: "won", partnered: true, closes_from: "2026-10-01", closes_to: "2026-12-31" });
    expect(dealFilter({ view: "all", text: "hansa", partnered: "no" }, NOW)).toEqual({ text: "hansa", partnered: false });
  });

  it("are narrowed by the person, whose word wins, and cleared without losing the place", () => {
    expect(dealFilter({ view: "stalled", outcome: "lost", motion: "tech" }, NOW)).toMatchObject({ outcome: "lost", motion: "tech", stalled: true });
    expect(cleared({ view: "stalled", sort: "amount", text: "hansa", motion: "tech" })).toEqual({ view: "stalled", sort: "amount" });
  });

  it("know the quarter at its edges", () => {
    expect(quarterOf(new Date(2026, 0, 1).getTime())).toEqual({ from: "2026-01-01", to: "2026-03-31" });
    expect(quarterOf(new Date(2026, 5, 30, 23, 59).getTime())).toEqual({ from: "2026-04-01", to: "2026-06-30" });
  });

  it("a bad address is the default", () => {
    expect(dealsSearch({ view: "board", sort: "amount", direction: "sideways", open: 42 })).toEqual({ open: "42", sort: "amount" });
  });
});

describe("editing", () => {
  const fields = fieldsOf(detail([field("motion", { value: "tech", state: "present" }), field("stage_notes"), field("next_step", { need: "advised" })]));

  it("adds stage, amount and close date to the fields of F, each once", () => {
    expect(fields.map((one) => one.field)).toEqual(["stage", "amount", "close_date", "motion", "stage_notes", "next_step"]);
    expect(fields[0]).toMatchObject({ value: "s2", shown: "Qualification" });
    expect(fieldsOf(detail([field("stage", { value: "s1" })])).filter((one) => one.field === "stage")).toMatchObject([{ value: "s1", options: [{ value: "s1" }, { value: "s2" }] }]);
  });

  it("only what differs is a change, and going back takes it away", () => {
    const amount = field("amount", { value: "184000.00", holds: "number" });
    const changed = withChange(NO_CHANGES, amount, "190000");
    expect([...changed]).toEqual([["amount", "190000"]]);
    expect([...withChange(changed, amount, "184000.00")]).toEqual([]);
    expect([...withChange(NO_CHANGES, amount, "")]).toEqual([["amount", null]]);
    expect([...withChange(NO_CHANGES, field("next_step"), "")]).toEqual([]);
  });

  it.each([
    ["amount", "a lot", true],
    ["amount", "-1", true],
    ["amount", "190000.50", false],
    ["attribution_pct", "101", true],
    ["attribution_pct", "100", false],
    ["stage", null, true],
  ] as const)("%s = %s is wrong: %s", (name, value, wrong) => {
    expect(problemOf(field(name, { holds: name === "stage" ? "choice" : "number" }), value) !== undefined).toBe(wrong);
  });

  it("a stage that moves past a missing hard field needs a reason, or the field", () => {
    const moved = new Map([["stage", "s1"]] as const);
    expect(needsOverride(fields, moved)).toBe(true);
    expect(editRequest("1", fields, moved, " ")).toBeNull();
    expect(editRequest("1", fields, moved, "Signed today")).toEqual({ deal: "1", set: [{ field: "stage", value: "s1" }], confirm: [], override_reason: "Signed today" });
    expect(needsOverride(fields, new Map([["stage", "s1"], ["stage_notes", "Met them"]] as const))).toBe(false);
    expect(needsOverride(fields, new Map([["next_step", "Call"]] as const))).toBe(false);
  });

  it("nothing changed or something wrong is not saved", () => {
    expect(editRequest("1", fields, NO_CHANGES, "")).toBeNull();
    expect(editRequest("1", fields, new Map([["amount", "a lot"]] as const), "")).toBeNull();
    expect(stateWords(fields)).toBe("2 missing");
  });
});

describe("the partners of a deal", () => {
  const share = (partner: string | null, pct: string, attribution: "sourced" | "influenced" = "influenced") => ({ partner, role: "services" as const, attribution, pct, part: " " });

  it.each([
    [[share("p1", "60", "sourced"), share("p2", "40")], []],
    [[share("p1", "60"), share("p2", "41")], ["The shares are 101 %; together they are 100 % at most."]],
    [[share("p1", "60", "sourced"), share("p2", "40", "sourced")], ["One partner at most has sourced the deal."]],
    [[share("p1", "50"), share("p1", "50")], ["A partner stands on one line only."]],
    [[share(null, "50")], ["Choose the partner on each line."]],
    [[share("p1", "12.5")], ["Each share is a whole number from 0 to 100."]],
  ])("%j", (drafts, problems) => {
    expect(shareProblems(drafts, false, "")).toEqual(problems);
  });

  it("need a reason once the credit is locked", () => {
    expect(shareProblems([share("p1", "100")], true, " ")).toHaveLength(1);
    expect(shareRequest("d1", toTop([share("p1", "60"), share("p2", "40")], 1), " Agreed ")).toEqual({
      deal: "d1",
      partners: [
        { partner: "p2", role: "services", attribution: "influenced", pct: 40, part: null },
        { partner: "p1", role: "services", attribution: "influenced", pct: 60, part: null },
      ],
      reason: "Agreed",
    });
  });
});
