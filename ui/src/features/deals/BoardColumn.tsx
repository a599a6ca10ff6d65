/** A stage of the board: its name, who answers for it and for how many days (M), how many deals and how much, the cards that were read, and the way to read on. */
import { labels } from "../../api/api.gen";
import type { DealRow, Money, StageRole } from "../../api/api.gen";
import { countOf, formatCount } from "../../format/number";
import styles from "./Board.module.css";
import { BoardCard } from "./BoardCard";
import { firstSum } from "./cellWords";

/** What a column shows. */
export interface ColumnData {
  /** 1 to 5. */
  position: number;
  title: string;
  /** Who answers for the stage; none where it is not on the way. */
  role: StageRole | null;
  /** It takes so many days at most as a rule. */
  days: number | null;
  /** All of the stage, of which `rows` were read. */
  total: number;
  sums: readonly Money[];
  rows: readonly DealRow[];
  isPending: boolean;
  more: () => void;
}

/** The column. `isOver`: what is dragged would come here. */
export function BoardColumn({ column, now, cursor, dragged, isOver }: { column: ColumnData; now: number; cursor: string | null; dragged: string | null; isOver: boolean }) {
  const { position, title, role, days, total, sums, rows, isPending } = column;
  const sum = firstSum(sums);
  const left = total - rows.length;
  return (
    <section className={`${styles.column} ${isOver ? styles.over : ""}`} data-position={position} aria-label={`Stage ${position}: ${title}`}>
      <header className={styles.head}>
        <h2 className="cut" title={title}>
          {title}
        </h2>
        <span className="t3 small tn">{formatCount(total)}</span>
        <span className="end t2 small tn cut" title={sum.title}>
          {sum.text}
        </span>
        {role !== null && days !== null && (
          <p className="t3 small cut" title={`${labels.StageRole[role]} answers for the stage; it takes ${countOf(days, "day")} as a rule`}>
            {labels.StageRole[role]}, {countOf(days, "day")}
          </p>
        )}
      </header>
      <div className={styles.cards} role={rows.length > 0 ? "grid" : "group"} aria-label={title} aria-rowcount={rows.length > 0 ? total : undefined} aria-busy={isPending}>
        {rows.map((row) => (
          <BoardCard key={row.id} row={row} now={now} isCursor={row.id === cursor} isDragged={row.id === dragged} />
        ))}
        {rows.length === 0 && !isPending && <p className={`${styles.none} t3 small`}>no deal</p>}
      </div>
      {left > 0 && (
        <button type="button" className={styles.more} onClick={column.more}>
          {formatCount(left)} more
        </button>
      )}
    </section>
  );
}
