/**
 * Times and money as words with the whole truth on hover. `When` says a time relatively or as a date and keeps the exact
 * time in its tooltip; `Money` says an amount in its currency, and the workspace's on hover if it is given.
 * `useNow` is the window's clock: it ticks every 15 seconds, together for everything on screen.
 *
 * The hard idea: time is read, never counted. Each tick reads the clock anew, and so do the moments when the window comes back
 * (shown, focused, woken), because timers sleep with the laptop. A tick that comes far too late, a clock that was put
 * forward or back, another day or another time zone is a jump: whoever asked (`onJump`) then reads again what was sorted by time.
 */
import { useSyncExternalStore } from "react";
import { formatMoney } from "../format/money";
import type { MoneyStyle, MoneyValue } from "../format/money";
import { formatClock, formatDate, formatDay, formatExact, formatRelative } from "../format/time";

const TICK_MS = 15_000;
/** Later than this is a sleep, earlier than before by this a clock that was put back. */
const JUMP_MS = 60_000;
const watchers = new Set<() => void>();
const jumpers = new Set<() => void>();
let offset = 0;
let now = Date.now();
let read = Date.now();
let day = dayName();
let timer: ReturnType<typeof setInterval> | undefined;

/** The day and the zone it is counted in: what "today" and "tomorrow" hang on. */
function dayName(): string {
  return `${new Date(now).toDateString()} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
}

/** Reads the clock and tells everybody; and those who sort by time, when it has jumped. */
function look(): void {
  const at = Date.now();
  now = at + offset;
  const today = dayName();
  const jumped = at - read > TICK_MS + JUMP_MS || read - at > JUMP_MS || today !== day;
  read = at;
  day = today;
  for (const one of watchers) one();
  if (jumped) for (const one of jumpers) one();
}

function onReturn(): void {
  if (document.visibilityState !== "hidden") look();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  if (timer === undefined) {
    read = Date.now();
    now = read + offset;
    day = dayName();
    timer = setInterval(look, TICK_MS);
    for (const come of ["focus", "pageshow", "online"]) window.addEventListener(come, onReturn);
    document.addEventListener("visibilitychange", onReturn);
  }
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    for (const come of ["focus", "pageshow", "online"]) window.removeEventListener(come, onReturn);
    document.removeEventListener("visibilitychange", onReturn);
  };
}

/** Calls back when time did not pass as usual: after a sleep, a moved clock, at another day or in another zone. Answers how to stop. */
export function onJump(jumper: () => void): () => void {
  jumpers.add(jumper);
  return () => jumpers.delete(jumper);
}

/** Counts from another clock than the computer's: the one that Rust counts with. */
export function setClock(at: string): void {
  const ahead = Date.parse(at) - Date.now();
  if (Number.isNaN(ahead) || Math.abs(ahead - offset) < 1000) return;
  offset = ahead;
  now = Date.now() + offset;
  for (const one of watchers) one();
}

/** The time now, in milliseconds; the component is drawn again as it passes. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** A time. `as`: relative ("1 h 44 m ago"), date ("Thu 19 Nov"), day ("19 Nov"), time ("10:00"), both ("Thu 19 Nov, 10:00"). */
export function When({ at, as = "relative", missing = "missing" }: { at: string | null | undefined; as?: "relative" | "date" | "day" | "time" | "both"; missing?: string }) {
  const time = useNow();
  if (!at) return <span className="t3">{missing}</span>;
  const words = {
    relative: () => formatRelative(at, time),
    date: () => formatDate(at, time),
    day: () => formatDay(at, time),
    time: () => formatClock(at),
    both: () => `${formatDate(at, time)}, ${formatClock(at)}`,
  }[as]();
  return (
    <time dateTime={at} title={formatExact(at)} className="tn nowrap">
      {words}
    </time>
  );
}

/** An amount of money. */
export function Money({ value, style = "whole", missing = "missing" }: { value: MoneyValue | null | undefined; style?: MoneyStyle; missing?: string }) {
  if (!value) return <span className="t3">{missing}</span>;
  return (
    <span className="tn nowrap" title={formatMoney(value, "exact")}>
      {formatMoney(value, style)}
    </span>
  );
}
