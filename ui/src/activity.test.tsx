import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, createMemoryHistory } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { MessageRow, OpState, OutboxRow } from "./api/api.gen";
import { setTransport } from "./api/transport";
import { makeClient } from "./client";
import { makeRouter } from "./routes";

function op(id: string, decision: string, state: OpState): OutboxRow {
  return { id, decision, title: `Decision ${decision}`, what: "Deal: stage", object: "deal", record: "51877", state, text: `it is ${state}`, attempt: 1, made_at: "2026-11-18T21:10:00Z", next_at: null, fields: [{ label: "Stage", base: "Proof", mine: "Commercials", theirs: null }], evidence: [{ at: "2026-11-18T21:10:01Z", text: "saved here" }], can_retry: state === "rejected", can_withdraw: state !== "done" };
}

function message(id: string, decision: string, released: boolean): MessageRow {
  return { id, decision, to: "jana@altmark.example", subject: "Approved", text: "Dear Jana", released, withdrawn: false };
}

const OPS = [op("1", "d1", "conflict"), op("2", "d2", "done"), op("3", "d1", "queued"), op("4", "d3", "unknown")];
const MESSAGES = [message("1", "d1", false), message("2", "d2", true)];

describe("Activity", () => {
  const asked = vi.fn();
  const status = { phase: "ready", workspace: "w", name: "Halden EU", vendor: "hubspot", sample: false, now: new Date().toISOString(), me: "Mara Lindqvist", online: true, offline_on_purpose: false, read_only: null, last_sync: null, job: null, pending: 2, merge_conflicts: 1, policy: 1, next_sla: null, counts: { today: 0, inbox: 0, inbox_over: 0, review: 0, deals: 0, partners: 0, activity: 1 } };
  const entry = { seq: 7, at: "2026-11-18T21:10:00Z", actor: "Mara", act: "approve", title: "Approved Hansa", reason: "first qualified", facts: null, policy: 1, hash: "abcd" };

  function open(path: string) {
    asked.mockClear();
    const answers: Record<string, unknown> = {
      status,
      settings: { theme: "system", lock_after: 0 },
      outbox: OPS,
      messages: MESSAGES,
      settle_op: {},
      audit: { rows: [entry], next: null, total: 1 },
      verify_audit: { intact: false, entries: 7, broken_at: 5, problem: "Entry 5 was changed.", head: "ff" },
    };
    setTransport({
      call(name, request) {
        asked(name, JSON.parse(request));
        return name in answers ? Promise.resolve(JSON.stringify(answers[name])) : Promise.reject(new Error(`not asked for in this test: ${name}`));
      },
      onEvent: () => () => {},
    });
    render(
      <QueryClientProvider client={makeClient()}>
        <RouterProvider router={makeRouter(createMemoryHistory({ initialEntries: [path] }))} />
      </QueryClientProvider>,
    );
  }

  it("settles a merge conflict with one key, and nothing else with that key", async () => {
    open("/activity?open=1");
    await screen.findByRole("button", { name: /Keep mine/ });
    await userEvent.keyboard("r");
    expect(asked).not.toHaveBeenCalledWith("settle_op", expect.anything());
    await userEvent.keyboard("t");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledWith("settle_op", { op: "1", answer: "take_theirs" }));
  });

  it("opens the first change of a decision that the address names", async () => {
    open("/activity?open=d3");
    expect(await screen.findByRole("heading", { name: "Decision d3" })).toBeTruthy();
  });

  it("verifies the chain only when asked, and says where it is broken", async () => {
    open("/activity?tab=audit");
    await screen.findByRole("heading", { name: "Approved Hansa" });
    expect(asked).not.toHaveBeenCalledWith("verify_audit", expect.anything());
    await userEvent.keyboard("v");
    expect(await screen.findByText("The chain is broken at entry 5")).toBeTruthy();
  });
});
