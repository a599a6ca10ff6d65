import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { Button } from "../components/Button";
import { DialogLayer } from "../components/Dialog";
import { Select } from "../components/Field";
import { chordsOf, printedKeys } from "./keys";
import type { Action } from "./registry";
import { useActions, useHold, useHotkeys } from "./useActions";

function Window({ list, frame = [], children }: { list: Action[]; frame?: Action[]; children?: React.ReactNode }) {
  useHotkeys();
  useActions(frame, true);
  return (
    <>
      <ScreenActions list={list} />
      {children}
    </>
  );
}

function ScreenActions({ list }: { list: Action[] }) {
  useActions(list);
  return null;
}

describe("keys as written", () => {
  it("are normalised and printed", () => {
    expect(chordsOf("g i")).toEqual(["g", "i"]);
    expect(chordsOf("Mod+K")).toEqual(["ctrl+k"]);
    expect(chordsOf("Shift+E")).toEqual(["shift+e"]);
    expect(chordsOf("?")).toEqual(["?"]);
    expect(printedKeys("g i")).toEqual(["G", "I"]);
    expect(printedKeys("Ctrl+Enter")).toEqual(["Ctrl ↵"]);
  });
});

describe("hotkeys", () => {
  it("a sequence runs its action and a lone letter another", async () => {
    const go = vi.fn();
    const info = vi.fn();
    render(<Window list={[{ id: "info", title: "Ask", keys: "i", run: info }]} frame={[{ id: "go", title: "Inbox", keys: "g i", run: go }]} />);
    await userEvent.keyboard("gi");
    expect([go.mock.calls.length, info.mock.calls.length]).toEqual([1, 0]);
    await userEvent.keyboard("i");
    expect(info).toHaveBeenCalledTimes(1);
  });

  it("a sequence that leads nowhere gives its last key to whoever has it", async () => {
    const approve = vi.fn();
    render(<Window list={[{ id: "a", title: "Approve", keys: "a", run: approve }]} frame={[{ id: "go", title: "Inbox", keys: "g i", run: vi.fn() }]} />);
    await userEvent.keyboard("ga");
    expect(approve).toHaveBeenCalledTimes(1);
  });

  it("letters typed in a field do nothing, declared keys do", async () => {
    const approve = vi.fn();
    const log = vi.fn();
    render(
      <Window
        list={[
          { id: "a", title: "Approve", keys: "a", run: approve },
          { id: "log", title: "Log", keys: "Ctrl+Enter", inFields: true, run: log },
        ]}
      >
        <input aria-label="Reason" />
      </Window>,
    );
    await userEvent.type(screen.getByLabelText("Reason"), "a");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(approve).not.toHaveBeenCalled();
    expect(log).toHaveBeenCalledTimes(1);
    expect(screen.getByLabelText<HTMLInputElement>("Reason").value).toBe("a");
  });

  it.each([/Look again/, /Backup of/])("with Ctrl it is a command also where %s has the focus, and runs once", async (name) => {
    const send = vi.fn();
    const again = vi.fn();
    render(
      <Window list={[{ id: "send", title: "Send", keys: "Ctrl+Enter", run: send }]}>
        <Button onPress={again}>Look again</Button>
        <Select label="Backup of" options={[{ id: "1", name: "today" }]} value="1" onChange={again} />
      </Window>,
    );
    act(() => screen.getByRole("button", { name }).focus());
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect([send.mock.calls.length, again.mock.calls.length]).toEqual([1, 0]);
    expect(screen.queryByRole("listbox")).toBeNull();
  });

  it("an unavailable action does nothing, and Shift is another key", async () => {
    const off = vi.fn();
    const shifted = vi.fn();
    render(
      <Window
        list={[
          { id: "e", title: "Extend", keys: "e", when: false, run: off },
          { id: "E", title: "Export", keys: "Shift+E", run: shifted },
        ]}
      />,
    );
    await userEvent.keyboard("e");
    await userEvent.keyboard("{Shift>}E{/Shift}");
    expect(off).not.toHaveBeenCalled();
    expect(shifted).toHaveBeenCalledTimes(1);
  });

  it("the screen takes a key from the frame, and a dialog silences both", async () => {
    const frame = vi.fn();
    const own = vi.fn();
    const inDialog = vi.fn();
    function Both() {
      const [open, setOpen] = useState(false);
      return (
        <Window frame={[{ id: "frame", title: "Frame", keys: "x", run: frame }]} list={[{ id: "own", title: "Own", keys: "x", run: own }, { id: "open", title: "Open", keys: "o", run: () => setOpen(true) }]}>
          {open && (
            <DialogLayer actions={[{ id: "d", title: "In dialog", keys: "y", run: inDialog }]}>
              <p>dialog</p>
            </DialogLayer>
          )}
        </Window>
      );
    }
    render(<Both />);
    await userEvent.keyboard("x");
    expect([frame.mock.calls.length, own.mock.calls.length]).toEqual([0, 1]);
    await userEvent.keyboard("oxy");
    expect([frame.mock.calls.length, own.mock.calls.length, inDialog.mock.calls.length]).toEqual([0, 1, 1]);
  });

  it("a key that is pressed while a detail is still to come goes to the one that comes, in its order", async () => {
    const decided: string[] = [];
    function Detail({ id, ready }: { id: string; ready: boolean }) {
      useHold(!ready);
      return ready ? <ScreenActions key={id} list={[{ id: "decide", title: "Decide", keys: "a", run: () => decided.push(id) }]} /> : null;
    }
    function Queue() {
      const [at, setAt] = useState(1);
      const [read, setRead] = useState(1);
      const list: Action[] = [
        { id: "next", title: "Next", keys: "j", moves: true, run: () => setAt((was) => was + 1) },
        { id: "note", title: "Note", keys: "n", run: () => decided.push("note") },
      ];
      return (
        <Window list={list}>
          <Detail id={`claim ${at}`} ready={read >= at} />
          <button type="button" onClick={() => setRead(at)}>
            Read
          </button>
        </Window>
      );
    }
    render(<Queue />);
    await userEvent.keyboard("ajjna");
    expect(decided).toEqual(["claim 1"]);
    await userEvent.click(screen.getByRole("button", { name: "Read" }));
    expect(decided).toEqual(["claim 1", "note", "claim 3"]);
    await userEvent.keyboard("a");
    expect(decided).toEqual(["claim 1", "note", "claim 3", "claim 3"]);
  });

  it("a key for a detail that has gone before it was there is for nobody", async () => {
    const decide = vi.fn();
    function Detail() {
      useHold(true);
      return null;
    }
    const list: Action[] = [{ id: "decide", title: "Decide", keys: "a", run: decide }];
    const shown = render(
      <Window list={list}>
        <Detail />
      </Window>,
    );
    await userEvent.keyboard("a");
    shown.rerender(<Window list={list} />);
    expect(decide).not.toHaveBeenCalled();
    await userEvent.keyboard("a");
    expect(decide).toHaveBeenCalledTimes(1);
  });
});
