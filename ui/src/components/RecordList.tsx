/**
 * A list of records, two lines a row, of which only those near the view are drawn, so that length costs nothing.
 *
 * The first hard idea: there are two selections. The *open* record (`selected`, blue with a bar) is what the detail shows; it
 * moves with the arrows, `j`/`k`, and a click. *Marked* records (`marked`, a ticked box) are for bulk verbs; `x` marks, Shift with
 * a move marks the range, Shift-click too, Esc clears. Both are given by the caller: the open one lives in the URL, the marks in
 * the screen's state.
 *
 * The second: a key moves the open row at once, two rows are drawn anew, and the caller hears of it after that frame
 * (useAhead). Until the screen has caught up, keys that act on the record do nothing: they would act on the one before.
 *
 * Callers rely on: `j k x Enter Esc` work wherever the focus is on the screen (they are actions, listed on the key sheet);
 * moving brings the focus to the row that opens, so that it is never lost with a detail that gives way, and Tab leads from
 * there into the detail; letters are the screen's; moving past the last row read calls `onMore`, and so does coming near it;
 * groups draw a heading only when they have rows. It neither sorts nor filters (SQL does), and it knows nothing of what a row
 * says: `row` draws it (see TwoLines).
 */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import { useSteadyActions } from "../actions/useActions";
import { LIST_ACTIONS } from "./listKeys";
import { ListRow } from "./ListRow";
import styles from "./RecordList.module.css";
import { useAhead } from "./useAhead";
import { drawn, placed, scrolled, STEP, topOf } from "./windowed";

export { TwoLines } from "./ListRow";

/** Rows under one heading. */
export interface RecordGroup<Row> {
  id: string;
  /** Heading; left out = rows without one. */
  title?: string;
  count?: number;
  tone?: "danger" | "warn" | undefined;
  rows: readonly Row[];
}

/** Props of RecordList. */
export interface RecordListProps<Row> {
  label: string;
  groups: readonly RecordGroup<Row>[];
  idOf: (row: Row) => string;
  /** What a screen reader calls the row. */
  textOf: (row: Row) => string;
  row: (row: Row) => ReactNode;
  selected: string | null;
  onSelect: (id: string) => void;
  /** Left out = this list has no marks. */
  marked?: ReadonlySet<string>;
  onMark?: (marked: ReadonlySet<string>) => void;
  /** Enter on the open record. */
  onOpen?: (id: string) => void;
  /** Esc when nothing is marked. */
  onLeave?: () => void;
  /** The end of what was read came near. */
  onMore?: () => void;
  isLoadingMore?: boolean;
  empty?: ReactNode;
  /** Height of a row in px: 48 two lines (default), 28 one line. */
  rowHeight?: number;
  /** Set false for a second list on a screen, so that only one hears j and k. */
  hotkeys?: boolean;
}

const NONE: ReadonlySet<string> = new Set();
const NO_KEYS = () => [];

/** The list. */
export function RecordList<Row>(props: RecordListProps<Row>) {
  const { label, groups, idOf, textOf, row, selected, onSelect, marked = NONE, onMark, onOpen, onLeave, onMore, isLoadingMore = false, empty, rowHeight = 48, hotkeys = true } = props;
  const [view, setView] = useState<HTMLDivElement | null>(null);
  const [step, setStep] = useState(0);
  const [height, setHeight] = useState(0);
  const anchor = useRef<string | null>(null);
  const moving = useRef(false);
  const layout = placed(groups, idOf, rowHeight);
  const { ids } = layout;
  const canMark = props.marked !== undefined && onMark !== undefined;
  const [open, setOpen] = useAhead(selected, onSelect, marked.size > 0);
  const at = open === null ? -1 : ids.indexOf(open);
  const on = at >= 0;
  const tick = (id: string) => {
    if (!canMark) return;
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    anchor.current = id;
    onMark(next);
  };

  function markRange(to: string) {
    if (!canMark) return;
    const from = ids.indexOf(anchor.current ?? open ?? to);
    const until = ids.indexOf(to);
    if (from < 0 || until < 0) return;
    onMark(new Set([...marked, ...ids.slice(Math.min(from, until), Math.max(from, until) + 1)]));
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
    } else if (marked.size === 0) {
      anchor.current = null;
    }
    moving.current = true;
    scrollTo(to);
    setOpen(to);
  }

  function openRow(): HTMLElement | null {
    return view?.querySelector<HTMLElement>('[role="row"][aria-selected="true"]') ?? null;
  }

  /** By arithmetic, and before anything has changed: nothing is laid out for it. */
  function scrollTo(id: string) {
    if (!view) return;
    const to = scrolled(topOf(layout, id), { top: view.scrollTop, height: height || view.clientHeight }, rowHeight);
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

  const keyAt = (target: EventTarget) => (target as HTMLElement).closest<HTMLElement>('[role="row"][data-key]')?.dataset.key;
  const isMark = (target: EventTarget) => (target as HTMLElement).closest('[role="checkbox"]') !== null;

  function onMouseDown(event: MouseEvent) {
    // Shift marks a range and leaves the open record open; a mark is not a place for the focus.
    if ((event.shiftKey && canMark) || isMark(event.target)) event.preventDefault();
  }

  function onClick(event: MouseEvent) {
    const id = keyAt(event.target);
    if (id === undefined) return;
    if (isMark(event.target)) return tick(id);
    if (event.shiftKey && canMark) return markRange(id);
    setOpen(id);
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
    const left = before?.id === id && (before.top + rowHeight <= view.scrollTop || before.top >= view.scrollTop + view.clientHeight);
    if (!left) scrollTo(id);
  });
  useEffect(() => {
    if (open === null || at < 0) return;
    const frame = requestAnimationFrame(() => follow(open));
    return () => cancelAnimationFrame(frame);
  }, [open, at]);

  useLayoutEffect(() => {
    if (!view) return;
    const measure = () => setHeight(view.clientHeight);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(view);
    return () => watcher.disconnect();
  }, [view]);

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
      hasMarks: marked.size > 0,
      open: on ? open : null,
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

  if (ids.length === 0 && empty !== undefined) return <div className={styles.empty}>{empty}</div>;

  const lastId = ids[ids.length - 1];
  return (
    // The events of all rows are heard here, once.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={setView}
      role={ids.length > 0 ? "grid" : "group"}
      aria-label={label}
      aria-rowcount={ids.length > 0 ? ids.length : undefined}
      tabIndex={on ? -1 : 0}
      className={`${styles.grid} ${marked.size > 0 ? styles.marking : ""}`}
      onScroll={(event) => setStep(Math.floor(event.currentTarget.scrollTop / STEP))}
      onKeyDown={onKeyDown}
      onMouseDown={onMouseDown}
      onClick={onClick}
      onDoubleClick={(event) => {
        const id = keyAt(event.target);
        if (id !== undefined && !isMark(event.target)) onOpen?.(id);
      }}
    >
      <div role="presentation" className={styles.whole} style={{ height: layout.height + (isLoadingMore && onMore ? 32 : 0) }}>
        {layout.groups.map((group) => (
          <div key={group.id} role="rowgroup" aria-label={group.title ?? label} className={styles.section} style={{ top: group.top, height: group.height }}>
            {group.title !== undefined && (
              <div role="row" className={`${styles.heading} ${group.tone ? styles[group.tone] : ""}`}>
                <span role="rowheader">
                  {group.title}
                  {group.count !== undefined && <span className={styles.headingCount}>{group.count}</span>}
                </span>
              </div>
            )}
            {drawn(group, step, height, rowHeight, open).map(({ id, item, n, top }) => (
              <ListRow
                key={id}
                id={id}
                n={n}
                top={top}
                height={rowHeight}
                name={textOf(item)}
                isOpen={id === open}
                isMarked={canMark && marked.has(id)}
                canMark={canMark}
                isLast={id === lastId}
                item={item}
                draw={row as (item: unknown) => ReactNode}
              />
            ))}
          </div>
        ))}
        <div ref={end} role="presentation" className={styles.more} style={{ top: layout.height }}>
          {isLoadingMore && onMore !== undefined && "Reading on"}
        </div>
      </div>
    </div>
  );
}
