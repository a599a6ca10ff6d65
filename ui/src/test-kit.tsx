/**
 * The whole window over answers that a test gives, in place of Rust: every screen, the real router, queries and keys. What was
 * asked is kept in order, so that a test says what was sent and, as often, that nothing was.
 *
 * `openWindow(path, answer)` shows an address; `byName(() => table)` answers from a table of values or functions of the request,
 * and refuses what is not in it. It knows no screen and no data but the status that the frame itself reads.
 */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, createMemoryHistory } from "@tanstack/react-router";
import { act, render } from "@testing-library/react";
import { vi } from "vitest";
import type { Status } from "./api/api.gen";
import { startEvents } from "./api/events";
import { setTransport } from "./api/transport";
import { makeClient } from "./client";
import { makeRouter } from "./routes";

/** A workspace that is ready, in sync, with nothing to do. */
export const STATUS: Status = {
  phase: "ready",
  workspace: "w",
  name: "Halden EU",
  vendor: "hubspot",
  sample: false,
  now: new Date().toISOString(),
  fiscal_year_starts: 1,
  me: "Mara Lindqvist",
  online: true,
  offline_on_purpose: false,
  read_only: null,
  last_sync: null,
  job: null,
  pending: 0,
  merge_conflicts: 0,
  policy: 1,
  next_sla: null,
  counts: { today: 0, inbox: 0, inbox_over: 0, review: 0, deals: 0, partners: 0, activity: 0, channel: { high: 0, medium: 0, low: 0 } },
};

/** Every operation that was asked for, with its request, in order. */
export const asked = vi.fn();

/** The requests of one operation, in order. */
export const sent = (name: string): unknown[] => asked.mock.calls.filter(([one]) => one === name).map(([, request]) => request as unknown);

/** What an operation answers: a value, a promise of one, or a refusal by throwing. */
export type Answer = (name: string, request: never) => unknown;

/** Answers from a table, read anew each time; what is an error's body (code and message) is refused with it. */
export function byName(table: () => Record<string, unknown>): Answer {
  return (name, request) => {
    const answers = table();
    if (!(name in answers)) throw new Error(`not asked for in this test: ${name}`);
    const found = answers[name];
    const answer: unknown = typeof found === "function" ? (found as (request: never) => unknown)(request) : found;
    return typeof answer === "object" && answer !== null && "code" in answer && "message" in answer ? Promise.reject(answer as unknown as Error) : answer;
  };
}

/** Shows the window at an address. `tell` lets it hear an event as Rust would send it. */
export function openWindow(path: string, answer: Answer) {
  asked.mockClear();
  let hear: (event: unknown) => void = () => {};
  setTransport({
    async call(name, text) {
      const request = JSON.parse(text) as never;
      asked(name, request);
      return JSON.stringify(await answer(name, request));
    },
    onEvent(listener) {
      hear = listener;
      return () => {};
    },
  });
  const client = makeClient();
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  startEvents(client);
  const shown = render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { ...shown, client, router, tell: (event: unknown) => act(() => hear(event)) };
}
