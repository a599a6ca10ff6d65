/**
 * The fields of a deal as controls: for each the one that fits what it holds, with what is wrong with a changed value. The
 * changes are the caller's; saving is one decision (changes.ts). The Deals screen and the review edit with these.
 */
import type { DealField, Field } from "../api/api.gen";
import { Checkbox, DateField, Select, TextArea, TextField } from "../components/Field";
import { isDay } from "../format/time";
import { problemOf, withChange } from "./changes";
import type { Changes } from "./changes";
import styles from "./FieldControls.module.css";

/** Fields of several lines, which take the whole width. */
export const LONG: ReadonlySet<Field> = new Set(["stage_notes", "conflict_notes", "next_step"]);
/** Days, also where the CRM keeps them as an instant. */
const DAYS: ReadonlySet<Field> = new Set(["close_date", "protection_start", "protection_end", "next_step_due"]);
const NONE = "";
/** Between the values of a field that holds several. */
const BETWEEN = ";";

/** The day of a raw value, which may be an instant; what is neither is no day. */
function dayIn(value: string | null): string | null {
  const day = value?.slice(0, 10) ?? "";
  return isDay(day) ? day : null;
}

/** The fields as controls. */
export function FieldControls({ fields, changes, focus, onChanges }: { fields: readonly DealField[]; changes: Changes; focus: Field | null; onChanges: (changes: Changes) => void }) {
  const editable = fields.filter((field) => field.editable);
  const first = focus ?? editable[0]?.field;
  return (
    <div className={styles.edit}>
      {editable.map((field) => (
        <div key={field.field} className={LONG.has(field.field) ? styles.full : ""}>
          <FieldControl
            field={field}
            value={changes.has(field.field) ? (changes.get(field.field) ?? null) : field.value}
            changed={changes.has(field.field)}
            autoFocus={field.field === first}
            onChange={(value) => onChanges(withChange(changes, field, value))}
          />
        </div>
      ))}
    </div>
  );
}

/** What a control needs to know of a field; a field of the CRM that has no name here has none. */
export type ControlField = Pick<DealField, "label" | "value" | "shown" | "holds" | "options"> & { field: Field | null };

/** One field as the control that fits what it holds. */
export function FieldControl({ field, value, changed, autoFocus, onChange }: { field: ControlField; value: string | null; changed: boolean; autoFocus: boolean; onChange: (value: string | null) => void }) {
  const error = changed ? problemOf(field, value) : undefined;
  const help = changed ? `was ${field.shown ?? field.value ?? "missing"}` : undefined;
  const common = { label: field.label, error, help, autoFocus, wide: true };
  const optional = field.field !== "stage";
  if (field.holds !== "choices" && field.holds !== "truth" && field.options.length > 0) {
    const options = field.options.map((option) => ({ id: option.value, name: option.label }));
    return <Select {...common} options={optional ? [{ id: NONE, name: "none" }, ...options] : options} value={value ?? NONE} onChange={onChange} placeholder={field.shown ?? "none"} />;
  }
  if (field.holds === "truth") {
    const options = [
      { id: NONE, name: "not said" },
      { id: "true", name: "Yes" },
      { id: "false", name: "No" },
    ];
    return <Select {...common} options={options} value={value ?? NONE} onChange={onChange} />;
  }
  if (field.holds === "choices" && field.options.length > 0) {
    const chosen = new Set((value ?? "").split(BETWEEN).filter(Boolean));
    const toggle = (id: string, on: boolean) =>
      onChange(
        field.options
          .map((option) => option.value)
          .filter((one) => (one === id ? on : chosen.has(one)))
          .join(BETWEEN),
      );
    return (
      <div role="group" aria-label={field.label}>
        <div className={styles.choicesLabel}>{field.label}</div>
        <div className={styles.choices}>
          {field.options.map((option) => (
            <Checkbox key={option.value} value={chosen.has(option.value)} onChange={(on) => toggle(option.value, on)}>
              {option.label}
            </Checkbox>
          ))}
        </div>
      </div>
    );
  }
  if (field.holds === "day" || (field.field !== null && DAYS.has(field.field))) return <DateField {...common} value={dayIn(value)} onChange={onChange} />;
  if (field.field !== null && LONG.has(field.field)) return <TextArea {...common} value={value ?? ""} onChange={onChange} rows={2} maxLength={10_000} />;
  return <TextField {...common} value={value ?? ""} onChange={onChange} maxLength={2000} />;
}
