import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Act, ClockLine, ClockRecord, DealDetail, DealPartners, DealRow, InboxRow, Life, RegistrationDetail, Status, Today } from "./api/api.gen";
import { STATUS, openWindow, sent } from "./test-kit";

const NOW = new Date().toISOString();
const status: Status = { ...STATUS, now: NOW, counts: { ...STATUS.counts, inbox: 3, deals: 1, partners: 1 } };

const ACT: Record<string, Act> = { hansa: "approve", voss: "decline", baltic: "approve", gone: "decline" };
const rows: InboxRow[] = Object.keys(ACT).map((id) => ({
  id,
  number: `DR-${id}`,
  company: id,
  partner: "Altmark IT",
  motion: "reseller",
  kind: "deal",
  status: id === "gone" ? ("declined" as const) : ("submitted" as const),
  amount: null,
  clock: null,
  group: "today",
  claimed_by: null,
  decision: null,
}));
const LIFE: Life = { acts: [], appeals: [], appeal: null, appeal_until: null, extensions: [], extension: null, protection: null, idle_days: null, warned: null, release_from: null, meeting: null, meeting_by: null, handovers: [], replies: [], lead: null, converted_to: null, part: null, snoozed: null, assigned: null, unread: false };
const registration = (id: string): RegistrationDetail => ({
  row: rows.find((row) => row.id === id) as InboxRow,
  life: { ...LIFE, ...(id === "voss" && { conversion: "Salesforce converts the lead into its deal, which cannot be taken back." }), acts: id === "gone" ? [{ act: "open_appeal", against: null }] : [] },
  claim: [{ label: "Competitor", value: "Orbis", internal: true }],
  submitted_at: null,
  submitted_by: null,
  partner: null,
  certifications: [],
  checks: [{ rule: "R-04.9", name: "Duplicate registration", outcome: ACT[id] === "decline" ? "fail" : "pass", fact: "held by LR-9", records: [], flip: null }],
  recommendation: { act: ACT[id] ?? "approve", text: `${ACT[id]}, as the policy says`, trace: [], flip: null, policy: 1 },
  similar: [],
  linkable: [],
  sellers: [],
  seller: null,
  protection_days: 90,
  protection_choices: [60, 90],
  drafts: { approve: "Dear Jana, yes.", decline: "Dear Jana, no.", ask: "Dear Jana, a question." },
  history: [],
  crm_url: null,
});

const dealRow: DealRow = {
  id: "d1",
  name: "Plan and Edge",
  account: "Hansa",
  partner: "Altmark IT",
  amount: { amount: "184000.00", currency: "EUR" },
  stage: "Qualification",
  position: 2,
  outcome: "open",
  stalled: false,
  motion: "reseller",
  attribution: null,
  attribution_pct: null,
  hygiene: 60,
  protection_end: null,
  close_date: null,
  notes_at: null,
  pending: false,
};
const deal: DealDetail = {
  row: dealRow,
  converted: null,
  account_id: null,
  partner_id: null,
  owner: null,
  fields: [{ field: "next_step", label: "Next step", value: "Call", shown: "Call", holds: "text", options: [], need: "advised", state: "present", editable: true, pending: true, theirs: "Write" }],
  stages: [{ value: "s2", label: "Qualification" }],
  touches: [],
  movements: [],
  crm_url: null,
};
const PARTNERS: DealPartners = {
  deal: "d1",
  partners: [{ share: { partner: "p1", role: "resale", attribution: "sourced", pct: 100, part: null }, name: "Altmark IT" }],
  free_pct: 0,
  locked: { at: NOW, by: "Mara Lindqvist" },
  amendments: [],
  influences: [],
  roles: ["resale", "services"],
  unread: false,
};
const today: Today = {
  lines: [{ block: "due", title: "Hansa", text: "a registration to decide", due: NOW, opens: { to: "registration", id: "hansa" }, amount: null }],
  counts: [],
  since: null,
  review: null,
  next_review: null,
  next_call: null,
  pipeline: [],
  attainment: { met: 0, of: 0 },
};

const clock = (rule: string, title: string, hours: number): ClockLine => ({ clock: { rule, started: NOW, due: new Date(Date.now() + hours * 3_600_000).toISOString(), state: hours < 0 ? "over" : "running", since: null }, title, partner: "Altmark IT", opens: { to: "registration", id: "hansa" } });
const CLOCKS = [clock("S-02", "Decide Voss", -3), clock("S-04", "Hold the first meeting with Hansa", 30), clock("S-02", "Decide Hansa", 5)];
const KEPT: ClockRecord = { rule: "S-04", name: "First meeting", target: "10 business days", met: 3, breached: 1, over: 1, baseline: 0, median_left: 50_400, reached: null, worst: [], partial: false };
let decisions = 0;

function answer(name: string, request: { filter?: { motion?: string }; motion?: string; registration?: string } & string): unknown {
  switch (name) {
    case "status":
      return status;
    case "settings":
      return { theme: "system", lock_after: 0, owners: [] };
    case "inbox":
      return { rows, next: null, total: rows.length };
    case "check_counts":
      return { fails: 0, warnings: 0 };
    case "registration":
      return registration(request);
    case "inbox_views":
    case "save_inbox_view":
      return [{ name: "Unclaimed", query: { scope: "unassigned", show: "open", sort: "submitted", direction: "ascending", limit: 50 } }];
    case "deal_partners":
      return PARTNERS;
    case "partners":
      return { rows: [{ id: "p1", name: "Altmark IT" }, { id: "p2", name: "Nordvik Consulting" }], next: null, total: 2 };
    case "message_draft":
      return { to: "Jana Brandt", address: "jana@altmark.example", subject: "Your registration", text: "Dear Jana, yes." };
    case "save_message":
      return { file: "Your registration.eml" };
    case "bulk":
      return {
        rows: [
          { registration: "hansa", company: "hansa", decided: { decision: "d-hansa", title: "Approved hansa", at: NOW }, refused: null, next: null },
          { registration: "voss", company: "voss", decided: null, refused: "It was decided on another computer.", next: "Sync and look again." },
        ],
        done: 1,
        refused: 1,
      };
    case "deals":
      return request.filter?.motion === "reseller" ? { rows: [dealRow], next: null, total: 1 } : { rows: [], next: null, total: 0 };
    case "deal_totals":
      return request.motion === undefined || request.motion === "reseller" ? { count: 1, sums: [dealRow.amount] } : { count: 0, sums: [] };
    case "deal":
      return deal;
    case "deal_conflicts":
      return [];
    case "deal_standing":
      return { deal: "d1", motion: null, stage: null, criteria: [], stages: [], next: null, checks: [], held: false, signals: [], rank: 0, protection: null, plan: [], evidence_required: false };
    case "deal_views":
      return [];
    case "today":
      return today;
    case "clocks":
      return { now: NOW, rows: CLOCKS, rules: [] };
    case "attainment":
      return { from: "2026-10-22", to: "2026-11-21", rows: [{ ...KEPT, rule: "S-02", name: "Decision" }, KEPT] };
    case "undo":
      return {};
    case "reviews":
    case "workspaces":
      return [];
    default:
      decisions += 1;
      return { decision: `decision ${decisions}`, title: `Done ${name} ${request.registration ?? ""}`, at: NOW };
  }
}

const open = (path: string) => openWindow(path, answer);
const isOpen = (title: string) => screen.findByRole("heading", { level: 2, name: title });

beforeEach(() => {
  decisions = 0;
});

describe("the inbox", () => {
  it("approves with one key when the policy says so, opens the next, and Z takes it back", async () => {
    open("/inbox");
    await isOpen("hansa");
    await userEvent.keyboard("a");
    await isOpen("voss");
    expect(sent("approve")).toEqual([{ registration: "hansa" }]);
    await userEvent.keyboard("z");
    await isOpen("hansa");
    expect(sent("undo")).toEqual([{ decision: "decision 1" }]);
  });

  it("asks for a reason when the policy says otherwise, and sends nothing without one", async () => {
    open("/inbox?open=voss");
    await isOpen("voss");
    await userEvent.keyboard("a");
    const dialog = await screen.findByRole("dialog", { name: /Approve voss/ });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText(/say why in a sentence/)).toBeTruthy();
    expect(within(dialog).getByText(/days of protection.*cannot be taken back/)).toBeTruthy();
    expect(sent("approve")).toEqual([]);
    await userEvent.type(within(dialog).getByLabelText(/Reason/), "Agreed with sales");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await isOpen("baltic");
    expect(sent("approve")).toEqual([{ registration: "voss", reason: "Agreed with sales" }]);
  });

  it("declines with the reason that the failing check suggests", async () => {
    open("/inbox?open=voss");
    await isOpen("voss");
    await userEvent.keyboard("d");
    await screen.findByRole("dialog", { name: /Decline voss/ });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await isOpen("baltic");
    expect(sent("decline")).toEqual([{ registration: "voss", reason: "duplicate" }]);
  });

  it("declines with another reason by its digit, and words typed elsewhere choose none", async () => {
    open("/inbox?open=voss");
    await isOpen("voss");
    await userEvent.keyboard("d");
    const dialog = await screen.findByRole("dialog", { name: /Decline voss/ });
    await userEvent.keyboard("4");
    expect(within(dialog).getByRole<HTMLInputElement>("radio", { name: /Territory/ }).checked).toBe(true);
    await userEvent.type(within(dialog).getByLabelText(/in words/), "5 depots");
    await userEvent.click(within(dialog).getByRole("radio", { name: /Territory/ }));
    await userEvent.keyboard("{Enter}");
    await isOpen("baltic");
    expect(sent("decline")).toEqual([{ registration: "voss", reason: "territory", text: "5 depots" }]);
  });

  it("decides a selection with one confirmation, shows each row's verdict before and its outcome after, and keeps the refused one marked", async () => {
    open("/inbox");
    await isOpen("hansa");
    await userEvent.keyboard("x{Shift>}J{/Shift}a");
    const dialog = await screen.findByRole("dialog", { name: /Approve 2 registrations/ });
    await within(dialog).findByText("decline, as the policy says");
    const reason = await within(dialog).findByLabelText(/Reason for the 1/);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText("Say why in a sentence")).toBeTruthy();
    expect(sent("bulk")).toEqual([]);
    await userEvent.type(reason, "Agreed");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await within(dialog).findByText(/decided on another computer/);
    expect(sent("bulk")).toEqual([{ registrations: ["hansa", "voss"], act: "approve", reason: "Agreed" }]);
    await userEvent.keyboard("{Escape}");
    await screen.findByText("1 selected");
    await userEvent.keyboard("{Escape}z");
    await vi.waitFor(() => expect(sent("undo")).toEqual([{ decision: "d-hansa" }]));
  });

  it("puts aside until a day chosen by its digit, and opens the next", async () => {
    open("/inbox");
    await isOpen("hansa");
    await userEvent.keyboard("s");
    await screen.findByRole("dialog", { name: /Put aside hansa/ });
    await userEvent.keyboard("3{Enter}");
    await isOpen("voss");
    const [request] = sent("snooze") as { registration: string; until: string }[];
    expect(request?.registration).toBe("hansa");
    expect(new Date(request?.until ?? "").getDay()).toBe(1);
  });

  it("keeps the view on screen under a name and opens it again by its digit", async () => {
    open("/inbox?scope=mine&sort=company");
    await isOpen("hansa");
    await userEvent.keyboard("v");
    const dialog = await screen.findByRole("dialog", { name: /Views/ });
    await userEvent.type(await within(dialog).findByLabelText(/Name of the view/), "Mine by name{Enter}");
    await vi.waitFor(() => expect(sent("save_inbox_view")).toEqual([{ name: "Mine by name", query: expect.objectContaining({ scope: "mine", sort: "company" }) }]));
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.keyboard("v");
    await screen.findByRole("dialog", { name: /Views/ });
    await screen.findByText("Unclaimed");
    await userEvent.keyboard("1");
    await vi.waitFor(() => expect(sent("inbox")).toContainEqual(expect.objectContaining({ scope: "unassigned", sort: "submitted" })));
  });

  it("takes an appeal with its evidence, and says what is missing first", async () => {
    open("/inbox?show=decided&open=gone");
    await isOpen("gone");
    await userEvent.keyboard("p");
    const dialog = await screen.findByRole("dialog", { name: /Open an appeal/ });
    await userEvent.type(within(dialog).getByLabelText(/What the partner says/), "We met them first");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText(/needs evidence/)).toBeTruthy();
    await userEvent.click(within(dialog).getByRole("button", { name: /Add evidence/ }));
    await userEvent.type(within(dialog).getByLabelText(/What it says/), "Minutes of the call");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("open_appeal")).toEqual([{ registration: "gone", text: "We met them first", proofs: [{ kind: "meeting", day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), text: "Minutes of the call" }] }]));
  });

  it("drafts a message to edit, and saves it as a file", async () => {
    open("/inbox");
    await isOpen("hansa");
    await userEvent.keyboard("{Shift>}M{/Shift}");
    const dialog = await screen.findByRole("dialog", { name: /Message to the partner/ });
    await userEvent.type(await within(dialog).findByLabelText("Text"), " Call me.");
    await userEvent.click(within(dialog).getByRole("button", { name: /Save as .eml/ }));
    await vi.waitFor(() => expect(sent("save_message")).toEqual([{ to: "Jana Brandt", address: "jana@altmark.example", subject: "Your registration", text: "Dear Jana, yes. Call me." }]));
  });
});

describe("deals", () => {
  it("say what is not sent and what the CRM has, and save what changed as one decision", async () => {
    open("/deals?open=d1");
    await isOpen("Plan and Edge");
    expect(screen.getByText(/not sent, the CRM has/).textContent).toContain("Write");
    await userEvent.keyboard("e");
    const amount = await screen.findByLabelText("Amount");
    await userEvent.clear(amount);
    await userEvent.type(amount, "190000");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("edit_deal")).toEqual([{ deal: "d1", set: [{ field: "amount", value: "190000" }], confirm: [] }]));
    await screen.findByRole("button", { name: /Edit/, description: "" });
  });

  it("amend a locked credit with a reason, and never give more than a hundred points", async () => {
    open("/deals?open=d1");
    await isOpen("Plan and Edge");
    await screen.findByText(/locked since/);
    await userEvent.keyboard("p");
    const dialog = await screen.findByRole("dialog", { name: /Amend the credit/ });
    const share = within(dialog).getByLabelText("Share, %");
    await userEvent.clear(share);
    await userEvent.type(share, "101");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText(/The shares are 101 %.*say why it is amended/)).toBeTruthy();
    expect(sent("set_partners")).toEqual([]);
    await userEvent.clear(share);
    await userEvent.type(share, "80");
    expect(within(dialog).getByText("80 % given, 20 % free")).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText(/Why it is amended/), "Agreed with Altmark");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("set_partners")).toEqual([{ deal: "d1", partners: [{ partner: "p1", role: "resale", attribution: "sourced", pct: 80, part: null }], reason: "Agreed with Altmark" }]));
  });

  it("Esc leaves the edit, then the deal", async () => {
    open("/deals?open=d1");
    await isOpen("Plan and Edge");
    await userEvent.keyboard("e");
    await screen.findByLabelText("Amount");
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByLabelText("Amount")).toBeNull();
    await userEvent.keyboard("{Escape}");
    expect(await screen.findByRole("grid", { name: "Deals: Open by motion" })).toBeTruthy();
    expect(sent("edit_deal")).toEqual([]);
  });
});

describe("today", () => {
  it("says which clock runs out next, and how the others were kept and by how much", async () => {
    open("/today");
    const next = within(await screen.findByRole("list", { name: "Clocks that run out next" })).getAllByRole("listitem");
    expect(next.map((line) => line.textContent)).toEqual([expect.stringMatching(/^Decide HansaS-02 · Altmark IT/), expect.stringMatching(/^Hold the first meeting with HansaS-04 · Altmark IT/)]);
    const kept = await screen.findByRole("list", { name: "How the other clocks were kept" });
    expect(within(kept).getByText("3 of 4, typically 14 h to spare, 1 still over")).toBeTruthy();
    expect(within(kept).queryByText("Decision")).toBeNull();
  });

  it("opens the place of a line with Enter", async () => {
    open("/today");
    await screen.findByText("a registration to decide");
    await userEvent.keyboard("{Enter}");
    await isOpen("hansa");
  });
});
