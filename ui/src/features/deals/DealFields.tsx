/**
 * The fields of a deal, for reading: label, value, and in words whether it is missing or stale; a press on a value edits all of
 * them with that one in focus (deal/FieldControls).
 */
import type { DealField, DealRow, Field } from "../../api/api.gen";
import { LONG } from "../../deal/FieldControls";
import { ArrowUpIcon, WarningIcon } from "../../components/icons";
import { Money, useNow } from "../../components/When";
import { formatDate, isDay } from "../../format/time";
import styles from "./Deals.module.css";
import { notesCell } from "./cellWords";

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
