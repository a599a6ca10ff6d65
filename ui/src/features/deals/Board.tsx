/**
 * Deals of one motion as cards, a column for each stage. A move is asked for and never made here: `onMove` opens the gate, whoever
 * asks and however (Shift+H and Shift+L, M, or the pointer).
 *
 * The hard idea: the events of all cards are heard here, once, and a card is drawn anew only when it is or was the one that the keys
 * are for; while a card is dragged nothing is drawn but what follows the pointer and the column under it.
 *
 * Callers rely on: `h j k l` and the arrows move the cursor, Enter and a click open, Esc drops what is dragged; each column is a grid of
 * named rows, and one card is a stop of Tab. It reads nothing: columns and what is in them are the caller's.
 */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { MouseEvent, PointerEvent } from "react";
import { useSteadyActions } from "../../actions/useActions";
import type { DealRow } from "../../api/api.gen";
import { stepped } from "./boardSteps";
import type { Step } from "./boardSteps";
import styles from "./Board.module.css";
import { BoardColumn } from "./BoardColumn";
import type { ColumnData } from "./BoardColumn";
import { BOARD_ACTIONS } from "./boardKeys";

/** So far the pointer goes before a press is a drag, px. */
const SLACK = 6;

/** Props of Board. */
export interface BoardProps {
  label: string;
  columns: readonly ColumnData[];
  now: number;
  /** The card that the cursor is on at first. */
  begin?: string | undefined;
  onOpen: (id: string) => void;
  /** To that place of its way; null lets the person choose. */
  onMove: (row: DealRow, position: number | null) => void;
}

interface Press {
  id: string;
  x: number;
  y: number;
}

const cardAt = (target: EventTarget) => (target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
const columnAt = (target: EventTarget) => Number((target as HTMLElement).closest<HTMLElement>("[data-position]")?.dataset.position ?? 0);

/** The board. */
export function Board({ label, columns, now, begin, onOpen, onMove }: BoardProps) {
  const place = useRef<HTMLDivElement>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const pressed = useRef<Press | null>(null);
  const dropped = useRef(false);
  const moving = useRef(false);
  const [wanted, setCursor] = useState<string | null>(begin ?? null);
  const [drag, setDrag] = useState<{ id: string; over: number } | null>(null);
  const ids = columns.map((column) => column.rows.map((row) => row.id));
  const has = (id: string | null) => id !== null && ids.some((column) => column.includes(id));
  const cursor = has(wanted) ? wanted : null;
  const found = (id: string | null) => columns.flatMap((column) => column.rows).find((row) => row.id === id);
  const placeOf = (id: string) => columns.find((column) => column.rows.some((row) => row.id === id))?.position ?? 0;
  const stop = cursor ?? stepped(ids, null, "down");

  const step = (to: Step) => {
    moving.current = true;
    const next = stepped(ids, cursor, to);
    if (next === cursor) place.current?.querySelector<HTMLElement>('[data-key][tabindex="0"]')?.focus();
    setCursor(next);
  };
  const take = useEffectEvent(() => {
    const card = place.current?.querySelector<HTMLElement>('[data-key][tabindex="0"]');
    if (moving.current || place.current?.contains(document.activeElement)) card?.focus();
    moving.current = false;
    card?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  });
  useLayoutEffect(() => {
    if (cursor !== null) take();
  }, [cursor]);

  const shift = (by: 1 | -1) => {
    const row = found(cursor);
    const to = columns.find((column) => column.position === placeOf(cursor ?? "") + by)?.position;
    if (row !== undefined) onMove(row, to ?? null);
  };
  const letGo = () => {
    pressed.current = null;
    setDrag(null);
  };
  useSteadyActions(
    {
      any: stop !== null,
      on: cursor !== null,
      dragging: drag !== null,
      step,
      open: () => cursor !== null && onOpen(cursor),
      shift,
      choose: () => {
        const row = found(cursor);
        if (row !== undefined) onMove(row, null);
      },
      letGo,
    },
    BOARD_ACTIONS,
  );

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const id = cardAt(event.target);
    dropped.current = false;
    if (id === undefined || event.button !== 0) return;
    pressed.current = { id, x: event.clientX, y: event.clientY };
    // A finger would keep the card as its target: what is under it would not be known.
    const { target } = event;
    if (target instanceof Element && target.hasPointerCapture?.(event.pointerId)) target.releasePointerCapture(event.pointerId);
  }

  function onPointerMove(event: PointerEvent<HTMLElement>) {
    const press = pressed.current;
    if (press === null) return;
    if (event.buttons === 0) return letGo();
    if (drag === null && Math.hypot(event.clientX - press.x, event.clientY - press.y) < SLACK) return;
    const over = columnAt(event.target);
    if (drag?.over !== over) setDrag({ id: press.id, over });
    if (ghost.current) ghost.current.style.transform = `translate(${event.clientX + 10}px, ${event.clientY + 10}px)`;
  }

  function onPointerUp() {
    const row = found(drag?.id ?? null);
    dropped.current = drag !== null;
    if (drag !== null && row !== undefined && drag.over > 0 && drag.over !== placeOf(drag.id)) {
      setCursor(drag.id);
      onMove(row, drag.over);
    }
    letGo();
  }

  function onClick(event: MouseEvent) {
    const id = cardAt(event.target);
    if (id === undefined || dropped.current) return;
    setCursor(id);
    onOpen(id);
  }

  // Let go outside of the window: nobody tells the board.
  const cancelled = useEffectEvent(letGo);
  useEffect(() => {
    if (drag === null) return;
    const out = () => cancelled();
    window.addEventListener("blur", out);
    window.addEventListener("pointercancel", out);
    return () => {
      window.removeEventListener("blur", out);
      window.removeEventListener("pointercancel", out);
    };
  }, [drag]);

  const dragged = found(drag?.id ?? null);
  return (
    // The events of all cards are heard here, once; their keys are actions.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <div ref={place} role="group" aria-label={label} className={`${styles.board} ${drag === null ? "" : styles.dragging}`} onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={onPointerUp} onClick={onClick}>
      {columns.map((column) => (
        <BoardColumn key={column.position} column={column} now={now} cursor={stop} dragged={drag?.id ?? null} isOver={drag !== null && drag.over === column.position && placeOf(drag.id) !== column.position} />
      ))}
      {dragged !== undefined && (
        <div ref={ghost} className={styles.ghost} aria-hidden="true">
          {dragged.name}
        </div>
      )}
    </div>
  );
}
