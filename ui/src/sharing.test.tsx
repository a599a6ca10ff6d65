import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PartnerDetail, ShareContents, ShareRequest, ShareRow } from "./api/api.gen";
import { dayOf } from "./format/time";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const row: PartnerDetail["row"] = { id: "p1", name: "Altmark IT", partner_type: "reseller", tier: "select", status: "active", open_deals: 0, open_amounts: [], open_registrations: 0, certified: 0, expiring: 0, last_touch: null };
const detail: PartnerDetail = { row, domain: null, country: null, owner: null, motions: [], territories: [], partner_since: null, won_quarter: [], won_quarter_count: 0, won_year: [], hygiene: 100, certifications: [], deals: [], registrations: [], touches: [], crm_url: null };
const today = dayOf(Date.now());
const CONTENTS: ShareContents = {
  partner: "p1",
  partner_name: "Altmark IT",
  at: STATUS.now,
  until: "2026-12-31",
  mark: "Altmark IT \u00b7 now \u00b7 0a1b2c3d4e",
  sections: [{ key: "deals", title: "7 deals, 3 of them open", rows: 7 }],
  withheld: ["Stage notes", "Discount band", "Program comparison"],
  pending: 2,
};
let shares: ShareRow[] = [];
let answer: unknown;

const open = () =>
  openWindow(
    "/partners",
    byName(() => ({
      status: STATUS,
      settings: { theme: "system", lock_after: 0, owners: [] },
      reviews: [],
      partners: { rows: [row], next: null, total: 1 },
      partner: detail,
      clocks: { rows: [], next: null, total: 0, counts: [] },
      shares,
      share_contents: (request: ShareRequest) => ({ ...CONTENTS, until: request.expires ?? CONTENTS.until }),
      share: answer,
    })),
  );

const ask = async () => {
  await screen.findByRole("heading", { name: "Altmark IT" });
  await userEvent.keyboard("{Shift>}F{/Shift}");
  const dialog = await screen.findByRole("dialog", { name: "Share with Altmark IT" });
  await within(dialog).findByText("7 deals, 3 of them open");
  return dialog;
};

beforeEach(() => {
  shares = [];
  answer = { made: { contents: CONTENTS, files: [{ path: "/home/mara/Altmark/Altmark IT pipeline.html", format: "html", bytes: 9, sha256: "0" }] } };
});

describe("sharing files with a partner", () => {
  it("says what is in them, what is not, until when and what is not in the CRM, before anything is asked for", async () => {
    const { container } = open();
    const dialog = await ask();
    for (const said of ["Stage notes", "Program comparison", "2 changes not in the CRM yet"]) expect(within(dialog).getByText(said)).toBeTruthy();
    expect(within(dialog).getByText(/that it holds until /)).toBeTruthy();
    expect(sent("share")).toEqual([]);
    expect((await axe.run(container.ownerDocument.body, { rules: { region: { enabled: false }, "color-contrast": { enabled: false } } })).violations.map((one) => one.id)).toEqual([]);
    await userEvent.keyboard("{Escape}");
    expect(sent("share")).toEqual([]);
  });

  it("writes the chosen kinds by keyboard and says where they are", async () => {
    open();
    const dialog = await ask();
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Table of lines" }));
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Excel" }));
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("share")).toEqual([{ partner: "p1", formats: ["html", "csv"], expires: "2026-12-31" }]));
    await screen.findByText("1 file for Altmark IT written");
    expect(await screen.findByText("/home/mara/Altmark; logged in Activity")).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("keeps everything when no folder was chosen, asks nothing without a kind of file, and says why it failed", async () => {
    answer = { made: null };
    open();
    const dialog = await ask();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("share")).toHaveLength(1));
    expect(screen.getByRole("dialog", { name: "Share with Altmark IT" })).toBeTruthy();
    answer = { code: "needs_attention", id: "pack.write", message: "The folder does not take it", kept: "No half-written file was left", next: null, path: null, conflicts: [] };
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await within(dialog).findByText(/The folder does not take it/);
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Web page" }));
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Excel" }));
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(sent("share")).toHaveLength(2);
  });

  it("shows what was shared before, with who, until when and its number", async () => {
    const of = (until: string, number: string): ShareRow => ({ partner: "p1", partner_name: "Altmark IT", at: STATUS.now, actor: "Mara Lindqvist", until, mark: `Altmark IT \u00b7 then \u00b7 ${number}`, formats: ["html", "csv"] });
    shares = [of(today, "0a1b2c3d4e"), of("2020-01-31", "ffffffffff"), { ...of(today, "of another"), partner: "p2" }];
    open();
    const list = await screen.findByRole("list", { name: "Shares" });
    const rows = within(list).getAllByRole("listitem");
    expect(rows).toHaveLength(2);
    expect(rows[0]?.textContent).toContain("Web page, Table of lines");
    expect(rows[0]?.textContent).toContain("Mara Lindqvist · 0a1b2c3d4e");
    expect(within(rows[1] as HTMLElement).getByText("over")).toBeTruthy();
  });
});
