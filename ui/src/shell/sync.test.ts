import { expect, it } from "vitest";
import type { SyncSummary } from "../api/api.gen";
import { syncWords } from "./useSync";

const nothing: SyncSummary = { read: 0, changed: 0, gone: 0, pushed: 0, needs_you: 0, waiting: 0, released: 0, requests: 1, retries: 0, bytes: 1, seconds: 1, cancelled: false };

it.each([
  [{}, "Synced: nothing new in the CRM"],
  [{ changed: 1284, pushed: 1 }, "Synced: 1,284 records changed, 1 change confirmed"],
  [{ needs_you: 1, waiting: 2 }, "Synced: nothing new in the CRM, 1 change needs you, 2 changes still waiting"],
  [{ held: 2 }, "Synced: nothing new in the CRM, 2 decisions held back"],
  [{ cancelled: true, changed: 5 }, "Sync stopped; what was read is kept"],
])("a sync that did %o is told as %s", (did, words) => expect(syncWords({ ...nothing, ...did })).toBe(words));
