import { describe, expect, it, vi } from "vitest";
import type { Action } from "../actions/registry";
import { paletteGroups } from "./palette";

const run = vi.fn();
const list: Action[] = [
  { id: "go/inbox", title: "Inbox", keys: "g i", group: "Go to", run },
  { id: "sync", title: "Sync now", group: "Drumbeat", run },
  { id: "next", title: "Next", keys: "j", sheetOnly: true, run },
  { id: "approve", title: "Approve", keys: "a", group: "This registration", run },
  { id: "protect", title: "Extend protection", keys: "e", group: "This registration", run },
  { id: "window", title: "Protection window", keys: "p", group: "This registration", run },
  { id: "convert", title: "Convert the lead", group: "This registration", when: () => false, run },
];

describe("the palette", () => {
  it("offers what may run now, the record's acts first, then places, then the program", () => {
    const groups = paletteGroups(list, "", [], "actions");
    expect(groups.map((group) => group.title)).toEqual(["This registration", "Go to", "Drumbeat"]);
    expect(groups.flatMap((group) => group.rows.map((row) => row.id))).not.toContain("convert");
    expect(groups.flatMap((group) => group.rows.map((row) => row.id))).not.toContain("next");
  });

  it("filters by words, best match first, and says where it matched", () => {
    const [group] = paletteGroups(list, "prot", [], "actions");
    expect(group?.rows.map((row) => row.id)).toEqual(["window", "protect"]);
    expect(group?.rows[0]).toMatchObject({ keys: "p", ranges: [[0, 4]] });
  });

  it("puts records last among actions and first in a search", () => {
    const hits = [{ id: "deal 1", title: "Protech Anlagenbau", hint: "€54,000", run }];
    expect(paletteGroups(list, "prot", hits, "actions").map((group) => group.title)).toEqual(["This registration", "Records"]);
    expect(paletteGroups(list, "prot", hits, "search")[0]?.title).toBe("Records");
  });
});
