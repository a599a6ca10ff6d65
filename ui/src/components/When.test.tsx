import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ClockChip } from "./ClockChip";
import { onJump } from "./When";

const HOUR = 3_600_000;
const START = Date.parse("2026-11-19T08:00:00Z");
const due = new Date(START + 2 * HOUR).toISOString();

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it("a clock says what is left at each tick", () => {
  render(<ClockChip due={due} />);
  expect(screen.getByText("2 h")).toBeTruthy();
  pass(45 * 60_000);
  expect(screen.getByText("1 h 15 m")).toBeTruthy();
});

it.each([
  ["slept for three hours", 3 * HOUR, "1 h over"],
  ["was put back by an hour", -HOUR, "3 h"],
])("a clock is right at once when the computer %s and the window comes back, and those who sort by time hear of it", (_, by, said) => {
  const jumped = vi.fn();
  const stop = onJump(jumped);
  render(<ClockChip due={due} />);
  // Timers stand still meanwhile: only the clock moves.
  vi.setSystemTime(START + by);
  act(() => void window.dispatchEvent(new Event("focus")));
  expect(screen.getByText(said)).toBeTruthy();
  expect(jumped).toHaveBeenCalledTimes(1);
  stop();
});

it("an ordinary tick is no jump", () => {
  const jumped = vi.fn();
  const stop = onJump(jumped);
  render(<ClockChip due={due} />);
  pass(HOUR);
  act(() => void window.dispatchEvent(new Event("focus")));
  expect(jumped).not.toHaveBeenCalled();
  stop();
});

it("another day is a jump: what was due tomorrow is due today", () => {
  const jumped = vi.fn();
  const stop = onJump(jumped);
  const night = new Date(2026, 10, 19, 23, 59, 50).getTime();
  vi.setSystemTime(night);
  render(<ClockChip due={due} />);
  act(() => void window.dispatchEvent(new Event("focus")));
  jumped.mockClear();
  pass(15_000);
  expect(jumped).toHaveBeenCalledTimes(1);
  stop();
});
