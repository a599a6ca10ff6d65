/** What Rust says of a deal's gate and plan; the generated client's own types take their place. */
import type { DealId, ItemEdit, Outcome, Proof } from "../api/api.gen";

export type ToldBy = "data" | "person";
export interface Proven { key: string; holds: boolean; by: string; at: string; proof: Proof | null }
export interface Criterion { key: string; stage: string; says: string; told_by: ToldBy; met: boolean; fact: string; proven: Proven | null }
export interface StageChoice { value: string; label: string; position: number; outcome: Outcome }
export interface Check { rule: string; name: string; outcome: "pass" | "warn" | "fail"; fact: string; flip: string | null }
export interface ProtectionStanding { start: string | null; end: string; left: number; state: "present" | "stale" | "missing" }
export interface Confirm { key: string; holds: boolean; proof?: Proof | null }
export interface EditPreview { deal: DealId; name: string; writes: ItemEdit[]; checks: Check[]; criteria: Criterion[]; held: boolean; refused: string | null; letter: string | null }
