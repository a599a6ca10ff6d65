/** One field as several parties have it, side by side: what it was, what is wanted here, what the CRM has; whose and since when. */
import type { ReactNode } from "react";
import { Key } from "../../components/Key";
import styles from "./Conflicts.module.css";

/** One party's value. */
export interface Side {
  name: string;
  value: string;
  /** Whose it is and since when. */
  whose: ReactNode;
  /** The key that chooses it. */
  keys?: string | undefined;
  look?: "past" | "mine";
}

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
          <dd className={`${styles.value} ${value === "empty" ? "t3" : ""}`}>{value}</dd>
          <dd className="t2 small">{whose}</dd>
        </div>
      ))}
    </dl>
  );
}
