/**
 * What the gate says of an edit that moves the stage or confirms a criterion, read as it is typed. Until it is read, and where nothing
 * moves, a missing hard field alone is known to hold it; Rust has the last word when it is saved.
 */
import type { DealField, EditPreview } from "../api/api.gen";
import { useOp } from "../api/queries";
import { needsOverride } from "./changes";
import type { Changes } from "./changes";
import { confirmed, NO_CONFIRMS } from "./confirms";
import type { Confirms } from "./confirms";
import { useRested } from "./useRested";

/** The gate's word; `preview` is absent while the stage stays, nothing is confirmed, or nothing is read yet. */
export function useGate(deal: string | null, fields: readonly DealField[], changes: Changes, confirms: Confirms = NO_CONFIRMS): { preview: EditPreview | undefined; held: boolean; isReading: boolean } {
  const asks = deal !== null && (changes.has("stage") || confirms.size > 0);
  const wanted = { deal: deal ?? "", set: asks ? [...changes].map(([field, value]) => ({ field, value })) : [], confirm: asks ? confirmed(confirms) : [] };
  const asked = useRested(wanted);
  const query = useOp("previewEdit", asked, { enabled: asks && asked.set.length + asked.confirm.length > 0, keep: true });
  const preview = asks ? query.data : undefined;
  const isReading = asks && query.error === null && (query.isPending || query.isPlaceholderData || JSON.stringify(asked) !== JSON.stringify(wanted));
  return { preview, held: preview?.held ?? needsOverride(fields, changes), isReading };
}
