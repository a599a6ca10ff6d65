import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { useHotkeys } from "../actions/useActions";
import { RecordList, TwoLines } from "./RecordList";

const names = ["Ostermann", "Hansa", "Lindholm", "Baltic", "Voss"];
const groups = [
  { id: "over", title: "Over the SLA", count: 1, rows: names.slice(0, 1) },
  { id: "none", title: "Due today", count: 0, rows: [] },
  { id: "later", title: "Later", count: 4, rows: names.slice(1) },
];

function List({ onOpen = vi.fn(), onLeave = vi.fn() }) {
  useHotkeys();
  const [selected, setSelected] = useState<string | null>("Ostermann");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      <RecordList label="Registrations" groups={groups} idOf={(row) => row} textOf={(row) => row} row={(row) => <TwoLines name={row} />} selected={selected} onSelect={setSelected} marked={marked} onMark={setMarked} onOpen={onOpen} onLeave={onLeave} />
      <output aria-label="marked">{[...marked].join(" ")}</output>
    </>
  );
}

const open = () => document.querySelector('[role="row"][aria-selected="true"]')?.getAttribute("aria-label");
const marked = () => screen.getByLabelText("marked").textContent;

describe("a record list", () => {
  it("draws its rows under headings and leaves empty groups out", () => {
    render(<List />);
    const grid = screen.getByRole("grid", { name: "Registrations" });
    expect(within(grid).getByText("Over the SLA")).toBeTruthy();
    expect(within(grid).queryByText("Due today")).toBeNull();
    expect(within(grid).getByRole("row", { name: /Hansa/ })).toBeTruthy();
  });

  it("j and k move across groups without the focus being in it, and stop at the ends", async () => {
    render(<List />);
    await userEvent.keyboard("jj");
    expect(open()).toBe("Lindholm");
    await userEvent.keyboard("k");
    expect(open()).toBe("Hansa");
    await userEvent.keyboard("kkkk");
    expect(open()).toBe("Ostermann");
  });

  it("arrows inside the list move from the open record and take the focus along", async () => {
    render(<List />);
    await userEvent.click(screen.getByRole("row", { name: /Lindholm/ }));
    await userEvent.keyboard("j{ArrowDown}");
    expect(open()).toBe("Voss");
    expect(document.activeElement?.textContent).toContain("Voss");
  });

  it("a move brings the focus to the open row from wherever it was, also from one that stays", async () => {
    render(
      <>
        <List />
        <button type="button">Beside</button>
      </>,
    );
    const at = () => document.activeElement?.textContent;
    screen.getByRole("button", { name: "Beside" }).focus();
    await userEvent.keyboard("jj");
    expect(at()).toContain("Lindholm");
    await userEvent.keyboard("kk");
    screen.getByRole("button", { name: "Beside" }).focus();
    await userEvent.keyboard("k");
    expect([open(), at()]).toEqual(["Ostermann", expect.stringContaining("Ostermann")]);
  });

  it("letters are the screen’s and never look for a row", async () => {
    render(<List />);
    await userEvent.click(screen.getByRole("row", { name: /Lindholm/ }));
    await userEvent.keyboard("v");
    expect(document.activeElement?.textContent).toContain("Lindholm");
  });

  it("x marks and unmarks, Shift marks the range, Esc clears and then leaves", async () => {
    const onLeave = vi.fn();
    render(<List onLeave={onLeave} />);
    await userEvent.keyboard("x");
    expect(marked()).toBe("Ostermann");
    await userEvent.keyboard("x");
    expect(marked()).toBe("");
    await userEvent.keyboard("j{Shift>}JJ{/Shift}");
    expect(marked()).toBe("Hansa Lindholm Baltic");
    await userEvent.keyboard("{Escape}");
    expect([marked(), onLeave.mock.calls.length]).toEqual(["", 0]);
    await userEvent.keyboard("{Escape}");
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it("a click opens, a Shift-click marks up to it, Enter goes into the record", async () => {
    const onOpen = vi.fn();
    const user = userEvent.setup();
    render(<List onOpen={onOpen} />);
    await user.click(screen.getByRole("row", { name: /Hansa/ }));
    expect(open()).toBe("Hansa");
    await user.keyboard("{Shift>}");
    await user.click(screen.getByRole("row", { name: /Baltic/ }));
    await user.keyboard("{/Shift}");
    expect(marked()).toBe("Hansa Lindholm Baltic");
    await user.keyboard("{Enter}");
    expect(onOpen).toHaveBeenLastCalledWith("Hansa");
  });

  it("goes along when the open row moves, unless the person has scrolled away from it", async () => {
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(480);
    const rows = Array.from({ length: 100 }, (_, n) => `Row ${n}`);
    const draw = (list: string[]) => <RecordList label="Long" groups={[{ id: "all", rows: list }]} idOf={(row) => row} textOf={(row) => row} row={(row) => row} selected="Row 0" onSelect={vi.fn()} />;
    const { rerender } = render(draw(rows));
    const view = screen.getByRole("grid");
    const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await settled();
    rerender(draw([...rows.slice(1), "Row 0"]));
    await settled();
    expect(view.scrollTop).toBe(100 * 48 - 480);
    view.scrollTop = 1000;
    rerender(draw(rows));
    await settled();
    expect(view.scrollTop).toBe(1000);
    vi.restoreAllMocks();
  });
});
