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
const listeners = new Set<() => void>();

function setJobs(next: Jobs) {
  jobs = next;
  for (const listener of listeners) listener();
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
      setJobs(jobs.filter((job) => !job.id.startsWith("sync")));
      void invalidateKinds(client, null);
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
