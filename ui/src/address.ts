/**
 * The address, written calmly. WebKit takes a hundred history calls in thirty seconds and throws at the next; the router's history
 * is stuck after that, and the address stays on an old screen. A held `j` or a word typed into a filter is more than that.
 *
 * The hard idea: only the last of several replacements is ever looked at, so they may wait for each other. A replacement is
 * written at once when none was written lately, else after a pause and only the newest; a new place writes what waits first, so
 * that going back leads to what was seen. What WebKit refuses all the same is kept and written after the next pause. Going back
 * drops what waits: it belonged to the place that was left.
 *
 * Callers rely on: `calmWindow()` is enough of a window for the router's history; the router itself never waits, since it
 * keeps the present place in memory.
 */

/** Milliseconds between two replacements: 60 in thirty seconds, which leaves 40 for new places. */
export const PAUSE_MS = 500;

type Place = [state: unknown, href: string];

/** The window as the router's history needs it, with a history that is written calmly. */
export function calmWindow(win: Window = window): Window {
  let waiting: { place: Place; isNew: boolean } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function rest() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      write();
    }, PAUSE_MS);
  }

  /** Writes what waits; what is refused goes on waiting. */
  function write() {
    if (!waiting) return;
    const { place, isNew } = waiting;
    rest();
    try {
      if (isNew) win.history.pushState(place[0], "", place[1]);
      else win.history.replaceState(place[0], "", place[1]);
      waiting = null;
    } catch (refused) {
      if (!(refused instanceof DOMException)) throw refused;
    }
  }

  const history = {
    get state() {
      return waiting ? waiting.place[0] : win.history.state;
    },
    get length() {
      return win.history.length;
    },
    pushState(state: unknown, _title: string, href: string) {
      write();
      waiting = { place: [state, href], isNew: true };
      write();
    },
    replaceState(state: unknown, _title: string, href?: string) {
      waiting = { place: [state, href ?? win.location.href], isNew: waiting?.isNew ?? false };
      if (timer === undefined) write();
    },
    go: (steps: number) => win.history.go(steps),
    back: () => win.history.back(),
    forward: () => win.history.forward(),
  };
  // First of all listeners: the router reads the address when it hears of the move.
  win.addEventListener("popstate", () => {
    waiting = null;
  });
  return {
    history,
    get location() {
      return win.location;
    },
    document: win.document,
    addEventListener: win.addEventListener.bind(win),
    removeEventListener: win.removeEventListener.bind(win),
  } as unknown as Window;
}
