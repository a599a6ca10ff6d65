import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Import, IntakeRow, RowVerdict } from "./api/api.gen";
import { STATUS, openWindow, sent } from "./test-kit";

let status = { ...STATUS, policy: 14 };
const row = (number: number, company: string, verdict: RowVerdict, change: Partial<IntakeRow> = {}): IntakeRow => ({
  number,
  at: `line ${number + 1}`,
  verdict,
  why: verdict,
  company,
  partner: "Altmark IT",
  kind: "deal",
  values: [{ field: "company_name", label: "Company", value: company, raw: null, found: "column A “Kunde”", confidence: "stated" }],
  problems: [],
  duplicates: [],
  missing: [],
  registration: null,
  decision: null,
  ...change,
});
let rows: IntakeRow[] = [];
let read: Import;

/** The CRM's form, there or not. */
const forms = (id: string | null) => ({
  forms: [{ kind: "deal", name: "Deal registration", id, fields: [{ label: "Company", property: "company_name", required: true, value: null }, { label: "Kind", property: "registration_kind", required: true, value: "deal" }], not_asked: ["Competitors"] }],
  missing: id === null ? 1 : 0,
  refused: null,
  by_hand: ["the acknowledgement"],
});

/** The rows as Rust would read them: an amount that could be read in two ways rejects its row until the mapping says how. */
function answer(name: string, request: { verdict?: RowVerdict; mapping?: Import["mapping"]; rows?: number[]; row?: number; value?: string }): unknown {
  switch (name) {
    case "status":
      return status;
    case "settings":
      return { theme: "system", lock_after: 0, owners: [] };
    case "reviews":
    case "inbox_views":
      return [];
    case "inbox":
      return { rows: [], next: null, total: 0 };
    case "partners":
      return { rows: [{ id: "p1", name: "Altmark IT" }], next: null, total: 1 };
    case "open_import":
      return { import: read };
    case "paste_import":
    case "import_draft":
      return read;
    case "import_rows": {
      const shown = rows.filter((one) => request.verdict === undefined || request.verdict === null || one.verdict === request.verdict);
      return { rows: shown, next: null, total: shown.length };
    }
    case "remap_import":
      read = { ...read, mapping: request.mapping ?? read.mapping };
      return read;
    case "edit_import_row":
      rows = rows.map((one) => (one.number === request.row ? { ...one, verdict: "ok", why: "ready", problems: [] } : one));
      return rows.find((one) => one.number === request.row);
    case "save_import": {
      const chosen = request.rows ?? rows.filter((one) => one.verdict === "ok").map((one) => one.number);
      read = { ...read, counts: { ...read.counts, ok: 0, saved: chosen.length } };
      return { import: read, saved: chosen.length, refused: [], cancelled: false };
    }
    case "write_rejects":
      return { file: "claims, rejects.csv", rows: 1 };
    case "close_import":
      return {};
    case "intake_forms":
      return forms(null);
    case "create_intake_forms":
      return forms("f1");
    case "save_admin_package":
      return { file: "Drumbeat for Salesforce.zip" };
    case "admin_guide":
      return { text: "# The form" };
    default:
      throw new Error(`not asked for in this test: ${name}`);
  }
}

const open = (path: string) => openWindow(path, (name, request) => answer(name, request ?? {}));
const isOpen = (title: string) => screen.findByRole("heading", { level: 2, name: title });
const confirmKeys = "{Control>}{Enter}{/Control}";

beforeEach(() => {
  status = { ...STATUS, policy: 14 };
  rows = [
    row(1, "Hansa", "ok"),
    row(2, "Voss", "rejected", { why: "the amount could be read in two ways", problems: [{ field: "amount", text: "“1.234” is 1234 or 1.234: say how amounts are written", found: "column D", rejects: true }] }),
    row(3, "Baltic", "duplicate", { duplicates: [{ record: { kind: "registration", id: "9", label: "DR-9" }, row: null, title: "DR-9, Baltic, submitted", why: "same domain", is_open: true }] }),
  ];
  read = {
    id: "i1",
    source: "csv",
    name: "claims.csv",
    read_as: "semicolons, 3 rows",
    notes: [],
    text: null,
    columns: [{ header: "Kunde", samples: ["Hansa", "Voss"], suggested: "company_name" }],
    mapping: { columns: ["company_name"] },
    remembered: false,
    fields: [
      { field: "company_name", label: "Company", required: true },
      { field: "amount", label: "Amount", required: false },
    ],
    partner_name: null,
    counts: { rows: 3, ok: 1, duplicate: 1, incomplete: 0, rejected: 1, saved: 0 },
  };
});

describe("an import", () => {
  it("of a file shows every row with its verdict before anything is saved, and saves the ready ones", async () => {
    open("/inbox");
    await screen.findByText("No registration is waiting");
    await userEvent.keyboard("{Shift>}I{/Shift}");
    await screen.findByText("Drop a file anywhere on this window");
    await userEvent.keyboard("o");
    await isOpen("Hansa");
    expect(screen.getByText("column A “Kunde”")).toBeTruthy();
    expect(sent("save_import")).toEqual([]);
    await userEvent.keyboard(confirmKeys);
    await screen.findByText("1 registration saved");
    expect(sent("save_import")).toEqual([{ import: "i1" }]);
  });

  it("says what is wrong with a bad row, and takes it once it was mended", async () => {
    open("/import?id=i1&open=2");
    await isOpen("Voss");
    expect(screen.getByText(/could be read in two ways/, { selector: "span" })).toBeTruthy();
    expect(screen.getByText(/say how amounts are written/)).toBeTruthy();
    await userEvent.keyboard("e");
    const dialog = await screen.findByRole("dialog", { name: /Edit row 2/ });
    await userEvent.type(within(dialog).getByLabelText("Amount"), "1234");
    await userEvent.keyboard(confirmKeys);
    await vi.waitFor(() => expect(sent("edit_import_row")).toEqual([{ import: "i1", row: 2, field: "amount", value: "1234" }]));
    await vi.waitFor(() => expect(screen.queryByText(/say how amounts are written/)).toBeNull());
  });

  it("saves a duplicate only when it is selected, and never marks a rejected row", async () => {
    open("/import?id=i1&open=2");
    await isOpen("Voss");
    await userEvent.keyboard("xjx");
    await isOpen("Baltic");
    await screen.findByText("1 selected");
    await userEvent.keyboard(confirmKeys);
    await vi.waitFor(() => expect(sent("save_import")).toEqual([{ import: "i1", rows: [3] }]));
  });

  it("is read another way at once, the whole mapping with it", async () => {
    open("/import?id=i1&tab=columns");
    const amounts = await screen.findByRole("button", { name: /Amounts/ });
    await userEvent.click(amounts);
    await userEvent.click(await screen.findByRole("option", { name: "1.234,50" }));
    await vi.waitFor(() => expect(sent("remap_import")).toEqual([{ import: "i1", mapping: { columns: ["company_name"], decimal: "comma" } }]));
  });

  it("of a mail shows the text beside the row and leads to the line where a value was found", async () => {
    read = { ...read, source: "email", columns: [], text: "Hello\n\nCompany: Hansa" };
    rows = [row(1, "Hansa", "ok", { values: [{ field: "company_name", label: "Company", value: "Hansa", raw: null, found: "line 3", confidence: "found" }] })];
    open("/import?id=i1");
    await isOpen("Hansa");
    await userEvent.click(screen.getByRole("button", { name: "line 3" }));
    const text = screen.getByLabelText<HTMLTextAreaElement>("The text as it came");
    expect(document.activeElement).toBe(text);
    expect(text.selectionStart).toBe(text.value.indexOf("Company"));
  });

  it("of a file dropped on any screen opens by itself; a refused one is told", async () => {
    const { tell } = open("/inbox");
    await screen.findByText("No registration is waiting");
    tell({ event: "file_over", is: true });
    await screen.findByText("Drop it to read registrations from it");
    tell({ event: "import_failed", is: { code: "invalid", id: "intake.large", message: "The file is larger than 50 MB", kept: null, next: "Split it" } });
    await screen.findByText("The file is larger than 50 MB. Split it");
    tell({ event: "import_opened", is: "i1" });
    await isOpen("Hansa");
    expect(screen.queryByText("Drop it to read registrations from it")).toBeNull();
  });

  it("of pasted text, and its rejects go into a file", async () => {
    open("/import");
    fireEvent.change(await screen.findByLabelText("Pasted text"), { target: { value: "Kunde;Betrag\nHansa;1" } });
    await userEvent.keyboard(confirmKeys);
    await isOpen("Hansa");
    expect(sent("paste_import")).toEqual([{ text: "Kunde;Betrag\nHansa;1" }]);
    await userEvent.keyboard("r");
    await screen.findByText("1 row written to claims, rejects.csv");
  });
});

it("the CRM’s forms are shown before they are made, and made once", async () => {
  open("/import");
  await screen.findByText("Drop a file anywhere on this window");
  await userEvent.keyboard("h");
  const dialog = await screen.findByRole("dialog", { name: /How partners register/ });
  await userEvent.click(within(dialog).getByRole("button", { name: "Look at the forms" }));
  expect(await within(dialog).findByText(/asks Company\*\. The CRM has no property for Competitors\./)).toBeTruthy();
  expect(sent("create_intake_forms")).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Make 1 form in the CRM" }));
  expect(await within(dialog).findByText("is there")).toBeTruthy();
  expect(within(dialog).queryByRole("button", { name: /^Make/ })).toBeNull();
  expect(sent("create_intake_forms").length).toBe(1);
});

it.each(["hubspot", "salesforce"] as const)("beside the page for the admin of %s is a package where the CRM takes one", async (vendor) => {
  status = { ...status, vendor };
  open("/import");
  await screen.findByText("Drop a file anywhere on this window");
  await userEvent.keyboard("h");
  const dialog = await screen.findByRole("dialog", { name: /How partners register/ });
  await within(dialog).findByText("# The form");
  const save = within(dialog).queryByRole("button", { name: "Save the package" });
  expect(save === null).toBe(vendor === "hubspot");
  if (save === null) return;
  await userEvent.click(save);
  await screen.findByText("Saved as Drumbeat for Salesforce.zip");
  expect(sent("save_admin_package")).toEqual([{}]);
});
