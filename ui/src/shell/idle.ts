/**
 * Locking by itself: after so many minutes without a key or a click, but never while a review runs (W-08), because people talk
 * longer than they type. A review that nobody finished holds the window for its first hours only.
 */
import type { ReviewRow } from "../api/api.gen";
import { toMillis } from "../format/time";

const LONGEST_REVIEW_MS = 4 * 3_600_000;

/** Whether a review runs that people may be sitting in. */
export function isReviewing(reviews: readonly Pick<ReviewRow, "started_at" | "finished_at">[] | undefined, now: number): boolean {
  return (reviews ?? []).some((row) => row.finished_at === null && now - toMillis(row.started_at) < LONGEST_REVIEW_MS);
}

/** Calls `lock` after `minutes` (0 = never) without a key or a click; while `held` says so, it waits as long again. Answers how to stop. */
export function watchIdle(minutes: number, held: () => boolean, lock: () => void): () => void {
  if (minutes <= 0) return () => {};
  let timer: ReturnType<typeof setTimeout>;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (held() ? again() : lock()), minutes * 60_000);
  };
  again();
  window.addEventListener("keydown", again, true);
  window.addEventListener("pointerdown", again, true);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("keydown", again, true);
    window.removeEventListener("pointerdown", again, true);
  };
}
