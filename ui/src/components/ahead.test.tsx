import { act, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { startTransition, useState } from "react";
import { expect, it, vi } from "vitest";
import { useActions, useHotkeys } from "../actions/useActions";
import { ListRow } from "./ListRow";
import { RecordList } from "./RecordList";

const rows = Array.from({ length: 200 }, (_, n) => `Row ${n}`);
const groups = [{ id: "all", title: "All", rows }];

/** A screen whose record follows when it is let, as one with much to draw does. */
function Screen({ heard, acted = vi.fn(), follows = true }: { heard: (id: string) => void; acted?: (id: string) => void; follows?: boolean }) {
  useHotkeys();
  const [open, setOpen] = useState("Row 0");
  useActions([{ id: "test.approve", title: "Approve", keys: "a", run: () => acted(open) }]);
  return (
    <>
      <RecordList
        label="Rows"
        groups={groups}
        idOf={(row) => row}
        textOf={(row) => row}
        row={(row) => row}
        selected={open}
        onSelect={(id) => {
          heard(id);
          if (follows) startTransition(() => setOpen(id));
        }}
      />
      <h2>{open}</h2>
    </>
  );
}

const openRow = () => document.querySelector('[role="row"][aria-selected="true"]')?.getAttribute("aria-label");
const press = (key: string) => act(() => void window.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));

it("a key draws two rows anew, at once, and the screen hears of it after that", async () => {
  const row = ListRow as unknown as { type: (props: { id: string }) => unknown };
  const drawn = vi.spyOn(row, "type");
  const heard = vi.fn();
  render(<Screen heard={heard} />);
  expect(drawn.mock.calls.length).toBeGreaterThan(10);
  expect(screen.getAllByRole("row").length).toBeLessThan(40);
  drawn.mockClear();
  press("j");
  expect(openRow()).toBe("Row 1");
  expect(drawn.mock.calls.map(([props]) => props.id).toSorted()).toEqual(["Row 0", "Row 1"]);
  expect(heard).not.toHaveBeenCalled();
  await waitFor(() => expect(screen.getByRole("heading").textContent).toBe("Row 1"));
  expect(heard.mock.calls).toEqual([["Row 1"]]);
  drawn.mockRestore();
});

it("of keys that come faster than frames the screen hears the last", async () => {
  const heard = vi.fn();
  render(<Screen heard={heard} />);
  for (let n = 0; n < 10; n++) press("j");
  expect(openRow()).toBe("Row 10");
  await waitFor(() => expect(heard).toHaveBeenCalled());
  expect(heard.mock.calls).toEqual([["Row 10"]]);
});

it("an act is not done to the record that was open before: its key waits for the row that was moved to", async () => {
  const acted = vi.fn();
  render(<Screen heard={vi.fn()} acted={acted} />);
  press("j");
  press("j");
  press("a");
  expect(acted).not.toHaveBeenCalled();
  await waitFor(() => expect(acted).toHaveBeenCalled());
  press("a");
  expect(acted.mock.calls).toEqual([["Row 2"], ["Row 2"]]);
});

it("there and back leaves the row open that the eye sees, and its keys are heard", async () => {
  const acted = vi.fn();
  const heard = vi.fn();
  render(<Screen heard={heard} acted={acted} />);
  press("j");
  press("k");
  expect(openRow()).toBe("Row 0");
  press("a");
  await waitFor(() => expect(acted.mock.calls).toEqual([["Row 0"]]));
  await waitFor(() => expect(heard.mock.calls).toEqual([["Row 0"]]));
});

it("a screen that does not follow has the last word", async () => {
  const acted = vi.fn();
  render(<Screen heard={vi.fn()} acted={acted} follows={false} />);
  press("j");
  expect(openRow()).toBe("Row 1");
  await waitFor(() => expect(openRow()).toBe("Row 0"), { timeout: 5000 });
  await userEvent.keyboard("a");
  expect(acted.mock.calls).toEqual([["Row 0"]]);
});
