import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useHotkeys } from "../actions/useActions";
import { ViewsDialog } from "./ViewsDialog";

const heard = { onOpen: vi.fn(), onKeep: vi.fn(), onForget: vi.fn(), onClose: vi.fn() };

function Shown() {
  useHotkeys();
  return <ViewsDialog note="of the inbox" views={[{ name: "Mine", words: "mine, waiting" }, { name: "Late", words: "late first" }]} current="team, waiting" isKeeping={false} isForgetting={false} error={null} {...heard} />;
}

it("opens a view with its digit, keeps what is on screen under a name only, and forgets one", async () => {
  render(<Shown />);
  await userEvent.keyboard("2");
  expect(heard.onOpen.mock.calls).toEqual([["Late"]]);
  const name = screen.getByLabelText("Name of the view on screen");
  expect(screen.getByText("team, waiting")).toBeTruthy();
  await userEvent.type(name, " {Enter}");
  expect(screen.getByText("A view needs a name")).toBeTruthy();
  expect(heard.onKeep).not.toHaveBeenCalled();
  await userEvent.type(name, "Mine");
  expect(screen.getByRole("button", { name: /Replace/ })).toBeTruthy();
  await userEvent.keyboard("{Control>}{Enter}{/Control}");
  expect(heard.onKeep.mock.calls).toEqual([["Mine"]]);
  await userEvent.click(screen.getByRole("button", { name: "Forget Late" }));
  expect(heard.onForget.mock.calls).toEqual([["Late"]]);
});
