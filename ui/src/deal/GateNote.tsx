/**
 * What the gate has against an edit, under the fields: only what is open and what is confirmed with the edit. Where criteria are
 * confirmed with it (`onConfirm`), those of the present stage stand there before anything is changed; elsewhere nothing does while the
 * gate holds.
 */
import type { Criterion, EditPreview } from "../api/api.gen";
import { Section } from "../components/Section";
import { NO_CONFIRMS } from "./confirms";
import type { Confirms } from "./confirms";
import { CriteriaList } from "./CriteriaList";
import { gateWords } from "./gate";

/** Props of GateNote. */
export interface GateNoteProps {
  preview: EditPreview | undefined;
  /** What must hold where the edit has not been asked about. */
  present?: readonly Criterion[];
  confirms?: Confirms;
  onConfirm?: (criterion: Criterion) => void;
  onTakeBack?: (criterion: Criterion) => void;
}

/** The section. */
export function GateNote({ preview, present = [], confirms = NO_CONFIRMS, onConfirm, onTakeBack }: GateNoteProps) {
  if (preview !== undefined && preview.refused !== null) return <p className="danger small">{preview.refused}</p>;
  const held = preview?.held ?? false;
  const all = preview?.criteria ?? present;
  const criteria = all.filter((criterion) => !criterion.met || confirms.has(criterion.key));
  if (!held && (onConfirm === undefined || criteria.length === 0)) return null;
  return (
    <Section title="The gate" note={gateWords(all, held)}>
      <CriteriaList criteria={criteria} checks={preview?.checks ?? []} {...(onConfirm ? { onConfirm } : {})} {...(onTakeBack ? { onTakeBack } : {})} />
    </Section>
  );
}
