import { describe, expect, it } from "vitest";
import type { Check, Clause, Field, InboxQuery, InboxRow, ProtectionRow, RegistrationDetail } from "../../api/api.gen";
import { equalShares } from "../../format/points";
import { awardRequest, splitProblems } from "./contest";
import { bulkProblems, bulkRequest, bulkTitle, EMPTY_BULK } from "./bulk";
import { afterDeciding, approveRequest, approvesAtOnce, askRequest, canDecide, declineProblems, declineRequest, DEFAULT_TERMS, suggestedReason } from "./decide";
import { inboxSearch } from "./inbox.search";
import { mailAddress } from "../../message/mail";
import { letterFor } from "./letters";
import { actProblems, actRequest, EMPTY_FORM } from "./life";
import { morningOn, snoozeChoices } from "./snooze";
import { isView, viewSearch, viewWords } from "./views";
import { protectionGroups } from "./ProtectionsList";
import { comparedFields, comparedValue, factParts, flipOf, groupRows, numberOf } from "./rows";

function row(id: string, change: Partial<InboxRow> = {}): InboxRow {
  return {
    id,
    number: `DR-${id}`,
    company: `Company ${id}`,
    partner: "Altmark IT",
    motion: "reseller",
    kind: "deal",
    status: "submitted",
    amount: null,
    clock: null,
    group: "today",
    claimed_by: null,
    decision: null,
    ...change,
  };
}

function detail(act: "approve" | "decline" | "ask" | null): RegistrationDetail {
  return {
    row: row("7"),
    claim: [],
    submitted_at: null,
    submitted_by: null,
    partner: null,
    certifications: [],
    checks: [],
    recommendation: act === null ? null : { act, text: act, trace: [], flip: null, policy: 1 },
    similar: [],
    linkable: [],
    sellers: [],
    seller: null,
    protection_days: 90,
    protection_choices: [60, 90],
    drafts: { approve: "Dear Jana, approved.\n", decline: "Dear Jana, no.", ask: "Dear Jana, a question." },
    history: [],
    crm_url: null,
  };
}

const check = (rule: string, outcome: Check["outcome"]): Check => ({ rule, name: rule, outcome, fact: "", records: [], flip: null });

describe("the list", () => {
  it("groups by clock in the order the rows came, and the last group has no count while more may follow", () => {
    const rows = [row("1", { group: "over" }), row("2"), row("3"), row("4", { group: "later" })];
    expect(groupRows(rows, "time_left", false, 0).map(({ title, count, tone }) => [title, count, tone])).toEqual([
      ["Over the SLA", 1, "danger"],
      ["Due today", 2, undefined],
      ["Later", undefined, undefined],
    ]);
    expect(groupRows(rows, "time_left", true, 0).at(-1)?.count).toBe(1);
    const decided = [row("1"), row("2", { group: "decided" }), row("3", { group: "later" })];
    expect(groupRows(decided, "time_left", false, 0).map(({ id, count }) => [id, count])).toEqual([["today", 1], ["later", undefined], ["decided", 1]]);
  });

  it("has no headings in any other order, and no group without rows", () => {
    expect(groupRows([row("1"), row("2", { group: "over" })], "company", true, 0)).toEqual([{ id: "all", rows: [row("1"), row("2", { group: "over" })] }]);
    expect(groupRows([], "company", true, 0)).toEqual([]);
  });

  it("a clock that ran out since the rows were read stands under the SLA's heading, a paused one does not", () => {
    const clock = { rule: "S-02", started: "2026-11-17T09:00:00Z", due: "2026-11-19T09:00:00Z", state: "running" as const, since: null };
    const read = [row("1", { clock }), row("2", { clock: { ...clock, state: "paused" }, group: "paused" }), row("3", { clock: { ...clock, due: "2026-11-19T11:00:00Z" } })];
    const at = (time: string) => groupRows(read, "time_left", true, Date.parse(time)).map(({ id, rows }) => [id, rows.map((one) => one.id)]);
    expect(at("2026-11-19T08:59:59Z")).toEqual([["today", ["1", "3"]], ["paused", ["2"]]]);
    expect(at("2026-11-19T09:00:00Z")).toEqual([["over", ["1"]], ["paused", ["2"]], ["today", ["3"]]]);
  });

  it("a bad address is the default", () => {
    expect(inboxSearch({ scope: "everyone", show: "decided", sort: "drop table", open: { id: 1 }, text: "hansa" })).toEqual({ show: "decided", text: "hansa" });
  });
});

describe("a fact", () => {
  const link = { kind: "registration" as const, id: "9", label: "LR-9" };

  it("links the record where it names it, and puts others at its end", () => {
    expect(factParts("same domain as LR-9, lapsed", [link])).toEqual([
      { text: "same domain as ", link: null },
      { text: "LR-9", link },
      { text: ", lapsed", link: null },
    ]);
    expect(factParts("a claim lapsed", [link]).map((part) => part.text)).toEqual(["a claim lapsed", ", ", "LR-9"]);
    expect(factParts("nothing", [])).toEqual([{ text: "nothing", link: null }]);
  });

  it("compares every field once", () => {
    const record = (labels: string[]) => ({ title: "", why: "", record: link, lines: labels.map((label) => ({ label, this: null, other: null, same: false })) });
    expect(comparedFields([record(["Partner", "Domain"]), record(["Domain", "Dates"])])).toEqual(["Partner", "Domain", "Dates"]);
  });
});

describe("an approval", () => {
  it("sends only what the person chose", () => {
    expect(approveRequest(detail("approve"), DEFAULT_TERMS)).toEqual({ registration: "7" });
    expect(approveRequest(detail("approve"), { days: 60, seller: "o1", link: "d1" })).toEqual({ registration: "7", protection_days: 60, seller: "o1", link_deal: "d1" });
  });

  it("leaves an unedited draft to Rust and sends an edited one", () => {
    const words = (message: string) => approveRequest(detail("approve"), DEFAULT_TERMS, { message, reason: "  " });
    expect(words("Dear Jana, approved.")).toEqual({ registration: "7" });
    expect(words("Dear Jana, welcome.")).toEqual({ registration: "7", message: "Dear Jana, welcome." });
  });

  it.each([
    ["approve", true],
    ["decline", false],
    ["ask", false],
    [null, false],
  ] as const)("recommended %s, one key is enough: %s", (act, atOnce) => expect(approvesAtOnce(detail(act))).toBe(atOnce));

  it("can be decided only while it waits", () => {
    expect((["submitted", "info_requested", "draft", "approved", "declined", "expired", "withdrawn", "converted"] as const).filter((status) => canDecide(row("1", { status })))).toEqual(["submitted", "info_requested"]);
  });
});

describe("a decline", () => {
  const draft = { reason: "territory" as const, text: "", message: "Dear Jana, no." };

  it("needs a reason, words for other, and a message", () => {
    expect(declineProblems({ ...draft, reason: null })).toHaveProperty("reason");
    expect(declineProblems({ ...draft, reason: "other", text: " " })).toHaveProperty("text");
    expect(declineProblems({ ...draft, message: "" })).toHaveProperty("message");
    expect(declineProblems(draft)).toEqual({});
    expect(declineRequest(detail("decline"), { ...draft, reason: "other" })).toBeNull();
  });

  it("sends the words and only an edited message", () => {
    expect(declineRequest(detail("decline"), draft)).toEqual({ registration: "7", reason: "territory" });
    expect(declineRequest(detail("decline"), { reason: "other", text: "Too early ", message: "Dear Jana, later." })).toEqual({ registration: "7", reason: "other", text: "Too early", message: "Dear Jana, later." });
  });

  it("suggests the reason of the first check that fails", () => {
    expect(suggestedReason([check("R-04.5", "warn"), check("R-04.9", "fail"), check("R-04.5", "fail")])).toBe("duplicate");
    expect(suggestedReason([check("R-04.9", "pass")])).toBeNull();
    const incomplete = check("R-04.1", "fail");
    const clause = (rule: string, fact: string): Clause => ({ rule, statement: "", fact, result: "decides" });
    expect(suggestedReason([incomplete, check("R-04.6", "fail")], [clause("R-04.6", "blocked")])).toBe("blocked");
    expect(suggestedReason([{ ...incomplete, fact: "no domain" }, { ...check("R-04.10", "fail"), fact: "an open deal" }], [clause("R-05", "an open deal")])).toBe("active_cycle");
  });

  it("a question needs its words", () => {
    expect(askRequest(detail("ask"), " ", "Dear Jana")).toBeNull();
    expect(askRequest(detail("ask"), "Who is the contact?", "Dear Jana, a question.")).toEqual({ registration: "7", question: "Who is the contact?" });
  });
});

describe("after a decision", () => {
  it("the next row opens, at the end the one before, and nothing when it was the only one", () => {
    expect(afterDeciding(["1", "2", "3"], "2")).toBe("3");
    expect(afterDeciding(["1", "2", "3"], "3")).toBe("2");
    expect(afterDeciding(["1"], "1")).toBeNull();
    expect(afterDeciding(["1"], "gone")).toBeNull();
  });
});

describe("an act on a selection", () => {
  it("leaves what each claim recommends to it, and asks for a reason only where the policy says otherwise", () => {
    expect(bulkProblems("approve", EMPTY_BULK, 0)).toEqual({});
    expect(bulkProblems("approve", EMPTY_BULK, 2)).toHaveProperty("reason");
    expect(bulkProblems("decline", { ...EMPTY_BULK, cause: "other" }, 0)).toHaveProperty("reason");
    expect(bulkProblems("snooze", EMPTY_BULK, 0)).toHaveProperty("until");
    expect(bulkRequest("decline", ["1", "2"], { ...EMPTY_BULK, cause: "territory", question: "unused" })).toEqual({ registrations: ["1", "2"], act: "decline", decline: "territory" });
    expect(bulkRequest("ask", ["1"], { ...EMPTY_BULK, reason: "unused" })).toEqual({ registrations: ["1"], act: "ask" });
  });

  it("is summed up", () => {
    expect(bulkTitle("snooze", { rows: [], done: 1, refused: 0 })).toBe("1 registration put aside");
    expect(bulkTitle("approve", { rows: [], done: 3, refused: 1 })).toBe("3 registrations approved, 1 not");
  });
});

describe("putting aside", () => {
  it.each([
    ["Thursday", new Date(2026, 10, 19, 15), "Mon 23 Nov"],
    ["Sunday", new Date(2026, 10, 22, 15), "Mon 23 Nov"],
    ["Monday", new Date(2026, 10, 23, 15), "Mon 30 Nov"],
  ])("on a %s Monday is the next one", (_, now, hint) => {
    expect(snoozeChoices(now.getTime()).find((one) => one.id === "monday")?.hint).toBe(hint);
  });

  it("counts days of the calendar, also over a change of the clocks", () => {
    const now = new Date(2026, 9, 24, 20).getTime();
    expect(snoozeChoices(now).map((one) => new Date(one.until).getHours())).toEqual([9, 9, 9, 9, 9]);
    expect(new Date(morningOn("2026-10-26")).getDate()).toBe(26);
  });
});

describe("an act of the later life", () => {
  const proof = { kind: "meeting" as const, day: "2026-11-12", text: "Discovery call, notes in the CRM " };

  it("names what is missing and sends nothing that was not said", () => {
    expect(actProblems("open_appeal", EMPTY_FORM, null)).toEqual({ text: expect.any(String), proofs: expect.any(String) });
    expect(actRequest("open_appeal", "7", { ...EMPTY_FORM, text: " We met them first ", proofs: [proof] })).toEqual({
      name: "openAppeal",
      request: { registration: "7", text: "We met them first", proofs: [{ ...proof, text: "Discovery call, notes in the CRM" }] },
    });
  });

  it("that a rule speaks against needs a person's word, where the rule puts it", () => {
    expect(actProblems("extend", EMPTY_FORM, null)).toEqual({});
    expect(actProblems("extend", EMPTY_FORM, "no progress in 30 days")).toHaveProperty("override");
    expect(actProblems("expire", EMPTY_FORM, "the protection has not ended")).toHaveProperty("reason");
    expect(actRequest("extend", "7", { ...EMPTY_FORM, days: "30", override: "Agreed" }).request).toEqual({ registration: "7", days: 30, proofs: [], override_reason: "Agreed" });
  });

  it.each([
    ["0", { days: "A whole number of days" }],
    ["", {}],
    ["45", {}],
  ])("extends by %s days", (days, problems) => {
    expect(actProblems("extend", { ...EMPTY_FORM, days }, null)).toEqual(problems);
  });

  it("a lead is converted with what was filled in, the amount as a plain number", () => {
    const fields = new Map([["amount", "184000"], ["products", " "], ["close_date", "2027-02-26"]] as const) as ReadonlyMap<Field, string>;
    expect(actRequest("convert", "7", { ...EMPTY_FORM, fields, currency: "eur" }).request).toEqual({ registration: "7", set: [{ field: "amount", value: "184000" }, { field: "close_date", value: "2027-02-26" }], currency: "EUR" });
    expect(actProblems("convert", { ...EMPTY_FORM, fields: new Map([["amount", "184,000"]] as const) as ReadonlyMap<Field, string> }, null)).toHaveProperty("fields");
  });

  it("an appeal is answered with one of the two, and why", () => {
    expect(actProblems("decide_appeal", EMPTY_FORM, null)).toEqual({ grant: expect.any(String), reason: expect.any(String) });
    expect(actRequest("decide_appeal", "7", { ...EMPTY_FORM, grant: false, reason: "No new evidence" }).request).toEqual({ registration: "7", grant: false, reason: "No new evidence" });
  });
});

describe("a letter", () => {
  it.each([
    ["submitted", "decline", "decline"],
    ["submitted", null, "ask"],
    ["info_requested", "approve", "ask"],
    ["declined", null, "decline"],
  ] as const)("of a registration that is %s with “%s” recommended is about %s", (status, act, letter) => {
    expect(letterFor(status, act)).toBe(letter);
  });

  it("opens in a mail program with every character of it", () => {
    expect(mailAddress({ address: "jana@altmark.example", subject: "Approved: 90 % & more", text: "Hello Jana,\nfine?" })).toBe("mailto:jana@altmark.example?subject=Approved%3A%2090%20%25%20%26%20more&body=Hello%20Jana%2C%0D%0Afine%3F");
    expect(mailAddress({ address: "a@b.example?bcc=all@c.example", subject: "", text: "" })).toBe("mailto:a@b.example%3Fbcc%3Dall@c.example?subject=&body=");
  });
});

describe("several claims on one company", () => {
  const part = (registration: string, name: string, pct: string) => ({ registration, part: name, role: "resale" as const, pct });

  it("one of them wins against all the others", () => {
    expect(awardRequest("2", ["1", "2", "3"], " ")).toEqual({ registration: "2", against: ["1", "3"] });
  });

  it.each([
    [[part("1", "Nordics", "60"), part("2", "DACH", "40")], []],
    [[part("1", "Nordics", "60"), part("2", "nordics ", "40")], ["Two claims cannot hold the same part."]],
    [[part("1", "", "60"), part("2", "DACH", "40")], ["Name the part that each claim holds."]],
    [[part("1", "Nordics", "60"), part("2", "DACH", "41")], ["The shares are 101 %; together they are 100 % at most."]],
    [[part("1", "Nordics", "x"), part("2", "DACH", "41")], ["Each share is a whole number."]],
  ])("each holds a part: %j", (parts, problems) => {
    expect(splitProblems(parts, "Agreed")).toEqual(problems);
  });

  it("begin with equal shares that are a hundred together", () => {
    expect(equalShares(3)).toEqual([34, 33, 33]);
    expect(splitProblems([part("1", "a", "50")], "")).toEqual(["Say why in a sentence."]);
  });
});

it("protections stand under the reason why they want a look, in the order they came", () => {
  const row = (id: string, group: ProtectionRow["group"]): ProtectionRow => ({ group, id, number: id, company: id, partner_id: null, partner: null, kind: "deal", status: "approved", amount: null, deal: null, protection_end: null, days_left: null, idle_days: null, warned_at: null, waits_since: null, due: null, text: "", acts: [] });
  expect(protectionGroups([row("1", "appeals"), row("2", "untouched"), row("3", "appeals")]).map(({ title, tone, rows }) => [title, tone, rows.map((one) => one.id)])).toEqual([
    ["Appeals waiting", "warn", ["1", "3"]],
    ["Untouched", undefined, ["2"]],
  ]);
});

describe("a view of the inbox", () => {
  const query: InboxQuery = { scope: "mine", show: "open", sort: "time_left", direction: "ascending", partner: null, text: "hansa", after: null, limit: 50 };

  it("is said in words, shown by its address, and known again whatever the page", () => {
    expect(viewWords(query)).toBe("Mine, waiting, by SLA time left, “hansa”");
    expect(viewSearch(query)).toEqual({ scope: "mine", show: "open", sort: "time_left", direction: "ascending", text: "hansa" });
    expect(isView({ ...query, limit: 200, after: "x" }, query)).toBe(true);
    expect(isView({ ...query, text: null }, query)).toBe(false);
  });
});

describe("a long flip", () => {
  it.each([
    ["would be “decline” if another partner held a claim in force on this company", "Would be “decline” if ", ["another partner held a claim in force on this company"]],
    ["would be “ask” if the account were not blocked, “Plan, Edge and Flow” were closed lost and there were no deal “B”", "Would be “ask” if ", ["the account were not blocked", "“Plan, Edge and Flow” were closed lost", "there were no deal “B”"]],
    ["nobody knows", "", ["nobody knows"]],
  ])("is taken apart outside of quotation marks: %s", (text, lead, causes) => {
    expect(flipOf(text)).toEqual({ lead, causes });
  });
});

describe("what a comparison says", () => {
  const now = new Date(2026, 10, 19).getTime();
  it.each([
    ["2026-11-13", "Fri 13 Nov"],
    ["USD 455,056", "$455,056"],
    ["DKK 2,150,000.50", "DKK 2,150,001"],
    ["none, direct", "none, direct"],
    ["EUR Logistics", "EUR Logistics"],
  ])("%s is written %s", (value, shown) => {
    expect(comparedValue(value, now)).toBe(shown);
  });

  it("is a number only when it says more than who and what", () => {
    expect(numberOf({ number: "DR-2026-1184", company: "Hansa" })).toBe("DR-2026-1184");
    expect(numberOf({ number: "Altmark IT - Hansa Kühlkette", company: "hansa kühlkette" })).toBeNull();
  });
});
