import { describe, expect, it } from "vitest";
import type { Field, Import } from "../../api/api.gen";
import { canSave, countOfVerdict, countWords, rowEdits, unmapped, withColumn } from "./intake";
import { intakeSearch } from "./intake.search";

const counts = { rows: 312, ok: 280, duplicate: 1, incomplete: 0, rejected: 31, saved: 0 };
const read: Import = {
  id: "i1",
  source: "csv",
  name: "claims.csv",
  read_as: "semicolons, 312 rows",
  notes: [],
  text: null,
  columns: [
    { header: "Kunde", samples: [], suggested: "company_name" },
    { header: "Partner", samples: [], suggested: null },
  ],
  mapping: { columns: ["company_name", null] },
  remembered: false,
  fields: [
    { field: "company_name", label: "Company", required: true },
    { field: "partner", label: "Partner", required: true },
    { field: "products", label: "Products", required: false },
  ],
  partner_name: null,
  counts,
};

describe("the columns of an import", () => {
  it("hold a field once: choosing it for another column takes it from the first", () => {
    expect(withColumn(read.mapping, 1, "company_name").columns).toEqual([null, "company_name"]);
    expect(withColumn(read.mapping, 0, null).columns).toEqual([null, null]);
  });

  it("lack what the policy asks for, unless it is said for all rows", () => {
    expect(unmapped(read)).toEqual(["Partner"]);
    expect(unmapped({ ...read, mapping: { ...read.mapping, partner: "p1" } })).toEqual([]);
    expect(unmapped({ ...read, columns: [] })).toEqual([]);
  });
});

describe("the rows of an import", () => {
  it("are counted in words, none left out but zeroes", () => {
    expect(countWords(counts)).toBe("280 ready, 1 duplicate, 31 rejected");
    expect(countOfVerdict(counts, undefined)).toBe(312);
    expect(countOfVerdict(counts, "rejected")).toBe(31);
  });

  it.each([
    ["ok", true],
    ["duplicate", true],
    ["incomplete", true],
    ["rejected", false],
    ["saved", false],
  ] as const)("that are %s can be saved: %s", (verdict, can) => expect(canSave({ verdict })).toBe(can));

  it("are changed only where something else was typed", () => {
    const values = [{ field: "company_name" as const, label: "Company", value: "Hansa", raw: null, found: "column A", confidence: "stated" as const }];
    const typed = new Map<Field, string>([["company_name", "Hansa "], ["products", "Plan"], ["domain", ""]]);
    expect(rowEdits({ values }, typed)).toEqual([{ field: "products", value: "Plan" }]);
  });
});

it("a bad address of an import is the default", () => {
  expect(intakeSearch({ id: "i1", tab: "all", verdict: "bad", open: 7 })).toEqual({ id: "i1", open: "7" });
});
