/** The headline numbers as quiet tiles: the number, what stands beside it, how much of the data it rests on. A press opens its records. */
import { Explained } from "../../components/Explained";
import { Meaning } from "./Meaning";
import styles from "./Metrics.module.css";
import { besides, coverage, metricText, rangeText } from "./metrics";
import type { Told } from "./metrics";

/** The tiles; `onRecords` answers how to open what a number is counted from, where there is anything. */
export function Tiles({ told, currency, onRecords }: { told: readonly Told[]; currency: string; onRecords: (one: Told) => (() => void) | undefined }) {
  return (
    <ul className={styles.tiles} aria-label="Headline numbers">
      {told.map((one) => (
        <li key={one.is.id} className={styles.tile}>
          <div className={styles.name}>
            <Explained tip={<Meaning told={one} currency={currency} opens={onRecords(one) !== undefined} />} onPress={onRecords(one)}>
              {one.is.name}
            </Explained>
            <span className={styles.rule}>{one.is.rule}</span>
          </div>
          <div className={styles.figure}>{metricText(one.metric.value, one.is.unit, currency, "short")}</div>
          <dl className={styles.beside}>
            {besides(one, currency, "short").map(({ label, text }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <p className={styles.known}>
            {coverage(one.metric) ?? "nothing to count"}
            {one.metric.range !== null && <span>{rangeText(one.metric, one.is.unit, currency, "short")}</span>}
          </p>
        </li>
      ))}
    </ul>
  );
}
