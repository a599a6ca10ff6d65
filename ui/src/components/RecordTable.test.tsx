import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { useHotkeys } from "../actions/useActions";
import { RecordTable } from "./RecordTable";
import type { TableColumn, TableSort } from "./RecordTable";

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
    expect(onCursor).toHaveBeenLastCalledWith("Baltic");
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
