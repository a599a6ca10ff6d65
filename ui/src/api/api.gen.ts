// Placeholder in the shape of the generated client; `cargo xtask gen` replaces this file.
import { call } from "./transport";

export type Kind = "deal" | "partner" | "registration" | "touch" | "outbox" | "review" | "pack" | "audit" | "workspace";
export type Vendor = "hubspot" | "salesforce";
export type Theme = "system" | "light" | "dark";
export type Phase = "none" | "locked" | "connected" | "ready";
export type ObjectKind = "deal" | "company" | "contact" | "registration";

export type JobProgress = { id: string; step: string; done: number; total: number | null; rate: number; left: number | null };
export type NextSla = { registration: string; company: string; due: string };
export type RailCounts = { today: number; inbox: number; inbox_over: number; review: number; deals: number; partners: number; activity: number };
export type Status = {
  phase: Phase;
  workspace: string | null;
  name: string;
  vendor: Vendor | null;
  sample: boolean;
  now: string;
  me: string | null;
  online: boolean;
  offline_on_purpose: boolean;
  read_only: string | null;
  last_sync: string | null;
  job: JobProgress | null;
  pending: number;
  merge_conflicts: number;
  policy: number;
  next_sla: NextSla | null;
  counts: RailCounts;
};
export type WorkspaceRow = { id: string; name: string; vendor: Vendor; passphrase: boolean };
export type SearchQuery = { text: string; limit?: number };
export type SearchHit = { kind: ObjectKind; id: string; is_partner: boolean; title: string; subtitle: string };
export type SyncSummary = { read: number; changed: number; pushed: number; needs_you: number; waiting: number; cancelled: boolean };
export type SyncOptions = { full?: boolean; pull_only?: boolean; push_only?: boolean };
export type Settings = { theme: Theme; lock_after: number; version: string };
export type SaveSettings = { theme?: Theme | null; lock_after?: number | null; offline?: boolean | null };
export type ApiError = { code: string; id: string; message: string; kept: string | null; next: string | null };
export type AppEvent =
  | { event: "changed"; is: Kind[] }
  | { event: "progress"; is: JobProgress }
  | { event: "sync_ended"; is: SyncSummary }
  | { event: "sync_failed"; is: ApiError }
  | { event: "online"; is: boolean };

export const operations = {
  status: { kind: "query", reads: ["deal", "partner", "registration", "outbox", "review", "workspace"] },
  workspaces: { kind: "query", reads: ["workspace"] },
  search: { kind: "query", reads: ["deal", "partner", "registration"] },
  openWorkspace: { kind: "command", reads: [] },
  openSample: { kind: "command", reads: [] },
  lock: { kind: "command", reads: [] },
  unlock: { kind: "command", reads: [] },
  cancelJob: { kind: "command", reads: [] },
  sync: { kind: "job", reads: [] },
  settings: { kind: "query", reads: ["workspace"] },
  saveSettings: { kind: "command", reads: [] },
} as const;

export const api = {
  status: (): Promise<Status> => call("status", {}) as Promise<Status>,
  workspaces: (): Promise<WorkspaceRow[]> => call("workspaces", {}) as Promise<WorkspaceRow[]>,
  search: (request: SearchQuery): Promise<SearchHit[]> => call("search", request) as Promise<SearchHit[]>,
  openWorkspace: (request: { workspace: string }): Promise<Status> => call("open_workspace", request) as Promise<Status>,
  openSample: (): Promise<Status> => call("open_sample", {}) as Promise<Status>,
  lock: (): Promise<Status> => call("lock", {}) as Promise<Status>,
  unlock: (request: { passphrase?: string | null }): Promise<Status> => call("unlock", request) as Promise<Status>,
  cancelJob: (request: string): Promise<unknown> => call("cancel_job", request),
  sync: (request: SyncOptions): Promise<SyncSummary> => call("sync", request) as Promise<SyncSummary>,
  settings: (): Promise<Settings> => call("settings", {}) as Promise<Settings>,
  saveSettings: (request: SaveSettings): Promise<Settings> => call("save_settings", request) as Promise<Settings>,
};
