/**
 * What the palette offers for what was typed: actions that may run now, by group, best match first; then the places to go;
 * then records that the search found. Pure, so that the order can be tested. In `search` mode records come first.
 */
import type { Action } from "../actions/registry";
import { isAvailable, keysOf } from "../actions/registry";
import { matchText } from "../format/match";
import type { Range } from "../format/match";

/** One line of the palette. */
export interface PaletteRow {
  id: string;
  title: string;
  hint?: string | undefined;
  keys?: string | undefined;
  ranges: readonly Range[];
  run: () => void;
}

/** Lines under one heading. */
export interface PaletteGroup {
  title: string;
  rows: PaletteRow[];
}

/** A record found by the search. */
export interface PaletteHit {
  id: string;
  title: string;
  hint: string;
  run: () => void;
}

/** What is not about what is on the screen comes after it. */
const LAST = ["Go to", "Workspaces", "Drumbeat"];

/** The groups to draw; without a query every action, records only with one. */
export function paletteGroups(actions: readonly Action[], query: string, hits: readonly PaletteHit[], mode: "actions" | "search"): PaletteGroup[] {
  const groups = new Map<string, { row: PaletteRow; weight: number }[]>();
  for (const action of actions) {
    if (action.sheetOnly || !isAvailable(action)) continue;
    const match = matchText(action.title, query);
    if (match === null) continue;
    const title = action.group ?? "Here";
    const row = { id: action.id, title: action.title, hint: action.hint, keys: keysOf(action)[0], ranges: match.ranges, run: action.run };
    groups.set(title, [...(groups.get(title) ?? []), { row, weight: match.weight }]);
  }
  const place = (title: string) => LAST.indexOf(title);
  const found = [...groups]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([title, rows]) => ({ title, rows: rows.toSorted((a, b) => b.weight - a.weight).map((one) => one.row) }));
  const records: PaletteGroup = {
    title: "Records",
    rows: hits.map((hit) => ({ id: `record:${hit.id}`, title: hit.title, hint: hit.hint, ranges: matchText(hit.title, query)?.ranges ?? [], run: hit.run })),
  };
  if (records.rows.length === 0) return found;
  return mode === "search" ? [records, ...found] : [...found, records];
}
