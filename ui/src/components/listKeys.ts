/** The keys of a RecordList: made once, they ask the list what is true when they are pressed or listed. */
import type { Action } from "../actions/registry";

/** What the keys ask of a list. */
export interface ListNow {
  /** It has rows. */
  any: boolean;
  canMark: boolean;
  hasMarks: boolean;
  /** The open row, if it is in the list. */
  open: string | null;
  move: (by: 1 | -1, extend: boolean) => void;
  tick: (id: string) => void;
  enter?: ((id: string) => void) | undefined;
  clear: () => void;
  leave?: (() => void) | undefined;
}

/** The actions. They move, so they are heard while the screen catches up. */
export function LIST_ACTIONS(now: () => ListNow): readonly Action[] {
  const action = (id: string, title: string, keys: string | readonly string[], when: () => boolean, run: () => void): Action => ({ id: `list.${id}`, title, keys, group: "List", sheetOnly: true, moves: true, when, run });
  const onOpen = (run: (id: string) => void) => {
    const { open } = now();
    if (open !== null) run(open);
  };
  return [
    action("next", "Next", ["j", "ArrowDown"], () => now().any, () => now().move(1, false)),
    action("previous", "Previous", ["k", "ArrowUp"], () => now().any, () => now().move(-1, false)),
    action("mark", "Select", "x", () => now().canMark && now().open !== null, () => onOpen(now().tick)),
    action("markNext", "Select downwards", ["Shift+J", "Shift+ArrowDown"], () => now().canMark, () => now().move(1, true)),
    action("markPrevious", "Select upwards", ["Shift+K", "Shift+ArrowUp"], () => now().canMark, () => now().move(-1, true)),
    action("open", "Open", "Enter", () => now().open !== null && now().enter !== undefined, () => onOpen((id) => now().enter?.(id))),
    action("clear", "Clear the selection", "Escape", () => now().hasMarks, () => now().clear()),
    action("leave", "Leave", "Escape", () => !now().hasMarks && now().leave !== undefined, () => now().leave?.()),
  ];
}
