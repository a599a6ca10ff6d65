/**
 * What Rust tells the window without being asked: data changed, a job moved on, the network came or went. Changed data
 * makes the queries that read it stale (the `reads` table decides, nothing is patched by hand); progress and the network are
 * kept here for the status bar. An event that this window does not know is ignored: it comes from a newer program.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { AppEvent, JobProgress } from "./api.gen";
import { invalidateKinds } from "./queries";
import { onEvent } from "./transport";

/** The running jobs by id, newest last. */
export type Jobs = readonly JobProgress[];

let jobs: Jobs = [];
let ended: AppEvent | null = null;
let isFileOver = false;
let dropped: Dropped | null = null;
const listeners = new Set<() => void>();

/** What became of a file that was dropped on the window: it was opened as an import, or refused. */
export type Dropped = Extract<AppEvent, { event: "import_opened" | "import_failed" }>;

function setJobs(next: Jobs) {
  jobs = next;
  for (const listener of listeners) listener();
}

/** The jobs of this kind have ended: whoever waited for one knows, no event tells of it. */
export function endJobs(kind: string): void {
  setJobs(jobs.filter((job) => !job.id.startsWith(kind)));
}

/** Listens for events for as long as the window lives. Returns how to stop. */
export function startEvents(client: QueryClient): () => void {
  return onEvent((event) => apply(client, event as AppEvent));
}

function apply(client: QueryClient, event: AppEvent): void {
  switch (event.event) {
    case "changed":
      void invalidateKinds(client, event.is);
      return;
    case "progress":
      setJobs([...jobs.filter((job) => job.id !== event.is.id), event.is]);
      return;
    case "sync_ended":
    case "sync_failed":
      ended = event;
      endJobs("sync");
      void invalidateKinds(client, null);
      return;
    case "file_over":
      isFileOver = event.is;
      for (const listener of listeners) listener();
      return;
    case "job_ended":
      endJobs(event.is);
      void client.invalidateQueries({ queryKey: ["status"] });
      return;
    case "import_opened":
    case "import_failed":
      isFileOver = false;
      dropped = event;
      endJobs("import");
      return;
    case "online":
      void client.invalidateQueries({ queryKey: ["status"] });
      return;
    default:
      return;
  }
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The jobs that run now. */
export function useJobs(): Jobs {
  return useSyncExternalStore(watch, () => jobs);
}

/** How the last sync ended while this window was open, or null. */
export function useSyncEnd(): AppEvent | null {
  return useSyncExternalStore(watch, () => ended);
}

/** Whether a file is held over the window. */
export function useFileOver(): boolean {
  return useSyncExternalStore(watch, () => isFileOver);
}

/** The file that was dropped last while this window was open, or null; each drop is another object. */
export function useDropped(): Dropped | null {
  return useSyncExternalStore(watch, () => dropped);
}
