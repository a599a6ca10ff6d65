import { describe, expect, it } from "vitest";
import { drawn, placed, scrolled, STEP, topOf } from "./windowed";

const rows = (from: number, n: number) => Array.from({ length: n }, (_, at) => `r${from + at}`);
const layout = placed([{ id: "a", title: "Over", rows: rows(0, 2) }, { id: "b", title: "Empty", rows: [] }, { id: "c", title: "Later", rows: rows(2, 500) }, { id: "d", rows: rows(502, 3) }], (row) => row, 48);

describe("the places of rows", () => {
  it("follow from their number and the headings above them; what has no rows has no place", () => {
    expect(layout.groups.map(({ id, top, height }) => [id, top, height])).toEqual([["a", 0, 28 + 96], ["c", 124, 28 + 24_000], ["d", 24_152, 144]]);
    expect([topOf(layout, "r0"), topOf(layout, "r2"), topOf(layout, "r502"), topOf(layout, "gone")]).toEqual([28, 152, 24_152, 0]);
    expect(layout.height).toBe(24_296);
  });

  it.each([0, 1, 7, 60, 126])("in step %i every row in view is drawn, and few more", (step) => {
    const height = 600;
    const all = layout.groups.flatMap((group) => drawn(group, step, height, 48, null).map((row) => ({ id: row.id, top: group.top + row.top })));
    for (const top of [step * STEP, (step + 1) * STEP - 1]) {
      const seen = layout.ids.filter((id) => topOf(layout, id) < top + height && topOf(layout, id) + 48 > top);
      expect(all.map((row) => row.id)).toEqual(expect.arrayContaining(seen));
    }
    expect(all.length).toBeLessThan((height + 3 * STEP) / 48 + 3);
  });

  it("draw the open row wherever it is, in its order", () => {
    const [, group] = layout.groups;
    if (!group) throw new Error("a group");
    expect(drawn(group, 60, 600, 48, "r2")[0]?.id).toBe("r2");
    expect(drawn(group, 0, 600, 48, "r501").at(-1)?.id).toBe("r501");
    expect(drawn(group, 0, 600, 48, "r3").filter((row) => row.id === "r3")).toHaveLength(1);
  });

  it.each([
    [100, { top: 0, height: 600 }, 0],
    [600, { top: 0, height: 600 }, 48],
    [96, { top: 96, height: 600 }, 68],
    [28, { top: 96, height: 600 }, 0],
  ])("a row at %i in %o is shown from %i", (top, view, begin) => {
    expect(scrolled(top, view, 48)).toBe(begin);
  });
});
