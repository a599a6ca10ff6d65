import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { useState } from "react";
import { describe, expect, it, vi } from "vitest";
import { useHotkeys } from "../actions/useActions";
import type { Check, Criterion, DealField, EditPreview, StageChoice } from "../api/api.gen";
import { NO_CHANGES } from "./changes";
import { NO_CONFIRMS } from "./confirms";
import type { Confirms } from "./confirms";
import { askedFields, checksBeside, gateWords, moveProblem, moveRequest, outcomeOf, ruleOf, stageAt } from "./gate";
import { GateDialog } from "./GateDialog";
import { windowWords } from "./ProtectionBlock";

const criterion = (key: string, more: Partial<Criterion> = {}): Criterion => ({ key, stage: "Qualification", says: `says ${key}`, told_by: "data", met: false, fact: "it is missing", proven: null, ...more });
const check = (name: string, more: Partial<Check> = {}): Check => ({ rule: "F-01", name, outcome: "fail", fact: "missing; a hard field", flip: null, records: [], ...more });
const field = (name: DealField["field"], label: string): DealField => ({ field: name, label, value: null, shown: null, holds: "text", options: [], need: "hard", state: "missing", editable: true, pending: false, theirs: null });
const STAGES: StageChoice[] = [
  { value: "s1", label: "Registration", position: 1, outcome: "open" },
  { value: "s2", label: "Qualification", position: 2, outcome: "open" },
  { value: "s3", label: "Configure & Quote", position: 3, outcome: "open" },
  { value: "s9", label: "Lost", position: 3, outcome: "lost" },
];
const FIELDS = [field("products", "Products"), field("next_step", "Next step"), field("lost_reason", "Reason")];

describe("the gate", () => {
  it("tells each thing once: a criterion under the criteria, the rest under the checks", () => {
    const open = criterion("reseller.2.demand");
    const checks = [check("Qualification", { rule: "M-reseller.2", fact: `${open.says}: it is missing` }), check("Products"), check("Account", { outcome: "pass" })];
    expect(checksBeside(checks, [open]).map((one) => one.name)).toEqual(["Products"]);
    expect(gateWords([open, criterion("a.1.b", { met: true })], true)).toBe("1 of 2 open, the deal cannot move");
    expect(gateWords([criterion("a.1.b", { met: true })], false)).toBe("all 1 hold");
    expect([outcomeOf(open), outcomeOf({ ...open, told_by: "person" }), outcomeOf({ ...open, met: true })]).toEqual(["fail", "warn", "ok"]);
    expect([ruleOf("entry.account"), ruleOf("reseller.2.demand"), ruleOf("odd")]).toEqual(["M-10", "M-reseller.2", "M-10"]);
  });

  it("asks for the fields that are missing, and for the reason of a loss", () => {
    expect(askedFields(FIELDS, [check("Products"), check("Next step", { outcome: "warn" })], NO_CHANGES).map((one) => one.field)).toEqual(["products"]);
    expect(askedFields(FIELDS, [check("Reason", { rule: "M-12" })], new Map([["next_step", "Call"]])).map((one) => one.field)).toEqual(["next_step", "lost_reason"]);
    expect([stageAt(STAGES, 3)?.value, stageAt(STAGES, 5)]).toEqual(["s3", undefined]);
  });

  it("moves with what is filled in, confirmed and said; nothing that is wrong goes along", () => {
    const confirms: Confirms = new Map([["a", { kind: "meeting", day: "2026-11-18", text: " Met them " }], ["b", { kind: "meeting", day: "2026-11-18", text: " " }]]);
    expect(moveRequest("d1", "s3", [{ ...field("amount", "Amount"), holds: "number" }], new Map([["amount", "a lot"], ["next_step", "Call"]]), confirms, " They signed ")).toEqual({
      deal: "d1",
      set: [{ field: "stage", value: "s3" }, { field: "next_step", value: "Call" }],
      confirm: [{ key: "a", holds: true, proof: { kind: "meeting", day: "2026-11-18", text: "Met them" } }, { key: "b", holds: true }],
      override_reason: "They signed",
    });
    const preview: EditPreview = { deal: "d1", name: "Hansa", writes: [], checks: [], criteria: [], held: true, refused: null, letter: null };
    expect([moveProblem(undefined, ""), moveProblem({ ...preview, refused: "Not there" }, "x"), moveProblem(preview, "x"), moveProblem({ ...preview, held: false }, "")]).toEqual([expect.stringMatching(/being read/), "Not there", null, null]);
    expect(moveProblem(preview, " ")).toMatch(/gate does not hold/);
  });

  it.each([
    ["2026-11-01", "2026-11-18", "ended 1 day ago", "danger", 1],
    ["2026-11-01", "2026-11-19", "ends today", "danger", 1],
    ["2026-11-09", "2026-11-29", "10 days left", "warn", 0.5],
    [null, "2027-02-17", "90 days left", "ok", 0],
  ])("a window from %s to %s: %s", (start, end, text, tone, over) => expect(windowWords(start, end, new Date(2026, 10, 19, 8).getTime())).toEqual({ text, tone, over }));
});

describe("the gate dialog", () => {
  const told = criterion("reseller.2.demand", { told_by: "person", says: "The demand is real", fact: "a person has to confirm it" });
  const moved = vi.fn();
  function Shown() {
    useHotkeys();
    const [to, setTo] = useState<string | null>(null);
    const [changes, setChanges] = useState(NO_CHANGES);
    const [confirms, setConfirms] = useState(NO_CONFIRMS);
    const [reason, setReason] = useState("");
    const met = confirms.has(told.key);
    const checks = [...(met ? [] : [check("Qualification", { fact: `${told.says}: missing` })]), ...(changes.has("products") ? [] : [check("Products")])];
    const preview: EditPreview = { deal: "d1", name: "Hansa", writes: [{ label: "Stage", before: "Qualification", after: "Configure & Quote" }], checks, criteria: [{ ...told, met }], held: checks.length > 0, refused: null, letter: null };
    return <GateDialog name="Hansa" present="Qualification" stages={STAGES} to={to} onTo={setTo} fields={FIELDS} changes={changes} onChanges={setChanges} confirms={confirms} onConfirms={setConfirms} evidenceRequired reason={reason} onReason={setReason} preview={preview} isReading={false} error={null} isBusy={false} failed={null} onMove={() => moved(moveRequest("d1", to ?? "", FIELDS, changes, confirms, reason))} onClose={vi.fn()} />;
  }

  it("by keyboard: the stage by its digit, no move before the gate holds or a reason is given", async () => {
    render(<Shown />);
    await userEvent.keyboard("2");
    const dialog = screen.getByRole("dialog", { name: /Move Hansa/ });
    expect(within(dialog).getByText("1 of 1 open, the deal cannot move")).toBeTruthy();
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(moved).not.toHaveBeenCalled();
    expect(within(dialog).getByText(/The gate does not hold/)).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText(/Why it moves all the same/), "They signed");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(moved.mock.calls).toEqual([[expect.objectContaining({ set: [{ field: "stage", value: "s3" }], override_reason: "They signed" })]]);
  });

  it("what is open is put right in it: a field, and a confirmation that needs evidence", async () => {
    moved.mockClear();
    render(<Shown />);
    await userEvent.keyboard("2");
    await userEvent.type(screen.getByLabelText("Products"), "Plan");
    await userEvent.click(screen.getByRole("button", { name: "Confirm: The demand is real" }));
    const confirm = await screen.findByRole("dialog", { name: /Confirm a criterion/ });
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(within(confirm).getByText("Say what shows it")).toBeTruthy();
    await userEvent.type(within(confirm).getByLabelText("What it says, and where it is"), "Minutes of 18 Nov");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await vi.waitFor(() => expect(screen.queryByRole("dialog", { name: /Confirm a criterion/ })).toBeNull());
    expect(screen.getByText("the gate holds")).toBeTruthy();
    const { violations } = await axe.run(screen.getByRole("dialog"), { rules: { "color-contrast": { enabled: false } } });
    expect(violations.map((one) => one.id)).toEqual([]);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(moved.mock.calls[0]?.[0]).toMatchObject({ set: [{ field: "stage", value: "s3" }, { field: "products", value: "Plan" }], confirm: [{ key: told.key, holds: true, proof: { text: "Minutes of 18 Nov" } }] });
  });
});
