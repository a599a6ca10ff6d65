/**
 * One field as several parties have it, side by side: what it was, what is wanted here, what the CRM has; whose and since when.
 * The words that a value does not share with what it was are marked.
 */
import type { ReactNode } from "react";
import { Differing } from "../../components/Differing";
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
  const past = sides.find((side) => side.look === "past")?.value ?? null;
  return (
    <dl className={styles.contest}>
      {sides.map(({ name, value, whose, keys, look }) => (
        <div key={name} className={look === undefined ? "" : styles[look]}>
          <dt className={styles.side}>
            {name}
            {keys !== undefined && <Key keys={keys} />}
          </dt>
          <dd className={`${styles.value} ${value === "empty" ? "t3" : ""} ${value.length > MUCH ? styles.much : ""}`}>
            <Differing value={value} beside={look === "past" ? value : past} />
          </dd>
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
