/**
 * A row of a RecordList, and what most rows look like (TwoLines). The hard idea is what it does not do: it hears no events (the list
 * does, once for all rows) and is drawn anew only when something of its own has changed, so that a key costs two rows.
 */
import { memo } from "react";
import type { ReactNode } from "react";
import { CheckIcon } from "./icons";
import styles from "./RecordList.module.css";

/** Props of ListRow; all but `item` and `draw` are plain values. */
export interface ListRowProps {
  id: string;
  /** Its number in the list. */
  n: number;
  /** Px from the top of its group. */
  top: number;
  height: number;
  name: string;
  isOpen: boolean;
  isMarked: boolean;
  canMark: boolean;
  isLast: boolean;
  item: unknown;
  draw: (item: unknown) => ReactNode;
}

/** The row. */
export const ListRow = memo(function ListRow({ id, n, top, height, name, isOpen, isMarked, canMark, isLast, item, draw }: ListRowProps) {
  return (
    <div role="row" data-key={id} aria-label={name} aria-selected={isOpen} aria-rowindex={n + 1} tabIndex={isOpen ? 0 : -1} className={`${styles.row} ${isMarked ? styles.marked : ""} ${isLast ? styles.last : ""}`} style={{ top, height }}>
      <div role="gridcell" className={styles.cell}>
        {canMark && (
          // A click on it is heard by the list, a key on the row is `x`.
          <button type="button" tabIndex={-1} role="checkbox" aria-checked={isMarked} aria-label={`Select ${name}`} className={styles.mark}>
            {isMarked && <CheckIcon size={12} />}
          </button>
        )}
        {draw(item)}
      </div>
    </div>
  );
});

/**
 * What most rows look like: name and clock above, who and figures below; everything is cut at one line.
 * `off` greys the row out (locked by somebody else).
 */
export function TwoLines({ name, end, second, secondEnd, off = false }: { name: ReactNode; end?: ReactNode; second?: ReactNode; secondEnd?: ReactNode; off?: boolean }) {
  return (
    <div className={`${styles.lines} ${off ? styles.off : ""}`}>
      <div className={styles.line}>
        <div className={styles.name}>{name}</div>
        <div className={styles.end}>{end}</div>
      </div>
      <div className={styles.line}>
        <div className={styles.second}>{second}</div>
        <div className={styles.secondEnd}>{secondEnd}</div>
      </div>
    </div>
  );
}
