/**
 * Keys as the program writes them and as the hand presses them. A shortcut is written "a", "Shift+E", "Mod+K",
 * "Ctrl+Enter" or as a sequence "g i"; Mod is Command on a Mac and Ctrl elsewhere.
 *
 * The hard idea: a printable key is compared by what it types ("?" and not Shift+Slash), so that layouts other than the
 * US one work; Shift counts only with letters and named keys. This file knows no DOM state: it turns an event into a
 * chord and a chord into what is printed on a button. Which action runs is decided in registry.ts.
 */

const MAC = typeof navigator !== "undefined" && /Mac/.test(navigator.platform);

const NAMED: Record<string, string> = {
  " ": "Space",
  Esc: "Escape",
  Del: "Delete",
  Return: "Enter",
  Up: "ArrowUp",
  Down: "ArrowDown",
};

const NOT_A_KEY = new Set(["Shift", "Control", "Alt", "Meta", "CapsLock", "Dead", "Unidentified"]);

/** One pressed combination, normalised: "a", "shift+e", "ctrl+k", "?". Null for a modifier alone. */
export function chordOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string | null {
  const key = NAMED[event.key] ?? event.key;
  if (NOT_A_KEY.has(key)) return null;
  return join(key, event.ctrlKey, event.metaKey, event.altKey, event.shiftKey);
}

/** The chords of a written shortcut: "g i" -> ["g", "i"], "Mod+K" -> ["ctrl+k"] (or "meta+k" on a Mac). */
export function chordsOf(shortcut: string): string[] {
  return shortcut
    .trim()
    .split(/\s+/)
    .map((chord) => {
      const names = chord === "+" ? ["+"] : chord.split("+");
      const key = names[names.length - 1] ?? "";
      const modifiers = new Set(names.slice(0, -1).map((name) => name.toLowerCase()));
      const mod = modifiers.has("mod");
      return join(
        NAMED[key] ?? key,
        modifiers.has("ctrl") || (mod && !MAC),
        modifiers.has("meta") || (mod && MAC),
        modifiers.has("alt"),
        modifiers.has("shift"),
      );
    });
}

function join(key: string, ctrl: boolean, meta: boolean, alt: boolean, shift: boolean): string {
  const printable = key.length === 1;
  const letter = printable && key.toLowerCase() !== key.toUpperCase();
  const name = key.toLowerCase();
  const parts = [];
  if (ctrl) parts.push("ctrl");
  if (meta) parts.push("meta");
  if (alt) parts.push("alt");
  if (shift && (letter || !printable)) parts.push("shift");
  parts.push(name);
  return parts.join("+");
}

const PRINTED: Record<string, string> = {
  Enter: "↵",
  Escape: "Esc",
  Esc: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Space: "Space",
  Delete: "Del",
};

/** What is printed: one text per key cap. "g i" -> ["G", "I"]; "Mod+K" -> ["Ctrl K"] ("⌘ K" on a Mac). */
export function printedKeys(shortcut: string): string[] {
  return shortcut
    .trim()
    .split(/\s+/)
    .map((chord) =>
      (chord === "+" ? ["+"] : chord.split("+"))
        .map((name) => {
          if (name === "Mod") return MAC ? "⌘" : "Ctrl";
          return PRINTED[name] ?? (name.length === 1 ? name.toUpperCase() : name);
        })
        .join(" "),
    );
}

/** The value for aria-keyshortcuts: "Control+K", "G I" is not expressible and gives undefined. */
export function ariaKeys(shortcut: string): string | undefined {
  if (shortcut.trim().includes(" ")) return undefined;
  return shortcut.replace("Mod", MAC ? "Meta" : "Control").replace("Ctrl", "Control");
}
