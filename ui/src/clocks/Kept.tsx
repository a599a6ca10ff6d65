/** How the clocks of a period were kept, one a line: the share, of how many, by how much, and what is still over. */
import type { ClockRecord } from "../api/api.gen";
import { ProgressBar } from "../components/Section";
import { formatPercent } from "../format/number";
import { keptPercent, keptWords } from "./clocks";
import styles from "./Clocks.module.css";

/** The lines. */
export function Kept({ label, rows }: { label: string; rows: readonly ClockRecord[] }) {
  return (
    <ul className={styles.kept} aria-label={label}>
      {rows.map((row) => {
        const percent = keptPercent(row);
        return (
          <li key={row.rule} title={`${row.rule}, within ${row.target}; spans are of the time that the clock counts${row.partial ? "; there was more than could be looked at" : ""}`}>
            <ProgressBar share={percent / 100} tone={percent >= 90 ? "ok" : percent >= 75 ? "warn" : "danger"} label={row.name} left={row.name} right={formatPercent(percent)} />
            <span className={styles.under}>{keptWords(row)}</span>
          </li>
        );
      })}
    </ul>
  );
}
