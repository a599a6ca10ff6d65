/**
 * What the gate says of an edit that moves the stage, read as it is typed. Until it is read, and where nothing moves, a missing hard
 * field alone is known to hold it; Rust has the last word when it is saved.
 */
import type { DealField, EditPreview } from "../api/api.gen";
import { useOp } from "../api/queries";
import { needsOverride } from "./changes";
import type { Changes } from "./changes";
import { useRested } from "./useRested";

/** The gate's word; `preview` is absent while the stage stays or nothing is read yet. */
export function useGate(deal: string | null, fields: readonly DealField[], changes: Changes): { preview: EditPreview | undefined; held: boolean } {
  const moves = deal !== null && changes.has("stage");
  const wanted = { deal: deal ?? "", set: moves ? [...changes].map(([field, value]) => ({ field, value })) : [], confirm: [] };
  const asked = useRested(wanted);
  const query = useOp("previewEdit", asked, { enabled: moves && asked.set.length > 0, keep: true });
  const preview = moves ? query.data : undefined;
  return { preview, held: preview?.held ?? needsOverride(fields, changes) };
}
