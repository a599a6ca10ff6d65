/**
 * How a person walks over rows that are placed by arithmetic (windowed.ts): which steps of the view are drawn, moving with the arrows
 * and `j`/`k`, marking with `x` and Shift, following the open row, reading on near the end. RecordList and RecordTable draw it.
 *
 * The hard idea: nothing here draws a row or listens on one. The rows' events are heard on the place around them, and a move scrolls
 * by arithmetic before anything has changed, so that a key costs the two rows that the drawing has to change.
 *
 * Callers rely on: a row is `[role="row"][data-key]`, the open one has `tabindex="0"`; a click on `[role="checkbox"]` inside a row
 * marks it; a move from elsewhere brings the focus to the row that opens, and inside the place the focus goes along.
 */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent, RefObject, UIEvent } from "react";
import { useSteadyActions } from "../actions/useActions";
import { LIST_ACTIONS } from "./listKeys";
import { HEADING, scrolled, STEP, topOf } from "./windowed";
import type { Layout } from "./windowed";

/** What a walk is over, and who hears of it. */
export interface WalkOptions {
  layout: Layout<unknown>;
  /** Px. */
  rowHeight: number;
  /** Px at the top of the view that stay while rows pass under them (titles of columns). */
  above?: number;
  /** Px kept free above a row that is moved to, for its heading. */
  room?: number;
  open: string | null;
  setOpen: (id: string) => void;
  /** Left out = rows are not marked. */
  marked?: ReadonlySet<string> | undefined;
  onMark?: ((marked: ReadonlySet<string>) => void) | undefined;
  onOpen?: ((id: string) => void) | undefined;
  onLeave?: (() => void) | undefined;
  onMore?: (() => void) | undefined;
  hotkeys: boolean;
}

/** What the drawing needs: which step of the view is shown, and what the place around the rows hears. */
export interface Walk {
  step: number;
  /** Px of the view in which rows are seen. */
  height: number;
  canMark: boolean;
  /** The open row is among the rows. */
  on: boolean;
  /** Stands after the last row. */
  end: RefObject<HTMLDivElement | null>;
  place: {
    ref: (view: HTMLDivElement | null) => void;
    onScroll: (event: UIEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent) => void;
    onMouseDown: (event: MouseEvent) => void;
    onClick: (event: MouseEvent) => void;
    onDoubleClick: (event: MouseEvent) => void;
  };
}

const NONE: ReadonlySet<string> = new Set();
const NO_KEYS = () => [];

/** The row that an event is about. */
export const rowAt = (target: EventTarget): string | undefined => (target as HTMLElement).closest<HTMLElement>('[role="row"][data-key]')?.dataset.key;
/** Whether it is about the row's mark. */
export const isMark = (target: EventTarget): boolean => (target as HTMLElement).closest('[role="checkbox"]') !== null;

/** The walk. */
export function useWalk({ layout, rowHeight, above = 0, room = HEADING, open, setOpen, marked, onMark, onOpen, onLeave, onMore, hotkeys }: WalkOptions): Walk {
  const [view, setView] = useState<HTMLDivElement | null>(null);
  const [step, setStep] = useState(0);
  const [height, setHeight] = useState(0);
  const anchor = useRef<string | null>(null);
  const moving = useRef(false);
  const { ids } = layout;
  const canMark = marked !== undefined && onMark !== undefined;
  const marks = marked ?? NONE;
  const at = open === null ? -1 : ids.indexOf(open);

  const tick = (id: string) => {
    if (!canMark) return;
    const next = new Set(marks);
    if (!next.delete(id)) next.add(id);
    anchor.current = id;
    onMark(next);
  };

  function markRange(to: string) {
    if (!canMark) return;
    const from = ids.indexOf(anchor.current ?? open ?? to);
    const until = ids.indexOf(to);
    if (from < 0 || until < 0) return;
    onMark(new Set([...marks, ...ids.slice(Math.min(from, until), Math.max(from, until) + 1)]));
  }

  function move(by: number, extend: boolean) {
    const to = ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.abs(by) === 1 ? at + by : Math.min(ids.length - 1, Math.max(0, at + by))];
    if (to === undefined) {
      openRow()?.focus();
      if (by > 0) onMore?.();
      return;
    }
    if (extend) {
      anchor.current ??= open;
      markRange(to);
    } else if (marks.size === 0) {
      anchor.current = null;
    }
    moving.current = true;
    scrollTo(to);
    setOpen(to);
  }

  function openRow(): HTMLElement | null {
    return view?.querySelector<HTMLElement>('[role="row"][data-key][tabindex="0"]') ?? null;
  }

  /** By arithmetic, and before anything has changed: nothing is laid out for it. */
  function scrollTo(id: string) {
    if (!view) return;
    const to = scrolled(topOf(layout, id), { top: view.scrollTop, height: height || view.clientHeight - above }, rowHeight, room);
    if (to !== view.scrollTop) view.scrollTop = to;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -ids.length, End: ids.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(by, event.shiftKey && canMark);
  }

  function onMouseDown(event: MouseEvent) {
    // Shift marks a range and leaves the open record open; a mark is not a place for the focus.
    if ((event.shiftKey && canMark) || isMark(event.target)) event.preventDefault();
  }

  function onClick(event: MouseEvent) {
    const id = rowAt(event.target);
    if (id === undefined) return;
    if (isMark(event.target)) return tick(id);
    if (event.shiftKey && canMark) return markRange(id);
    setOpen(id);
  }

  function onDoubleClick(event: MouseEvent) {
    const id = rowAt(event.target);
    if (id !== undefined && !isMark(event.target)) onOpen?.(id);
  }

  // The focus goes with the open record while it is inside the list, and comes into it with a move from elsewhere, so that a
  // screen reader says which one is open. The scrolling is our own.
  const take = useEffectEvent(() => {
    const comes = moving.current || (view?.contains(document.activeElement) ?? false);
    moving.current = false;
    if (comes) openRow()?.focus({ preventScroll: true });
  });
  useLayoutEffect(() => {
    if (open !== null) take();
  }, [open]);

  // The open record stands in view whoever opened it: the address, a decision, another screen. When it moves inside the
  // list (taken back, it returns to its clock) the view goes with it, unless the person had scrolled away from it.
  const seen = useRef<{ id: string; top: number } | null>(null);
  const follow = useEffectEvent((id: string) => {
    const before = seen.current;
    seen.current = { id, top: topOf(layout, id) };
    if (!view) return;
    const left = before?.id === id && (before.top + rowHeight <= view.scrollTop || before.top >= view.scrollTop + view.clientHeight - above);
    if (!left) scrollTo(id);
  });
  useEffect(() => {
    if (open === null || at < 0) return;
    const frame = requestAnimationFrame(() => follow(open));
    return () => cancelAnimationFrame(frame);
  }, [open, at]);

  useLayoutEffect(() => {
    if (!view) return;
    const measure = () => setHeight(view.clientHeight - above);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(view);
    return () => watcher.disconnect();
  }, [view, above]);

  // A screen before the end of what was read, the next page is asked for.
  const end = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(() => onMore?.());
  useEffect(() => {
    if (!view || !end.current) return;
    const watcher = new IntersectionObserver((seenNow) => seenNow.some((one) => one.isIntersecting) && near(), { root: view, rootMargin: "0px 0px 100% 0px" });
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [view, ids.length]);

  useSteadyActions(
    {
      any: ids.length > 0,
      canMark,
      hasMarks: marks.size > 0,
      open: at < 0 ? null : open,
      move,
      tick,
      enter: onOpen,
      clear: () => {
        anchor.current = null;
        onMark?.(NONE);
      },
      leave: onLeave,
    },
    hotkeys ? LIST_ACTIONS : NO_KEYS,
  );

  const onScroll = (event: UIEvent<HTMLElement>) => setStep(Math.floor(event.currentTarget.scrollTop / STEP));
  return { step, height, canMark, on: at >= 0, end, place: { ref: setView, onScroll, onKeyDown, onMouseDown, onClick, onDoubleClick } };
}
