/**
 * Everything a person can do right now, in one list: the palette, the hotkeys, the key sheet and the buttons read it.
 * A screen says `useActions([...])` while it is shown; when it leaves, its actions leave.
 *
 * The hard idea is who gets a key. Actions carry the layer they were registered in (0 the window, 1 a dialog, 2 a dialog on
 * it); only the topmost open layer hears keys. Within a layer the action registered last wins, and the
 * frame's own give way to the screen's. A key that could begin a sequence ("g") waits a second for the next one; keys pressed while
 * typing in a field do nothing unless the action says `inFields`.
 *
 * A key is never given to what has gone already: while a screen holds the keys (a list has moved on and its detail is still being
 * read or drawn), those of actions that are not `moves` are kept in their order and given when it lets go. So "j a" decides the
 * next one, however fast it is typed.
 *
 * Callers rely on: `run` is never called when `when` is false; the same id twice keeps the later one. It holds no
 * state of screens and does not know React (see useActions.ts).
 */
import { chordOf, chordsOf } from "./keys";

/** One thing a person can do. */
export interface Action {
  /** Stable name, e.g. "registration.approve". */
  id: string;
  /** What the palette, the menu and the button say: "Approve". */
  title: string;
  /** Shortcut or shortcuts, first one is printed: "a", "g i", "Mod+K", "Shift+E". */
  keys?: string | readonly string[];
  /** False hides it from the palette and makes the key do nothing. Left out = always. */
  when?: boolean | (() => boolean);
  run: () => void;
  /** Heading in the palette and key sheet: "This registration", "Go to". */
  group?: string;
  /** Grey words after the title in the palette: "90 days now". */
  hint?: string;
  /** The key also works while typing in a field (for Mod+Enter and the like). */
  inFields?: boolean;
  /** Listed on the key sheet but not in the palette (moving, selecting). */
  sheetOnly?: boolean;
  /** It moves through a list: also heard while keys are held. */
  moves?: boolean;
}

interface Entry {
  actions: readonly Action[];
  layer: number;
  frame: boolean;
}

const SEQUENCE_MS = 1000;
const entries = new Map<symbol, Entry>();
const listeners = new Set<() => void>();
const layers = new Map<symbol, number>();
const holders = new Set<symbol>();
const held: { pressed: string[]; typing: boolean }[] = [];
let snapshot: readonly Action[] = [];
let pending: { chords: string[]; at: number } | null = null;

function changed() {
  snapshot = current();
  for (const listener of listeners) listener();
}

/** Puts a list of actions in place under a token; replaces what the token held. `frame` lists give way to all others. */
export function register(token: symbol, actions: readonly Action[], layer: number, frame = false): void {
  entries.set(token, { actions, layer, frame });
  changed();
}

/** Takes a token's actions away. */
export function unregister(token: symbol): void {
  if (entries.delete(token)) changed();
}

/** Opens a layer that alone hears keys until it is closed. */
export function openLayer(token: symbol, layer: number): void {
  layers.set(token, layer);
  pending = null;
  changed();
}

/** Closes a layer. */
export function closeLayer(token: symbol): void {
  if (layers.delete(token)) changed();
}

/** Keeps keys, until the same token lets go. */
export function hold(token: symbol): void {
  holders.add(token);
}

/** Gives the keys that were kept, in their order, once nobody holds them. */
export function letGo(token: symbol): void {
  if (!holders.delete(token) || holders.size > 0) return;
  for (let key = held.shift(); key !== undefined; key = held.shift()) {
    press(key.pressed, key.typing, null, 0);
    // It may have moved on again: what was typed after it waits for that.
    if (holders.size > 0) return;
  }
}

/** Lets go because what the keys were for has gone: they are for nobody. */
export function forget(token: symbol): void {
  if (holders.delete(token) && holders.size === 0) held.length = 0;
}

/** Calls back whenever the list may have changed. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The actions of the lowest layer (what the palette offers), as one stable list between changes. */
export function actions(): readonly Action[] {
  return snapshot;
}

function topLayer(): number {
  return Math.max(0, ...layers.values());
}

function current(layer?: number): readonly Action[] {
  const byId = new Map<string, Action>();
  const ordered = [...entries.values()].toSorted((a, b) => Number(b.frame) - Number(a.frame));
  for (const entry of ordered) {
    if (layer !== undefined && entry.layer !== layer) continue;
    if (layer === undefined && entry.layer !== 0) continue;
    for (const action of entry.actions) {
      byId.delete(action.id);
      byId.set(action.id, action);
    }
  }
  return [...byId.values()];
}

/** Whether the action may run now. */
export function isAvailable(action: Action): boolean {
  return typeof action.when === "function" ? action.when() : action.when !== false;
}

/** The written shortcuts of an action, as a list. */
export function keysOf(action: Pick<Action, "keys">): readonly string[] {
  if (action.keys === undefined) return [];
  return typeof action.keys === "string" ? [action.keys] : action.keys;
}

/** Whether the event comes from a place where a letter is text. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "reset", "range"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.role === "spinbutton";
}

/** Whether Enter and Space belong to what has the focus: a link or a button is pressed, not passed over. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('a[href], button, summary, [role="button"], [role="option"], [role="menuitem"], [role="tab"], [role="radio"]');
}

/** Gives a key press to the action it belongs to. True when it was used (the event is then prevented). */
export function handleKey(event: KeyboardEvent, now: number): boolean {
  if (event.defaultPrevented || event.isComposing) return false;
  const chord = chordOf(event);
  if (chord === null) return false;
  if ((chord === "enter" || chord === "space") && isPressable(event.target)) return false;
  const typing = isTyping(event.target);
  const before = pending && now - pending.at < SEQUENCE_MS ? pending.chords : [];
  pending = null;
  if (press([...before, chord], typing, event, now) || (before.length > 0 && press([chord], typing, event, now))) return true;
  // What it is for may not be here yet.
  if (holders.size === 0 || layers.size > 0 || typing || event.key.length !== 1) return false;
  held.push({ pressed: [chord], typing });
  event.preventDefault();
  return true;
}

/** `event` is null for keys that were kept until now. */
function press(pressed: string[], typing: boolean, event: KeyboardEvent | null, now: number): boolean {
  let begins = false;
  for (const action of current(topLayer()).toReversed()) {
    if (typing && !action.inFields) continue;
    if (!isAvailable(action)) continue;
    for (const keys of keysOf(action)) {
      const chords = chordsOf(keys);
      if (!pressed.every((chord, n) => chords[n] === chord)) continue;
      if (chords.length === pressed.length) {
        event?.preventDefault();
        event?.stopPropagation();
        if (event !== null && holders.size > 0 && layers.size === 0 && !action.moves) held.push({ pressed, typing });
        else action.run();
        return true;
      }
      begins = true;
    }
  }
  if (!begins) return false;
  pending = { chords: pressed, at: now };
  event?.preventDefault();
  return true;
}
