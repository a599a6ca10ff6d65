/** The keys of the board: made once, they ask it what is true when they are pressed or listed. */
import type { Action } from "../../actions/registry";
import type { Step } from "./boardSteps";

/** What the keys ask of the board. */
export interface BoardNow {
  /** It has a card. */
  any: boolean;
  /** The cursor is on one. */
  on: boolean;
  dragging: boolean;
  step: (to: Step) => void;
  open: () => void;
  /** To the stage before or after. */
  shift: (by: 1 | -1) => void;
  /** To a stage that is chosen then. */
  choose: () => void;
  letGo: () => void;
}

/** The actions. */
export function BOARD_ACTIONS(now: () => BoardNow): readonly Action[] {
  const moves = (id: string, title: string, keys: string | readonly string[], to: Step): Action => ({ id: `board.${id}`, title, keys, group: "Board", sheetOnly: true, moves: true, when: () => now().any, run: () => now().step(to) });
  const acts = (id: string, title: string, keys: string | readonly string[], run: () => void): Action => ({ id: `board.${id}`, title, keys, group: "Board", when: () => now().on, run });
  return [
    moves("down", "Next card", ["j", "ArrowDown"], "down"),
    moves("up", "Card before", ["k", "ArrowUp"], "up"),
    moves("left", "Stage before", ["h", "ArrowLeft"], "left"),
    moves("right", "Stage after", ["l", "ArrowRight"], "right"),
    moves("first", "First card of the stage", "Home", "first"),
    moves("last", "Last card of the stage", "End", "last"),
    acts("open", "Open the deal", "Enter", () => now().open()),
    acts("back", "Move the deal a stage back", ["Shift+H", "Shift+ArrowLeft"], () => now().shift(-1)),
    acts("on", "Move the deal a stage on", ["Shift+L", "Shift+ArrowRight"], () => now().shift(1)),
    acts("move", "Move the deal to another stage", "m", () => now().choose()),
    { id: "board.drop", title: "Leave it where it was", keys: "Escape", group: "Board", sheetOnly: true, when: () => now().dragging, run: () => now().letGo() },
  ];
}
