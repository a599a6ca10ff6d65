/**
 * The clock of a running review: time since the start without the pauses. A pause belongs to the talk and not to the data, so it
 * is kept while the window lives, and the window's clock (which may be another than the computer's) is read between its ticks.
 */
import { useEffect, useState } from "react";
import { useNow } from "../../components/When";

interface Pauses {
  /** Milliseconds of ended pauses. */
  total: number;
  /** When the running pause began. */
  since: number | null;
}

const pauses = new Map<string, Pauses>();
const NONE: Pauses = { total: 0, since: null };

/** Milliseconds since `start` that were not paused. */
export function elapsed(start: number, now: number, { total, since }: Pauses): number {
  return Math.max(0, (since ?? now) - start - total);
}

/** The window's time, told every second. */
export function useSeconds(): number {
  const tick = useNow();
  const [seen, setSeen] = useState(tick);
  useEffect(() => {
    const from = performance.now();
    const timer = setInterval(() => setSeen(tick + performance.now() - from), 1000);
    return () => clearInterval(timer);
  }, [tick]);
  // A clock that was set (the sample has its own) leaves what was seen far behind or ahead.
  return Math.abs(seen - tick) < 20_000 ? Math.max(seen, tick) : tick;
}

/** Whether the review pauses, and the way to pause and go on. The caller is keyed by the review. */
export function usePause(review: string, now: number): { own: Pauses; toggle: () => void } {
  const [own, setOwn] = useState(() => pauses.get(review) ?? NONE);
  return {
    own,
    toggle: () => {
      const next = own.since === null ? { ...own, since: now } : { total: own.total + now - own.since, since: null };
      pauses.set(review, next);
      setOwn(next);
    },
  };
}
