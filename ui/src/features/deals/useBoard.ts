/**
 * The columns of the board: the first cards of every stage in one answer, more of one by keyset when they are asked for. A program with
 * several motions looks at one at a time; the one with the most deals comes first.
 */
import { useState } from "react";
import type { BoardColumn, DealFilter, Motion } from "../../api/api.gen";
import { useOp, usePages } from "../../api/queries";
import type { ColumnData } from "./BoardColumn";
import { MOTIONS } from "./deals.search";
import { useMotionTotals } from "./useDeals";

/** Cards of a column at first, and of a page. */
const CARDS = 30;

/** What deals a stage has after its first cards; asked for once `wanted`. */
function useMore(filter: DealFilter, column: BoardColumn | undefined, position: number, wanted: ReadonlySet<number>) {
  const first = column?.next ?? null;
  const pages = usePages("deals", (after) => ({ filter: { ...filter, outcome: "open", position }, sort: "close_date", direction: "ascending", after: after ?? first, limit: CARDS }), { enabled: first !== null && wanted.has(position) });
  return { rows: first === null || !wanted.has(position) ? [] : pages.rows, more: pages.more };
}

/** The motion that is shown: the one that was chosen, else the one with the most deals. */
export function useBoardMotion(filter: DealFilter, enabled: boolean): { motion: Motion | null; counts: Partial<Record<Motion, number>> } {
  const totals = useMotionTotals(filter, enabled);
  const counts = Object.fromEntries(MOTIONS.map((motion) => [motion, totals[motion]?.count]).filter(([, count]) => count !== undefined)) as Partial<Record<Motion, number>>;
  if (filter.motion) return { motion: filter.motion, counts };
  if (MOTIONS.some((motion) => counts[motion] === undefined)) return { motion: null, counts };
  return { motion: MOTIONS.toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0))[0] ?? null, counts };
}

/** The columns of one motion. */
export function useBoard(filter: DealFilter, motion: Motion | null) {
  const asked = { ...filter, motion };
  const query = useOp("board", { filter: asked, limit: CARDS }, { enabled: motion !== null, keep: true });
  const [wanted, setWanted] = useState<ReadonlySet<number>>(new Set());
  const columns = query.data?.columns ?? [];
  const at = (position: number) => columns.find((column) => column.position === position);
  const more = [
    useMore(asked, at(0), 0, wanted),
    useMore(asked, at(1), 1, wanted),
    useMore(asked, at(2), 2, wanted),
    useMore(asked, at(3), 3, wanted),
    useMore(asked, at(4), 4, wanted),
    useMore(asked, at(5), 5, wanted),
  ];
  const shown = columns.map(
    (column): ColumnData => ({
      position: column.position,
      title: column.name,
      role: column.role,
      days: column.days,
      total: column.totals.count,
      sums: column.totals.sums,
      rows: [...column.rows, ...(more[column.position]?.rows ?? [])],
      isPending: false,
      more: () => (wanted.has(column.position) ? more[column.position]?.more() : setWanted(new Set([...wanted, column.position]))),
    }),
  );
  return { columns: shown, isPending: query.isPending, error: query.error };
}
