/** Syncing from the frame: one way to start it and one sentence about how it went, for the palette and the status bar. */
import type { SyncSummary } from "../api/api.gen";
import { useCommand } from "../api/queries";
import { countOf } from "../format/number";

/** What a sync did, in a sentence. */
export function syncWords(summary: SyncSummary): string {
  if (summary.cancelled) return "Sync stopped; what was read is kept";
  const parts = [
    summary.changed > 0 ? `${countOf(summary.changed, "record")} changed` : "nothing new in the CRM",
    summary.pushed > 0 ? `${countOf(summary.pushed, "change")} confirmed` : "",
    summary.needs_you > 0 ? `${countOf(summary.needs_you, "change")} need${summary.needs_you === 1 ? "s" : ""} you` : "",
    summary.held ? `${countOf(summary.held, "decision")} held back` : "",
    summary.waiting > 0 ? `${countOf(summary.waiting, "change")} still waiting` : "",
  ];
  return `Synced: ${parts.filter(Boolean).join(", ")}`;
}

/** Starts a sync. */
export function useSync() {
  const sync = useCommand("sync", { done: syncWords, failed: "The sync did not finish" });
  return { isPending: sync.isPending, start: () => sync.mutate({ full: false, pull_only: false, push_only: false }) };
}
