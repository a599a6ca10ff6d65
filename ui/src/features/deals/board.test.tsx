import { act, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, it, vi } from "vitest";
import { useHotkeys } from "../../actions/useActions";
import type { DealRow } from "../../api/api.gen";
import { stepped } from "./boardSteps";
import { Board } from "./Board";
import { BoardCard } from "./BoardCard";
import type { ColumnData } from "./BoardColumn";

const NOW = new Date(2026, 10, 19, 8).getTime();
const row = (id: string, position: number): DealRow => ({ id, name: id, account: id, partner: "Altmark IT", amount: { amount: "1000.00", currency: "EUR" }, stage: "Stage", position, outcome: "open", stalled: false, motion: "reseller", attribution: "sourced", attribution_pct: 100, hygiene: 93, protection_end: null, close_date: "2026-12-18", notes_at: null, pending: false });
const column = (position: number, ids: string[]): ColumnData => ({ position, title: `Stage ${position}`, total: ids.length, sums: [{ amount: "1000.00", currency: "EUR" }], rows: ids.map((id) => row(id, position)), role: "seller", days: 21, isPending: false, more: vi.fn() });
const COLUMNS = [column(1, ["a", "b", "c"]), column(2, []), column(3, ["d"]), { ...column(4, ["e", "f"]), total: 40 }];
const [onOpen, onMove] = [vi.fn(), vi.fn()];

function Shown() {
  useHotkeys();
  return <Board label="Deals by stage" columns={COLUMNS} now={NOW} onOpen={onOpen} onMove={onMove} />;
}

const focused = () => document.activeElement?.getAttribute("aria-label");
const press = (key: string, shiftKey = false) => act(() => void window.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true })));

it.each([
  [null, "down", "a"],
  ["a", "up", "a"],
  ["b", "down", "c"],
  ["c", "right", "d"],
  ["c", "left", "c"],
  ["d", "right", "e"],
  ["f", "left", "d"],
  ["gone", "right", "a"],
  ["a", "last", "c"],
] as const)("from %s %s is %s", (from, step, to) => expect(stepped(COLUMNS.map((one) => one.rows.map(({ id }) => id)), from, step)).toBe(to));

it("is walked over with h j k l, a key draws two cards, and Shift moves the deal through the gate", () => {
  const card = BoardCard as unknown as { type: (props: { row: DealRow }) => unknown };
  const drawn = vi.spyOn(card, "type");
  render(<Shown />);
  press("j");
  expect(focused()).toBe("a");
  drawn.mockClear();
  press("j");
  expect([focused(), drawn.mock.calls.map(([props]) => props.row.id).toSorted()]).toEqual(["b", ["a", "b"]]);
  press("l");
  expect(focused()).toBe("d");
  press("L", true);
  press("H", true);
  press("m");
  expect(onMove.mock.calls.map(([deal, position]) => [deal.id, position])).toEqual([["d", 4], ["d", 2], ["d", null]]);
  press("Enter");
  expect(onOpen.mock.calls).toEqual([["d"]]);
  drawn.mockRestore();
});

it("is dragged by the pointer to a stage, and Esc leaves it where it was", async () => {
  onMove.mockClear();
  onOpen.mockClear();
  render(<Shown />);
  const card = screen.getByRole("row", { name: "b" });
  const target = screen.getByRole("region", { name: "Stage 3: Stage 3" });
  const drag = () => {
    fireEvent.pointerDown(card, { button: 0, buttons: 1, clientX: 10, clientY: 10 });
    fireEvent.pointerMove(card, { buttons: 1, clientX: 12, clientY: 11 });
    expect(document.querySelector(".ghost")).toBeNull();
    fireEvent.pointerMove(target, { buttons: 1, clientX: 500, clientY: 40 });
    expect(document.querySelector(".ghost")?.textContent).toBe("b");
    expect(target.className).toContain("over");
  };
  drag();
  press("Escape");
  fireEvent.pointerUp(target, { clientX: 500, clientY: 40 });
  expect(onMove).not.toHaveBeenCalled();
  drag();
  fireEvent.pointerUp(target, { clientX: 500, clientY: 40 });
  fireEvent.click(target);
  expect(onMove.mock.calls.map(([deal, position]) => [deal.id, position])).toEqual([["b", 3]]);
  expect(onOpen).not.toHaveBeenCalled();
  await userEvent.click(card);
  expect(onOpen.mock.calls).toEqual([["b"]]);
});

it("is grids of named rows to a screen reader, with one stop of Tab in it and the way to read on", async () => {
  const { container } = render(<Shown />);
  expect(within(screen.getByRole("grid", { name: "Stage 4" })).getAllByRole("row")).toHaveLength(2);
  expect(container.querySelectorAll('[data-key][tabindex="0"]')).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "38 more" }));
  expect(COLUMNS[3]?.more).toHaveBeenCalled();
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ").slice(0, 200)}`)).toEqual([]);
});
