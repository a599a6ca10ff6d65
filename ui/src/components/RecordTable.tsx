/**
 * A dense table of records: rows of 28 px, drawn by a virtualiser, sortable columns, a box to select by, group headings that
 * stay while their rows pass, figures right and tabular.
 *
 * Callers rely on: `columns` are data (id, title, width, align, how a cell is drawn); sorting is asked for by `onSort` and done
 * in SQL; `selected` is the set for bulk verbs (x and the boxes), the *cursor* is the focused row and is told by `onCursor`;
 * Enter and a double click open. `j k x Enter Esc` work while the focus is anywhere on the screen. The end of what was
 * read calls `onMore`. A width is px (number) or a share ("1fr", "2fr").
 */
import { useRef, useState } from "react";
import type { ReactNode, UIEvent } from "react";
import * as Aria from "react-aria-components";
import { useActions } from "../actions/useActions";
import { Box } from "./Field";
import { ArrowDownIcon, ArrowUpIcon } from "./icons";
import styles from "./RecordTable.module.css";

/** One column. */
export interface TableColumn<Row> {
  id: string;
  title: string;
  width: number | `${number}fr`;
  minWidth?: number;
  align?: "right";
  sortable?: boolean;
  cell: (row: Row) => ReactNode;
  /** The cell that names the row for screen readers; the first column unless said. */
  isRowHeader?: boolean;
}

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
  onLeave?: () => void;
  onMore?: () => void;
  isLoadingMore?: boolean;
  empty?: ReactNode;
  rowHeight?: number;
  hotkeys?: boolean;
}

type Line<Row> = { id: string; group: TableGroup<Row>; row?: Row };

/** The table. */
export function RecordTable<Row>(props: RecordTableProps<Row>) {
  const { label, columns, groups, idOf, textOf, sort, onSort, selected, onSelected, onOpen, onCursor, onLeave, onMore, isLoadingMore = false, empty, rowHeight = 28, hotkeys = true } = props;
  const box = useRef<HTMLDivElement>(null);
  const [stuck, setStuck] = useState(0);
  const lines: Line<Row>[] = groups
    .filter((group) => group.rows.length > 0)
    .flatMap((group) => [...(group.title === undefined ? [] : [{ id: `group:${group.id}`, group }]), ...group.rows.map((row) => ({ id: idOf(row), group, row }))]);
  const ids = lines.filter((line) => line.row !== undefined).map((line) => line.id);
  const canSelect = selected !== undefined && onSelected !== undefined;
  const top = lines[stuck]?.group;

  /** Gives a move to the table's own keyboard handling, which scrolls and skips headings. */
  function press(key: string, shiftKey = false) {
    const grid = box.current?.querySelector<HTMLElement>('[role="grid"]');
    if (!grid) return;
    if (!grid.contains(document.activeElement)) {
      grid.focus();
      return;
    }
    (document.activeElement ?? grid).dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
  }

  function cursor(): string | null {
    const key = document.activeElement?.closest<HTMLElement>('[role="row"][data-key]')?.dataset.key;
    return key !== undefined && ids.includes(key) ? key : null;
  }

  function toggle() {
    const id = cursor();
    if (!canSelect || id === null) return;
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelected(next);
  }

  useActions(
    hotkeys
      ? [
          { id: "table.next", title: "Next row", keys: "j", group: "Table", sheetOnly: true, when: ids.length > 0, run: () => press("ArrowDown") },
          { id: "table.previous", title: "Previous row", keys: "k", group: "Table", sheetOnly: true, when: ids.length > 0, run: () => press("ArrowUp") },
          { id: "table.select", title: "Select row", keys: "x", group: "Table", sheetOnly: true, when: canSelect, run: toggle },
          { id: "table.selectNext", title: "Select downwards", keys: "Shift+J", group: "Table", sheetOnly: true, when: canSelect, run: () => press("ArrowDown", true) },
          { id: "table.selectPrevious", title: "Select upwards", keys: "Shift+K", group: "Table", sheetOnly: true, when: canSelect, run: () => press("ArrowUp", true) },
          {
            id: "table.open",
            title: "Open",
            keys: "Enter",
            group: "Table",
            sheetOnly: true,
            when: onOpen !== undefined,
            run: () => {
              const id = cursor();
              if (id !== null) onOpen?.(id);
            },
          },
          {
            id: "table.leave",
            title: selected?.size ? "Clear the selection" : "Leave",
            keys: "Escape",
            group: "Table",
            sheetOnly: true,
            when: Boolean(selected?.size) || onLeave !== undefined,
            run: () => (selected?.size ? onSelected?.(new Set()) : onLeave?.()),
          },
        ]
      : [],
  );

  function onScroll(event: UIEvent<HTMLElement>) {
    const view = event.target as HTMLElement;
    if (view.getAttribute("role") !== "grid" && !view.hasAttribute("data-table-scroll")) return;
    setStuck(Math.max(0, Math.floor(view.scrollTop / rowHeight)));
  }

  if (lines.length === 0 && empty !== undefined) return <div className={styles.empty}>{empty}</div>;

  const boxed = canSelect ? [{ id: "select", width: 38 }] : [];
  const edge = (n: number) => `${n === 0 && !canSelect ? styles.first : ""} ${n === columns.length - 1 ? styles.final : ""}`;
  return (
    <div
      ref={box}
      className={styles.box}
      onScrollCapture={onScroll}
      onFocusCapture={() => {
        const id = cursor();
        if (id !== null) onCursor?.(id);
      }}
    >
      <Aria.Virtualizer layout={Aria.TableLayout} layoutOptions={{ rowHeight, headingHeight: 28, loaderHeight: 32 }}>
        <Aria.ResizableTableContainer className={styles.scroll ?? ""} data-table-scroll="">
          <Aria.Table
            aria-label={label}
            className={styles.table ?? ""}
            selectionMode={canSelect ? "multiple" : "none"}
            selectionBehavior="toggle"
            escapeKeyBehavior="none"
            {...(canSelect ? { selectedKeys: selected } : {})}
            onSelectionChange={(keys) => onSelected?.(keys === "all" ? new Set(ids) : new Set([...keys].map(String)))}
            {...(sort ? { sortDescriptor: sort } : {})}
            onSortChange={(next) => onSort?.({ column: String(next.column), direction: next.direction })}
            {...(onOpen ? { onRowAction: (id: Aria.Key) => onOpen(String(id)) } : {})}
          >
            <Aria.TableHeader className={styles.head ?? ""}>
              {boxed.map((column) => (
                <Aria.Column key={column.id} id={column.id} width={column.width} minWidth={column.width} className={`${styles.column} ${styles.boxes}`}>
                  <Aria.Checkbox slot="selection" className={styles.check ?? ""}>
                    <Box />
                  </Aria.Checkbox>
                </Aria.Column>
              ))}
              {columns.map((column, n) => (
                <Aria.Column
                  key={column.id}
                  id={column.id}
                  width={column.width}
                  minWidth={column.minWidth ?? (typeof column.width === "number" ? column.width : 80)}
                  isRowHeader={column.isRowHeader ?? n === 0}
                  allowsSorting={column.sortable ?? false}
                  className={`${styles.column} ${column.align ? styles.right : ""} ${edge(n)}`}
                >
                  {({ sortDirection }) => (
                    <>
                      {column.title}
                      {sortDirection === "ascending" && <ArrowUpIcon size={12} />}
                      {sortDirection === "descending" && <ArrowDownIcon size={12} />}
                    </>
                  )}
                </Aria.Column>
              ))}
            </Aria.TableHeader>
            <Aria.TableBody>
              <Aria.Collection items={lines} dependencies={[columns]}>
                {(line) =>
                  line.row === undefined ? (
                    <Aria.Row id={line.id} isDisabled textValue={line.group.id} className={styles.group ?? ""}>
                      {[...boxed, ...columns].map((column, n) => (
                        <Aria.Cell key={column.id} className={`${styles.cell} ${"align" in column && column.align ? styles.right : ""} ${n === 0 ? styles.groupTitle : ""}`}>
                          {n === 0 ? <GroupTitle group={line.group} /> : line.group.cells?.[column.id]}
                        </Aria.Cell>
                      ))}
                    </Aria.Row>
                  ) : (
                    <TableRow line={line} row={line.row} columns={columns} text={textOf(line.row)} boxed={canSelect} />
                  )
                }
              </Aria.Collection>
              {onMore !== undefined && (
                <Aria.TableLoadMoreItem onLoadMore={onMore} isLoading={isLoadingMore} className={styles.more ?? ""}>
                  Reading on
                </Aria.TableLoadMoreItem>
              )}
            </Aria.TableBody>
          </Aria.Table>
        </Aria.ResizableTableContainer>
      </Aria.Virtualizer>
      {top?.title !== undefined && stuck > 0 && (
        <div className={styles.stuck} aria-hidden="true">
          <GroupTitle group={top} />
        </div>
      )}
    </div>
  );
}

function TableRow<Row>({ line, row, columns, text, boxed }: { line: Line<Row>; row: Row; columns: readonly TableColumn<Row>[]; text: string; boxed: boolean }) {
  return (
    <Aria.Row id={line.id} textValue={text} className={styles.row ?? ""}>
      {boxed && (
        <Aria.Cell className={`${styles.cell} ${styles.boxes}`}>
          <Aria.Checkbox slot="selection" className={styles.check ?? ""} aria-label={`Select ${text}`}>
            <Box />
          </Aria.Checkbox>
        </Aria.Cell>
      )}
      {columns.map((column, n) => (
        <Aria.Cell key={column.id} className={`${styles.cell} ${column.align ? styles.right : ""} ${n === 0 ? styles.nameCell : ""} ${n === 0 && !boxed ? styles.first : ""} ${n === columns.length - 1 ? styles.final : ""}`}>
          <CellContent>{column.cell(row)}</CellContent>
        </Aria.Cell>
      ))}
    </Aria.Row>
  );
}

/** Plain words get an element of their own: only an element is cut with an ellipsis. */
function CellContent({ children }: { children: ReactNode }) {
  return typeof children === "string" || typeof children === "number" ? <span>{children}</span> : children;
}

function GroupTitle<Row>({ group }: { group: TableGroup<Row> }) {
  return (
    <span className={styles.groupWords}>
      {group.title}
      {group.note !== undefined && <span className={styles.groupNote}>{group.note}</span>}
    </span>
  );
}
