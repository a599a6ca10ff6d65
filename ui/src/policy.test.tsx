import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { PolicyChecked, PolicyDraft, PolicyReplay, PolicyView } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const NOW = "2026-11-19T08:42:00Z";
const TEXT = "version = 14\n\n[protection]\ndefault_days = 75\n";
const view: PolicyView = {
  version: 14,
  effective: "2026-10-01",
  in_force: true,
  today: "2026-11-19",
  settings: [{ key: "protection.default_days", rule: "R-06", group: "Protection", label: "Protection", help: "From the approval.", value: 75, built_in: 90, form: { is: "number", least: 60, most: 90, unit: "days" } }],
  sections: [{ key: "protection", title: "Protection", sentences: [{ rule: "R-06", text: "An approval protects the partner for 75 days." }] }],
  text: TEXT,
  versions: [
    { version: 14, effective: "2026-10-01", until: null, in_force: true, built_in: false, saved_at: NOW, saved_by: "Mara Lindqvist", reason: "Shorter" },
    { version: 1, effective: "2026-01-01", until: "2026-09-30", in_force: false, built_in: true, saved_at: null, saved_by: null, reason: null },
  ],
};
const replay: PolicyReplay = {
  since: "2025-11-19",
  until: "2026-11-19",
  judged: 41,
  flipped: 1,
  helped: [],
  hurt: ["Corvane Solutions"],
  protected_before: [{ amount: "42500.00", currency: "EUR" }],
  protected_after: [],
  decisions: [
    { decision: "d1", registration: "7", number: "DR-7", company: "Ostermann Retail", partner: "Corvane Solutions", amount: null, decided_at: NOW, done: "approve", version: 14, before: "approve", after: "decline", flipped: true, why: [{ rule: "R-04.13", name: "Plausible close date", before: "passes", after: "fails: at most 90 days ahead" }] },
  ],
  conflicts_judged: 0,
  conflicts: [],
  unjudged: [],
};

/** What Rust would say of a draft: a value that is not a number is a problem with its place. */
function check(draft: PolicyDraft): PolicyChecked {
  const text = draft.text ?? (draft.changes.length > 0 ? TEXT.replace("75", "90") : TEXT);
  const lines = text.split("\n");
  const line = lines.findIndex((one) => /= \d*x/.test(one));
  if (line >= 0) return { text, problems: [{ line: line + 1, column: 16, message: "not a number", advice: "Write a whole number of days" }], changes: [] };
  return { text, problems: [], changes: [{ key: "protection.default_days", label: "Protection", before: "75 days", after: "90 days" }] };
}

const open = (path: string, more: Record<string, unknown> = {}) =>
  openWindow(
    path,
    byName(() => ({
      status: { ...STATUS, now: NOW, policy: 14 },
      settings: { theme: "system", lock_after: 0, owners: [] },
      reviews: [],
      policy: view,
      check_policy: check,
      save_policy: { ...view, version: 15 },
      policy_difference: [{ key: "protection.default_days", label: "Protection", before: "90 days", after: "75 days" }],
      replay_policy: replay,
      verdicts_moved: [{ conflict: "c7", account: "Ostermann Retail", at: NOW, text: "the verdict moved, under version 14 of the policy instead of 13: Altmark IT stands first", is_open: true }],
      publish_policy: { version: 14, text: "", files: [{ path: "Rules.pdf", format: "pdf", bytes: 84_210, sha256: "9f2c" }] },
      ...more,
    })),
  );

const saveKeys = "{Control>}s{/Control}";
const confirmKeys = "{Control>}{Enter}{/Control}";

describe("the policy", () => {
  it("changes a setting in the form and saves it with its reason and its day", async () => {
    open("/policy");
    const field = await screen.findByLabelText("Protection, in days");
    await userEvent.clear(field);
    await userEvent.type(field, "90");
    await screen.findByText("1 difference to the version in force");
    await userEvent.keyboard(saveKeys);
    const dialog = await screen.findByRole("dialog", { name: /Save as version 15/ });
    await userEvent.keyboard(confirmKeys);
    expect(within(dialog).getByText("Say why in a sentence")).toBeTruthy();
    expect(sent("save_policy")).toEqual([]);
    await userEvent.type(within(dialog).getByLabelText(/Why/), "As agreed");
    await userEvent.keyboard(confirmKeys);
    await vi.waitFor(() => expect(sent("save_policy")).toEqual([{ draft: { version: 14, changes: [{ key: "protection.default_days", value: 90 }] }, reason: "As agreed", effective: "2026-11-19", seen: 14 }]));
  });

  it("says at once that a number is out of its range, keeps what was typed and asks nothing", async () => {
    open("/policy");
    const field = await screen.findByLabelText<HTMLInputElement>("Protection, in days");
    await userEvent.clear(field);
    await userEvent.type(field, "91");
    expect(screen.getByText("From 60 to 90")).toBeTruthy();
    expect(field.value).toBe("91");
    expect(sent("check_policy")).not.toContainEqual(expect.objectContaining({ changes: [{ key: "protection.default_days", value: 91 }] }));
  });

  it("refuses an edited file with its line, leads there, and saves nothing", async () => {
    open("/policy?tab=file");
    const area = await screen.findByLabelText<HTMLTextAreaElement>("The policy file");
    fireEvent.change(area, { target: { value: TEXT.replace("75", "9x") } });
    await screen.findByText("1 problem to mend first");
    const problem = screen.getByRole("button", { name: /4:16.*not a number.*Write a whole number of days/ });
    await userEvent.click(problem);
    expect(document.activeElement).toBe(area);
    expect(area.selectionStart).toBe(area.value.indexOf("9x"));
    await userEvent.keyboard(saveKeys);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(sent("save_policy")).toEqual([]);
  });

  it("says which verdicts of channel conflicts have moved since the version in force", async () => {
    open("/policy?tab=versions");
    expect(await screen.findByText("1 verdict that moved since")).toBeTruthy();
    expect(screen.getByText(/under version 14 of the policy instead of 13/)).toBeTruthy();
    expect(sent("verdicts_moved")).toEqual([{ since: NOW }]);
    await userEvent.click(screen.getByRole("link", { name: "Ostermann Retail" }));
    await vi.waitFor(() => expect(sent("conflict")).toEqual([{ conflict: "c7" }]));
  });

  it("compares a version with the one before it", async () => {
    open("/policy?tab=versions");
    await screen.findByRole("heading", { level: 2, name: "Version 14" });
    await screen.findByText("90 days");
    expect(sent("policy_difference")).toEqual([{ before: 1, after: 14 }]);
  });

  it("replays the past under another version and says why a decision would differ", async () => {
    open("/policy?tab=replay");
    await screen.findByLabelText(/Judged by/);
    await userEvent.keyboard(confirmKeys);
    await screen.findByRole("heading", { level: 2, name: "Ostermann Retail" });
    expect(screen.getByText("fails: at most 90 days ahead")).toBeTruthy();
    expect(sent("replay_policy")).toEqual([{ draft: { version: 1, changes: [] }, until: "2026-11-19" }]);
    expect(screen.getByText("1 verdict", { selector: "b" }).parentElement?.textContent).toBe("1 verdict of 41 would be another");
  });

  it("shows only the decisions that move one way or by one rule, and Esc shows all again", async () => {
    const [decision] = replay.decisions;
    if (decision === undefined) throw new Error("a replay without decisions");
    const other = { ...decision, decision: "d2", company: "Nordvik Foods", before: "decline" as const, after: "ask" as const, why: [{ rule: "R-04.3", name: "Certification", before: "fails", after: "passes" }] };
    const more = { ...replay, flipped: 2, decisions: [decision, other] };
    open("/policy?tab=replay", { replay_policy: more });
    await screen.findByLabelText(/Judged by/);
    await userEvent.keyboard(confirmKeys);
    await screen.findByRole("heading", { level: 2, name: "Ostermann Retail" });
    await userEvent.click(within(screen.getByRole("group", { name: "Verdicts that move" })).getByRole("button", { name: /decline → ask 1/ }));
    await screen.findByRole("heading", { level: 2, name: "Nordvik Foods" });
    expect(screen.getByText("1 of 2 shown")).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByText("1 of 2 shown")).toBeNull());
    await userEvent.click(within(screen.getByRole("group", { name: "Rules that move them" })).getByRole("button", { name: /R-04\.13 Plausible close date 1/ }));
    await screen.findByText("1 of 2 shown");
    await screen.findByRole("heading", { level: 2, name: "Ostermann Retail" });
  });

  it("is published in the chosen forms", async () => {
    open("/policy?tab=document");
    await screen.findByText("An approval protects the partner for 75 days.");
    await userEvent.keyboard("{Shift>}P{/Shift}");
    const dialog = await screen.findByRole("dialog", { name: /Publish the rules/ });
    await userEvent.click(within(dialog).getByRole("checkbox", { name: /Markdown/ }));
    await userEvent.keyboard(confirmKeys);
    await within(dialog).findByText(/Rules\.pdf/);
    expect(sent("publish_policy")).toEqual([{ formats: ["markdown", "pdf"] }]);
  });
});
