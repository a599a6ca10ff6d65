/** What the gate has against an edit that moves the stage, under the fields: only what is open, and nothing where it holds. */
import type { EditPreview } from "../api/api.gen";
import { Section } from "../components/Section";
import { CriteriaList } from "./CriteriaList";
import { gateWords } from "./gate";

/** The section. */
export function GateNote({ preview }: { preview: EditPreview | undefined }) {
  if (preview === undefined) return null;
  if (preview.refused !== null) return <p className="danger small">{preview.refused}</p>;
  if (!preview.held) return null;
  return (
    <Section title="The gate" note={gateWords(preview.criteria, true)} end="M">
      <CriteriaList criteria={preview.criteria} checks={preview.checks} openOnly />
    </Section>
  );
}
