import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { useHotkeys } from "../actions/useActions";
import { RecordTable } from "./RecordTable";
import type { TableColumn, TableSort } from "./RecordTable";
import { TableRow } from "./TableRow";

const names = ["Hansa", "Lindholm", "Baltic", "Voss"];
const columns: TableColumn<string>[] = [
  { id: "account", title: "Account", width: "1fr", sortable: true, cell: (row) => row },
  { id: "length", title: "Length", width: 80, align: "right", cell: (row) => row.length },
];
const groups = [
  { id: "a", title: "Reseller", rows: names.slice(0, 2) },
  { id: "b", title: "Services", rows: names.slice(2) },
];

function Table({ onOpen = vi.fn(), onSort = vi.fn(), onCursor = vi.fn() }: { onOpen?: (id: string) => void; onSort?: (sort: TableSort) => void; onCursor?: (id: string) => void }) {
  useHotkeys();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <RecordTable
        label="Deals"
        columns={columns}
        groups={groups}
        idOf={(row) => row}
        textOf={(row) => row}
        sort={{ column: "account", direction: "ascending" }}
        onSort={onSort}
        selected={selected}
        onSelected={setSelected}
        onOpen={onOpen}
        onCursor={onCursor}
      />
      <output aria-label="selected">{[...selected].join(" ")}</output>
    </>
  );
}

const selected = () => screen.getByLabelText("selected").textContent;

describe("a record table", () => {
  it("says its columns, its sorting and its groups", async () => {
    const onSort = vi.fn();
    render(<Table onSort={onSort} />);
    const grid = screen.getByRole("grid", { name: "Deals" });
    expect(within(grid).getByText("Services")).toBeTruthy();
    const account = within(grid).getByRole("columnheader", { name: "Account" });
    expect(account.getAttribute("aria-sort")).toBe("ascending");
    await userEvent.click(account);
    expect(onSort).toHaveBeenCalledWith({ column: "account", direction: "descending" });
  });

  it("j and k move the cursor over group headings, x selects, Esc clears", async () => {
    const onCursor = vi.fn();
    render(<Table onCursor={onCursor} />);
    await userEvent.keyboard("jjj");
    await vi.waitFor(() => expect(onCursor).toHaveBeenLastCalledWith("Baltic"));
    await userEvent.keyboard("xkx");
    expect(selected()).toBe("Baltic Lindholm");
    await userEvent.keyboard("{Escape}");
    expect(selected()).toBe("");
  });

  it("Enter opens the row under the cursor, once", async () => {
    const onOpen = vi.fn();
    render(<Table onOpen={onOpen} />);
    await userEvent.keyboard("jj{Enter}");
    expect(onOpen.mock.calls).toEqual([["Lindholm"]]);
  });
});

describe("a long record table", () => {
  const rows = Array.from({ length: 2000 }, (_, n) => `Row ${n}`);
  const long = [{ id: "a", title: "Reseller", rows: rows.slice(0, 900) }, { id: "b", title: "Services", rows: rows.slice(900) }];
  const isRow = (id: string) => id;
  function Long({ onCursor = vi.fn(), onOpen = vi.fn() }: { onCursor?: (id: string) => void; onOpen?: (id: string) => void }) {
    useHotkeys();
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
    return <RecordTable label="Deals" columns={columns} groups={long} idOf={isRow} textOf={isRow} selected={selected} onSelected={setSelected} onCursor={onCursor} onOpen={onOpen} />;
  }
  const press = (key: string, shiftKey = false) => act(() => void window.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true })));
  const cursor = () => document.querySelector('[role="row"][data-key][tabindex="0"]')?.getAttribute("aria-label");

  it("draws two rows for a key and no more, at once, and tells the cursor after that", async () => {
    const row = TableRow as unknown as { type: (props: { id: string }) => unknown };
    const drawn = vi.spyOn(row, "type");
    const onCursor = vi.fn();
    render(<Long onCursor={onCursor} />);
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    press("j");
    drawn.mockClear();
    press("j");
    expect(cursor()).toBe("Row 1");
    expect(drawn.mock.calls.map(([props]) => props.id).toSorted()).toEqual(["Row 0", "Row 1"]);
    expect(onCursor).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(onCursor).toHaveBeenCalled());
    expect(onCursor.mock.calls).toEqual([["Row 1"]]);
    drawn.mockClear();
    press("x");
    expect(drawn.mock.calls.map(([props]) => props.id)).toEqual(["Row 1"]);
    drawn.mockRestore();
  });

  it("is a grid to a screen reader: titles, named rows with their number, what is selected", async () => {
    const { container } = render(<Long />);
    const grid = screen.getByRole("grid", { name: "Deals" });
    expect([grid.getAttribute("aria-rowcount"), grid.getAttribute("aria-multiselectable")]).toEqual(["2001", "true"]);
    const first = within(grid).getByRole("row", { name: "Row 0" });
    expect([first.getAttribute("aria-rowindex"), first.getAttribute("aria-selected")]).toEqual(["2", "false"]);
    expect(within(first).getByRole("rowheader").textContent).toBe("Row 0");
    await userEvent.click(within(first).getByRole("checkbox", { name: "Select Row 0" }));
    expect(first.getAttribute("aria-selected")).toBe("true");
    const all = within(grid).getByRole("checkbox", { name: "Select all" });
    expect(all.getAttribute("aria-checked")).toBe("mixed");
    await userEvent.click(all);
    expect(first.getAttribute("aria-selected")).toBe("true");
    expect(all.getAttribute("aria-checked")).toBe("true");
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ").slice(0, 200)}`)).toEqual([]);
  });

  it("takes the focus along from row to row, also between marks", async () => {
    render(<Long />);
    await userEvent.keyboard("jxjx");
    expect([cursor(), document.activeElement?.getAttribute("aria-label")]).toEqual(["Row 1", "Row 1"]);
  });

  it("opens by a click on the name and by a double click, a click elsewhere moves the cursor, Shift selects the range", async () => {
    const onOpen = vi.fn();
    const user = userEvent.setup();
    render(<Long onOpen={onOpen} />);
    const cells = (name: string) => within(screen.getByRole("row", { name })).getAllByRole("gridcell");
    await user.click(cells("Row 3")[1] as HTMLElement);
    expect([cursor(), onOpen.mock.calls.length]).toEqual(["Row 3", 0]);
    await user.dblClick(cells("Row 3")[1] as HTMLElement);
    expect(onOpen.mock.calls).toEqual([["Row 3"]]);
    await user.click(within(screen.getByRole("row", { name: "Row 4" })).getByRole("rowheader"));
    expect(onOpen).toHaveBeenLastCalledWith("Row 4");
    press("J", true);
    press("J", true);
    const marked = screen.getAllByRole("row", { selected: true }).map((row) => row.getAttribute("aria-label"));
    expect(marked).toEqual(["Row 4", "Row 5", "Row 6"]);
  });

  it("goes from title to title with the arrows and sorts with Enter", async () => {
    const onSort = vi.fn();
    const two: TableColumn<string>[] = [{ id: "account", title: "Account", width: "1fr", sortable: true, cell: (row) => row }, { id: "length", title: "Length", width: 80, sortable: true, cell: (row) => row.length }];
    render(<RecordTable label="Deals" columns={two} groups={long} idOf={isRow} textOf={isRow} sort={{ column: "length", direction: "descending" }} onSort={onSort} />);
    await userEvent.tab();
    await userEvent.tab();
    expect(document.activeElement?.textContent).toBe("Length");
    await userEvent.keyboard("{ArrowLeft}{Enter}{ArrowRight}{Enter}");
    expect(onSort.mock.calls).toEqual([[{ column: "account", direction: "ascending" }], [{ column: "length", direction: "ascending" }]]);
  });
});
