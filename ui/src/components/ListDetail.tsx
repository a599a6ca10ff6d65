/**
 * List left, detail right: the shape of every work screen. The list pane is 356 px (`narrow`: 264), the detail takes the rest;
 * when the place is too small for both, the list gives way to the detail while something is open, and Esc
 * (the screen's) closes it again. When what has the focus goes away, because it was answered and the next one opened, the focus
 * goes to the open row and not to the top of the page.
 *
 * ListPane: head of 40 px (what it is sorted by, buttons at the right) and the scrolling list, which is a RecordList.
 * Detail: head (DetailHead), scrolling body (DetailBody; Tab reaches it and the arrows then scroll it), action bar of 52 px that
 * takes a second line where one is too short (ActionBar). From a detail width of
 * 1060 px DetailBody opens a second column for its `aside`; below that the aside follows the main part, or comes first
 * with `asideFirst`.
 */
import { useEffect, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import styles from "./ListDetail.module.css";

/** The two panes. `open` says whether a record is shown (decides which pane stays when there is room for one). */
export function ListDetail({ list, detail, open, narrow = false }: { list: ReactNode; detail: ReactNode; open: boolean; narrow?: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => (place.current ? keepFocus(place.current) : undefined), []);
  return (
    <div ref={place} className={styles.place} tabIndex={-1}>
      <div className={`${styles.panes} ${narrow ? styles.narrow : ""} ${open ? styles.open : ""}`}>
        <div className={styles.list}>{list}</div>
        <div className={styles.detail}>{detail}</div>
      </div>
    </div>
  );
}

/** What is open, or was before it was left: Esc leaves a record, and its row stays the one that is meant. */
export function useLastOpen(open: string | undefined): string | undefined {
  const [last, setLast] = useState(open);
  if (open !== undefined && open !== last) setLast(open);
  return open ?? last;
}

/** Gives the focus that was lost with what had it to the open row; where no row is drawn to the detail, else to the place itself. */
function keepFocus(place: HTMLElement): () => void {
  let last: Element | null = null;
  const onFocus = (event: FocusEvent) => {
    last = event.target instanceof Element ? event.target : null;
  };
  const watcher = new MutationObserver(() => {
    const isLost = last !== null && !last.isConnected && (document.activeElement === null || document.activeElement === document.body);
    if (!isLost) return;
    last = null;
    for (const where of ['[role="row"][aria-selected="true"]', '[role="region"][tabindex="0"]']) {
      place.querySelector<HTMLElement>(where)?.focus();
      if (document.activeElement !== document.body) return;
    }
    place.focus();
  });
  place.addEventListener("focusin", onFocus);
  watcher.observe(place, { childList: true, subtree: true });
  return () => {
    watcher.disconnect();
    place.removeEventListener("focusin", onFocus);
  };
}

/** Head of a list pane and the list under it. */
export function ListPane({ head, tools, children }: { head: ReactNode; tools?: ReactNode; children: ReactNode }) {
  return (
    <>
      <header className={styles.listHead}>
        <div className={styles.listTitle}>{head}</div>
        {tools}
      </header>
      {children}
    </>
  );
}

/** Title line and second line of a detail; `clock` or buttons at the right. */
export function DetailHead({ title, tags, reference, meta, end, rule = false }: { title: ReactNode; tags?: ReactNode; reference?: ReactNode; meta?: readonly ReactNode[]; end?: ReactNode; rule?: boolean }) {
  return (
    <header className={`${styles.head} ${rule ? styles.headRule : ""}`}>
      <div className={styles.headLine}>
        <h2 className={styles.headTitle}>{title}</h2>
        {tags}
        {reference !== undefined && <span className={styles.reference}>{reference}</span>}
      </div>
      {end !== undefined && <div className={styles.headEnd}>{end}</div>}
      {meta !== undefined && (
        <div className={styles.headMeta}>
          <MetaLine items={meta} />
        </div>
      )}
    </header>
  );
}

/** Words in a row with a middle dot between them; empty ones are left out. */
export function MetaLine({ items }: { items: readonly ReactNode[] }) {
  const shown = items.filter((item) => item !== null && item !== undefined && item !== "" && item !== false);
  return (
    <div className={styles.meta}>
      {shown.map((item, n) => (
        // The items are words at fixed places; their place is their identity.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={n} className={styles.metaItem}>
          {item}
          {n < shown.length - 1 && <span className={styles.dot}>·</span>}
        </span>
      ))}
    </div>
  );
}

const SCROLLS = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "]);

/** The scrolling part of a detail, with a second column when there is room. */
export function DetailBody({ children, aside, asideFirst = false, label = "Details" }: { children: ReactNode; aside?: ReactNode; asideFirst?: boolean; label?: string }) {
  /** While the body itself has the focus the scrolling keys are its own, not the list's. */
  function onKeyDown(event: KeyboardEvent) {
    if (event.target === event.currentTarget && SCROLLS.has(event.key)) event.stopPropagation();
  }
  return (
    // What scrolls must be reachable without a pointer, whether or not something in it can take the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions
    <div className={styles.body} role="region" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
      <div className={styles.bodyInside}>
        {aside === undefined ? (
          children
        ) : (
          <div className={`${styles.split} ${asideFirst ? styles.asideFirst : ""}`}>
            <div className={styles.main}>{children}</div>
            <aside className={styles.aside}>{aside}</aside>
          </div>
        )}
      </div>
    </div>
  );
}

/** The 52 px bar under a detail: the decisions with their keys, and what goes with them at the right. */
export function ActionBar({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className={styles.bar} role="toolbar" aria-label="Decisions">
      {children}
      {end !== undefined && <div className={styles.barEnd}>{end}</div>}
    </div>
  );
}

/** The bar that floats over a list while rows are marked: how many, their sum, the bulk verbs. */
export function SelectionBar({ count, sum, children }: { count: number; sum?: ReactNode; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <div className={styles.selection} role="toolbar" aria-label="For the selection">
      <b>{count} selected</b>
      {sum !== undefined && <span className="t3">{sum}</span>}
      <span className={styles.selectionRule} />
      {children}
    </div>
  );
}
