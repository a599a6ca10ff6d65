import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startEvents, useJobs } from "./events";
import { opOptions } from "./queries";
import { ApiError, call, setTransport } from "./transport";

let hear: (event: unknown) => void = () => {};

function answer(call: (name: string, request: string) => Promise<string>) {
  setTransport({
    call,
    onEvent(listener) {
      hear = listener;
      return () => {};
    },
  });
}

afterEach(() => answer(() => Promise.reject(new Error("nothing is asked"))));

describe("a call", () => {
  it("sends JSON and reads JSON", async () => {
    const asked = vi.fn((_name: string, _request: string) => Promise.resolve('{"rows":[]}'));
    answer(asked);
    await expect(call("inbox", { limit: 50 })).resolves.toEqual({ rows: [] });
    expect(asked).toHaveBeenCalledWith("inbox", '{"limit":50}');
  });

  it.each([
    ["JSON text", '{"code":"offline","message":"The CRM does not answer","kept":"Your decision is kept","next":"Sync later"}'],
    ["an object", { code: "offline", message: "The CRM does not answer", kept: "Your decision is kept", next: "Sync later" }],
  ])("that is refused with %s rejects with what happened, what was kept and what to do", async (_form, refusal) => {
    answer(() => Promise.reject(refusal as unknown as Error));
    const failure = await call("sync", {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: "offline", message: "The CRM does not answer", kept: "Your decision is kept", next: "Sync later" });
  });

  it("that fails in any other way is told as our fault, never as bare text", async () => {
    answer(() => Promise.reject(new Error("channel closed")));
    await expect(call("status", {})).rejects.toMatchObject({ name: "ApiError", code: "bug", message: "channel closed" });
  });
});

describe("events", () => {
  function cached() {
    const client = new QueryClient();
    for (const [name, data] of [
      ["status", {}],
      ["settings", {}],
      ["packs", []],
    ] as const) {
      client.setQueryData(opOptions(name, undefined).queryKey, data);
    }
    startEvents(client);
    const stale = () => ["status", "settings", "packs"].filter((name) => client.getQueryState([name, null])?.isInvalidated);
    return { client, stale };
  }

  it("changed data makes the queries that read it stale, and no other", () => {
    answer(() => Promise.resolve("{}"));
    const { stale } = cached();
    hear({ event: "changed", is: ["registration"] });
    expect(stale()).toEqual(["status"]);
    hear({ event: "changed", is: ["pack"] });
    expect(stale()).toEqual(["status", "packs"]);
  });

  it("a job that nobody waits for is gone when it has ended, and the status is asked again", () => {
    answer(() => Promise.resolve("{}"));
    const { stale } = cached();
    const { result } = renderHook(() => useJobs());
    const at = { step: "Looking for channel conflicts", done: 4, total: 9, rate: 0, left: null };
    act(() => hear({ event: "progress", is: { id: "judge-1", ...at } }));
    expect(result.current.map((job) => job.id)).toEqual(["judge-1"]);
    act(() => hear({ event: "job_ended", is: "judge-1" }));
    expect(result.current).toEqual([]);
    expect(stale()).toEqual(["status"]);
  });

  it("an ended sync makes everything stale, and an unknown event nothing", () => {
    answer(() => Promise.resolve("{}"));
    const { stale } = cached();
    hear({ event: "from_the_future", is: 1 });
    expect(stale()).toEqual([]);
    hear({ event: "sync_ended", is: {} });
    expect(stale()).toEqual(["status", "settings", "packs"]);
  });
});
