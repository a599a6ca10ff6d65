/** One field as several parties have it, side by side: what it was, what is wanted here, what the CRM has; whose and since when. */
import type { ReactNode } from "react";
import { Key } from "../../components/Key";
import styles from "./Conflicts.module.css";

/** One party's value. */
export interface Side {
  name: string;
  value: string;
  /** Whose it is and since when. */
  whose: readonly ReactNode[];
  /** The key that chooses it. */
  keys?: string | undefined;
  look?: "past" | "mine";
}

/** From this length on a value is prose and is set as such. */
const MUCH = 48;

/** The comparison. */
export function Contest({ sides }: { sides: readonly Side[] }) {
  return (
    <dl className={styles.contest}>
      {sides.map(({ name, value, whose, keys, look }) => (
        <div key={name} className={look === undefined ? "" : styles[look]}>
          <dt className={styles.side}>
            {name}
            {keys !== undefined && <Key keys={keys} />}
          </dt>
          <dd className={`${styles.value} ${value === "empty" ? "t3" : ""} ${value.length > MUCH ? styles.much : ""}`}>{value}</dd>
          {whose.map((line, n) => (
            // Lines stand at fixed places: whose, then when.
            // oxlint-disable-next-line react/no-array-index-key
            <dd key={n} className="t2 small">
              {line}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
