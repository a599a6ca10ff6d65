/** A deal on the board. It hears no events (the board does, once for all) and is drawn anew only when something of its own has changed. */
import { memo } from "react";
import type { DealRow } from "../../api/api.gen";
import { ArrowUpIcon, WarningIcon } from "../../components/icons";
import { Money } from "../../components/When";
import { dealWords } from "../../format/deal";
import styles from "./Board.module.css";
import { closeCell } from "./cellWords";
import { CreditCell, Words } from "./Cells";

/** The card; `now` is the day that the words are from. */
export const BoardCard = memo(function BoardCard({ row, now, isCursor, isDragged }: { row: DealRow; now: number; isCursor: boolean; isDragged: boolean }) {
  const { head, rest } = dealWords(row);
  const stalled = row.stalled && row.outcome === "open";
  return (
    <div role="row" data-key={row.id} aria-label={row.name} tabIndex={isCursor ? 0 : -1} className={`${styles.card} ${isDragged ? styles.dragged : ""}`}>
      <div role="gridcell" className={styles.inside}>
        <div className={styles.line}>
          <span className={`medium cut ${styles.grow}`} title={row.name}>
            {head}
          </span>
          <span className="small">
            <Words cell={closeCell(row, now)} />
          </span>
        </div>
        <div className={`${styles.line} t3 small`}>
          <span className="cut">{[rest, row.partner ?? "direct"].filter((part) => part !== "").join(" · ")}</span>
        </div>
        <div className={`${styles.line} small`}>
          <span className="tn medium">
            <Money value={row.amount} />
          </span>
          <span className={`cut ${styles.grow}`}>
            <CreditCell row={row} quiet />
          </span>
          {stalled && (
            <span className="warn" title="Past the stage's days or the close date">
              <WarningIcon size={12} />
              <span className="sr">stalled</span>
            </span>
          )}
          {row.pending && (
            <span className="t2" title="Changed here, not sent yet">
              <ArrowUpIcon size={12} />
              <span className="sr">changed here, not sent</span>
            </span>
          )}
        </div>
      </div>
    </div>
  );
});
