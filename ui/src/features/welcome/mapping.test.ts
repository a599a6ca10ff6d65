import { describe, expect, it } from "vitest";
import type { MappingLine } from "../../api/api.gen";
import { byKind, changedFields, stateOf, tally } from "./mapping";

const line = (over: Partial<MappingLine>): MappingLine => ({
  kind: "deal",
  field: "motion",
  label: "Motion",
  property: "partner_motion",
  property_label: "Partner motion",
  holds: "choice",
  wanted: true,
  samples: ["reseller"],
  candidates: ["motion"],
  ...over,
});

const lines = [
  line({ kind: "company", field: "name", label: "Name", property: "name" }),
  line({}),
  line({ field: "products", label: "Products", property: null, wanted: false }),
  line({ field: "protection_end", label: "Protection end", property: null }),
];

describe("the mapping", () => {
  it("stands by kind, deals first, wanted before the rest", () => {
    expect(byKind(lines).map((group) => [group.kind, group.lines.map((one) => one.field)])).toEqual([
      ["deal", ["motion", "protection_end", "products"]],
      ["company", ["name"]],
    ]);
  });

  it("counts with the changes on it", () => {
    expect(tally(lines, {})).toEqual({ matched: 2, missing: 1, unused: 1 });
    expect(tally(lines, { "deal.protection_end": "end_date", "deal.motion": null })).toEqual({ matched: 2, missing: 1, unused: 1 });
  });

  it("saves what was changed and nothing else; choosing the same again is no change", () => {
    expect(changedFields(lines, { "deal.motion": "partner_motion" })).toEqual([]);
    expect(changedFields(lines, { "deal.motion": null, "deal.products": "lines" })).toEqual([
      { kind: "deal", field: "motion", property: null },
      { kind: "deal", field: "products", property: "lines" },
    ]);
  });

  it.each([
    [line({}), {}, "ok"],
    [line({ property: null }), {}, "warn"],
    [line({ property: null, wanted: false }), {}, "none"],
    [line({}), { "deal.motion": "motion" }, "info"],
  ] as const)("says how a line stands", (one, changes, outcome) => expect(stateOf(one, changes).outcome).toBe(outcome));
});
