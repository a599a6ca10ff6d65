/**
 * The one door to Rust: a call by name with JSON in and JSON out, and one stream of events. Nothing else in the window
 * imports Tauri. Outside the desktop window (unit tests, a browser for looking at the look) `setTransport` puts something
 * else in its place before the first call.
 *
 * Callers rely on: a failure is always an ApiError with what happened, what was kept and what to do; nothing matches on
 * its text. What to do is said for the window, not for the shell. It neither caches nor retries (see queries.ts).
 */
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { withoutShell } from "../format/value";

/** What went wrong, in the product's words. `code` is closed and comes from Rust. */
export class ApiError extends Error {
  readonly code: string;
  /** What was kept ("Your decision is kept in the outbox"). */
  readonly kept: string | null;
  /** What to do next. */
  readonly next: string | null;

  constructor(body: { code: string; message: string; kept?: string | null; next?: string | null }) {
    super(body.message);
    this.name = "ApiError";
    this.code = body.code;
    this.kept = body.kept ?? null;
    const next = body.next ?? null;
    this.next = next === null ? null : withoutShell(next);
  }
}

/** How calls and events travel. */
export interface Transport {
  /** JSON text of the request in, JSON text of the answer out; rejects with the JSON text or object of an ApiError. */
  call(name: string, request: string): Promise<string>;
  /** Calls back with each event until the returned function is called. */
  onEvent(listener: (event: unknown) => void): () => void;
}

const tauri: Transport = {
  call: (name, request) => invoke<string>("call", { name, request }),
  onEvent(listener) {
    const stopped = listen<unknown>("app", (event) => listener(event.payload));
    return () => void stopped.then((stop) => stop());
  },
};

let transport: Transport = tauri;

/** Replaces the way to Rust; for tests and for looking at screens in a browser. */
export function setTransport(other: Transport): void {
  transport = other;
}

/** Calls an operation. Use the typed functions of api.gen.ts, not this. */
export async function call(name: string, request: unknown): Promise<unknown> {
  let answer: string;
  try {
    answer = await transport.call(name, JSON.stringify(request ?? null));
  } catch (failure) {
    throw asApiError(failure);
  }
  return JSON.parse(answer) as unknown;
}

/** Hears the events of the app; the payload is parsed by events.ts. */
export function onEvent(listener: (event: unknown) => void): () => void {
  return transport.onEvent((event) => listener(typeof event === "string" ? JSON.parse(event) : event));
}

function asApiError(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  const body = typeof failure === "string" ? parsed(failure) : failure;
  if (isErrorBody(body)) return new ApiError(body);
  return new ApiError({
    code: "bug",
    message: typeof failure === "string" ? failure : failure instanceof Error ? failure.message : "The window lost its way to the program.",
    kept: "Nothing that was saved is lost.",
    next: "Try again; if it comes back, restart Drumbeat.",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isErrorBody(body: unknown): body is { code: string; message: string } {
  return typeof body === "object" && body !== null && "code" in body && "message" in body && typeof body.message === "string";
}
