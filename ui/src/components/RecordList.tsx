/**
 * A list of records, two lines a row, of which only those near the view are drawn, so that length costs nothing.
 *
 * The first hard idea: there are two selections. The *open* record (`selected`, blue with a bar) is what the detail shows; it
 * moves with the arrows, `j`/`k`, and a click. *Marked* records (`marked`, a ticked box) are for bulk verbs; `x` marks, Shift with
 * a move marks the range, Shift-click too, Esc clears. Both are given by the caller: the open one lives in the URL, the marks in
 * the screen's state.
 *
 * The second: a key moves the open row at once, two rows are drawn anew, and the caller hears of it after that frame
 * (useWalk, useAhead). Until the screen has caught up, keys that act on the record do nothing: they would act on the one before.
 *
 * Callers rely on: `j k x Enter Esc` work wherever the focus is on the screen (they are actions, listed on the key sheet);
 * moving brings the focus to the row that opens, so that it is never lost with a detail that gives way, and Tab leads from
 * there into the detail; letters are the screen's; moving past the last row read calls `onMore`, and so does coming near it;
 * groups draw a heading only when they have rows. It neither sorts nor filters (SQL does), and it knows nothing of what a row
 * says: `row` draws it (see TwoLines).
 */
import type { ReactNode } from "react";
import { ListRow } from "./ListRow";
import styles from "./RecordList.module.css";
import { useAhead } from "./useAhead";
import { useWalk } from "./useWalk";
import { drawn, placed } from "./windowed";

export { TwoLines } from "./ListRow";

/** Rows under one heading. */
export interface RecordGroup<Row> {
  id: string;
  /** Heading; left out = rows without one. */
  title?: string;
  count?: number;
  /** What is said of it in grey, behind the count. */
  note?: string;
  tone?: "danger" | "warn" | undefined;
  rows: readonly Row[];
}

/** Props of RecordList. */
export interface RecordListProps<Row> {
  label: string;
  groups: readonly RecordGroup<Row>[];
  idOf: (row: Row) => string;
  /** What a screen reader calls the row. */
  textOf: (row: Row) => string;
  row: (row: Row) => ReactNode;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Left out = this list has no marks. */
  marked?: ReadonlySet<string>;
  onMark?: (marked: ReadonlySet<string>) => void;
  /** Enter on the open record. */
  onOpen?: (id: string) => void;
  /** Esc when nothing is marked. */
  onLeave?: () => void;
  /** The end of what was read came near. */
  onMore?: () => void;
  isLoadingMore?: boolean;
  empty?: ReactNode;
  /** Height of a row in px: 48 two lines (default), 28 one line. */
  rowHeight?: number;
  /** Set false for a second list on a screen, so that only one hears j and k. */
  hotkeys?: boolean;
}

/** The list. */
export function RecordList<Row>(props: RecordListProps<Row>) {
  const { label, groups, idOf, textOf, row, selected, onSelect, marked, onMark, onOpen, onLeave, onMore, isLoadingMore = false, empty, rowHeight = 48, hotkeys = true } = props;
  const layout = placed(groups, idOf, rowHeight);
  const { ids } = layout;
  const hasMarks = marked !== undefined && marked.size > 0;
  const [open, setOpen] = useAhead(selected, onSelect, hasMarks);
  const { step, height, canMark, on, end, place } = useWalk({ layout, rowHeight, open, setOpen, marked, onMark, onOpen, onLeave, onMore, hotkeys });

  if (ids.length === 0 && empty !== undefined) return <div className={styles.empty}>{empty}</div>;

  const lastId = ids[ids.length - 1];
  return (
    // The events of all rows are heard here, once.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div {...place} role={ids.length > 0 ? "grid" : "group"} aria-label={label} aria-rowcount={ids.length > 0 ? ids.length : undefined} tabIndex={on ? -1 : 0} className={`${styles.grid} ${hasMarks ? styles.marking : ""}`}>
      <div role="presentation" className={styles.whole} style={{ height: layout.height + (isLoadingMore && onMore ? 32 : 0) }}>
        {layout.groups.map((group) => (
          <div key={group.id} role="rowgroup" aria-label={group.title ?? label} className={styles.section} style={{ top: group.top, height: group.height }}>
            {group.title !== undefined && (
              <div role="row" className={`${styles.heading} ${group.tone ? styles[group.tone] : ""}`}>
                <span role="rowheader">
                  {group.title}
                  {group.count !== undefined && <span className={styles.headingCount}>{group.count}</span>}
                  {group.note !== undefined && <span className={styles.headingCount}>{group.note}</span>}
                </span>
              </div>
            )}
            {drawn(group, step, height, rowHeight, open).map(({ id, item, n, top }) => (
              <ListRow
                key={id}
                id={id}
                n={n}
                top={top}
                height={rowHeight}
                name={textOf(item)}
                isOpen={id === open}
                isMarked={canMark && marked !== undefined && marked.has(id)}
                canMark={canMark}
                isLast={id === lastId}
                item={item}
                draw={row as (item: unknown) => ReactNode}
              />
            ))}
          </div>
        ))}
        <div ref={end} role="presentation" className={styles.more} style={{ top: layout.height }}>
          {isLoadingMore && onMore !== undefined && "Reading on"}
        </div>
      </div>
    </div>
  );
}
