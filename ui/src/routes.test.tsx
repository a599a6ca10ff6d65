import { act, cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Status } from "./api/api.gen";
import { toast } from "./components/toasts";
import { STATUS, asked, byName, openWindow } from "./test-kit";

const status = (phase: Status["phase"]): Status => ({ ...STATUS, phase, workspace: phase === "none" ? null : "w", counts: { ...STATUS.counts, inbox: 13, inbox_over: 2, deals: 410, partners: 31 } });
const line = { kind: "deal", field: "motion", label: "Motion", property: "partner_motion", property_label: null, holds: "choice", wanted: true, samples: ["reseller"], candidates: [] };
const mapping = { mapping: { fields: {}, pipelines: [], me: null, go_live: null }, lines: [line], pipelines: [], owners: [], go_live: null };

let answers: Record<string, unknown> = {};

const open = (path: string) => openWindow(path, byName(() => answers));

beforeEach(() => {
  answers = { settings: { theme: "system", lock_after: 0 }, workspaces: [], status: status("none") };
});

describe("Welcome", () => {
  it("is where a window without a workspace opens, and offers the sample first", async () => {
    open("/inbox");
    expect(await screen.findByRole("button", { name: /Explore with sample data/ })).toBe(document.activeElement);
    expect(screen.getByRole("button", { name: /Connect HubSpot/ })).toBeTruthy();
  });

  it("says that a token is missing and asks nothing of the CRM", async () => {
    open("/welcome?step=connect");
    await screen.findByLabelText("Private-app token or service key");
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByText("Paste the token of a private app, or a service key")).toBeTruthy();
    expect(asked).not.toHaveBeenCalledWith("connect", expect.anything());
  });

  it("gives the token to Rust, forgets it, and goes on to the fields", async () => {
    answers.connect = { workspace: "w", account: "Halden EU", account_id: "1", read_only: null, mapping };
    answers.mapping = mapping;
    open("/welcome?step=connect");
    await userEvent.type(await screen.findByLabelText("Private-app token or service key"), "pat-1234");
    answers.status = status("connected");
    await userEvent.keyboard("{Enter}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("connect", { vendor: "hubspot", token: "pat-1234", base_url: null, passphrase: null }));
    expect(document.body.innerHTML).not.toContain("pat-1234");
  });

  it("shows what would be created before anything is, and creates only when told to", async () => {
    answers.status = status("connected");
    const item = { object: "deal", object_name: "deals", property: "drumbeat_key", label: "Drumbeat key", why: "finds it again", unique: true, present: false };
    answers.provision_plan = { items: [item], missing: 1, refused: null };
    answers.provision = { items: [{ ...item, present: true }], missing: 0, refused: null };
    open("/welcome?step=create");
    expect(await screen.findByText("Will be created")).toBeTruthy();
    expect(asked).not.toHaveBeenCalledWith("provision", expect.anything());
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByRole("button", { name: "Start the first sync" })).toBeTruthy();
    expect(asked).toHaveBeenCalledWith("provision", {});
  });

  it.each([
    ["hubspot", "HubSpot property", "1 property missing, 0 already there", "Create 1 property"],
    ["salesforce", "Salesforce field", "1 field missing, 0 already there", "Create 1 field"],
  ] as const)("speaks of %s in its own words", async (vendor, column, missing, create) => {
    answers.status = { ...status("connected"), vendor };
    answers.mapping = mapping;
    const item = { object: "deal", object_name: "Deal", property: "Key__c", label: "Drumbeat key", why: "finds it again", unique: true, present: false };
    answers.provision_plan = { items: [item], missing: 1, refused: null };
    open("/welcome?step=fields");
    expect(await screen.findByRole("columnheader", { name: column })).toBeTruthy();
    cleanup();
    open("/welcome?step=create");
    expect(await screen.findByText(missing, { exact: false })).toBeTruthy();
    expect(await screen.findByRole("button", { name: new RegExp(create) })).toBeTruthy();
    // Only Salesforce takes a package.
    answers.save_admin_package = { file: "/home/alex/Drumbeat for Salesforce.zip" };
    await userEvent.keyboard("p");
    if (vendor === "salesforce") expect(await screen.findByText("Saved as /home/alex/Drumbeat for Salesforce.zip")).toBeTruthy();
    else expect(screen.queryByRole("button", { name: /Save the package/ })).toBeNull();
  });

  it("says at the end what was found", async () => {
    answers.status = status("ready");
    answers.today = { pipeline: [] };
    open("/welcome?step=ready");
    expect(await screen.findByText("open registrations")).toBeTruthy();
    expect(screen.getByText("2 of them over the time to decide")).toBeTruthy();
  });
});

describe("the lock", () => {
  it("stands in place of every screen, asks for the passphrase and does not keep it", async () => {
    answers.status = status("locked");
    answers.unlock = status("locked");
    open("/deals");
    await userEvent.type(await screen.findByLabelText("Passphrase"), "correct horse");
    await userEvent.keyboard("{Enter}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("unlock", { passphrase: "correct horse" }));
    await vi.waitFor(() => expect(screen.getByLabelText<HTMLInputElement>("Passphrase").value).toBe(""));
    expect(asked).not.toHaveBeenCalledWith("deals", expect.anything());
  });
});

describe("the frame", () => {
  beforeEach(() => {
    answers.status = status("ready");
    answers.settings = { theme: "light", lock_after: 0, owners: [], key_in: "keyring", version: "0.1.0", store_bytes: 1, folder: "folder", decision_within: "48 hours", protection_days: 90 };
  });

  it.each(["/conflicts?tab=nonsense&from=yesterday", "/deals?view=%7B%7D&sort=%22drop%22&direction=1&from=%5B%5D", "/inbox?scope=everyone&show=3&sort=drop"])("a bad address is its screen’s default, not an error: %s", async (path) => {
    const { router } = openWindow(path, (name) => (name in answers ? answers[name] : new Promise(() => {})));
    expect(await screen.findByRole("heading", { level: 1 })).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
    const known = Object.values(router.state.matches.at(-1)?.search ?? {}).filter((value) => value !== undefined);
    expect(known).toEqual([]);
  });

  it("z takes back what the newest toast offers to take back, once", async () => {
    open("/settings");
    await screen.findByText("This computer");
    const undo = vi.fn();
    toast({ title: "Approved, in the outbox", undo });
    expect(await screen.findByText("Approved, in the outbox")).toBeTruthy();
    await userEvent.keyboard("zz");
    expect(undo).toHaveBeenCalledTimes(1);
    expect(screen.queryByText("Approved, in the outbox")).toBeNull();
  });

  it("a command that fails is told once, with what to do", async () => {
    answers.covers = [];
    answers.pack_look = { chosen: {}, accent: "#2F56C6", second: "#7590DE", logo: null };
    answers.save_settings = { code: "locked", message: "The workspace is locked", kept: "The old colours stay", next: "Unlock it and choose again" };
    open("/settings");
    await userEvent.click(await screen.findByRole("radio", { name: "Dark" }));
    const notice = await screen.findByRole("alert");
    expect(notice.textContent).toContain("The setting was not saved");
    expect(notice.textContent).toContain("The workspace is locked. The old colours stay. Unlock it and choose again");
  });

  it("Mod+K finds an action by a word of its name and runs it", async () => {
    open("/settings");
    await screen.findByText("This computer");
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.type(await screen.findByRole("combobox"), "offline{Enter}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("save_settings", { offline: true }));
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("goes over to another workspace, and takes neither a notice nor an undo along", async () => {
    const undo = vi.fn();
    answers.workspaces = [
      { id: "w", name: "Halden EU", vendor: "hubspot", passphrase: false },
      { id: "v", name: "Nordlicht", vendor: "salesforce", passphrase: false },
    ];
    answers.open_workspace = { ...status("ready"), workspace: "v" };
    open("/settings");
    await screen.findByText("This computer");
    act(() => toast({ title: "Approved", undo }));
    await userEvent.keyboard("{Control>}k{/Control}");
    await userEvent.type(await screen.findByRole("combobox"), "go over{Enter}");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("open_workspace", { workspace: "v" }));
    expect(asked).not.toHaveBeenCalledWith("open_workspace", { workspace: "w" });
    await userEvent.keyboard("z");
    expect(undo).not.toHaveBeenCalled();
    expect(screen.queryByText("Approved")).toBeNull();
  });

  it("? shows the keys, and letters do nothing behind it", async () => {
    open("/settings");
    await screen.findByText("This computer");
    await userEvent.keyboard("?");
    expect(await screen.findByRole("dialog", { name: /Keys/ })).toBeTruthy();
    await userEvent.keyboard("w");
    expect(screen.getByRole("dialog", { name: /Keys/ })).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await userEvent.keyboard("w");
    expect(await screen.findByRole("button", { name: /Explore with sample data/ })).toBeTruthy();
  });
});
