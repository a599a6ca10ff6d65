/** What a push would send, as a person reads it before saying yes: by decision, and in one sentence. Pure. */
import type { PreviewOp, PreviewVerdict, PushPreview } from "../../api/api.gen";
import type { Tone } from "../../components/Tag";
import { countOf } from "../../format/number";

/** The colour of a verdict; its word is the model's. */
export const VERDICT_TONE: Record<PreviewVerdict, Tone> = { send: "ok", converged: "neutral", refused: "danger", conflict: "warn", held: "warn", waits: "neutral" };

/** Changes of one decision. */
export interface PreviewGroup {
  id: string;
  title: string;
  tone?: "warn";
  rows: PreviewOp[];
}

/** By decision in the order in which they would go. */
export function previewGroups(ops: readonly PreviewOp[]): PreviewGroup[] {
  const groups = new Map<string, PreviewGroup>();
  for (const op of ops) {
    const group = groups.get(op.decision) ?? { id: op.decision, title: op.title, rows: [] };
    group.rows.push(op);
    if (VERDICT_TONE[op.verdict] === "warn" || VERDICT_TONE[op.verdict] === "danger") group.tone = "warn";
    groups.set(op.decision, group);
  }
  return [...groups.values()];
}

/** "5 changes would be sent, 1 needs you, 2 wait". */
export function previewWords(preview: Pick<PushPreview, "send" | "needs_you" | "waits">): string {
  const parts = [
    preview.send === 0 ? "nothing would be sent" : `${countOf(preview.send, "change")} would be sent`,
    preview.needs_you === 0 ? "" : `${preview.needs_you} ${preview.needs_you === 1 ? "needs" : "need"} you`,
    preview.waits === 0 ? "" : `${preview.waits} ${preview.waits === 1 ? "waits" : "wait"}`,
  ];
  return parts.filter(Boolean).join(", ");
}
