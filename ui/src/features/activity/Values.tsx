/** Fields of a change as a table: what was, what is wanted, what the CRM has; money as money, days as days. */
import type { OutboxField } from "../../api/api.gen";
import { formatValue } from "../../format/value";
import styles from "./Activity.module.css";

/** The table. */
export function Values({ fields }: { fields: readonly OutboxField[] }) {
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Was</th>
            <th scope="col">Mine</th>
            <th scope="col">In the CRM now</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.label}>
              <th scope="row" title={field.label}>
                {field.label}
              </th>
              <Value value={field.base} />
              <Value value={field.mine} strong />
              <Value value={field.theirs} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value, strong = false }: { value: string | null; strong?: boolean }) {
  return (
    <td className={`tn ${value === null ? "t3" : strong ? "medium" : "t2"}`} title={value === null ? undefined : formatValue(value)}>
      {formatValue(value)}
    </td>
  );
}
