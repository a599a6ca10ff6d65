/**
 * The cells of the row that the keys are for: the arrows go from one to the next, F2 edits the one that has the focus (or the first that
 * can be), Enter does where the cell can be edited, Esc goes back to the row.
 *
 * The hard idea: which cell it is stands in the focus itself, so that no row is drawn for it; moving to another row keeps the column.
 */
import { useEffectEvent, useLayoutEffect, useRef } from "react";
import type { FocusEvent, KeyboardEvent } from "react";
import { useSteadyActions } from "../actions/useActions";
import type { Action } from "../actions/registry";
import type { TableColumn } from "./TableRow";

interface CellsNow {
  can: boolean;
  edit: () => void;
}

function CELL_ACTIONS(now: () => CellsNow): readonly Action[] {
  return [{ id: "table.cell", title: "Edit a cell", keys: "F2", group: "List", sheetOnly: true, when: () => now().can, run: () => now().edit() }];
}

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[role="row"][data-key="${CSS.escape(id)}"]`);
const cellOf = (row: HTMLElement | null, column: string) => row?.querySelector<HTMLElement>(`[data-column="${CSS.escape(column)}"]`) ?? null;

/** What the table's place hears besides; `onKeyDown` answers whether the key was its own. */
export function useCells(columns: readonly Pick<TableColumn<never>, "id" | "editable">[], cursor: string | null, onEdit: ((id: string, column: string, cell: HTMLElement) => void) | undefined) {
  const at = useRef<string | null>(null);
  const isEditable = (id: string | null) => columns.some((column) => column.id === id && column.editable);
  const focus = (column: string | null) => {
    at.current = column;
    const row = cursor === null ? null : rowOf(cursor);
    const to = column === null ? row : cellOf(row, column);
    to?.focus({ preventScroll: true });
    to?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
    return to;
  };
  const edit = () => {
    const column = isEditable(at.current) ? at.current : columns.find((one) => one.editable)?.id;
    if (cursor === null || column === undefined || column === null) return;
    const cell = focus(column);
    if (cell !== null) onEdit?.(cursor, column, cell);
  };
  useSteadyActions({ can: cursor !== null && onEdit !== undefined, edit }, CELL_ACTIONS);
  const follow = useEffectEvent(() => {
    if (at.current !== null && cursor !== null && document.activeElement === rowOf(cursor)) focus(at.current);
  });
  useLayoutEffect(() => {
    if (cursor !== null) follow();
  }, [cursor]);

  function onKeyDown(event: KeyboardEvent): boolean {
    if (cursor === null || columns.length === 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
    if (!rowOf(cursor)?.contains(event.target as Node)) return false;
    const n = columns.findIndex((column) => column.id === at.current);
    if (event.key === "ArrowRight") focus(columns[Math.min(columns.length - 1, n + 1)]?.id ?? null);
    else if (event.key === "ArrowLeft") focus(columns[n - 1]?.id ?? null);
    else if (event.key === "Escape" && at.current !== null) focus(null);
    else if (event.key === "Enter" && isEditable(at.current)) edit();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** The row itself, or a cell that was pressed. */
  function onFocus(event: FocusEvent<HTMLElement>) {
    const column = event.target.dataset.column;
    if (column !== undefined && columns.some((one) => one.id === column)) at.current = column;
  }
  return { onKeyDown, onFocus };
}
