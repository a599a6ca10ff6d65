/**
 * A row of a RecordTable. It hears no events (the table does, once for all rows) and is drawn anew only when something of its own
 * has changed, so that a key costs two rows. The width of a column is the table's, given to all rows as one custom property.
 */
import { memo } from "react";
import type { ReactNode } from "react";
import { CheckIcon, MinusIcon } from "./icons";
import styles from "./RecordTable.module.css";

/** One column. */
export interface TableColumn<Row> {
  id: string;
  title: string;
  width: number | `${number}fr`;
  minWidth?: number;
  align?: "right";
  sortable?: boolean;
  /** Its cells are edited where they stand. */
  editable?: boolean;
  cell: (row: Row) => ReactNode;
  /** The cell that names the row for screen readers; the first column unless said. */
  isRowHeader?: boolean;
}

/** Props of TableRow; all but `item` and `columns` are plain values. */
export interface TableRowProps {
  id: string;
  /** Its number in the table. */
  n: number;
  /** Px from the top of its group. */
  top: number;
  height: number;
  name: string;
  isCursor: boolean;
  isMarked: boolean;
  canMark: boolean;
  /** Its cells can have the focus. */
  hasCells: boolean;
  item: unknown;
  columns: readonly TableColumn<never>[];
}

/** Whether the column names the row. */
export function isHeader(columns: readonly Pick<TableColumn<never>, "isRowHeader">[], n: number): boolean {
  return columns[n]?.isRowHeader ?? (n === 0 && !columns.some((column) => column.isRowHeader));
}

/** The row. */
export const TableRow = memo(function TableRow({ id, n, top, height, name, isCursor, isMarked, canMark, hasCells, item, columns }: TableRowProps) {
  return (
    <div role="row" data-key={id} aria-label={name} aria-selected={canMark ? isMarked : undefined} aria-rowindex={n + 2} tabIndex={isCursor ? 0 : -1} className={`${styles.row} ${isMarked ? styles.marked : ""}`} style={{ top, height }}>
      {canMark && (
        <div role="gridcell" className={`${styles.cell} ${styles.boxes}`}>
          <Mark label={`Select ${name}`} checked={isMarked} />
        </div>
      )}
      {columns.map((column, at) => (
        <div key={column.id} data-column={column.id} tabIndex={hasCells ? -1 : undefined} role={isHeader(columns, at) ? "rowheader" : "gridcell"} className={`${styles.cell} ${column.align ? styles.right : ""} ${at === 0 ? styles.nameCell : ""}`}>
          <CellContent>{column.cell(item as never)}</CellContent>
        </div>
      ))}
    </div>
  );
});

/** The box of a row, or of all: a click on it is heard by the table, a key on the row is `x`. */
export function Mark({ label, checked, onClick, tabIndex = -1 }: { label: string; checked: boolean | "mixed"; onClick?: () => void; tabIndex?: 0 | -1 }) {
  return (
    <button type="button" tabIndex={tabIndex} role="checkbox" aria-checked={checked} aria-label={label} className={styles.mark} onClick={onClick}>
      {checked === "mixed" ? <MinusIcon size={12} /> : checked && <CheckIcon size={12} />}
    </button>
  );
}

/** Plain words get an element of their own: only an element is cut with an ellipsis. */
function CellContent({ children }: { children: ReactNode }) {
  return typeof children === "string" || typeof children === "number" ? <span>{children}</span> : children;
}
