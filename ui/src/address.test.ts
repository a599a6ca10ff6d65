import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MS, calmWindow } from "./address";

/** A window whose history refuses the 101st call in thirty seconds, as WebKit's does. */
function webkit() {
  const calls: number[] = [];
  const stack: { state: unknown; href: string }[] = [{ state: null, href: "#/today" }];
  let back: () => void = () => {};
  const count = () => {
    const now = Date.now();
    if (calls.filter((at) => now - at < 30_000).length >= 100) throw new DOMException("too many", "SecurityError");
    calls.push(now);
  };
  const history = {
    get state() {
      return stack.at(-1)?.state;
    },
    get length() {
      return stack.length;
    },
    pushState(state: unknown, _title: string, href: string) {
      count();
      stack.push({ state, href });
    },
    replaceState(state: unknown, _title: string, href: string) {
      count();
      stack[stack.length - 1] = { state, href };
    },
    back() {
      stack.pop();
      back();
    },
  };
  const win = { history, document, location: { href: "#/" }, addEventListener: (_name: string, heard: () => void) => (back = heard), removeEventListener: () => {} };
  return { win: win as unknown as Window, hrefs: () => stack.map((one) => one.href), calls };
}

describe("the address", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("follows a held key to its last place and stays far under the limit", () => {
    const { win, hrefs, calls } = webkit();
    const { history } = calmWindow(win);
    for (let n = 0; n < 900; n += 1) {
      history.replaceState({ n }, "", `#/inbox?open=${n}`);
      vi.advanceTimersByTime(33);
    }
    history.pushState({}, "", "#/deals");
    expect(hrefs()).toEqual(["#/inbox?open=899", "#/deals"]);
    expect(calls.length).toBeLessThan(70);
  });

  it("writes a single change at once", () => {
    const { win, hrefs } = webkit();
    calmWindow(win).history.replaceState({}, "", "#/inbox?open=1");
    expect(hrefs()).toEqual(["#/inbox?open=1"]);
  });

  it("keeps what is refused and writes it when it may", () => {
    const { win, hrefs } = webkit();
    const { history } = calmWindow(win);
    for (let n = 0; n < 120; n += 1) history.pushState({}, "", `#/deals?n=${n}`);
    expect(hrefs().at(-1)).toBe("#/deals?n=99");
    history.replaceState({}, "", "#/inbox");
    vi.advanceTimersByTime(30_000 + PAUSE_MS);
    expect(hrefs().at(-1)).toBe("#/inbox");
  });

  it("does not write over the place that going back leads to", () => {
    const { win, hrefs } = webkit();
    const { history } = calmWindow(win);
    history.pushState({}, "", "#/deals");
    history.replaceState({}, "", "#/deals?open=1");
    history.replaceState({}, "", "#/deals?open=2");
    history.back();
    vi.advanceTimersByTime(PAUSE_MS * 2);
    expect(hrefs()).toEqual(["#/today"]);
  });
});
