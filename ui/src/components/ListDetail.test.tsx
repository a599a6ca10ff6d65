import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { useHotkeys } from "../actions/useActions";
import { DetailBody, ListDetail } from "./ListDetail";
import { RecordList } from "./RecordList";

/** Rows that are answered one after the other; the answer's button is the detail's own and goes with it. */
function Screen({ rows: all }: { rows: string[] }) {
  useHotkeys();
  const [rows, setRows] = useState(all);
  const [open, setOpen] = useState(rows[0]);
  const answer = () => {
    setOpen(rows[rows.indexOf(open ?? "") + 1] ?? rows[0]);
    setRows(rows.filter((row) => row !== open));
  };
  const shown = rows.find((row) => row === open) ?? rows[0];
  return (
    <ListDetail
      open
      list={<RecordList label="Rows" groups={[{ id: "all", rows }]} idOf={(row) => row} textOf={(row) => row} row={(row) => row} selected={shown ?? null} onSelect={setOpen} empty={<p>Nothing left</p>} />}
      detail={
        shown !== undefined && (
          <div key={shown}>
            <DetailBody>About {shown}</DetailBody>
            <button type="button" onClick={answer}>
              Answer
            </button>
          </div>
        )
      }
    />
  );
}

const focused = () => document.activeElement?.textContent;

describe("list and detail", () => {
  it("after an answer the focus is on the next row", async () => {
    render(<Screen rows={["Ana", "Ben", "Cora"]} />);
    await userEvent.click(screen.getByRole("button", { name: "Answer" }));
    await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe("row"));
    expect(focused()).toBe("Ben");
  });

  it("after the last answer the focus stays in the place", async () => {
    render(<Screen rows={["Ana"]} />);
    await userEvent.click(screen.getByRole("button", { name: "Answer" }));
    await waitFor(() => expect(document.activeElement).not.toBe(document.body));
    expect(focused()).toBe("Nothing left");
  });

  it("a move from the detail leads to the row, and Tab from there into the detail of that row", async () => {
    render(<Screen rows={["Ana", "Ben", "Cora"]} />);
    screen.getByRole("button", { name: "Answer" }).focus();
    await userEvent.keyboard("j");
    expect(focused()).toBe("Ben");
    await userEvent.tab();
    expect(focused()).toBe("About Ben");
  });

  it("takes no focus from elsewhere", async () => {
    const { rerender } = render(<Screen key="1" rows={["Ana", "Ben"]} />);
    rerender(<Screen key="2" rows={["Ben"]} />);
    await Promise.resolve();
    expect(document.activeElement).toBe(document.body);
  });
});
