/** The open deals of one motion as a board, and the gate that a card is moved through. */
import { useState } from "react";
import type { DealFilter, Motion } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Segments } from "../../components/Field";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { MoveDialog } from "../../deal/MoveDialog";
import { formatCount } from "../../format/number";
import { wordOf } from "../../format/words";
import { Board } from "./Board";
import boardStyles from "./Board.module.css";
import { MOTIONS } from "./deals.search";
import styles from "./Deals.module.css";
import { useBoard, useBoardMotion } from "./useBoard";

/** The board with the choice of its motion; `begin` is the card that the cursor is on at first. */
export function BoardTab({ filter, now, begin, onMotion, onOpen }: { filter: DealFilter; now: number; begin: string | undefined; onMotion: (motion: Motion) => void; onOpen: (id: string) => void }) {
  // The board is of open deals; whatever the view says of the outcome is about another list.
  const { outcome: _, ...open } = filter;
  const { motion, counts } = useBoardMotion({ ...open, outcome: "open" }, true);
  const { columns, isPending, error } = useBoard(open, motion);
  const [moving, setMoving] = useState<{ deal: string; position: number | null } | null>(null);
  const undo = useCommand("undo", { done: "Taken back", failed: "It could not be taken back" });
  if (error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={error} title="The board could not be read" />
      </div>
    );
  }
  if (motion === null || isPending) return <div aria-busy="true" />;
  const none = columns.every((column) => column.total === 0);
  return (
    <>
      <div className={boardStyles.motions}>
        <Segments label="Motion" options={MOTIONS.map((id) => ({ id, name: <>{wordOf(id)} <span className="t3 tn">{formatCount(counts[id] ?? 0)}</span></> }))} value={motion} onChange={onMotion} />
      </div>
      {none ? (
        <EmptyState title="No open deal in this motion">Open deals of the view stand here by stage; another motion, view or filter may have some.</EmptyState>
      ) : (
        <Board key={motion} label={`Deals by stage: ${wordOf(motion)}`} columns={columns} now={now} begin={begin} onOpen={onOpen} onMove={(row, position) => setMoving({ deal: row.id, position })} />
      )}
      {moving !== null && <MoveDialog deal={moving.deal} position={moving.position} onUndo={(decided) => undo.mutate({ decision: decided.decision })} onClose={() => setMoving(null)} />}
    </>
  );
}
