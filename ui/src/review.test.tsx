// A waterfall leads from "then" to "now"; nobody awaits one.
/* oxlint-disable unicorn/no-thenable */
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AgendaItem, Criterion, DealField, EditDeal, ItemOutcome, ItemState, Review, ReviewItemDetail, ReviewMovement } from "./api/api.gen";
import { keepDraft, NO_DRAFT } from "./features/review/logging";
import { STATUS, asked, byName, openWindow, sent } from "./test-kit";

function item(id: string, section: AgendaItem["section"], state: ItemState = "open", discussed = true): AgendaItem {
  return { id, section, title: `Account ${id}`, subtitle: "Altmark IT", why: "stalled", motion: "reseller", amount: null, rank: 10, discussed, deal: null, registration: null, partner: null, conflict: null, seller: null, seller_name: null, state, outcome: null };
}

describe("a running review", () => {
  let review: Review;
  let undoable = false;
  let running = true;
  let movement: ReviewMovement = { since: null, until: "2026-11-19T08:00:00Z", waterfalls: [], groups: [], adds_up: true };
  let fields: DealField[] = [];
  const status = { ...STATUS, counts: { ...STATUS.counts, review: 2 } };
  const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  const detail = (id: string): ReviewItemDetail => ({
    item: review.items.find((one) => one.id === id) ?? item(id, "deals"),
    facts: [],
    since: [],
    last_review: null,
    fields,
    signals: [],
    promised: null,
    owners: [{ value: "o1", label: "Kai Brenner" }],
    owner: "o1",
    due_by: inAWeek,
    undoable,
  });
  const dealField = (name: DealField["field"], value: string, more: Partial<DealField> = {}): DealField => ({ field: name, label: name === "stage" ? "Stage" : "Amount", value, shown: value, holds: "text", options: [], need: "free", state: "present", editable: true, pending: false, theirs: null, ...more });
  const logged: ItemOutcome = { verdict: "keep_plan", text: "As agreed", next_step: "Call them", owner: "o1", owner_name: "Kai Brenner", due: inAWeek, edits: [{ label: "Amount", before: "EUR 100", after: "EUR 140" }], override_reason: null, at: new Date().toISOString(), decision: "d1" };
  const demand: Criterion = { key: "reseller.2.demand", stage: "Qualification", says: "The demand is real", told_by: "person", met: false, fact: "a person has to confirm it", proven: null };
  const settle = (id: string, state: ItemState, outcome?: null): Review => {
    review = { ...review, items: review.items.map((one) => (one.id === id ? { ...one, state, ...(outcome === null ? { outcome } : {}) } : one)) };
    return review;
  };

  function open(path: string) {
    const answers = {
      status,
      settings: { theme: "system", lock_after: 0 },
      reviews: () => (running ? [{ id: "rv", template: "weekly", started_at: review.started_at, finished_at: null, items: 3, settled: 0 }] : [{ id: "old", template: "weekly", started_at: "2026-11-12T08:00:00Z", finished_at: "2026-11-12T09:00:00Z", items: 3, settled: 3 }]),
      review: () => review,
      review_movement: () => movement,
      preview_edit: (request: EditDeal) => ({ deal: "deal-1", name: "Plan", writes: [], ...(request.confirm.length > 0 ? { checks: [], criteria: [{ ...demand, met: true, proven: { holds: true, by: "Mara", at: STATUS.now, proof: request.confirm[0]?.proof ?? null } }], held: false } : { checks: [{ rule: "F-01", name: "Products", outcome: "fail", fact: "missing; a hard field", records: [], flip: null }], criteria: [], held: true }), refused: null, letter: null }),
      deal_standing: { deal: "deal-1", motion: "reseller", stage: null, criteria: [demand], stages: [], next: null, checks: [], held: true, signals: [], rank: 0, protection: null, plan: [], evidence_required: true },
      minutes: { review: "rv", markdown: "# Weekly review", queued: 2, landed: 3, waiting: 1 },
      review_mails: [{ kind: "actions", owner: "o1", to: "Kai Brenner", address: "kai@halden.example", subject: "Your actions", text: "Dear Kai" }, { kind: "minutes", owner: null, to: "Everybody", address: null, subject: "Minutes", text: "All of it" }],
      save_review_document: { file: "minutes.pdf" },
      start_review: () => review,
      pre_read: { day: "2026-11-26", markdown: "# Agenda", mails: [] },
      review_item: (request: { item: string }) => detail(request.item),
      log_item: (request: { item: string }) => settle(request.item, "decided"),
      undo_item: (request: { item: string }) => settle(request.item, "open", null),
      mark_item: (request: { item: string; state: ItemState }) => settle(request.item, request.state),
      clear_rest: () => settle("c", "decided"),
    };
    return openWindow(path, byName(() => answers)).router;
  }

  beforeEach(() => {
    [undoable, running, fields] = [false, true, []];
    movement = { since: null, until: "2026-11-19T08:00:00Z", waterfalls: [], groups: [], adds_up: true };
    for (const id of ["a", "b", "c"]) keepDraft(id, null);
    review = { id: "rv", template: "weekly", started_at: new Date().toISOString(), finished_at: null, snapshot_at: null, minutes_planned: 40, attendees: [], order: "motion", promises: [], pipeline: [], items: [item("a", "deals"), item("b", "deals"), item("c", "hygiene", "open", false)] };
  });

  it("logs by keyboard alone and goes to the next open item", async () => {
    const router = open("/review");
    await screen.findByRole("heading", { name: "Account a" });
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("2Agreed");
    await userEvent.tab();
    await userEvent.keyboard("Joint call");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: "Account b" });
    expect(asked).toHaveBeenCalledWith("log_item", expect.objectContaining({ review: "rv", item: "a", verdict: "change_plan", text: "Agreed", next_step: "Joint call", owner: "o1" }));
    expect(router.state.location.search).toMatchObject({ item: "b" });
  });

  it("sends nothing and says what is missing when there is no next step", async () => {
    open("/review?item=a");
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("1{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Every item ends with a next step, or with no action (W-04)")).toBeTruthy();
    expect(asked).not.toHaveBeenCalledWith("log_item", expect.anything());
  });

  it("keeps what was typed when the item is left and opened again", async () => {
    open("/review?item=a");
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("3half a thought{Escape}j");
    await screen.findByRole("heading", { name: "Account b" });
    await userEvent.keyboard("k");
    await screen.findByRole("heading", { name: "Account a" });
    expect((await screen.findByLabelText<HTMLTextAreaElement>("What was decided")).value).toBe("half a thought");
  });

  it("parks with one key, and clears the rest only after it was confirmed", async () => {
    open("/review?item=a");
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("p");
    await screen.findByRole("heading", { name: "Account b" });
    expect(asked).toHaveBeenCalledWith("mark_item", { review: "rv", item: "a", state: "parked" });
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("{Shift>}c{/Shift}");
    await screen.findByRole("dialog");
    expect(asked).not.toHaveBeenCalledWith("clear_rest", expect.anything());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("clear_rest", { review: "rv", items: ["c"] }));
  });

  it("takes back with one key what was logged, and the words are there to log it anew", async () => {
    undoable = true;
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, state: "decided" as const, outcome: logged } : one)) };
    open("/review?item=a");
    expect(await screen.findByText("EUR 100 to EUR 140")).toBeTruthy();
    await userEvent.keyboard("u");
    expect((await screen.findByLabelText<HTMLTextAreaElement>("What was decided")).value).toBe("As agreed");
    expect(asked).toHaveBeenCalledWith("undo_item", { review: "rv", item: "a" });
  });

  it("offers nothing to take back once a part of it was sent", async () => {
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, state: "decided" as const, outcome: logged } : one)) };
    open("/review?item=a");
    expect(await screen.findByText(/has been sent/)).toBeTruthy();
    await userEvent.keyboard("u");
    expect(asked).not.toHaveBeenCalledWith("undo_item", expect.anything());
  });

  it("logs what was changed on the deal with the decision", async () => {
    fields = [dealField("amount", "100", { holds: "number" })];
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, deal: "deal-1" } : one)) };
    open("/review?item=a");
    await screen.findByLabelText("What was decided");
    await userEvent.keyboard("e");
    const amount = await screen.findByLabelText<HTMLInputElement>("Amount");
    await userEvent.clear(amount);
    await userEvent.keyboard("140{Escape}1Agreed");
    await userEvent.tab();
    await userEvent.keyboard("Joint call{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: "Account b" });
    expect(asked).toHaveBeenCalledWith("log_item", expect.objectContaining({ item: "a", verdict: "keep_plan", edits: [{ field: "amount", value: "140" }] }));
  });

  it("asks for a reason before the stage moves past a missing hard field, and sends it", async () => {
    const options = [
      { value: "s1", label: "Qualify" },
      { value: "s2", label: "Propose" },
    ];
    fields = [dealField("stage", "s1", { holds: "choice", options }), dealField("products", "", { value: null, shown: null, need: "hard", state: "missing", label: "Products" })];
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, deal: "deal-1" } : one)) };
    keepDraft("a", { ...NO_DRAFT, verdict: "keep_plan", step: "Call them", changes: new Map([["stage", "s2"]]) });
    open("/review?item=a");
    const reason = await screen.findByLabelText("Reason to move past the gate");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(document.activeElement).toBe(reason);
    expect(asked).not.toHaveBeenCalledWith("log_item", expect.anything());
    await userEvent.keyboard("They signed{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: "Account b" });
    expect(asked).toHaveBeenCalledWith("log_item", expect.objectContaining({ edits: [{ field: "stage", value: "s2" }], override_reason: "They signed" }));
  });

  it("confirms an exit criterion with what shows it, and logs it with the decision", async () => {
    fields = [dealField("amount", "100", { holds: "number" })];
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, deal: "deal-1" } : one)) };
    keepDraft("a", { ...NO_DRAFT, verdict: "keep_plan", step: "Call them" });
    open("/review?item=a");
    await screen.findByLabelText("What was decided");
    await screen.findByRole("button", { name: /Edit the deal/ });
    await vi.waitFor(() => expect(sent("deal_standing")).toEqual(["deal-1"]));
    await userEvent.keyboard("c");
    const dialog = await screen.findByRole("dialog", { name: /Confirm a criterion/ });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText("Say what shows it")).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText("What it says, and where it is"), "Minutes of 18 Nov");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    const deal = await screen.findByRole("group", { name: "The deal" });
    expect(await within(deal).findByRole("button", { name: "Take back: The demand is real" })).toBeTruthy();
    expect(within(deal).getByText("1 change, logged with the decision")).toBeTruthy();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await screen.findByRole("heading", { name: "Account b" });
    expect(sent("log_item")).toEqual([expect.objectContaining({ edits: [], confirm: [{ key: "reseller.2.demand", holds: true, proof: expect.objectContaining({ text: "Minutes of 18 Nov" }) }] })]);
  });

  it("shows under an item what moved in its motion, to the cent, says what the deal did, and W hides it", async () => {
    const eur = (amount: string) => ({ amount, currency: "EUR" });
    const moved = { id: "deal-1", name: "Plan", partner: null, kinds: ["slipped" as const, "amount_up" as const], amount: eur("20.50"), what: "EUR 100 to EUR 120.50", then: null, now: null, changes: [], known: true };
    movement = { since: "2026-11-12T08:00:00Z", until: "2026-11-19T08:00:00Z", waterfalls: [{ motion: "tech", then: eur("5.00"), deals_then: 1, steps: [], now: eur("5.00"), deals_now: 1, unexplained: null }, { motion: "reseller", then: eur("100.00"), deals_then: 1, steps: [{ kind: "amount_up", amount: eur("20.50"), deals: 1, ids: ["deal-1"] }], now: eur("120.50"), deals_now: 1, unexplained: null }], groups: [{ kind: "amount_up", count: 1, sums: [eur("20.50")], deals: [moved] }], adds_up: true };
    review = { ...review, items: review.items.map((one) => (one.id === "a" ? { ...one, deal: "deal-1" } : one)) };
    open("/review?item=a");
    const table = await screen.findByRole("table", { name: "Reseller, EUR since the last review" });
    expect([...table.querySelectorAll("tbody tr")].map((line) => line.textContent)).toEqual(["12 Nov1€100.00", "Amount up1+€20.50", "19 Nov1€120.50"]);
    expect(screen.getByText(/nothing moved, slipped, amount up/)).toBeTruthy();
    await userEvent.keyboard("w");
    expect(screen.queryByRole("table", { name: /since the last review/ })).toBeNull();
  });

  it("opens with what was promised last time and what became of it", async () => {
    const promise = { title: "Hansa", subtitle: "Altmark IT", text: "Send the price list", owner: "o1", owner_name: "Kai Brenner", due: "2026-11-18", registration: null, partner: null, deal: "deal-1" };
    review = { ...review, promises: [{ ...promise, state: "kept", became: "done on 17 Nov" }, { ...promise, text: "Book the workshop", state: "late", became: "two days late" }] };
    open("/review");
    expect(await screen.findByText("Promised last time, 1 of 2 done")).toBeTruthy();
    await userEvent.keyboard("o");
    const dialog = await screen.findByRole("dialog", { name: /Promised last time/ });
    expect([...dialog.querySelectorAll("li")].map((line) => line.textContent)).toEqual([expect.stringMatching(/^DoneSend the price list Kai Brenner, by .* done on 17 NovHansa$/), expect.stringMatching(/^LateBook the workshop/)]);
  });

  it("starts by seller, with a pre-read before", async () => {
    running = false;
        open("/review");
    await screen.findByRole("radio", { name: "By seller" });
    await userEvent.click(screen.getByRole("radio", { name: "By seller" }));
    await userEvent.keyboard("r");
    await screen.findByRole("dialog", { name: /Pre-read/ });
    await userEvent.click(await screen.findByRole("button", { name: "Save as PDF" }));
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("save_review_document", { pre_read: { template: "weekly", order: "seller" }, format: "pdf" }));
    await userEvent.keyboard("{Escape}{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("start_review", { template: "weekly", order: "seller", attendees: [] }));
  });

  it("ends with minutes, what moved and a mail for each seller, each by its key", async () => {
    running = false;
    open("/review?open=old");
    expect(await screen.findByText("3 of 4 decisions in the CRM, 2 changes queued for the CRM")).toBeTruthy();
    await userEvent.keyboard("p");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("save_review_document", { review: "old", format: "pdf" }));
    await userEvent.keyboard("3");
    expect((await screen.findByLabelText<HTMLInputElement>("To Kai Brenner")).value).toBe("kai@halden.example");
    screen.getByRole("tab", { name: "Mails" }).focus();
    await userEvent.keyboard("2");
    expect(await screen.findByText(/nothing to compare with/)).toBeTruthy();
  });
});
