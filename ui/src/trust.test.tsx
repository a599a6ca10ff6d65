import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import type { HeldDecision, MergeRow, MessageRow, NoticeRow, OpState, OutboxRow } from "./api/api.gen";
import { STATUS, asked, byName, openWindow } from "./test-kit";

function op(id: string, decision: string, state: OpState): OutboxRow {
  return { id, decision, title: `Decision ${decision}`, what: "Deal: stage", object: "deal", record: "51877", state, text: `it is ${state}`, attempt: 1, made_at: "2026-11-18T21:10:00Z", next_at: null, depends_on: [], fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: null }], evidence: [{ at: "2026-11-18T21:10:01Z", text: "saved here" }], can_retry: state === "rejected", can_withdraw: state !== "done" };
}

function message(id: string, decision: string, released: boolean): MessageRow {
  return { id, decision, to: "jana@altmark.example", subject: "Approved", text: "Dear Jana", released, withdrawn: false };
}

const OPS = [op("1", "d1", "conflict"), op("2", "d2", "done"), { ...op("3", "d1", "queued"), depends_on: ["4"], attempt: 0 }, { ...op("4", "d3", "unknown"), what: "New deal" }];
const MESSAGES = [message("1", "d1", false), message("2", "d2", true)];

const RECORD = { kind: "deal", id: "51877", label: "Meridian Foods" } as const;
const MERGES: MergeRow[] = [
  {
    op: "1",
    decision: "d1",
    title: "Edited Meridian Foods",
    record: RECORD,
    kind: "changed",
    text: "Changed in the CRM meanwhile",
    fields: [{ property: "amount", field: "amount", label: "Amount", base: "EUR 100", mine: "EUR 140.50", theirs: "EUR 160", mine_raw: "140", theirs_raw: "160", their_who: "Oskar Brandvold", their_when: "2026-11-18T21:00:00Z", guard: false, holds: "number", options: [] }],
    mine_at: "2026-11-18T20:00:00Z",
    mine_by: "Mara",
    device: "mara-laptop",
    seen_at: "2026-11-18T21:10:00Z",
    same_as: 2,
    answers: ["keep_mine", "take_theirs", "edit"],
  },
];
const HELD: HeldDecision[] = [{ decision: "h1", title: "Approved Hansa", record: RECORD, by: "Mara", decided_at: "2026-11-18T20:00:00Z", held_at: "2026-11-18T21:00:00Z", moved: [{ name: "deal:1", label: "Open deals of the account", before: null, after: "Hansa, renewal" }], messages: 1 }];
const NOTICES: NoticeRow[] = [{ id: 4, about: "overwrote", text: "Oskar’s value was written over", op: "2", decision: "d2", title: "Edited Meridian Foods", record: RECORD, label: "Close date", theirs: "2027-01-15", mine: "2026-12-18", by: "Oskar Brandvold", theirs_at: "2026-11-18T21:00:00Z", at: "2026-11-18T21:05:00Z", can_restore: true }, { id: 5, about: "overwrote", text: "Written over", op: "2", decision: "d2", title: "Edited Brightwater", record: { kind: "company", id: "9", label: "Brightwater" }, label: "Tier", theirs: "gold", mine: "silver", by: null, theirs_at: null, at: "2026-11-18T21:05:00Z", can_restore: true }];

describe("the window’s trust screens", () => {
  const status = { ...STATUS, pending: 2, merge_conflicts: 1, counts: { ...STATUS.counts, activity: 1 } };
  const entry = { seq: 7, at: "2026-11-18T21:10:00Z", actor: "Mara", act: "approve", title: "Approved Hansa", reason: "first qualified", facts: null, policy: 1, hash: "abcd" };

  let answers: Record<string, unknown> = {};

  function open(path: string) {
    answers = {
      status,
      settings: { theme: "system", lock_after: 0 },
      outbox: OPS,
      messages: MESSAGES,
      recovered: [{ op: "r1", title: "Declined Aller", actor: "Mara", reason: null, made_at: "2026-11-18T20:00:00Z", ops: 2, may_have_left: false, text: "Recovered: please confirm" }],
      confirm_recovered: {},
      preview_push: { at: "2026-11-18T21:10:00Z", fresh: true, note: null, ops: [{ op: "3", decision: "d1", title: "Decision d1", what: "Deal: stage", record: { kind: "deal", id: "51877", label: "Altmark" }, verdict: "send", text: "It would be sent", fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: "Proof" }], problems: [], undo: "Stage: back to Proof" }], send: 1, needs_you: 0, waits: 0 },
      sync: {},
      undo_plan: { decision: "d2", title: "Decision d2", lines: [{ record: { kind: "deal", id: "51877", label: "Altmark" }, label: "Stage", from: "Commercials", to: "Proof" }], bins: ["The task Book it goes into HubSpot's bin"], stays: ["1 message has been released"], refused: null },
      undo_pushed: { decision: "d9", title: "Put back: Decision d2", at: "2026-11-18T21:10:00Z" },
      merges: MERGES,
      held: HELD,
      notices: NOTICES,
      deal: { movements: [] },
      resolve_merge: { answered: 1, text: "Yours is sent over the CRM’s value" },
      release_held: {},
      restore_value: { decision: "d8", title: "Written back: 15 Jan 2027", at: "2026-11-18T21:10:00Z" },
      settle_op: {},
      audit: { rows: [entry], next: null, total: 1 },
      verify_audit: { intact: false, entries: 7, broken_at: 5, problem: "Entry 5 was changed.", head: "ff" },
    };
    return openWindow(path, byName(() => answers));
  }

  it("tries a refused change again with one key, and leads from a merge conflict to where it is settled", async () => {
    open("/activity?open=1");
    await screen.findByRole("button", { name: /Settle the merge conflict/ });
    await userEvent.keyboard("r");
    expect(asked).not.toHaveBeenCalledWith("settle_op", expect.anything());
    await userEvent.keyboard("m");
    expect(await screen.findByRole("heading", { name: "Meridian Foods" })).toBeTruthy();
  });

  it("says in the row and the receipt what a change waits for, and leads there", async () => {
    open("/activity?open=3");
    expect(await screen.findByRole("row", { name: /Deal: stage: Waits for: new deal/ })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "New deal" }));
    expect(await screen.findByRole("heading", { name: "Decision d3" })).toBeTruthy();
  });

  it("says who set what meanwhile, as money", async () => {
    open("/activity?open=1");
    expect(await screen.findByText(/^Needs you: Oskar Brandvold set €160 at /, { selector: "b" })).toBeTruthy();
  });

  it("shows why the CRM refused a change and sends it again with the value corrected, which nothing else does", async () => {
    const refused: OutboxRow = { ...op("5", "d5", "rejected"), text: "HubSpot refused: amount must be at most 1000", fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: "Proof", edit: { property: "dealstage", field: null, raw: "s3", holds: "text", options: [] } }, { label: "Amount", base: "EUR 100", mine: "EUR 1400", theirs: "EUR 100", edit: { property: "amount", field: "amount", raw: "1400", holds: "number", options: [] } }] };
    open("/activity?open=5");
    answers.outbox = [refused, ...OPS];
    expect(await screen.findByText("HubSpot refused: amount must be at most 1000", { selector: "b" })).toBeTruthy();
    await userEvent.keyboard("e");
    const amount = await screen.findByLabelText<HTMLInputElement>("Amount");
    expect(document.activeElement).toBe(amount);
    expect(screen.getByText("HubSpot names: Amount")).toBeTruthy();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await userEvent.clear(amount);
    await userEvent.type(amount, "a lot{Control>}{Enter}{/Control}");
    expect(asked).not.toHaveBeenCalledWith("resolve_merge", expect.anything());
    await userEvent.clear(amount);
    await userEvent.type(amount, "900{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("resolve_merge", { op: "5", answer: "edit", values: [{ property: "amount", value: "900" }], same: false }));
  });

  it("leaves a refused change as it is when the edit is left", async () => {
    open("/activity?open=5");
    answers.outbox = [{ ...op("5", "d5", "rejected"), fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: null, edit: { property: "dealstage", field: null, raw: "s3", holds: "text", options: [] } }] }];
    await screen.findByRole("button", { name: /Edit and send again/ });
    await userEvent.keyboard("e");
    await userEvent.type(await screen.findByLabelText("Stage"), "x");
    await userEvent.keyboard("{Escape}");
    expect(await screen.findByRole("button", { name: /Try again/ })).toBeTruthy();
    expect(screen.queryByLabelText("Stage")).toBeNull();
    expect(asked).not.toHaveBeenCalledWith("resolve_merge", expect.anything());
  });

  it("announces what becomes of the change that one looks at", async () => {
    const { tell } = open("/activity?open=4");
    const said = await screen.findByText(/^We don’t know yet, checking/, { selector: '[role="status"]' });
    answers.outbox = OPS.map((one) => (one.id === "4" ? { ...one, state: "done", landed_at: "2026-11-18T21:11:00Z" } : one));
    tell({ event: "changed", is: ["outbox"] });
    await waitFor(() => expect(said.textContent).toMatch(/^Confirmed in HubSpot/));
    expect(said.isConnected).toBe(true);
  });

  it("opens the next change after one was taken back, and the focus is on its row", async () => {
    open("/activity?open=1");
    await userEvent.click(await screen.findByRole("button", { name: /Take back/ }));
    await waitFor(() => expect(asked).toHaveBeenCalledWith("settle_op", { op: "1", answer: "withdraw" }));
    await screen.findByText("Taken back; the CRM keeps what it has");
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
    expect(document.activeElement?.getAttribute("aria-selected")).toBe("true");
    expect(document.activeElement?.getAttribute("aria-label")).not.toMatch(/Needs you/);
  });

  it.each([
    ["/activity?open=4", /New deal/],
    ["/conflicts?tab=notices&open=5", /Brightwater/],
  ])("Esc leaves %s where it is: the row stays the one that is meant", async (path, name) => {
    open(path);
    const row = await screen.findByRole("row", { name });
    expect(row.getAttribute("aria-selected")).toBe("true");
    await userEvent.keyboard("{Escape}");
    expect(screen.getByRole("row", { name }).getAttribute("aria-selected")).toBe("true");
  });

  it.each(["/activity", "/activity?open=2", "/activity?tab=preview", "/activity?tab=audit", "/conflicts", "/conflicts?tab=held", "/conflicts?tab=notices"])("%s keeps nobody out", async (path) => {
    open(path);
    await waitFor(() => expect(document.querySelector('[role="toolbar"]')).toBeTruthy());
    // Colours and sizes are looked at in the real window.
    const { violations, passes } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    expect(passes.length).toBeGreaterThan(10);
  });

  it("confirms what was recovered with one key", async () => {
    open("/activity?open=r1");
    await screen.findByRole("heading", { name: "Declined Aller" });
    await userEvent.keyboard("c");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("confirm_recovered", "r1"));
  });

  it("says what undoing would put back and what stays before it does anything", async () => {
    open("/activity?open=2");
    await screen.findByRole("heading", { name: "Decision d2" });
    await userEvent.keyboard("u");
    expect(await screen.findByText("The task Book it goes into HubSpot's bin")).toBeTruthy();
    expect(screen.getByText("1 message has been released")).toBeTruthy();
    expect(asked).not.toHaveBeenCalledWith("undo_pushed", expect.anything());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("undo_pushed", { decision: "d2" }));
  });

  it("sends nothing by looking, and the batch by one approval", async () => {
    open("/activity?tab=preview");
    await screen.findByText("Stage: back to Proof");
    expect(asked).not.toHaveBeenCalledWith("sync", expect.anything());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("sync", { full: false, pull_only: false, push_only: false }));
  });

  it("opens the first change of a decision that the address names", async () => {
    open("/activity?open=d3");
    expect(await screen.findByRole("heading", { name: "Decision d3" })).toBeTruthy();
  });

  it("verifies the chain only when asked, and says where it is broken", async () => {
    open("/activity?tab=audit");
    await screen.findByRole("heading", { name: "Approved Hansa" });
    expect(asked).not.toHaveBeenCalledWith("verify_audit", expect.anything());
    await userEvent.keyboard("v");
    expect(await screen.findByText("The chain is broken at entry 5")).toBeTruthy();
  });

  it("shows was, yours and theirs with whose they are, and keeps one’s own for all that are alike", async () => {
    open("/conflicts");
    const field = await screen.findByRole("region", { name: "Amount" });
    expect(field.textContent).toMatch(/Was.*€100.*Yours.*€140\.50.*Mara, on mara-laptop.*Theirs.*€160.*Oskar Brandvold/);
    // The same change writes a stage that nobody contests: it hangs on the answer.
    expect((await screen.findByRole("row", { name: /Stage/ })).textContent).toBe("StageemptyCommercials");
    expect(screen.getByText("goes to HubSpot with yours, is given up with theirs")).toBeTruthy();
    await userEvent.keyboard("s");
    await screen.findByRole("button", { name: /Keep mine for 3/ });
    await userEvent.keyboard("m");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("resolve_merge", { op: "1", answer: "keep_mine", values: [], seen: [{ property: "amount", value: "160" }], same: true }));
  });

  it("writes another value: only what was changed is sent, and leaving the edit sends nothing", async () => {
    open("/conflicts");
    await screen.findByRole("region", { name: "Amount" });
    await userEvent.keyboard("e");
    const box = await screen.findByRole("textbox", { name: "Another value for amount" });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(asked).not.toHaveBeenCalledWith("resolve_merge", expect.anything());
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("textbox", { name: "Another value for amount" })).toBeNull();
    await userEvent.keyboard("e");
    expect(box.isConnected).toBe(false);
    await userEvent.clear(await screen.findByRole("textbox", { name: "Another value for amount" }));
    await userEvent.keyboard("150");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("resolve_merge", { op: "1", answer: "edit", values: [{ property: "amount", value: "150" }], seen: [{ property: "amount", value: "160" }], same: false }));
  });

  it("shows each fact before and after, and lets a held decision go on", async () => {
    open("/conflicts?tab=held");
    expect(await screen.findByText("Hansa, renewal")).toBeTruthy();
    expect(screen.getByText("nothing")).toBeTruthy();
    await userEvent.keyboard("o");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("release_held", { decision: "h1", go_on: true }));
  });

  it("shows a lost value with whose it was, and writes it back with one key", async () => {
    open("/conflicts?tab=notices");
    const field = await screen.findByRole("region", { name: "Close date" });
    expect(field.textContent).toMatch(/15 Jan.*Oskar Brandvold/);
    await userEvent.keyboard("r");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("restore_value", { id: 4 }));
  });
});
