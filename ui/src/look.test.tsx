import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { LookChecked, PackLook, SaveLook } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const settings = { theme: "light", lock_after: 0, key_in: "keyring", version: "0.1.0", store_bytes: 1, folder: "folder", decision_within: "48 hours", protection_days: 90, owners: [] };
const LOGO = { id: "l1", picture: "data:image/png;base64,iVBORw0KGgo=", bytes: 12_000, width: 640, height: 160 };
const OWN: PackLook = { chosen: {}, accent: "#2F56C6", second: "#7590DE", logo: null };
let look: PackLook = OWN;
let chosen: unknown = { logo: LOGO };

/** What the program says of a draft, in short. */
function check({ accent, second }: SaveLook): LookChecked {
  const found: LookChecked["found"] = [];
  if (accent === "#ffe680") found.push({ part: "accent", refused: true, text: "White text has a contrast of 1.2 on #FFE680, and needs 3" });
  if (second === "#d8e0f6") found.push({ part: "second", refused: false, text: "Bars of this colour have a contrast of 1.3 on white, and are seen well from 3" });
  return { accent: accent ?? OWN.accent, second: second ?? OWN.second, found };
}

const open = () =>
  openWindow(
    "/settings",
    byName(() => ({
      status: STATUS,
      settings,
      covers: [],
      backups: [],
      recovered: [],
      reviews: [],
      pack_look: look,
      check_look: check,
      choose_logo: chosen,
      save_look: (request: SaveLook) => {
        look = { chosen: request, accent: request.accent ?? OWN.accent, second: request.second ?? OWN.second, logo: request.logo ? LOGO : null };
        return look;
      },
    })),
  );

const save = () => userEvent.keyboard("{Control>}{Enter}{/Control}");

beforeEach(() => {
  look = OWN;
  chosen = { logo: LOGO };
});

describe("the look of packs", () => {
  it("is typed, drawn while it is typed, and kept only when it is saved; Z takes it back", async () => {
    const { container, tell } = open();
    await screen.findByText("colours and typeface are Drumbeat’s own");
    await userEvent.keyboard("p");
    const dialog = await screen.findByRole("dialog", { name: "How packs look" });
    await userEvent.type(within(dialog).getByLabelText("First colour"), "#0a5c36");
    expect(await within(dialog).findByRole("img", { name: "A cover and a chart in #0a5c36 and #7590DE" })).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText("Typeface"), "Georgia");
    expect(sent("save_look")).toEqual([]);
    expect((await axe.run(container.ownerDocument.body, { rules: { region: { enabled: false }, "color-contrast": { enabled: false } } })).violations.map((one) => one.id)).toEqual([]);
    await save();
    await vi.waitFor(() => expect(sent("save_look")).toEqual([{ accent: "#0a5c36", second: null, font: "Georgia", logo: null }]));
    tell({ event: "changed", is: ["workspace"] });
    await screen.findByText("colours, typeface and logo of your own");
    await userEvent.keyboard("z");
    await vi.waitFor(() => expect(sent("save_look").at(-1)).toEqual({}));
  });

  it("says at the field why a colour cannot be taken, and saves nothing then", async () => {
    open();
    await screen.findByText("colours and typeface are Drumbeat’s own");
    await userEvent.keyboard("p");
    const dialog = await screen.findByRole("dialog", { name: "How packs look" });
    await userEvent.type(within(dialog).getByLabelText("First colour"), "#ffe680");
    await within(dialog).findByText("White text has a contrast of 1.2 on #FFE680, and needs 3");
    expect(within(dialog).getByLabelText("First colour").getAttribute("aria-invalid")).toBe("true");
    await save();
    expect(sent("save_look")).toEqual([]);
    // What is hard to see is told and taken.
    await userEvent.clear(within(dialog).getByLabelText("First colour"));
    await userEvent.type(within(dialog).getByLabelText("Second colour"), "#d8e0f6");
    expect((await within(dialog).findByText(/are seen well from 3/)).getAttribute("role")).toBe("status");
    await save();
    await vi.waitFor(() => expect(sent("save_look")).toEqual([{ accent: null, second: "#d8e0f6", font: null, logo: null }]));
  });

  it("takes a picture from the system's dialog, keeps the draft when nobody chose one, and says why one is refused", async () => {
    open();
    await screen.findByText("colours and typeface are Drumbeat’s own");
    await userEvent.keyboard("p");
    const dialog = await screen.findByRole("dialog", { name: "How packs look" });
    await userEvent.keyboard("{Control>}o{/Control}");
    expect(await within(dialog).findByRole("img", { name: "The logo, 640 by 160 pixels" })).toBeTruthy();
    chosen = { logo: null };
    await userEvent.click(within(dialog).getByRole("button", { name: /Choose another/ }));
    expect(within(dialog).getByRole("img", { name: "The logo, 640 by 160 pixels" })).toBeTruthy();
    chosen = { code: "invalid", id: "pack.brand", message: "Packs cannot look like that: the logo has 301 KB, and 256 KB is the most", kept: "Packs look as they did", next: null, path: null, conflicts: [] };
    await userEvent.click(within(dialog).getByRole("button", { name: /Choose another/ }));
    await within(dialog).findByText(/the logo has 301 KB/);
    await save();
    await vi.waitFor(() => expect(sent("save_look")).toEqual([{ accent: null, second: null, font: null, logo: "l1" }]));
  });

  it("goes back to Drumbeat's own with one button, which Z takes back", async () => {
    look = { chosen: { accent: "#0A5C36", logo: "l1" }, accent: "#0A5C36", second: "#7590DE", logo: LOGO };
    const { tell } = open();
    await screen.findByText("640 × 160, 12.0 kB");
    await userEvent.click(screen.getByRole("button", { name: "Packs as Drumbeat has them" }));
    await vi.waitFor(() => expect(sent("save_look")).toEqual([{}]));
    tell({ event: "changed", is: ["workspace"] });
    await screen.findByText("colours and typeface are Drumbeat’s own");
    await userEvent.keyboard("z");
    await vi.waitFor(() => expect(sent("save_look").at(-1)).toEqual({ accent: "#0A5C36", logo: "l1" }));
  });
});
