/** The values of a refused change as controls: what the CRM's sentence names comes first and has the focus. */
import { Section } from "../../components/Section";
import { withEdit } from "../../deal/edits";
import type { Edits } from "../../deal/edits";
import { FieldControl, LONG } from "../../deal/FieldControls";
import { formatValue } from "../../format/value";
import styles from "./Activity.module.css";
import type { Correctable } from "./correct";

/** The controls; what is left as it is goes again as it was decided. */
export function CorrectFields({ fields, edits, crm, onEdits }: { fields: readonly Correctable[]; edits: Edits; crm: string; onEdits: (edits: Edits) => void }) {
  const named = fields.filter((field) => field.named).map((field) => field.label);
  return (
    <Section title="Correct the values" label="Correct the values" note={named.length > 0 ? `${crm} names: ${named.join(", ")}` : "what you leave goes again as it was decided"}>
      <div className={styles.correct}>
        {fields.map((field, n) => (
          <div key={field.property} className={field.field !== null && LONG.has(field.field) ? styles.full : ""}>
            <FieldControl
              field={{ field: field.field, label: field.label, value: field.raw, shown: formatValue(field.mine), holds: field.holds, options: field.options }}
              value={edits.has(field.property) ? (edits.get(field.property) ?? null) : field.raw}
              changed={edits.has(field.property)}
              autoFocus={n === 0}
              onChange={(value) => onEdits(withEdit(edits, field, value))}
            />
          </div>
        ))}
      </div>
    </Section>
  );
}
