/**
 * A list of records, two lines a row, drawn by a virtualiser so that length costs nothing.
 *
 * The hard idea: there are two selections. The *open* record (`selected`, blue with a bar) is what the detail shows; it
 * moves with the arrows, `j`/`k`, and a click, and is React Aria's own selection. *Marked* records (`marked`, a ticked box)
 * are for bulk verbs; `x` marks, Shift with a move marks the range, Shift-click too, Esc clears. Both are given by the
 * caller: the open one lives in the URL, the marks in the screen's state.
 *
 * Callers rely on: `j k x Enter Esc` work wherever the focus is on the screen (they are actions, listed on the key sheet);
 * moving brings the focus to the row that opens, so that it is never lost with a detail that gives way, and Tab leads from
 * there into the detail; letters are the screen's, never a search for a row; moving past the last row read calls `onMore`; groups draw a heading only when they have rows. It neither
 * sorts nor filters (SQL does), and it knows nothing of what a row says: `row` draws it (see TwoLines).
 */
import { useEffect, useEffectEvent, useRef } from "react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";
import * as Aria from "react-aria-components";
import { useActions } from "../actions/useActions";
import { CheckIcon } from "./icons";
import styles from "./RecordList.module.css";

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

const HEADING = 28;

/** The list. */
export function RecordList<Row>(props: RecordListProps<Row>) {
  const { label, groups, idOf, textOf, row, selected, onSelect, marked, onMark, onOpen, onLeave, onMore, isLoadingMore = false, empty, rowHeight = 48, hotkeys = true } = props;
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<string | null>(null);
  const moving = useRef(false);
  const shown = groups.filter((group) => group.rows.length > 0);
  const ids = shown.flatMap((group) => group.rows.map(idOf));
  const canMark = marked !== undefined && onMark !== undefined;

  function toggle(id: string) {
    if (!canMark) return;
    const next = new Set(marked);
    if (!next.delete(id)) next.add(id);
    anchor.current = id;
    onMark(next);
  }

  function markRange(to: string) {
    if (!canMark) return;
    const from = ids.indexOf(anchor.current ?? selected ?? to);
    const until = ids.indexOf(to);
    if (from < 0 || until < 0) return;
    onMark(new Set([...marked, ...ids.slice(Math.min(from, until), Math.max(from, until) + 1)]));
  }

  function move(step: 1 | -1, extend: boolean) {
    const from = selected === null ? -1 : ids.indexOf(selected);
    const to = ids[from < 0 ? (step > 0 ? 0 : ids.length - 1) : from + step];
    if (to === undefined) {
      if (selected !== null) focusRow(selected);
      return;
    }
    if (extend) {
      anchor.current ??= selected;
      markRange(to);
    } else if (marked?.size === 0) {
      anchor.current = null;
    }
    moving.current = true;
    onSelect(to);
    scrollTo(to);
  }

  function focusRow(id: string, tries = 4) {
    const rows = box.current?.querySelectorAll<HTMLElement>('[role="row"][data-key]') ?? [];
    const row = [...rows].find((one) => one.dataset.key === id);
    if (row) return row.focus();
    // A row that is not drawn yet takes the focus from the list around it as soon as it is.
    grid()?.focus();
    if (tries > 0) requestAnimationFrame(() => document.activeElement === grid() && focusRow(id, tries - 1));
  }

  /** Where a row begins, by arithmetic: rows off screen are not in the page. */
  function topOf(id: string): number {
    let top = 0;
    for (const group of shown) {
      if (group.title !== undefined) top += HEADING;
      const n = group.rows.findIndex((one) => idOf(one) === id);
      if (n >= 0) {
        top += n * rowHeight;
        break;
      }
      top += group.rows.length * rowHeight;
    }
    return top;
  }

  function grid(): HTMLElement | null {
    return box.current?.querySelector<HTMLElement>('[role="grid"]') ?? null;
  }

  function scrollTo(id: string) {
    const view = grid();
    if (!view) return;
    const top = topOf(id);
    if (top < view.scrollTop + HEADING) view.scrollTop = Math.max(0, top - HEADING);
    else if (top + rowHeight > view.scrollTop + view.clientHeight) view.scrollTop = top + rowHeight - view.clientHeight;
  }

  /** The grid would move from the row that has the focus; we move from the one that is open. */
  function onKeyDownCapture(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    event.stopPropagation();
    move(event.key === "ArrowDown" ? 1 : -1, event.shiftKey && canMark);
  }

  // The focus goes with the open record while it is inside the list, and comes into it with a move from elsewhere, so that a
  // screen reader says which one is open.
  const take = useEffectEvent((id: string) => {
    const comes = moving.current || box.current?.contains(document.activeElement);
    moving.current = false;
    if (comes) focusRow(id);
  });
  useEffect(() => {
    if (selected !== null) take(selected);
  }, [selected]);

  /** Shift and the pointer mark a range and leave the open record open: the grid must not hear of it. */
  function onPointerCapture(event: MouseEvent) {
    if (!event.shiftKey || !canMark) return;
    event.preventDefault();
    event.stopPropagation();
    const key = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
    if (event.type === "pointerdown" && key !== undefined) markRange(key);
  }

  const at = selected === null ? -1 : ids.indexOf(selected);
  const on = selected !== null && at >= 0;

  // The open record stands in view whoever opened it: the address, a decision, another screen. When it moves inside the
  // list (taken back, it returns to its clock) the view goes with it, unless the person had scrolled away from it.
  const seen = useRef<{ id: string; top: number } | null>(null);
  const follow = useEffectEvent((id: string) => {
    const view = grid();
    const before = seen.current;
    seen.current = { id, top: topOf(id) };
    if (!view) return;
    const left = before?.id === id && (before.top + rowHeight <= view.scrollTop || before.top >= view.scrollTop + view.clientHeight);
    if (!left) scrollTo(id);
  });
  useEffect(() => {
    if (selected === null || at < 0) return;
    const frame = requestAnimationFrame(() => follow(selected));
    return () => cancelAnimationFrame(frame);
  }, [selected, at]);

  useActions(
    hotkeys
      ? [
          { id: "list.next", title: "Next", keys: ["j", "ArrowDown"], group: "List", sheetOnly: true, when: ids.length > 0, run: () => move(1, false) },
          { id: "list.previous", title: "Previous", keys: ["k", "ArrowUp"], group: "List", sheetOnly: true, when: ids.length > 0, run: () => move(-1, false) },
          { id: "list.mark", title: "Select", keys: "x", group: "List", sheetOnly: true, when: canMark && on, run: () => on && toggle(selected) },
          { id: "list.markNext", title: "Select downwards", keys: ["Shift+J", "Shift+ArrowDown"], group: "List", sheetOnly: true, when: canMark, run: () => move(1, true) },
          { id: "list.markPrevious", title: "Select upwards", keys: ["Shift+K", "Shift+ArrowUp"], group: "List", sheetOnly: true, when: canMark, run: () => move(-1, true) },
          { id: "list.open", title: "Open", keys: "Enter", group: "List", sheetOnly: true, when: on && onOpen !== undefined, run: () => on && onOpen?.(selected) },
          {
            id: "list.leave",
            title: marked?.size ? "Clear the selection" : "Leave",
            keys: "Escape",
            group: "List",
            sheetOnly: true,
            when: Boolean(marked?.size) || onLeave !== undefined,
            run: () => {
              if (!marked?.size) return onLeave?.();
              anchor.current = null;
              onMark?.(new Set());
            },
          },
        ]
      : [],
  );

  if (shown.length === 0 && empty !== undefined) return <div className={styles.empty}>{empty}</div>;

  return (
    // The handlers add range marking to keys and clicks that the grid inside handles otherwise.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events
    <div ref={box} className={styles.box} onKeyDownCapture={onKeyDownCapture} onPointerDownCapture={onPointerCapture} onMouseDownCapture={onPointerCapture} onClickCapture={onPointerCapture}>
      <Aria.Virtualizer layout={Aria.ListLayout} layoutOptions={{ rowHeight, headingHeight: HEADING, loaderHeight: 32 }}>
        <Aria.GridList
          aria-label={label}
          className={styles.grid ?? ""}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection={on}
          escapeKeyBehavior="none"
          disallowTypeAhead
          selectedKeys={on ? [selected] : []}
          onSelectionChange={(keys) => {
            const [id] = keys;
            if (typeof id === "string" && id !== selected) onSelect(id);
          }}
          {...(onOpen ? { onAction: (id: Aria.Key) => onOpen(String(id)) } : {})}
        >
          {shown.map((group, g) => (
            <Aria.GridListSection key={group.id} id={`group:${group.id}`} aria-label={group.title ?? label} className={styles.section ?? ""}>
              {group.title !== undefined && (
                <Aria.GridListHeader className={`${styles.heading} ${group.tone ? styles[group.tone] : ""}`}>
                  {group.title}
                  {group.count !== undefined && <span className={styles.headingCount}>{group.count}</span>}
                </Aria.GridListHeader>
              )}
              {/* Which row is open is the grid's own: a key must not build every row again that was read. */}
              <Aria.Collection items={group.rows.map((item) => ({ id: idOf(item), item }))} dependencies={[marked, row, ids[ids.length - 1]]}>
                {({ id, item }) => (
                  <Aria.GridListItem
                    id={id}
                    textValue={textOf(item)}
                    className={`${styles.row} ${marked?.has(id) ? styles.marked : ""} ${id === ids[ids.length - 1] ? styles.last : ""}`}
                  >
                    {canMark && <Mark on={marked.has(id)} name={textOf(item)} onToggle={() => toggle(id)} />}
                    {row(item)}
                  </Aria.GridListItem>
                )}
              </Aria.Collection>
              {onMore !== undefined && g === shown.length - 1 && (
                <Aria.GridListLoadMoreItem onLoadMore={onMore} isLoading={isLoadingMore} className={styles.more ?? ""}>
                  Reading on
                </Aria.GridListLoadMoreItem>
              )}
            </Aria.GridListSection>
          ))}
        </Aria.GridList>
      </Aria.Virtualizer>
    </div>
  );
}

function Mark({ on, name, onToggle }: { on: boolean; name: string; onToggle: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      role="checkbox"
      aria-checked={on}
      aria-label={`Select ${name}`}
      className={styles.mark}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {on && <CheckIcon size={12} />}
    </button>
  );
}

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
