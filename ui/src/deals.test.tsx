import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Board, ConflictRow, Criterion, DealDetail, DealRow, DealStanding, DealView, EditDeal, EditPreview, MendList, PlanRow, Presented } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const row = (id: string, position = 2): DealRow => ({ id, name: `Deal ${id}`, account: null, partner: "Altmark IT", amount: { amount: "184000.00", currency: "EUR" }, stage: position === 2 ? "Qualification" : "Configure & Quote", position, outcome: "open", stalled: false, motion: "reseller", attribution: "sourced", attribution_pct: 100, hygiene: 93, protection_end: null, close_date: "2026-12-18", notes_at: null, pending: false });
const STAGES: DealStanding["stages"] = [
  { value: "s1", label: "Registration", position: 1, outcome: "open" },
  { value: "s2", label: "Qualification", position: 2, outcome: "open" },
  { value: "s3", label: "Configure & Quote", position: 3, outcome: "open" },
  { value: "s9", label: "Lost", position: 5, outcome: "lost" },
];
const told: Criterion = { key: "reseller.2.demand", stage: "Qualification", says: "The demand is real", told_by: "person", met: false, fact: "a person has to confirm it", proven: null };
const fit: Criterion = { key: "entry.account", stage: "Entry", says: "The account is named", told_by: "data", met: true, fact: "Hansa", proven: null };
const detail = (id: string): DealDetail => ({ row: row(id), converted: null, account_id: null, partner_id: "p1", owner: "Kai Brenner", fields: [], stages: STAGES.map(({ value, label }) => ({ value, label })), touches: [], movements: [], crm_url: null });
let held = true;
let views: DealView[] = [];
let plan: PlanRow[] = [];
let conflicts: Partial<ConflictRow>[] = [];
let reading: Promise<void> | null = null;
const standing = (deal: string): DealStanding => ({
  deal,
  motion: "reseller",
  stage: { name: "Qualification", position: 2, role: "seller", exit: "Real demand and technical fit", days: 21, stayed: 30 },
  criteria: [fit, told],
  stages: STAGES,
  next: STAGES[2] ?? null,
  checks: [{ rule: "M-reseller.2", name: "Qualification", outcome: "fail", fact: `${told.says}: ${told.fact}`, records: [], flip: null }],
  held: true,
  signals: [{ rule: "W-03.stalled", name: "Stalled", fact: "9 days too long", weight: 30 }],
  rank: 30,
  protection: null,
  plan,
  evidence_required: true,
});
const preview = (request: EditDeal): EditPreview => {
  const now = held && !request.confirm.some((one) => one.key === told.key);
  return { deal: request.deal, name: `Deal ${request.deal}`, writes: [{ label: "Stage", before: "Qualification", after: "Configure & Quote" }], checks: [], criteria: [{ ...told, met: !now }], held: now, refused: null, letter: null };
};
const BOARD: Board = {
  columns: [1, 2, 3, 4, 5].map((position) => ({
    position,
    name: ["", "Deal Registration", "Qualification", "Configure & Quote", "Transact", "Launch & Enable"][position] ?? "",
    role: "seller",
    days: 21,
    totals: { count: position === 2 ? 3 : position === 3 ? 1 : 0, sums: [{ amount: "184000.00", currency: "EUR" }] },
    rows: position === 2 ? [row("a"), row("b")] : position === 3 ? [row("c", 3)] : [],
    next: position === 2 ? "after b" : null,
  })),
};

const shown = (id: string): Presented["deals"][number] => ({ id, name: `Deal ${id}`, account: null, stage: "Qualification", position: 2, outcome: "open", motion: "reseller", attribution: "sourced", pct: 60, amount: { amount: "184000.00", currency: "EUR" }, close: "2026-12-18", protection_end: null, next_step: "Send the price list", next_step_due: null });
const SEEN: Presented = { partner: "p1", name: "Altmark IT", tier: null, vendor: "Halden EU", contact: "Mara Lindqvist", as_of: STATUS.now, deals: [shown("a"), shown("b")], registrations: [], owed: [{ side: "partner", text: "Name the technical lead", due: "2026-11-30" }], certificates: [], withheld: ["Stage notes", "Discount band"] };

function mends(after: string | null): MendList {
  if (after === "on") return { rows: [{ row: row("y"), owner: null, mend: [{ field: "products", label: "Products", need: "hard", state: "missing" }] }], next: null, total: 12, stretch: 2, scores: [] };
  const rows: MendList["rows"] = [
    { row: row("b"), owner: "Kai Brenner", mend: [{ field: "products", label: "Products", need: "hard", state: "missing" }, { field: "stage_notes", label: "Stage notes", need: "hard", state: "stale" }] },
    { row: row("a"), owner: null, mend: [{ field: "next_step", label: "Next step", need: "advised", state: "missing" }, { field: "next_step_due", label: "Next step due", need: "advised", state: "stale" }] },
  ];
  return { rows, next: "on", total: 12, stretch: 1, scores: [{ by: "owner", key: "o1", label: "Kai Brenner", deals: 22, hygiene: 72, held: 5 }] };
}

function open(path: string) {
  const done = () => ({ decision: "d1", title: "Changed", at: STATUS.now });
  const answers = {
    status: STATUS,
    settings: { theme: "system", lock_after: 0, owners: [] },
    reviews: [],
    partners: { rows: [], next: null, total: 0 },
    mapping: { pipelines: [] },
    deals: ({ filter, after }: { filter: { motion?: string; position?: number }; after: string | null }) => (filter.position === 2 ? { rows: after === "after b" ? [row("z")] : [], next: null, total: 3 } : { rows: filter.motion === undefined || filter.motion === "reseller" ? [row("a"), row("b")] : [], next: null, total: 2 }),
    deal_totals: { count: 2, sums: [] },
    deal: (id: string) => detail(id),
    deal_partners: { deal: "a", partners: [], free_pct: 100, influences: [], amendments: [], locked: null, roles: [], unread: false },
    deal_conflicts: () => conflicts,
    presented: SEEN,
    present: SEEN,
    deal_standing: (id: string) => standing(id),
    preview_edit: (request: EditDeal) => (reading === null ? preview(request) : reading.then(() => preview(request))),
    edit_deal: done,
    set_plan_item: done,
    preview_edits: ({ deals }: { deals: string[] }) => deals.map((deal) => ({ ...preview({ deal, set: [], confirm: [] }), held: deal === "b", checks: deal === "b" ? [{ rule: "F-01", name: "Products", outcome: "fail", fact: "products are missing", records: [], flip: null }] : [] })),
    edit_deals: ({ deals }: { deals: string[] }) => ({ rows: deals.map((deal) => ({ deal, name: deal, decision: deal === "b" ? null : `d-${deal}`, refused: deal === "b" ? "The gate does not hold" : null })), decisions: deals.filter((deal) => deal !== "b").map((deal) => `d-${deal}`) }),
    undo: {},
    mend_list: ({ after }: { after: string | null }) => mends(after),
    rehearse_gate: { looked: 168, stopped: 41, stopped_now: 9, sums: [], causes: [{ label: "Next step", deals: 30 }], rows: [{ row: row("a"), missing: ["Next step"] }], cancelled: false },
    board: BOARD,
    deal_views: () => views,
    save_deal_view: (view: DealView) => (views = [...views, view]),
    forget_deal_view: ({ name }: { name: string }) => (views = views.filter((view) => view.name !== name)),
  };
  return openWindow(path, byName(() => answers)).router;
}

beforeEach(() => {
  [held, views, plan, reading, conflicts] = [true, [], [], null, []];
});

const submit = () => userEvent.keyboard("{Control>}{Enter}{/Control}");

describe("where a deal stands", () => {
  it("is said with what is open before the next stage, and a criterion is confirmed with evidence by keyboard", async () => {
    open("/deals?open=a");
    expect(await screen.findByText("1 of 2 open, the deal cannot move")).toBeTruthy();
    expect(screen.getByText("Seller answers for it; 30 of 21 days").className).toContain("warn");
    expect(screen.getByText("9 days too long")).toBeTruthy();
    await userEvent.keyboard("c");
    const dialog = await screen.findByRole("dialog", { name: /Confirm a criterion/ });
    await userEvent.type(within(dialog).getByLabelText("What it says, and where it is"), "Minutes of 18 Nov");
    await submit();
    await vi.waitFor(() => expect(sent("edit_deal")).toHaveLength(1));
    expect(sent("edit_deal")).toEqual([{ deal: "a", set: [], confirm: [{ key: "reseller.2.demand", holds: true, proof: expect.objectContaining({ kind: "meeting", text: "Minutes of 18 Nov" }) }] }]);
  });

  it("moves through the gate: not without a reason while it does not hold", async () => {
    open("/deals?open=a");
    await screen.findByText("1 of 2 open, the deal cannot move");
    await userEvent.keyboard("m");
    const dialog = await screen.findByRole("dialog", { name: /Move Deal a/ });
    await userEvent.keyboard("2");
    await within(dialog).findByText("the gate does not hold");
    await submit();
    expect(sent("edit_deal")).toEqual([]);
    await userEvent.type(within(dialog).getByLabelText(/Why it moves all the same/), "They signed");
    await submit();
    await vi.waitFor(() => expect(sent("edit_deal")).toEqual([{ deal: "a", set: [{ field: "stage", value: "s3" }], confirm: [], override_reason: "They signed" }]));
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("a move that is confirmed while its gate is still being read", () => {
  const early = async () => {
    let read: () => void = () => {};
    reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    open("/deals?open=a");
    await screen.findByText("1 of 2 open, the deal cannot move");
    await userEvent.keyboard("m");
    const dialog = await screen.findByRole("dialog", { name: /Move Deal a/ });
    await submit();
    expect(within(dialog).getByText("moves as soon as the gate is read")).toBeTruthy();
    expect(sent("edit_deal")).toEqual([]);
    return { dialog, read };
  };

  it("is made when the gate holds", async () => {
    held = false;
    const { read } = await early();
    read();
    await vi.waitFor(() => expect(sent("edit_deal")).toEqual([{ deal: "a", set: [{ field: "stage", value: "s3" }], confirm: [] }]));
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("stops when it does not, and says what is open", async () => {
    const { dialog, read } = await early();
    read();
    expect(await within(dialog).findByText(/The gate does not hold: put right/)).toBeTruthy();
    expect(sent("edit_deal")).toEqual([]);
  });
});

describe("a deal in open channel conflicts", () => {
  it("says how many and leads to each, the most severe by a key", async () => {
    const party = (name: string) => ({ name, partner: name }) as unknown as ConflictRow["parties"][number];
    conflicts = [
      { id: "cc1", kind: "horizontal", band: "high", severity: 80, state: "open", parties: [party("Altmark IT"), party("Nordwind")] },
      { id: "cc2", kind: "renewal", band: "low", severity: 10, state: "acknowledged", parties: [party("Altmark IT")] },
    ];
    const router = open("/deals?open=a");
    const list = await screen.findByRole("list", { name: "Open channel conflicts" });
    expect(within(list).getAllByRole("link")).toHaveLength(2);
    expect(screen.getByText("2 open")).toBeTruthy();
    await userEvent.keyboard("{Shift>}C{/Shift}");
    await vi.waitFor(() => expect(router.state.location).toMatchObject({ pathname: "/conflicts", search: { tab: "channel", open: "cc1" } }));
  });
});

describe("the presenter view", () => {
  const share = async () => {
    const router = open("/deals?open=b");
    await screen.findByText("1 of 2 open, the deal cannot move");
    await userEvent.keyboard("{Shift>}S{/Shift}");
    return { router, dialog: await screen.findByRole("dialog", { name: /Share the screen with Altmark IT/ }) };
  };

  it("says first what is seen and what is not, and nothing is logged or shown before it is begun", async () => {
    const { dialog } = await share();
    expect(within(dialog).getByText(/2 deals, 1 commitment/)).toBeTruthy();
    expect(within(dialog).getByText(/stage notes, discount band/)).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(sent("present")).toEqual([]);
  });

  it("is the partner's records alone, without the frame or its keys; J goes on, Esc leaves to where it began", async () => {
    const { router } = await share();
    await submit();
    await screen.findByRole("heading", { level: 1, name: "Altmark IT" });
    expect(sent("present")).toEqual([{ partner: "p1" }]);
    expect(screen.getByRole("heading", { level: 2, name: "Deal b" })).toBeTruthy();
    expect(screen.getByText("Send the price list")).toBeTruthy();
    for (const of of ["navigation", "contentinfo"]) expect(screen.queryByRole(of)).toBeNull();
    expect(document.body.textContent).not.toMatch(/stage notes|discount band/i);
    const before = sent("deal").length;
    await userEvent.keyboard("{Control>}k{/Control}/gi?");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(router.state.location.pathname).toBe("/present");
    await userEvent.keyboard("k");
    await screen.findByRole("heading", { level: 2, name: "Deal a" });
    await userEvent.keyboard("a");
    const table = await screen.findByRole("table", { name: "Deals" });
    expect(within(table).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual(["Deal", "Stage", "Amount", "Close", "Next step"]);
    expect(screen.getByText("Name the technical lead")).toBeTruthy();
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((one) => one.id)).toEqual([]);
    expect(sent("deal")).toHaveLength(before);
    await userEvent.keyboard("{Escape}");
    await screen.findByText("1 of 2 open, the deal cannot move");
    expect(router.state.location).toMatchObject({ pathname: "/deals", search: { open: "b" } });
  });
});

describe("the board", () => {
  const cards = (stage: string) => within(screen.getByRole("region", { name: stage })).queryAllByRole("row").map((card) => card.getAttribute("aria-label"));

  it("shows the motion with the most deals by stage, reads on, and moves a card through the gate by keyboard", async () => {
    held = false;
    const router = open("/deals?as=board");
    await screen.findByRole("group", { name: "Deals by stage: Reseller" });
    expect(within(screen.getByRole("region", { name: "Stage 2: Qualification" })).getByText("Seller, 21 days")).toBeTruthy();
    expect(sent("board")).toEqual([{ filter: { partnered: true, motion: "reseller" }, limit: 30 }]);
    expect(cards("Stage 2: Qualification")).toEqual(["Deal a", "Deal b"]);
    await userEvent.click(screen.getByRole("button", { name: "1 more" }));
    await vi.waitFor(() => expect(cards("Stage 2: Qualification")).toEqual(["Deal a", "Deal b", "Deal z"]));
    await userEvent.keyboard("jj{Shift>}L{/Shift}");
    const dialog = await screen.findByRole("dialog", { name: /Move Deal b/ });
    expect(within(dialog).getByRole("radio", { name: /Configure & Quote/ })).toHaveProperty("checked", true);
    await within(dialog).findByText("the gate holds");
    await submit();
    await vi.waitFor(() => expect(sent("edit_deal")).toEqual([{ deal: "b", set: [{ field: "stage", value: "s3" }], confirm: [] }]));
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.keyboard("{Enter}");
    await screen.findByRole("heading", { level: 2, name: "Deal b" });
    expect(router.state.location.search).toMatchObject({ as: "board", open: "b" });
    await userEvent.keyboard("{Escape}");
    await screen.findByRole("group", { name: "Deals by stage: Reseller" });
    await userEvent.keyboard("b");
    expect(await screen.findByRole("grid", { name: "Deals: Open by motion" })).toBeTruthy();
  });

  it("has nothing that axe complains about", async () => {
    open("/deals?as=board");
    await screen.findByRole("group", { name: "Deals by stage: Reseller" });
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ").slice(0, 200)}`)).toEqual([]);
  });
});

describe("views of deals", () => {
  it("keep what the person asked under a name, open it again and are forgotten", async () => {
    open("/deals?view=stalled&motion=tech&sort=amount&direction=descending&text=hansa");
    await screen.findByText("Nothing matches");
    await userEvent.keyboard("v");
    await userEvent.type(await screen.findByLabelText("Name of the view on screen"), "Big and stuck");
    expect(screen.getByText("Stalled, tech, “hansa”, by amount, descending")).toBeTruthy();
    await submit();
    await vi.waitFor(() => expect(sent("save_deal_view")).toEqual([{ name: "Big and stuck", view: "stalled", filter: { motion: "tech", text: "hansa" }, sort: "amount", direction: "descending" }]));
  });

  it("open with their digit, as they were kept", async () => {
    views = [{ name: "Big and stuck", view: "stalled", filter: { motion: "tech", text: "hansa" }, sort: "amount", direction: "descending" }];
    const router = open("/deals");
    await screen.findByRole("grid", { name: "Deals: Open by motion" });
    await userEvent.keyboard("v");
    await screen.findByRole("list", { name: "Views that are kept" });
    await userEvent.keyboard("1");
    await vi.waitFor(() => expect(router.state.location.search).toMatchObject({ view: "stalled", motion: "tech", sort: "amount", direction: "descending", text: "hansa" }));
    expect(await screen.findByRole("button", { name: /Big and stuck/ })).toBeTruthy();
  });
});

describe("the plan of a deal", () => {
  const milestone: PlanRow = { item: { id: "m1", text: "Send the price list", side: "partner", owner: "Jana Brandt", due: "2026-11-10", done: null, proof: null, risk: "holiday", dropped: false, by: "Mara", at: "2026-11-01T08:00:00Z" }, state: "overdue" };

  it("says what each side owes, overdue in words, and a milestone is added by keyboard", async () => {
    plan = [milestone];
    open("/deals?open=a");
    const owed = await screen.findByRole("list", { name: "The partner owes" });
    expect(owed.textContent).toBe("overdue:Send the price listJana Brandt, was due 10 Novat risk: holiday");
    expect(screen.getByText("0 of 1 done, 1 overdue")).toBeTruthy();
    await userEvent.keyboard("a");
    const dialog = await screen.findByRole("dialog", { name: /Add a milestone/ });
    await submit();
    expect(within(dialog).getByText("Say what is to be done")).toBeTruthy();
    expect(sent("set_plan_item")).toEqual([]);
    await userEvent.type(within(dialog).getByLabelText("What is to be done"), "Name the technical lead");
    await submit();
    await vi.waitFor(() => expect(sent("set_plan_item")).toEqual([{ deal: "a", text: "Name the technical lead", side: "we", owner: null, due: null, done: null, proof: null, risk: null, dropped: false }]));
  });

  it("is done on this day with what shows it", async () => {
    plan = [milestone];
    open("/deals?open=a");
    await userEvent.click(await screen.findByRole("button", { name: /Send the price list/ }));
    const dialog = await screen.findByRole("dialog", { name: /Milestone/ });
    await userEvent.click(within(dialog).getByRole("checkbox", { name: /It is done/ }));
    await userEvent.type(within(dialog).getByLabelText(/What shows it/), "Mail of 18 Nov");
    await submit();
    await vi.waitFor(() => expect(sent("set_plan_item")).toEqual([expect.objectContaining({ id: "m1", done: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), proof: expect.objectContaining({ text: "Mail of 18 Nov" }), risk: "holiday", dropped: false })]));
  });
});

describe("a selection of deals", () => {
  it("is edited at once: each row's verdict before, its outcome after, what was refused stays selected, one Undo", async () => {
    open("/deals");
    await screen.findByRole("grid", { name: "Deals: Open by motion" });
    await userEvent.keyboard("jxjx");
    expect(screen.getByText("2 selected")).toBeTruthy();
    await userEvent.keyboard("e");
    const dialog = await screen.findByRole("dialog", { name: /Edit 2 deals/ });
    await submit();
    expect((await within(dialog).findByRole("alert")).textContent).toBe("Say the new value, or empty it for all");
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Empty it for all" }));
    await vi.waitFor(() => expect(within(dialog).getByRole("list", { name: "The selection" }).textContent).toContain("stays: products are missing"));
    await submit();
    await vi.waitFor(() => expect(sent("edit_deals")).toEqual([{ deals: ["a", "b"], set: [{ field: "close_date", value: null }] }]));
    const ended = await screen.findByRole("list", { name: "How each ended" });
    expect(ended.textContent).toContain("The gate does not hold");
    await submit();
    expect(await screen.findByText("1 selected")).toBeTruthy();
    await userEvent.keyboard("z");
    await vi.waitFor(() => expect(sent("undo")).toEqual([{ decision: "d-a" }]));
  });
});

describe("a cell of the table", () => {
  const focused = () => (document.activeElement as HTMLElement).dataset.column;

  it("is gone to with the arrows, edited with F2 where it stands and saved with Enter; Esc leaves, then the cell", async () => {
    open("/deals");
    const grid = await screen.findByRole("grid", { name: "Deals: Open by motion" });
    await within(grid).findByRole("row", { name: "Deal a" });
    await userEvent.keyboard("j{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}");
    expect(focused()).toBe("amount");
    await userEvent.keyboard("{F2}");
    const amount = await screen.findByLabelText<HTMLInputElement>("Amount");
    expect(amount.value).toBe("184000.00");
    await userEvent.clear(amount);
    await userEvent.keyboard("a lot{Enter}");
    expect(screen.getByText(/A number, like/)).toBeTruthy();
    await userEvent.clear(amount);
    await userEvent.keyboard("190000{Enter}");
    await vi.waitFor(() => expect(sent("edit_deal")).toEqual([{ deal: "a", set: [{ field: "amount", value: "190000" }], confirm: [] }]));
    await vi.waitFor(() => expect(screen.queryByLabelText("Amount")).toBeNull());
    expect(focused()).toBe("amount");
    await userEvent.keyboard("{ArrowDown}");
    await vi.waitFor(() => expect([focused(), document.activeElement?.closest("[data-key]")?.getAttribute("aria-label")]).toEqual(["amount", "Deal b"]));
    await userEvent.keyboard("{Enter}");
    await userEvent.type(await screen.findByLabelText("Amount"), "9{Escape}");
    await vi.waitFor(() => expect(screen.queryByLabelText("Amount")).toBeNull());
    expect(sent("edit_deal")).toHaveLength(1);
    await userEvent.keyboard("{Escape}");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Deal b");
    await userEvent.keyboard("{F2}");
    await screen.findByRole("dialog", { name: /Move Deal b/ });
  });
});

describe("a column of the table", () => {
  it("is narrowed from its title; what narrows it is said above and taken away by a key; it can be hidden", async () => {
    const router = open("/deals?view=all");
    const grid = await screen.findByRole("grid", { name: "Deals: All" });
    await userEvent.click(within(grid).getByRole("button", { name: "Amount: order, filters, place" }));
    const dialog = await screen.findByRole("dialog", { name: /Amount/ });
    await userEvent.type(within(dialog).getByLabelText("Amount from"), "1e5");
    await submit();
    expect(within(dialog).getByText(/A whole number up to/)).toBeTruthy();
    await userEvent.clear(within(dialog).getByLabelText("Amount from"));
    await userEvent.type(within(dialog).getByLabelText("Amount from"), "100000");
    await userEvent.click(within(dialog).getByRole("radio", { name: "Descending" }));
    await submit();
    await vi.waitFor(() => expect(sent("deals").at(-1)).toMatchObject({ filter: { amount_from: 100000 }, sort: "amount", direction: "descending" }));
    expect(screen.getByRole("button", { name: "Remove the filter Amount from" }).parentElement?.textContent).toBe("Amount from 100,000");
    await userEvent.keyboard("{Backspace}");
    await vi.waitFor(() => expect(sent("deals").at(-1)).toMatchObject({ filter: {} }));
    expect(router.state.location.search).not.toHaveProperty("min", 100000);
    await userEvent.click(within(grid).getByRole("button", { name: "Credit: order, filters, place" }));
    await userEvent.click(within(await screen.findByRole("dialog", { name: /Credit/ })).getByRole("checkbox", { name: "Shown in the table" }));
    await submit();
    await vi.waitFor(() => expect(within(grid).getAllByRole("columnheader").map((title) => title.textContent)).not.toContain("Credit"));
    expect(router.state.location.search).toMatchObject({ view: "all", hide: "credit" });
  });
});

describe("what to put right first", () => {
  it("is listed with what is missing and old, beside the hygiene of who owns it, and opens the deal", async () => {
    const router = open("/deals");
    await screen.findByRole("grid", { name: "Deals: Open by motion" });
    await userEvent.keyboard("r");
    const list = await screen.findByRole("grid", { name: "What to put right first" });
    expect(within(list).getByText("12 deals")).toBeTruthy();
    expect(within(list).getByRole("row", { name: "Deal b" }).textContent).toContain("Products, Stage notes is old");
    expect(screen.getByRole("region", { name: "Hygiene by owner" }).textContent).toBe("By ownerKai Brenner725 of 22 held");
    const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map((one) => one.id)).toEqual([]);
    await userEvent.keyboard("j{Enter}");
    await screen.findByRole("heading", { level: 2, name: "Deal b" });
    expect(router.state.location.search).toMatchObject({ as: "mend", open: "b" });
  });

  it("is read on at the end of a page, what comes from smaller deals under a heading of its own", async () => {
    open("/deals?as=mend");
    const list = await screen.findByRole("grid", { name: "What to put right first" });
    await within(list).findByRole("row", { name: "Deal b" });
    await userEvent.keyboard("jjj");
    await within(list).findByRole("row", { name: "Deal y" });
    expect(sent("mend_list").map((request) => (request as { after: string | null }).after)).toEqual([null, "on"]);
    expect(within(list).getAllByRole("rowgroup").map((group) => group.getAttribute("aria-label"))).toEqual([null, "Most money for the least effort first", "Then, among smaller deals"]);
  });

  it("rehearses a stricter gate: what is asked, what it would stop, and nothing is changed", async () => {
    open("/deals?as=mend");
    await screen.findByRole("grid", { name: "What to put right first" });
    await userEvent.keyboard("s");
    const dialog = await screen.findByRole("dialog", { name: /Rehearse a stricter gate/ });
    const asked = within(dialog).getAllByRole("checkbox");
    expect(asked).toHaveLength(2);
    await userEvent.click(within(dialog).getByRole("checkbox", { name: /Next step/ }));
    await submit();
    expect(await within(dialog).findByText("41 of 168 open deals would stop")).toBeTruthy();
    expect(within(within(dialog).getByRole("list", { name: "For what" })).getByText("30 deals")).toBeTruthy();
    expect(sent("rehearse_gate")).toEqual([{ hard: ["next_step"], criteria: true, motion: null }]);
    expect(sent("edit_deals")).toEqual([]);
  });
});
