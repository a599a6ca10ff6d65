import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isReviewing, watchIdle } from "./idle";

const MINUTE = 60_000;

describe("locking by itself", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("comes after the minutes without a key, counted from the last one", () => {
    const lock = vi.fn();
    watchIdle(10, () => false, lock);
    vi.advanceTimersByTime(9 * MINUTE);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "j" }));
    vi.advanceTimersByTime(9 * MINUTE);
    expect(lock).not.toHaveBeenCalled();
    vi.advanceTimersByTime(MINUTE);
    expect(lock).toHaveBeenCalledOnce();
  });

  it("does not come while a review runs, and comes after it", () => {
    const lock = vi.fn();
    let running = true;
    watchIdle(10, () => running, lock);
    vi.advanceTimersByTime(60 * MINUTE);
    expect(lock).not.toHaveBeenCalled();
    running = false;
    vi.advanceTimersByTime(10 * MINUTE);
    expect(lock).toHaveBeenCalledOnce();
  });

  it("never comes when it is off or was stopped", () => {
    const lock = vi.fn();
    watchIdle(0, () => false, lock);
    watchIdle(10, () => false, lock)();
    vi.advanceTimersByTime(600 * MINUTE);
    expect(lock).not.toHaveBeenCalled();
  });

  it.each([
    ["nothing is known yet", undefined, false],
    ["the last one is finished", [{ started_at: "2026-11-19T08:00:00Z", finished_at: "2026-11-19T08:40:00Z" }], false],
    ["one runs", [{ started_at: "2026-11-19T08:00:00Z", finished_at: null }], true],
    ["one was left open the day before", [{ started_at: "2026-11-18T08:00:00Z", finished_at: null }], false],
  ])("when %s", (_, rows, held) => {
    expect(isReviewing(rows, Date.parse("2026-11-19T09:30:00Z"))).toBe(held);
  });
});
