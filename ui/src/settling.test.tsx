import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { Act, ConflictDetail, ConflictRow, InboxRow, RegistrationDetail } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const PARTIES = [
  { partner: "p1", name: "Brightwater" },
  { partner: "p2", name: "Rheintal" },
];
const claim = (id: string): InboxRow => ({ id, number: `DR-${id}`, company: id === "r1" ? "Ebersfeld" : "Hansa", partner: "Brightwater", motion: "reseller", kind: "deal", status: "submitted", amount: null, clock: null, group: "today", claimed_by: null, decision: null });
const registration = (id: string, act: Act = "approve"): RegistrationDetail => ({
  row: claim(id),
  claim: [],
  submitted_at: null,
  submitted_by: null,
  partner: { id: "p1", name: "Brightwater", partner_type: null, tier: null, status: null, open_deals: 0, open_amounts: [], open_registrations: 1, certified: 0 } as unknown as RegistrationDetail["partner"],
  certifications: [],
  checks: [],
  recommendation: { act, text: `${act}, as the policy says`, trace: [], flip: null, policy: 1 },
  similar: [],
  linkable: [],
  sellers: [],
  seller: null,
  protection_days: 90,
  protection_choices: [60, 90],
  drafts: { approve: "Dear Brightwater, yes.", decline: "no", ask: "a question" },
  history: [],
  crm_url: null,
});
const conflictRow = (id: string): ConflictRow => ({ id, kind: "horizontal", status: "active", state: "open", severity: 80, band: "high", account: "Ebersfeld", account_id: "a1", parties: PARTIES, value: null, signals: [], text: "two partners on Ebersfeld", first: "p1", raised_at: "2026-11-18T07:02:00Z", clock: null });
const conflict = (id: string, first: string): ConflictDetail => ({
  row: conflictRow(id),
  signals: [],
  points: [],
  records: [],
  ends_with: "",
  sides: [],
  verdict: { first, text: "", trace: [{ rule: "R-08", statement: "First qualified submission", fact: "the earlier complete submission, on 3 November", result: "decides" }], joint: false, turned_by: [], policy: 1 },
  clocks: [],
  plan: null,
  outcome: null,
  decision: null,
  appeal_until: null,
  acts: ["award", "split", "joint", "dismiss"],
  timeline: [],
  graph: [],
});
const letter = (party: string, to: string) => ({ party, to, subject: "Ebersfeld", text: `about ${to}` });

describe("an approval under an open channel conflict", () => {
  let answers: Record<string, unknown> = {};
  let first = "p1";

  beforeEach(() => {
    first = "p1";
    answers = {
      status: STATUS,
      settings: { theme: "system", lock_after: 0, owners: [] },
      outbox: [],
      inbox: { rows: [claim("r1"), claim("r2")], next: null, total: 2 },
      inbox_views: [],
      check_counts: { fails: 0, warnings: 0 },
      registration: (id: string) => registration(id),
      conflicts_against: (id: string) => (id === "r1" ? [conflict("c1", first)] : []),
      preview_settlement: { title: "", by_rule: true, records: [], drafts: [letter("p1", "Brightwater"), letter("p2", "Rheintal")], unmapped: [] },
      approve: { decision: "d1", title: "Approved Hansa" },
      approve_settling: { decision: "d2", title: "Approved Ebersfeld, awarded to Brightwater" },
      dismiss_conflicts: { done: ["c1"], decisions: ["d3"], failed: [] },
      undo: {},
    };
  });

  const key = (keys: string) => userEvent.keyboard(keys);
  const open = (path = "/inbox") => openWindow(path, byName(() => answers));
  const dialog = async () => {
    await screen.findByText("A channel conflict on this account is open");
    await key("a");
    return screen.findByRole("dialog", { name: /Approve Ebersfeld/ });
  };

  it("decides both with one key and one confirm, shows what each party reads first, and is taken back with one", async () => {
    const { container } = open();
    const box = await dialog();
    expect(sent("approve")).toEqual([]);
    expect(within(box).getByText(/puts this partner first: the earlier complete submission/)).toBeTruthy();
    // Who wins hears of it in the approval, not twice.
    expect(await within(box).findByRole("listitem", { name: "Message to Rheintal" })).toBeTruthy();
    expect(within(box).queryByRole("listitem", { name: "Message to Brightwater" })).toBeNull();
    expect(within(box).getByRole<HTMLTextAreaElement>("textbox", { name: "Message to Brightwater" }).value).toBe("Dear Brightwater, yes.");
    const { violations } = await axe.run(container.ownerDocument.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await key("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("approve_settling")).toEqual([{ approve: { registration: "r1" }, settle: [{ conflict: "c1", outcome: "awarded", winner: "p1", shares: [] }] }]));
    expect(await screen.findByText("Approved Ebersfeld, awarded to Brightwater")).toBeTruthy();
    expect(sent("approve")).toEqual([]);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await screen.findByRole("heading", { name: "Hansa" })).toBeTruthy();
    await key("z");
    await waitFor(() => expect(sent("undo")).toEqual([{ decision: "d2" }]));
  });

  it("against whom the policy puts first it needs a reason, and a split needs one too", async () => {
    first = "p2";
    open();
    const box = await dialog();
    await key("{Control>}{Enter}{/Control}");
    expect(await within(box).findByText(/The policy does not put this party first/)).toBeTruthy();
    await userEvent.click(within(box).getByRole("radio", { name: "Split" }));
    await userEvent.type(within(box).getByRole("textbox", { name: /^Why, kept/ }), "both work on it{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("approve_settling")).toEqual([expect.objectContaining({ settle: [{ conflict: "c1", outcome: "split", shares: [{ party: "p1", pct: 50 }, { party: "p2", pct: 50 }], reason: "both work on it" }] })]));
  });

  it("takes one sentence for both where the policy recommends otherwise too", async () => {
    first = "p2";
    answers.registration = (id: string) => registration(id, "decline");
    open();
    const box = await dialog();
    await userEvent.type(within(box).getByRole("textbox", { name: /^Why, kept/ }), "they brought it{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("approve_settling")).toEqual([{ approve: { registration: "r1", reason: "they brought it" }, settle: [expect.objectContaining({ winner: "p1", reason: "they brought it" })] }]));
  });

  it("puts it aside with a reason and approves, and takes back both, the approval first", async () => {
    open();
    const box = await dialog();
    await userEvent.click(within(box).getByRole("radio", { name: "Dismiss" }));
    await userEvent.type(within(box).getByRole("textbox", { name: /^Why it is put aside/ }), "one group{Control>}{Enter}{/Control}");
    await waitFor(() => expect(sent("dismiss_conflicts")).toEqual([{ conflicts: ["c1"], reason: "one group" }]));
    await waitFor(() => expect(sent("approve")).toEqual([{ registration: "r1" }]));
    expect(sent("approve_settling")).toEqual([]);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await key("z");
    await waitFor(() => expect(sent("undo")).toEqual([{ decision: "d1" }, { decision: "d3" }]));
  });

  it("approves nothing when it cannot be put aside, and says why", async () => {
    answers.dismiss_conflicts = { done: [], decisions: [], failed: [{ conflict: "c1", why: "it is settled" }] };
    open();
    const box = await dialog();
    await userEvent.click(within(box).getByRole("radio", { name: "Dismiss" }));
    await userEvent.type(within(box).getByRole("textbox", { name: /^Why it is put aside/ }), "one group{Control>}{Enter}{/Control}");
    expect(await within(box).findByText(/it is settled Nothing was approved/)).toBeTruthy();
    expect([sent("approve"), sent("approve_settling")]).toEqual([[], []]);
  });

  it("keeps every typed word when Rust refuses, and one that stands against nothing stays one key", async () => {
    answers.approve_settling = { code: "needs_attention", message: "The credit is locked" };
    open();
    const box = await dialog();
    await userEvent.type(within(box).getByRole("textbox", { name: /^Why/ }), "agreed{Control>}{Enter}{/Control}");
    expect(await within(box).findByText("It was not approved")).toBeTruthy();
    expect(within(box).getByRole<HTMLTextAreaElement>("textbox", { name: /^Why/ }).value).toBe("agreed");
    await key("{Escape}j");
    await screen.findByRole("heading", { name: "Hansa" });
    await key("a");
    await waitFor(() => expect(sent("approve")).toEqual([{ registration: "r2" }]));
  });
});
