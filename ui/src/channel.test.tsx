import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConflictDetail, ConflictRow, ConflictsQuery, ConflictView, MessageRow, OutboxRow, SettlementPreview } from "./api/api.gen";
import { STATUS, asked, byName, openWindow, sent } from "./test-kit";

const PARTIES = [
  { partner: "p1", name: "Brightwater" },
  { partner: "p2", name: "Rheintal" },
];

function row(id: string, account: string, change: Partial<ConflictRow> = {}): ConflictRow {
  return { id, kind: "horizontal", status: "active", state: "open", severity: 80, band: "high", account, account_id: `a${id}`, parties: PARTIES, value: { amount: "212000.00", currency: "EUR" }, signals: ["two_open_deals"], text: `two partners on ${account}`, first: "p1", raised_at: "2026-11-18T07:02:00Z", clock: { rule: "S-07", started: "2026-11-18T07:02:00Z", due: "2026-11-25T07:02:00Z", state: "running", since: null, left: 3600 }, ...change };
}

const ROWS = [row("1", "Stadtwerke Ebersfeld"), row("2", "Fjordline", { severity: 40, band: "medium" }), row("3", "Graphit Motors", { severity: 10, band: "low" })];

function detail(of: ConflictRow, change: Partial<ConflictDetail> = {}): ConflictDetail {
  const side = (n: 0 | 1) => ({ party: PARTIES[n] ?? { partner: null, name: "" }, deals: [], claims: [], registered: n === 0 ? "DR-1127" : "DR-1131", incumbent: false, certified: true, tier: "Select", first_qualified: n === 0 ? "2026-11-03T09:14:00Z" : "2026-11-05T16:40:00Z", first_meeting: null, reserved: false, in_territory: null, evidence: n === 0 ? [{ id: 4, party: "p1", kind: "meeting" as const, day: "2026-10-30", text: "Met the head of grid IT", source: "added by Mara" }] : [] });
  return {
    row: of,
    signals: [{ signal: "two_open_deals", fact: "two open deals on one account", records: [{ kind: "deal", id: "d1", label: "Ebersfeld, plan" }] }],
    points: [{ text: "€212,000 at stake", points: 40 }],
    records: [],
    ends_with: "one of the two deals being closed",
    sides: [side(0), side(1)],
    verdict: { first: of.first ?? null, text: "Brightwater first", trace: [{ rule: "C-04", statement: "Registered beats unregistered", fact: "both have a registration in force", result: "holds" }, { rule: "R-08", statement: "First qualified submission", fact: "Brightwater had the earlier complete submission, on 3 November", result: "decides" }], joint: false, turned_by: ["Rheintal: a complete submission before 3 November", "Rheintal: that it holds the account today"], policy: 14 },
    clocks: of.clock ? [of.clock] : [],
    plan: null,
    outcome: null,
    decision: null,
    appeal_until: null,
    acts: ["acknowledge", "ask_seller", "plan", "award", "split", "joint", "dismiss", "escalate"],
    timeline: [{ at: "2026-11-05T16:40:00Z", party: "p2", text: "DR-1131 was submitted", by: null, record: null }, { at: "2026-11-04T10:00:00Z", party: null, text: "acknowledged", by: "Mara", record: null }, { at: "2026-11-03T09:14:00Z", party: "p1", text: "DR-1127 was submitted", by: null, record: null }],
    graph: [{ from: "p1", from_label: "Brightwater", to: { kind: "deal", id: "d1", label: "Ebersfeld, plan" }, by: "deal", times: 1 }, { from: "Oskar Brandvold", from_label: "Oskar Brandvold", to: { kind: "company", id: "a1", label: "Stadtwerke Ebersfeld" }, by: "activity", times: 4 }],
    ...change,
  };
}

const VIEWS: ConflictView[] = [
  { name: "open", label: "Open", count: 3, query: { closed: false, kinds: [], limit: 0 } },
  { name: "two_deals", label: "Two deals, one account", count: 2, query: { closed: false, kinds: [], signal: "two_open_deals", limit: 0 } },
  { name: "renewals", label: "Renewals without a confirmed owner", count: 1, query: { closed: false, kinds: [], signal: "renewal_unconfirmed", limit: 0 } },
];

const PREVIEW: SettlementPreview = {
  title: "Award",
  by_rule: true,
  records: [{ record: { kind: "deal", id: "d1", label: "Ebersfeld, plan" }, fields: [{ label: "Conflict status", was: "Active", now: "None" }] }],
  drafts: [
    { party: "p1", to: "Brightwater", subject: "Ebersfeld", text: "it is with Brightwater" },
    { party: "p2", to: "Rheintal", subject: "Ebersfeld", text: "not with you; you can appeal until 3 December" },
  ],
  unmapped: ["Deal: Conflict notes"],
};

const stepped = (conflict: string, decision: string | null) => ({ conflict, title: "Settled", decision });

describe("channel conflicts", () => {
  let details: Record<string, ConflictDetail> = {};
  let answers: Record<string, unknown> = {};

  beforeEach(() => {
    details = Object.fromEntries(ROWS.map((one) => [one.id, detail(one)]));
    answers = {
      status: STATUS,
      settings: { theme: "system", lock_after: 0, owners: [{ id: "o1", name: "Oskar Brandvold", email: "" }] },
      outbox: [],
      messages: [],
      merges: [],
      held: [],
      notices: [],
      partners: { rows: [{ id: "p1", name: "Brightwater" }], next: null, total: 1 },
      conflict_views: VIEWS,
      conflicts: (query: ConflictsQuery) => (query.after ? { rows: ROWS.slice(2), next: null, total: 3 } : { rows: ROWS.slice(0, 2), next: "k2", total: 3 }),
      conflict: ({ conflict }: { conflict: string }) => details[conflict],
      settle_conflict: stepped("1", "d9"),
      acknowledge_conflict: stepped("1", "d8"),
      ask_seller: stepped("1", "d7"),
      plan_conflict: stepped("1", "d7"),
      escalate_conflict: stepped("1", "d7"),
      add_evidence: stepped("1", null),
      appeal_conflict: stepped("1", "d7"),
      conflict_filters: { regions: ["DACH", "Nordics"] },
      preview_settlement: ({ outcome }: { outcome: string }) => ({ ...PREVIEW, title: outcome }),
      dismiss_conflicts: { done: ["1", "2"], decisions: ["d5", "d6"], failed: [] },
      undo: {},
    };
  });

  const open = (path = "/conflicts") => openWindow(path, byName(() => answers));
  const key = (keys: string) => userEvent.keyboard(keys);

  it("stand by severity, a page at a time, with who stands first and by which clause", async () => {
    open();
    expect(await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" })).toBeTruthy();
    expect(await screen.findByText("Recommended: award to Brightwater")).toBeTruthy();
    const clause = screen.getByText("First qualified submission").closest("li");
    expect(clause?.textContent).toMatch(/R-08.*earlier complete submission.*decides/);
    expect(screen.getByText(/Would turn with Rheintal: a complete submission before 3 November/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "and 1 more" }));
    expect(screen.getByText("Rheintal: that it holds the account today")).toBeTruthy();
    const facts = screen.getByRole("table", { name: "Each party’s facts beside each other" });
    expect(within(facts).getByRole("row", { name: /Complete since.*3 Nov.*differs.*5 Nov/ })).toBeTruthy();
    expect(sent("conflicts")).toContainEqual(expect.objectContaining({ closed: false, kinds: [], after: null, limit: 50 }));
    expect(screen.getAllByRole("row", { name: /Two partners/ }).map((one) => one.textContent)).toEqual([expect.stringMatching(/^high severity.*Ebersfeld/), expect.stringMatching(/^medium severity.*Fjordline/)]);
  });

  it("are told apart from merge conflicts, and never by the word alone", async () => {
    open();
    await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" });
    expect(screen.getAllByRole("tab").map((tab) => tab.textContent)).toEqual(["Channel conflicts3", "Merge conflicts", "Held back", "Notices"]);
    const words = screen.getByRole("main").textContent?.replaceAll(/(channel|merge) conflicts?/gi, "") ?? "";
    expect(words).not.toMatch(/conflict/i);
  });

  it("say both sides in time and who touches the account in words too", async () => {
    open();
    const time = await screen.findByRole("list", { name: "Both sides in time" });
    expect(within(time).getAllByRole("listitem").map((line) => line.textContent)).toEqual([expect.stringMatching(/Rheintal: DR-1131/), expect.stringMatching(/Both: acknowledged.*Mara/), expect.stringMatching(/Brightwater: DR-1127/)]);
    const touches = screen.getByRole("table", { name: "Who touches the account" });
    expect(within(touches).getByRole("row", { name: "Oskar Brandvold activity, 4 times Stadtwerke Ebersfeld company" })).toBeTruthy();
  });

  it("are awarded by keyboard to whom the policy puts first; against it only with a reason", async () => {
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key("a");
    await screen.findByRole("dialog", { name: /Award/ });
    await key("2{Enter}");
    expect(await screen.findByText(/The policy does not put this party first/)).toBeTruthy();
    expect(sent("settle_conflict")).toEqual([]);
    await key("1{Enter}");
    await waitFor(() => expect(sent("settle_conflict")).toEqual([{ conflict: "1", outcome: "awarded", winner: "p1", shares: [] }]));
    // The next one opens, and Z takes back what was decided last.
    expect(await screen.findByRole("heading", { name: "Fjordline" })).toBeTruthy();
    await key("z");
    await waitFor(() => expect(sent("undo")).toEqual([{ decision: "d9" }]));
  });

  it("show before they are settled what is written and each party’s letter, and ask for it only when it could be sent", async () => {
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key("a");
    const shown = await screen.findByRole("region", { name: "What is written and said" });
    expect(shown.textContent).toMatch(/Ebersfeld, plan.*Conflict statusActive becomes None/);
    expect(within(shown).getByRole("listitem", { name: "Message to Rheintal" }).textContent).toMatch(/appeal until 3 December.*Names no other party/);
    expect(shown.textContent).toMatch(/Kept here only: Deal: Conflict notes/);
    await key("{Escape}s");
    await screen.findByRole("dialog", { name: /Split/ });
    expect(screen.getByText(/once nothing is missing/)).toBeTruthy();
    expect(sent("preview_settlement")).toEqual([{ conflict: "1", outcome: "awarded", winner: "p1", shares: [] }]);
    await userEvent.type(screen.getByRole("textbox", { name: /^Why/ }), "both");
    await waitFor(() => expect(sent("preview_settlement")).toContainEqual({ conflict: "1", outcome: "split", shares: [{ party: "p1", pct: 50 }, { party: "p2", pct: 50 }], reason: "both" }));
    expect(sent("settle_conflict")).toEqual([]);
  });

  it("that were dismissed together are open again with one key, the last first", async () => {
    open();
    await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" });
    await key("x{Shift>}J{/Shift}d");
    await screen.findByRole("dialog", { name: /Dismiss 2 channel conflicts/ });
    await key("2{Enter}");
    await screen.findByText("2 channel conflicts dismissed");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await key("z");
    expect(await screen.findByText("2 channel conflicts are open again")).toBeTruthy();
    expect(sent("undo")).toEqual([{ decision: "d6" }, { decision: "d5" }]);
  });

  it.each([
    [{ high: 2, medium: 1, low: 4 }, "8 waiting, 2 channel conflicts of high severity"],
    [{ high: 0, medium: 1, low: 0 }, "2 waiting, 1 channel conflict of medium severity"],
    [{ high: 0, medium: 0, low: 3 }, "4 waiting"],
  ])("that are open are counted in the rail, %o", async (channel, words) => {
    answers.status = { ...STATUS, merge_conflicts: 1, counts: { ...STATUS.counts, channel } };
    open();
    expect(await screen.findByRole("link", { name: `Conflicts ${words}` })).toBeTruthy();
  });

  it("refuse a split that does not add up, and send one that does", async () => {
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key("s");
    const [one, other] = await screen.findAllByRole<HTMLInputElement>("textbox", { name: "Share, %" });
    if (!one || !other) throw new Error("two shares");
    expect([one.value, other.value]).toEqual(["50", "50"]);
    await userEvent.clear(one);
    await userEvent.type(one, "60");
    await userEvent.type(screen.getByRole("textbox", { name: /^Why/ }), "both have worked on it");
    expect(screen.getByText("110 % given, 10 % too much")).toBeTruthy();
    await key("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("The shares add up to 110 %, not to 100 %.")).toBeTruthy();
    expect(sent("settle_conflict")).toEqual([]);
    await userEvent.clear(other);
    await userEvent.type(other, "40{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("settle_conflict")).toEqual([{ conflict: "1", outcome: "split", shares: [{ party: "p1", pct: 60 }, { party: "p2", pct: 40 }], reason: "both have worked on it" }]));
  });

  it("keep every typed word when Rust refuses", async () => {
    answers.settle_conflict = { code: "invalid", message: "The shares are not allowed", kept: "Nothing was decided", next: "Change it" };
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key("o");
    const why = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Why/ });
    await userEvent.type(why, "each its part{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Nothing was settled")).toBeTruthy();
    expect(why.value).toBe("each its part");
    expect(sent("settle_conflict")).toEqual([expect.objectContaining({ outcome: "joint", shares: [{ party: "p1", pct: 50, role: "resale" }, { party: "p2", pct: 50, role: "services" }] })]);
  });

  it("are dismissed in bulk with one reason; what is refused says why and stays marked, the rest is taken back with one undo", async () => {
    answers.dismiss_conflicts = { done: ["1"], decisions: ["d5"], failed: [{ conflict: "2", why: "it is settled" }] };
    open();
    await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" });
    await key("x{Shift>}J{/Shift}");
    expect(await screen.findByText("2 selected")).toBeTruthy();
    await key("d");
    await screen.findByRole("dialog", { name: /Dismiss 2 channel conflicts/ });
    await key("{Control>}{Enter}{/Control}");
    expect(sent("dismiss_conflicts")).toEqual([]);
    await key("2{Enter}");
    await waitFor(() => expect(sent("dismiss_conflicts")).toEqual([{ conflicts: ["1", "2"], reason: "One company group" }]));
    expect(await screen.findByText("it is settled")).toBeTruthy();
    await key("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("1 selected")).toBeTruthy();
    await key("z");
    await waitFor(() => expect(sent("undo")).toEqual([{ decision: "d5" }]));
  });

  it.each([
    ["c", "", "", "acknowledge_conflict", { conflict: "1" }],
    ["p", "How it is to be settled", "Call both on Monday{Control>}{Enter}{/Control}", "plan_conflict", { conflict: "1", text: "Call both on Monday" }],
    ["q", "The question", "Is it yours?{Control>}{Enter}{/Control}", "ask_seller", { conflict: "1", question: "Is it yours?" }],
    ["n", "What it says", "Invite of 2 November{Control>}{Enter}{/Control}", "add_evidence", expect.objectContaining({ conflict: "1", party: "p2", proof: expect.objectContaining({ kind: "meeting", text: "Invite of 2 November" }) as unknown })],
  ])("%s is one key and its words", async (press, label, words, op, request) => {
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key(press);
    if (words !== "") {
      // The test's page does not give the focus to a text of several lines by itself; a browser does.
      (await screen.findByRole("textbox", { name: label })).focus();
      await key(words);
    }
    await waitFor(() => expect(sent(op)).toEqual([request]));
  });

  it("escalate to a person that is named", async () => {
    open();
    await screen.findByText("Recommended: award to Brightwater");
    await key("e");
    await userEvent.type(await screen.findByRole("textbox", { name: /Why somebody else/ }), "too big{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Choose who decides")).toBeTruthy();
    expect(sent("escalate_conflict")).toEqual([]);
  });

  it("that are settled show the letters with what each may see, the appeal and the way back", async () => {
    const settled = row("1", "Stadtwerke Ebersfeld", { state: "settled", clock: null });
    details["1"] = detail(settled, { outcome: "awarded to Brightwater", decision: "d9", appeal_until: "2026-12-03", acts: ["appeal"] });
    const letter = (id: string, to: string, text: string): MessageRow => ({ id, decision: "d9", to, subject: "Stadtwerke Ebersfeld: who works with it", text, released: false, withdrawn: false });
    answers.messages = [letter("1", "Brightwater", "it is with Brightwater."), letter("2", "Rheintal", "it is not with Rheintal but with Brightwater."), { ...letter("3", "Other", "x"), decision: "d1" }];
    answers.outbox = [{ id: "o1", decision: "d9", title: "", what: "", object: "deal", record: "1", state: "queued", text: "", attempt: 0, made_at: "2026-11-18T07:02:00Z", next_at: null, depends_on: [], fields: [], evidence: [], can_retry: false, can_withdraw: true } satisfies OutboxRow];
    open();
    expect(await screen.findByText("Awarded to Brightwater")).toBeTruthy();
    const mine = await screen.findByRole("listitem", { name: "Message to Brightwater" });
    expect(mine.textContent).toMatch(/waits for the CRM.*Names no other party/s);
    expect(screen.getByRole("listitem", { name: "Message to Rheintal" }).textContent).toMatch(/Names Brightwater, which it may not see/);
    expect(screen.queryByRole("listitem", { name: "Message to Other" })).toBeNull();
    await key("{Shift>}A{/Shift}");
    await userEvent.type(await screen.findByRole("textbox", { name: /What the partner says/ }), "We met them first{Control>}{Enter}{/Control}");
    expect(await screen.findByText(/An appeal needs evidence/)).toBeTruthy();
    expect(sent("appeal_conflict")).toEqual([]);
    await userEvent.type(screen.getByRole("textbox", { name: /What it says, and where it is/ }), "invite{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("appeal_conflict")).toEqual([expect.objectContaining({ conflict: "1", partner: "p2", text: "We met them first" })]));
  });

  it("are seen through the program’s views and one’s own filters, which stand in the address", async () => {
    const { router } = open();
    await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" });
    await key("v2");
    await waitFor(() => expect(sent("conflicts")).toContainEqual(expect.objectContaining({ signal: "two_open_deals", after: null })));
    await key("f");
    await userEvent.type(await screen.findByRole("textbox", { name: /At stake from/ }), "50000");
    await userEvent.click(screen.getByRole("button", { name: /Region/ }));
    await userEvent.click(await screen.findByRole("option", { name: "DACH" }));
    await key("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("conflicts")).toContainEqual(expect.objectContaining({ signal: "two_open_deals", region: "DACH", value_from: 50_000 })));
    expect(router.state.location.search).toMatchObject({ tab: "channel", view: "two_deals", region: "DACH", from: 50_000 });
  });

  it("that cannot be read say so and are read again; none at all says what would stand here", async () => {
    answers.conflicts = { code: "bug", message: "The file is busy" };
    open();
    expect(await screen.findByText("The channel conflicts could not be read")).toBeTruthy();
    answers.conflicts = { rows: [], next: null, total: 0 };
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No channel conflict")).toBeTruthy();
    expect(asked).not.toHaveBeenCalledWith("conflict", expect.anything());
  });

  it("open after merge conflicts only where there is none, and stay where one is", async () => {
    answers.status = { ...STATUS, merge_conflicts: 1 };
    open();
    expect(await screen.findByText("No merge conflict")).toBeTruthy();
    await key("1");
    expect(await screen.findByRole("heading", { name: "Stadtwerke Ebersfeld" })).toBeTruthy();
  });

  it("keep nobody out", async () => {
    const { container } = open();
    await screen.findByText("Recommended: award to Brightwater");
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });
});
