import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Cover, SaveCovers } from "./api/api.gen";
import { dayOf } from "./format/time";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const settings = { theme: "light", lock_after: 0, key_in: "keyring", version: "0.1.0", store_bytes: 1, folder: "folder", decision_within: "48 hours", protection_days: 90, owners: [{ id: "o1", name: "Mara Lindqvist", email: "mara@x.example" }, { id: "o2", name: "Kai Brenner", email: "kai@x.example" }] };
const today = dayOf(Date.now());
const COVER: Cover = { away: "o1", by: "o2", from: today, to: today };
let covers: Cover[] = [];

const open = () =>
  openWindow(
    "/settings",
    byName(() => ({
      status: STATUS,
      settings,
      covers,
      backups: [],
      recovered: [],
      reviews: [],
      save_covers: (request: SaveCovers) => {
        covers = request.covers;
        return covers;
      },
    })),
  );

beforeEach(() => {
  covers = [];
});

describe("cover while away", () => {
  it("is added by keyboard once everything is said, and nothing is saved before", async () => {
    const { tell } = open();
    await screen.findByText("Nobody stands in for anybody");
    await userEvent.keyboard("c");
    const dialog = await screen.findByRole("dialog", { name: "Add a cover" });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(dialog).getByText("Choose who is away")).toBeTruthy();
    expect(within(dialog).getByText("Choose the last day")).toBeTruthy();
    expect(sent("save_covers")).toEqual([]);
    const choose = async (field: RegExp, person: RegExp) => {
      await userEvent.click(within(dialog).getByLabelText(field));
      await userEvent.click(await screen.findByRole("option", { name: person }));
    };
    await choose(/Who is away/, /Mara Lindqvist/);
    await choose(/Who covers/, /Kai Brenner/);
    await userEvent.click(within(within(dialog).getByRole("group", { name: "Last day" })).getByRole("button", { name: /Open calendar/ }));
    await userEvent.click(await screen.findByRole("button", { name: /^Today, / }));
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(sent("save_covers")).toEqual([{ covers: [COVER] }]));
    tell({ event: "changed", is: ["workspace"] });
    expect(await within(await screen.findByRole("list", { name: "Covers" })).findByText("in force")).toBeTruthy();
  });

  it("is taken away with its own button, comes back with Z, and is read out with who it is about", async () => {
    covers = [COVER];
    const { container, tell } = open();
    const list = await screen.findByRole("list", { name: "Covers" });
    expect((await axe.run(container, { rules: { region: { enabled: false }, "color-contrast": { enabled: false } } })).violations.map((one) => one.id)).toEqual([]);
    await userEvent.click(within(list).getByRole("button", { name: "Take away: Kai Brenner covers Mara Lindqvist" }));
    await vi.waitFor(() => expect(sent("save_covers")).toEqual([{ covers: [] }]));
    tell({ event: "changed", is: ["workspace"] });
    await screen.findByText("Nobody stands in for anybody");
    await userEvent.keyboard("z");
    await vi.waitFor(() => expect(sent("save_covers")).toEqual([{ covers: [] }, { covers: [COVER] }]));
  });
});
