/**
 * The fields of a deal, for reading and for editing in place. Reading: label, value, and in words whether it is missing or stale;
 * a press on a value edits all of them with that one in focus. Editing: for each field the control that fits what it
 * holds. The changes are the caller's; saving is one decision (edit.ts).
 */
import type { DealField, DealRow, Field } from "../../api/api.gen";
import { Checkbox, DateField, Select, TextArea, TextField } from "../../components/Field";
import { ArrowUpIcon, WarningIcon } from "../../components/icons";
import { Money, useNow } from "../../components/When";
import { formatDate, isDay } from "../../format/time";
import styles from "./Deals.module.css";
import { notesCell } from "./cellWords";
import { problemOf, withChange } from "./edit";
import type { Changes } from "./edit";

const LONG: ReadonlySet<Field> = new Set(["stage_notes", "conflict_notes", "next_step"]);
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

/** The fields as they are. */
export function FieldFacts({ fields, row, onEdit }: { fields: readonly DealField[]; row: DealRow; onEdit: (field: Field) => void }) {
  return (
    <dl className={styles.fields}>
      {fields.map((field) => (
        <div key={field.field} className={`${styles.field} ${LONG.has(field.field) ? styles.broad : ""}`}>
          <dt title={field.label}>{field.label}</dt>
          <dd>
            {field.editable ? (
              <button type="button" className={styles.value} onClick={() => onEdit(field.field)} title={`Edit ${field.label.toLowerCase()}`}>
                <Value field={field} row={row} />
              </button>
            ) : (
              <span className={styles.value} title="The CRM keeps this one">
                <Value field={field} row={row} />
              </span>
            )}
          </dd>
          <dd>
            <State field={field} row={row} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ field, row }: { field: DealField; row: DealRow }) {
  const now = useNow();
  if (field.field === "amount" && row.amount !== null) return <Money value={row.amount} style="exact" />;
  const text = field.shown ?? field.value;
  if (text === null || text === "") {
    return <span className={field.need === "hard" ? "danger" : field.need === "advised" ? "warn" : "t3"}>{field.need === "free" ? "none" : "missing"}</span>;
  }
  if ((field.holds === "day" || field.holds === "instant") && (isDay(text) || !Number.isNaN(Date.parse(text)))) return <span className="tn">{formatDate(text, now)}</span>;
  if (field.holds === "truth") return text === "true" ? "Yes" : text === "false" ? "No" : text;
  return <span title={text}>{text}</span>;
}

function State({ field, row }: { field: DealField; row: DealRow }) {
  const now = useNow();
  if (field.pending) {
    return (
      <span className={`${styles.state} t2`} title={`Changed here, not sent. The CRM has ${field.theirs ?? "nothing"}.`}>
        <ArrowUpIcon size={12} />
        not sent, the CRM has {field.theirs === null ? "nothing" : `“${field.theirs}”`}
      </span>
    );
  }
  if (field.state === "stale") {
    const age = field.field === "stage_notes" || field.field === "stage_notes_at" ? notesCell(row, now).text : "";
    return (
      <span className={`${styles.state} warn`}>
        <WarningIcon size={12} />
        stale{age === "" || age === "missing" ? "" : `, ${age}`}
      </span>
    );
  }
  if (field.state === "missing" && field.need === "hard") return <span className={`${styles.state} t3`}>blocks the gate</span>;
  return null;
}

/** The fields as controls. */
export function FieldControls({ fields, changes, focus, onChanges }: { fields: readonly DealField[]; changes: Changes; focus: Field | null; onChanges: (changes: Changes) => void }) {
  const editable = fields.filter((field) => field.editable);
  const first = focus ?? editable[0]?.field;
  return (
    <div className={styles.edit}>
      {editable.map((field) => (
        <div key={field.field} className={LONG.has(field.field) ? styles.full : ""}>
          <Control
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

function Control({ field, value, changed, autoFocus, onChange }: { field: DealField; value: string | null; changed: boolean; autoFocus: boolean; onChange: (value: string | null) => void }) {
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
  if (field.holds === "day" || DAYS.has(field.field)) return <DateField {...common} value={dayIn(value)} onChange={onChange} />;
  if (LONG.has(field.field)) return <TextArea {...common} value={value ?? ""} onChange={onChange} rows={2} maxLength={10_000} />;
  return <TextField {...common} value={value ?? ""} onChange={onChange} maxLength={2000} />;
}
