/**
 * Where each row of a long list stands, by arithmetic, and which of them are drawn. Pure.
 *
 * The hard idea: rows have one height and headings have one, so a row's place needs no measuring; what is drawn changes in steps
 * of several rows, so that a key at the edge of the view draws nothing new. It knows nothing of rows but their ids.
 */

/** Height of a heading, px. */
export const HEADING = 28;
/** The view is looked at in steps of this many px, and as much is drawn beyond both of its ends. */
export const STEP = 192;

/** One row and its place. */
export interface Placed<Row> {
  id: string;
  item: Row;
  /** Its number in the whole list. */
  n: number;
  /** Px from the top of its group. */
  top: number;
}

/** A group that has rows, and its place. */
export interface PlacedGroup<Row> {
  id: string;
  title?: string | undefined;
  count?: number | undefined;
  note?: string | undefined;
  tone?: "danger" | "warn" | undefined;
  /** Px from the top of the list. */
  top: number;
  height: number;
  rows: readonly Placed<Row>[];
}

/** The whole list. */
export interface Layout<Row> {
  groups: readonly PlacedGroup<Row>[];
  ids: readonly string[];
  height: number;
}

/** Groups without rows have no place. */
export function placed<Row>(groups: readonly { id: string; title?: string; count?: number; note?: string; tone?: "danger" | "warn" | undefined; rows: readonly Row[] }[], idOf: (row: Row) => string, rowHeight: number): Layout<Row> {
  const all: PlacedGroup<Row>[] = [];
  const ids: string[] = [];
  let top = 0;
  for (const { rows, ...group } of groups) {
    if (rows.length === 0) continue;
    const head = group.title === undefined ? 0 : HEADING;
    const own = rows.map((item, at): Placed<Row> => {
      const id = idOf(item);
      ids.push(id);
      return { id, item, n: ids.length - 1, top: head + at * rowHeight };
    });
    const height = head + rows.length * rowHeight;
    all.push({ ...group, top, height, rows: own });
    top += height;
  }
  return { groups: all, ids, height: top };
}

/** Px from the top of the list to this row; 0 for one that is not in it. */
export function topOf(layout: Layout<unknown>, id: string): number {
  for (const group of layout.groups) {
    const row = group.rows.find((one) => one.id === id);
    if (row) return group.top + row.top;
  }
  return 0;
}

/** The rows of a group that are drawn while the view begins in step `step` and is `height` px high; `always` is drawn wherever it is. */
export function drawn<Row>(group: PlacedGroup<Row>, step: number, height: number, rowHeight: number, always: string | null): readonly Placed<Row>[] {
  const from = (step - 1) * STEP - group.top;
  const until = (step + 2) * STEP + height - group.top;
  const first = group.rows[0]?.top ?? 0;
  const begin = Math.max(0, Math.floor((from - first) / rowHeight));
  const end = Math.max(0, Math.ceil((until - first) / rowHeight));
  const rows = group.rows.slice(begin, end);
  const far = always === null ? undefined : group.rows.find((row) => row.id === always);
  if (far === undefined || rows.includes(far)) return rows;
  return far.n < (rows[0]?.n ?? Number.POSITIVE_INFINITY) ? [far, ...rows] : [...rows, far];
}

/** Where the view has to begin to show this row: where it is already, if it can. `room` is kept above it, for a heading. */
export function scrolled(top: number, view: { top: number; height: number }, rowHeight: number, room = HEADING): number {
  if (top < view.top + room) return Math.max(0, top - room);
  if (top + rowHeight > view.top + view.height) return top + rowHeight - view.height;
  return view.top;
}
