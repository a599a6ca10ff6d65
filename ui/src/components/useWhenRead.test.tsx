import { act, renderHook } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { useWhenRead } from "./useWhenRead";

describe("a press on what is still being read", () => {
  function shown() {
    const done = vi.fn();
    const hook = renderHook(({ isReading, subject }) => useWhenRead(isReading, subject, done), { initialProps: { isReading: true, subject: "to s3" } });
    return { done, ...hook };
  }

  it("waits, acts once when it is read, and never again by itself", () => {
    const { done, result, rerender } = shown();
    act(() => result.current.press());
    expect([result.current.waits, done.mock.calls.length]).toEqual([true, 0]);
    rerender({ isReading: false, subject: "to s3" });
    expect([result.current.waits, done.mock.calls.length]).toEqual([false, 1]);
    rerender({ isReading: true, subject: "to s3" });
    rerender({ isReading: false, subject: "to s3" });
    expect(done).toHaveBeenCalledTimes(1);
  });

  it("is forgotten when what it was about changes before", () => {
    const { done, result, rerender } = shown();
    act(() => result.current.press());
    rerender({ isReading: true, subject: "to s4" });
    rerender({ isReading: true, subject: "to s3" });
    rerender({ isReading: false, subject: "to s3" });
    expect([result.current.waits, done.mock.calls.length]).toEqual([false, 0]);
  });

  it("acts at once where nothing is read", () => {
    const { done, result, rerender } = shown();
    rerender({ isReading: false, subject: "to s3" });
    act(() => result.current.press());
    expect(done).toHaveBeenCalledTimes(1);
  });
});
