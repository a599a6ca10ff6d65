/**
 * A dense table of records: rows of 28 px of which only those near the view are drawn, sortable columns, a box to select by, group
 * headings that stay while their rows pass, figures right and tabular.
 *
 * The hard idea is the list's (useWalk, useAhead): a row's place is arithmetic, a key moves the cursor at once and draws two rows.
 * Rows and headings share one set of column widths, resolved by the page itself, so that nothing is measured either.
 *
 * Callers rely on: `columns` are data (id, title, width, align, how a cell is drawn) and stay the same while nothing in them
 * changes; sorting is asked for by `onSort` and done in SQL; `selected` is the set for bulk verbs (x and the boxes), the *cursor* is
 * the row that the keys are for and is told by `onCursor` after it was drawn; it begins on `begin`. Enter, a click on its name and a
 * double click open. `j k x Enter Esc` work while the focus is anywhere on the screen. With `onEdit` the arrows go to the cells of the
 * row, and F2, or Enter on the cell, edits one of an editable column; Esc is the row again. `onColumn` opens what a column offers besides
 * its order: its arrow, a press with the other button, or Alt with the arrow down on its title. The end of what was read calls `onMore`. A
 * width is px (number) or a share ("1fr", "2fr").
 */
import { useState } from "react";
import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode } from "react";
import { ArrowDownIcon, ArrowUpIcon, ChevronDownIcon } from "./icons";
import styles from "./RecordTable.module.css";
import { Mark, TableRow } from "./TableRow";
import type { TableColumn } from "./TableRow";
import { useAhead } from "./useAhead";
import { useCells } from "./useCells";
import { isMark, rowAt, useWalk } from "./useWalk";
import { drawn, HEADING, placed } from "./windowed";

export type { TableColumn } from "./TableRow";

/** A heading row; `cells` by column id (a sum under Amount). */
export interface TableGroup<Row> {
  id: string;
  title?: ReactNode;
  note?: ReactNode;
  cells?: Record<string, ReactNode>;
  rows: readonly Row[];
}

/** How the table is sorted. */
export interface TableSort {
  column: string;
  direction: "ascending" | "descending";
}

/** Props of RecordTable. */
export interface RecordTableProps<Row> {
  label: string;
  columns: readonly TableColumn<Row>[];
  groups: readonly TableGroup<Row>[];
  idOf: (row: Row) => string;
  textOf: (row: Row) => string;
  sort?: TableSort;
  onSort?: (sort: TableSort) => void;
  /** Left out = no boxes. */
  selected?: ReadonlySet<string>;
  onSelected?: (ids: ReadonlySet<string>) => void;
  onOpen?: (id: string) => void;
  onCursor?: (id: string) => void;
  /** The row that the cursor is on at first. */
  begin?: string | undefined;
  onEdit?: (id: string, column: string, cell: HTMLElement) => void;
  onColumn?: (column: string) => void;
  onLeave?: () => void;
  onMore?: () => void;
  isLoadingMore?: boolean;
  empty?: ReactNode;
  rowHeight?: number;
  hotkeys?: boolean;
}

const NO_COLUMNS: readonly [] = [];
/** Width of the column of boxes, px. */
const BOXES = 38;
const leastOf = ({ width, minWidth }: Pick<TableColumn<never>, "width" | "minWidth">) => minWidth ?? (typeof width === "number" ? width : 80);
const trackOf = (column: Pick<TableColumn<never>, "width" | "minWidth">) => (typeof column.width === "number" ? `${column.width}px` : `minmax(${leastOf(column)}px, ${column.width})`);

/** The table. */
export function RecordTable<Row>(props: RecordTableProps<Row>) {
  const { label, columns, groups, idOf, textOf, sort, onSort, selected, onSelected, onOpen, onCursor, onEdit, onColumn, begin, onLeave, onMore, isLoadingMore = false, empty, rowHeight = 28, hotkeys = true } = props;
  const layout = placed(
    groups.map(({ id, title, rows }) => ({ id, rows, ...(title === undefined ? {} : { title: typeof title === "string" ? title : label }) })),
    idOf,
    rowHeight,
  );
  const { ids } = layout;
  const [told, setTold] = useState<string | null>(begin ?? null);
  const tell = (id: string) => {
    setTold(id);
    onCursor?.(id);
  };
  const [cursor, setCursor] = useAhead(told, tell, onCursor === undefined || Boolean(selected?.size));
  const room = layout.groups.some((group) => group.title !== undefined) ? HEADING : 0;
  const { step, height, canMark, on, end, place } = useWalk({ layout, rowHeight, above: HEADING, room, open: cursor, setOpen: setCursor, marked: selected, onMark: onSelected, onOpen, onLeave, onMore, hotkeys });

  const cells = useCells(onEdit === undefined ? NO_COLUMNS : columns, cursor, onEdit);

  if (ids.length === 0 && empty !== undefined) return <div className={styles.empty}>{empty}</div>;

  function onClick(event: MouseEvent) {
    place.onClick(event);
    const id = rowAt(event.target);
    const opens = !event.shiftKey && !isMark(event.target) && (event.target as HTMLElement).closest('[role="rowheader"]') !== null;
    if (id !== undefined && opens) onOpen?.(id);
  }

  const tracks = [...(canMark ? [`${BOXES}px`] : []), ...columns.map(trackOf)].join(" ");
  const least = columns.reduce((sum, column) => sum + leastOf(column), canMark ? BOXES : 0);
  const groupOf = new Map(groups.map((group) => [group.id, group]));
  const any = ids.length > 0;
  return (
    // The events of all rows are heard here, once.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events
    <div {...place} onClick={onClick} onKeyDown={(event) => cells.onKeyDown(event) || place.onKeyDown(event)} onFocus={cells.onFocus} role={any ? "grid" : "group"} aria-label={label} aria-rowcount={any ? ids.length + 1 : undefined} aria-multiselectable={any && canMark ? true : undefined} tabIndex={on ? -1 : 0} className={styles.grid}>
      <div role="presentation" className={styles.whole} style={{ height: HEADING + layout.height + (isLoadingMore && onMore ? 32 : 0), minWidth: least, "--tracks": tracks } as CSSProperties}>
        <Titles columns={columns} sort={sort} onSort={onSort} onColumn={onColumn}>
          {canMark && <AllMark ids={ids} selected={selected} onSelected={onSelected} />}
        </Titles>
        {layout.groups.map((group) => {
          const head = groupOf.get(group.id);
          return (
            <div key={group.id} role="rowgroup" aria-label={group.title ?? label} className={styles.section} style={{ top: HEADING + group.top, height: group.height }}>
              {group.title !== undefined && head !== undefined && <GroupHead group={head} columns={columns} boxed={canMark} />}
              {drawn(group, step, height, rowHeight, cursor).map(({ id, item, n, top }) => (
                <TableRow key={id} id={id} n={n} top={top} height={rowHeight} name={textOf(item)} isCursor={id === cursor} isMarked={canMark && selected !== undefined && selected.has(id)} canMark={canMark} hasCells={onEdit !== undefined} item={item} columns={columns as readonly TableColumn<never>[]} />
              ))}
            </div>
          );
        })}
        <div ref={end} role="presentation" className={styles.more} style={{ top: HEADING + layout.height }}>
          {isLoadingMore && onMore !== undefined && "Reading on"}
        </div>
      </div>
    </div>
  );
}

/** The titles: one stop for Tab, the arrows go from one that sorts to the next. A click or Enter sorts, again the other way. */
function Titles<Row>({ columns, sort, onSort, onColumn, children }: { columns: readonly TableColumn<Row>[]; sort: TableSort | undefined; onSort: ((sort: TableSort) => void) | undefined; onColumn: ((column: string) => void) | undefined; children: ReactNode }) {
  const sorts = columns.filter((column) => column.sortable && onSort !== undefined);
  const stop = (sorts.find((column) => column.id === sort?.column) ?? sorts[0])?.id;
  const by = (id: string) => onSort?.({ column: id, direction: sort?.column === id && sort.direction === "ascending" ? "descending" : "ascending" });
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const column = (event.target as HTMLElement).closest<HTMLElement>("[data-title]")?.dataset.title;
    if (event.altKey && event.key === "ArrowDown" && column !== undefined && onColumn !== undefined) {
      onColumn(column);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (to === undefined) return;
    const titles = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-sorts]")];
    titles[titles.indexOf(document.activeElement as HTMLElement) + to]?.focus();
    event.preventDefault();
    event.stopPropagation();
  }
  return (
    <div role="rowgroup" className={styles.titles}>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/interactive-supports-focus */}
      <div role="row" aria-rowindex={1} className={styles.titleRow} onKeyDown={onKeyDown}>
        {children}
        {columns.map((column) => {
          const way = sort?.column === column.id ? sort.direction : undefined;
          const words = (
            <>
              {column.title}
              {way === "ascending" && <ArrowUpIcon size={12} />}
              {way === "descending" && <ArrowDownIcon size={12} />}
            </>
          );
          const can = column.sortable && onSort !== undefined;
          return (
            // Its button is for the keys; a press anywhere on the title counts.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div key={column.id} data-title={column.id} role="columnheader" aria-sort={can ? (way ?? "none") : undefined} className={`${styles.title} ${column.align ? styles.right : ""}`} {...(can ? { onClick: () => by(column.id) } : {})} {...(onColumn ? { onContextMenu: (event: MouseEvent) => (event.preventDefault(), onColumn(column.id)) } : {})}>
              {can ? (
                <button type="button" data-sorts="" tabIndex={column.id === stop ? 0 : -1}>
                  {words}
                </button>
              ) : (
                words
              )}
              {onColumn !== undefined && (
                <button
                  type="button"
                  tabIndex={-1}
                  className={styles.menu}
                  aria-label={`${column.title}: order, filters, place`}
                  onClick={(event) => {
                    event.stopPropagation();
                    onColumn(column.id);
                  }}
                >
                  <ChevronDownIcon size={12} />
                </button>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function AllMark({ ids, selected, onSelected }: { ids: readonly string[]; selected: ReadonlySet<string> | undefined; onSelected: ((ids: ReadonlySet<string>) => void) | undefined }) {
  const count = ids.filter((id) => selected?.has(id)).length;
  const all = count > 0 && count === ids.length;
  return (
    <div role="columnheader" className={`${styles.title} ${styles.boxes}`}>
      <Mark label="Select all" tabIndex={0} checked={all || (count > 0 ? "mixed" : false)} onClick={() => onSelected?.(new Set(all ? [] : ids))} />
    </div>
  );
}

function GroupHead<Row>({ group, columns, boxed }: { group: TableGroup<Row>; columns: readonly TableColumn<Row>[]; boxed: boolean }) {
  return (
    <div role="row" className={styles.group}>
      {columns.map((column, n) => (
        <div key={column.id} role={n === 0 ? "rowheader" : "gridcell"} className={`${styles.cell} ${column.align ? styles.right : ""} ${n === 0 ? styles.groupTitle : ""} ${n === 0 && boxed ? styles.overBoxes : ""}`}>
          {n === 0 ? (
            <span className={styles.groupWords}>
              {group.title}
              {group.note !== undefined && <span className={styles.groupNote}>{group.note}</span>}
            </span>
          ) : (
            group.cells?.[column.id]
          )}
        </div>
      ))}
    </div>
  );
}
