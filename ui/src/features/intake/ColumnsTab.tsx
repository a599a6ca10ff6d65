/**
 * Which column is which field, with examples of what stands in it, and how values are written that could be read in two ways. Every
 * change is read at once and remembered for the next file with the same headers.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { DayOrder, DecimalMark, Field, Import, IntakeMapping, RegistrationKind } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Select, TextField } from "../../components/Field";
import type { Option } from "../../components/Field";
import { DetailBody } from "../../components/ListDetail";
import { Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { optionsOf } from "../../format/words";
import { NO_FIELD, unmapped, withColumn } from "./intake";
import styles from "./Intake.module.css";

const ANY = "";

/** The tab. */
export function ColumnsTab({ read, onChanged }: { read: Import; onChanged: () => void }) {
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }).data?.rows ?? [];
  const remap = useCommand("remapImport", { failed: "The columns are as they were" });
  const { mapping } = read;
  // What was chosen shows at once, before the rows have been read again.
  const shown = remap.isPending ? remap.variables.mapping : mapping;
  const send = (next: IntakeMapping) => remap.mutate({ import: read.id, mapping: next }, { onSuccess: onChanged });
  const [currency, setCurrency] = useState(mapping.currency ?? "");
  const wrongCurrency = currency.trim() !== "" && !/^[A-Za-z]{3}$/.test(currency.trim());
  const missing = unmapped({ ...read, mapping: shown });
  const name = (field: Field) => read.fields.find((one) => one.field === field)?.label ?? field;
  const options: Option<Field | typeof NO_FIELD>[] = [{ id: NO_FIELD, name: "not read" }, ...read.fields.map((one) => ({ id: one.field, name: one.label, ...(one.required ? { hint: "asked for" } : {}) }))];
  return (
    <div className={styles.sheet}>
      <DetailBody
        label="Columns"
        aside={
          <Section title="How values are written" note={read.remembered ? "remembered from the last file" : undefined}>
            <div className={styles.options}>
              <Select label="On behalf of" options={[{ id: ANY, name: "the partner in its column" }, ...partners.map((one) => ({ id: one.id, name: one.name }))]} value={shown.partner ?? ANY} onChange={(partner) => send({ ...shown, partner: partner === ANY ? null : partner })} wide />
              <Select label="Rows that do not say it are" options={[{ id: ANY, name: "as the policy says" }, ...optionsOf(labels.RegistrationKind)]} value={shown.kind ?? ANY} onChange={(kind) => send({ ...shown, kind: kind === ANY ? null : (kind as RegistrationKind) })} wide />
              <Select label="Days" options={[{ id: ANY, name: "say nothing, reject what is unclear" }, ...optionsOf(labels.DayOrder)]} value={shown.day_order ?? ANY} onChange={(order) => send({ ...shown, day_order: order === ANY ? null : (order as DayOrder) })} wide />
              <Select label="Amounts" options={[{ id: ANY, name: "say nothing, reject what is unclear" }, ...optionsOf(labels.DecimalMark)]} value={shown.decimal ?? ANY} onChange={(mark) => send({ ...shown, decimal: mark === ANY ? null : (mark as DecimalMark) })} wide />
              <TextField
                label="Currency of amounts that name none"
                value={currency}
                placeholder="none"
                maxLength={3}
                error={wrongCurrency ? "Three letters: EUR" : undefined}
                onChange={(text) => {
                  setCurrency(text);
                  if (text.trim() === "" || /^[A-Za-z]{3}$/.test(text.trim())) send({ ...shown, currency: text.trim() === "" ? null : text.trim().toUpperCase() });
                }}
                wide
              />
            </div>
          </Section>
        }
      >
        <h2 className="sr">Columns of {read.name}</h2>
        {missing.length > 0 && (
          <div className={styles.told}>
            <Notice tone="warn" title="No column holds what the policy asks for">
              {missing.join(", ")}. Rows without it are incomplete.
            </Notice>
          </div>
        )}
        <table className={styles.columns}>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Examples</th>
              <th scope="col">Is read as</th>
            </tr>
          </thead>
          <tbody>
            {read.columns.map((column, n) => {
              const field = shown.columns[n] ?? null;
              return (
                // Two columns may have the same header; their place is their identity.
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={n}>
                  <th scope="row" title={column.header}>
                    {column.header}
                  </th>
                  <td title={column.samples.join(" · ")}>{column.samples.length === 0 ? <span className="t3">empty</span> : column.samples.join(" · ")}</td>
                  <td>
                    <span className={styles.mapped}>
                      <Select wide label={`${column.header} is read as`} hideLabel small options={options} value={field ?? NO_FIELD} onChange={(id) => send(withColumn(shown, n, id === NO_FIELD ? null : id))} />
                      {field === null && column.suggested !== null && <Tag outline>looks like {name(column.suggested)}</Tag>}
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </DetailBody>
    </div>
  );
}
