import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { BackupRow, Repaired, Restored, Status } from "./api/api.gen";
import { STATUS, asked, byName, openWindow } from "./test-kit";

const status = (phase: Status["phase"], change: Partial<Status> = {}): Status => ({ ...STATUS, phase, workspace: phase === "none" ? null : "w", me: null, ...change });
const settings = { theme: "light", lock_after: 0, owners: [], key_in: "keyring", version: "0.1.0", store_bytes: 1, folder: "folder", decision_within: "48 hours", protection_days: 90 };
const BACKUPS: BackupRow[] = [
  { name: "2026-11-18.db", made_at: "2026-11-18T06:00:00Z", bytes: 412_000_000 },
  { name: "2026-11-17.db", made_at: "2026-11-17T06:00:00Z", bytes: 411_000_000 },
];
const REPAIRED: Repaired = { damaged: true, kept: "/w/store.db.damaged", open: 3, from_journal: 1, doubted: 2, torn: [], text: "The workspace has a new file with what could be read" };
const RESTORED: Restored = { file: "2026-11-18.db", kept: "/w/store.db.before-restore", doubted: 2, recovered: ["Approved Hansa"], landed: ["Declined Aller"], unread: null };
const DAMAGED = { code: "damaged", message: "The workspace’s file is damaged", kept: "Nothing was deleted", next: "Run `drumbeat doctor --repair`" };

let answers: Record<string, unknown> = {};

const open = (path: string) => openWindow(path, byName(() => answers));

beforeEach(() => {
  answers = { status: status("ready"), settings, backups: BACKUPS, covers: [], recovered: [], workspaces: [{ id: "w", name: "Halden EU", vendor: "hubspot", passphrase: false }], reviews: [], repair: REPAIRED, restore_backup: RESTORED };
});

describe("the data of a workspace", () => {
  it("are repaired only after it was said what that does, and what was done stays to be read", async () => {
    open("/settings");
    await screen.findByText(/2 backups, the newest/);
    await userEvent.keyboard("r");
    const dialog = await screen.findByRole("dialog", { name: "Repair the file" });
    expect(within(dialog).getByText("The damaged file is kept beside it.")).toBeTruthy();
    expect(within(dialog).queryByLabelText("Passphrase")).toBeNull();
    expect(asked).not.toHaveBeenCalledWith("repair", expect.anything());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("repair", {}));
    expect(await screen.findByText("The file was repaired")).toBeTruthy();
    expect(screen.getByText(REPAIRED.text)).toBeTruthy();
  });

  it("are repaired with the passphrase where the key needs it; it is kept nowhere", async () => {
    answers.settings = { ...settings, key_in: "passphrase" };
    const { client } = open("/settings");
    await screen.findByText(/2 backups/);
    await userEvent.keyboard("r");
    const box = await screen.findByLabelText("Passphrase");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(asked).not.toHaveBeenCalledWith("repair", expect.anything());
    await userEvent.type(box, "correct horse{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("repair", { passphrase: "correct horse" }));
    await waitFor(() => expect(JSON.stringify(client.getMutationCache().getAll().map((one) => one.state.variables))).not.toContain("horse"));
  });

  it("go back to a backup, the newest unless another is chosen, and what it lacks is named", async () => {
    open("/settings");
    await screen.findByText(/2 backups/);
    await userEvent.keyboard("b");
    await screen.findByRole("dialog", { name: "Put a backup back" });
    expect(asked).not.toHaveBeenCalledWith("restore_backup", expect.anything());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked).toHaveBeenCalledWith("restore_backup", { name: "2026-11-18.db" }));
    expect(within(await screen.findByRole("list", { name: /wait for your word/ })).getByText("Approved Hansa")).toBeTruthy();
    expect(within(screen.getByRole("list", { name: /in the CRM already/ })).getByText("Declined Aller")).toBeTruthy();
  });

  it("say that there is no backup, and offer none", async () => {
    answers.backups = [];
    open("/settings");
    await screen.findByText("no backup yet; one is made every day after a sync");
    await userEvent.keyboard("b");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("of the sample are not repaired: it leaves nothing behind", async () => {
    answers.status = status("ready", { sample: true });
    open("/settings");
    await screen.findByText("This computer");
    await userEvent.keyboard("r");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("say over the lock what is being done while the workspace is closed for it, and then what was done", async () => {
    let finish: (done: Repaired) => void = () => {};
    answers.repair = new Promise<Repaired>((done) => {
      finish = done;
    });
    const { tell } = open("/settings");
    await screen.findByText(/2 backups/);
    await userEvent.keyboard("r");
    await screen.findByRole("dialog", { name: "Repair the file" });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    answers.status = status("locked");
    tell({ event: "changed", is: ["workspace"] });
    expect(await screen.findByText("The file is being repaired")).toBeTruthy();
    expect(screen.queryByLabelText("Passphrase")).toBeNull();
    answers.status = status("ready");
    act(() => finish(REPAIRED));
    tell({ event: "changed", is: ["workspace"] });
    expect(await screen.findByText(REPAIRED.text)).toBeTruthy();
  });
});

describe("a damaged file", () => {
  it("is repaired from the lock, with the passphrase typed once more", async () => {
    answers.status = status("locked");
    answers.unlock = DAMAGED;
    open("/today");
    await userEvent.type(await screen.findByLabelText("Passphrase"), "correct horse{Enter}");
    const notice = await screen.findByRole("alert");
    expect(notice.textContent).toContain("The workspace’s file is damaged");
    expect(document.body.textContent).not.toContain("drumbeat doctor");
    await userEvent.type(screen.getByLabelText("Passphrase"), "correct horse");
    await userEvent.click(within(notice).getByRole("button", { name: "Repair it" }));
    await waitFor(() => expect(asked).toHaveBeenCalledWith("repair", { passphrase: "correct horse" }));
  });

  it("of a workspace that does not open is repaired from Welcome", async () => {
    answers.status = status("none");
    answers.open_workspace = DAMAGED;
    open("/welcome");
    await userEvent.click(await screen.findByRole("button", { name: /Open Halden EU/ }));
    await userEvent.click(await screen.findByRole("button", { name: "Repair it" }));
    await waitFor(() => expect(asked).toHaveBeenCalledWith("repair", {}));
  });
});

it("what still differs from the CRM stands in red over every screen, as an alert", async () => {
  answers.status = status("ready", { differs: "What is here differs from the CRM, also after it was read again: 3 deals. Every sync looks again" });
  open("/settings");
  await screen.findByText("This computer");
  const said = screen.getAllByRole("alert").map((one) => one.textContent);
  expect(said).toContain("What is here differs from the CRM, also after it was read again: 3 deals. Every sync looks again");
});
