/** What an edit of many comes to for one deal, before and after, as a sign and words. Pure. */
import type { EditDone, EditPreview } from "../../api/api.gen";
import type { Outcome } from "../../components/Verdict";

/** The verdict of a row. */
export function bulkVerdict(preview: EditPreview | undefined, done: EditDone | undefined, reason: string): { outcome: Outcome | null; text: string } {
  if (done !== undefined) return done.refused === null ? { outcome: "ok", text: "changed" } : { outcome: "fail", text: done.refused };
  if (preview === undefined) return { outcome: null, text: "" };
  if (preview.refused !== null) return { outcome: "fail", text: preview.refused };
  const fails = preview.checks.filter((check) => check.outcome === "fail").map((check) => check.fact);
  if (preview.held && reason.trim() === "") return { outcome: "fail", text: `stays: ${fails.join("; ")}` };
  const [write] = preview.writes;
  const text = write === undefined ? "nothing changes" : `${write.before ?? "missing"} to ${write.after ?? "empty"}`;
  return preview.held ? { outcome: "warn", text: `${text}, past the gate: ${fails.join("; ")}` } : { outcome: write === undefined ? "info" : "ok", text };
}
