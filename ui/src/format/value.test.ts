import { describe, expect, it } from "vitest";
import { formatQuoted, formatValue, titleAndRest, withoutShell } from "./value";

describe("a value of a field", () => {
  const inZone = (text: string) => new Date(text).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  it.each([
    ["EUR 8,000", "€8,000"],
    ["EUR 5,000.50", "€5,000.50"],
    ["DKK 2,150,000", "DKK 2,150,000"],
    ["GBP \u22121,200", "\u2212£1,200"],
    ["EUR 0", "€0"],
    ["2027-01-15", "Fri 15 Jan 2027"],
    ["2026-11-18T21:10:00Z", `Wed 18 Nov 2026, ${inZone("2026-11-18T21:10:00Z")}`],
    ["2026-11-18 21:10 UTC", `Wed 18 Nov 2026, ${inZone("2026-11-18T21:10:00Z")}`],
    [null, "empty"],
    ["", "empty"],
  ])("%s is shown as %s", (value, shown) => {
    expect(formatValue(value)).toBe(shown);
  });

  it.each(["Commercials", "8000", "EUR 8000", "EUR 1,23", "EUR 1,234.567", "eur 8,000", "EUR 8,000 at least", "ABC Ltd", "50 %"])("what somebody wrote stays to the letter: %s", (text) => {
    expect(formatValue(text)).toBe(text);
  });
});

it.each([
  ["Amount back to “EUR 5,000”, Close date back to “2026-12-18”", "Amount back to “€5,000”, Close date back to “Fri 18 Dec 2026”"],
  ["Next step back to “call EUR 5,000”", "Next step back to “call EUR 5,000”"],
  ["Nothing to put back", "Nothing to put back"],
])("%s is said as %s", (sentence, said) => {
  expect(formatQuoted(sentence)).toBe(said);
});

it.each([
  ["2 decisions were recovered: please confirm or discard (`drumbeat recovered`); nothing of it is sent before", "2 decisions were recovered: please confirm or discard; nothing of it is sent before"],
  ["A note (in brackets)", "A note (in brackets)"],
  ["Run `drumbeat doctor --repair`: everything that can be read goes into a new file", "Repair it in Settings: everything that can be read goes into a new file"],
  ["Nothing was deleted. `drumbeat doctor --repair` makes a new file", "Nothing was deleted. Repairing it makes a new file"],
  ["Run `drumbeat doctor`", "Run the health check in Settings"],
  ["Report this with `drumbeat doctor`", "Report this with what the health check in Settings says"],
  ["See what is left with `drumbeat recovered`", "See what is left in the outbox"],
  ["Name a file of the backups folder, or one that `drumbeat backup` has made of this workspace", "Name a file of the backups folder"],
])("the window does not send anybody to the shell: %s", (sentence, said) => {
  expect(withoutShell(sentence)).toBe(said);
});

it.each([
  ["An older copy: what it would send is looked for. Decisions are not in it", "An older copy", "What it would send is looked for. Decisions are not in it"],
  ["1 decision was recovered", "1 decision was recovered", undefined],
])("%s has a title and the rest", (text, title, rest) => {
  expect(titleAndRest(text)).toEqual({ title, rest });
});
