/** Numbers one below the other, each beside the quarter before, a year ago and direct. A press on a name opens its records. */
import { Explained } from "../../components/Explained";
import { formatCount } from "../../format/number";
import { Meaning } from "./Meaning";
import styles from "./Metrics.module.css";
import { metricText } from "./metrics";
import type { Told } from "./metrics";

/** The titles, as they are heard and as they fit. */
const HEADS = [["Now", "Now"], ["Quarter before", "Before"], ["A year ago", "Year ago"], ["Direct", "Direct"], ["Known", "Known"]] as const;

/** The table; `onRecords` answers how to open what a number is counted from, where there is anything. */
export function Numbers({ label, told, currency, onRecords }: { label: string; told: readonly Told[]; currency: string; onRecords: (one: Told) => (() => void) | undefined }) {
  return (
    <div role="table" aria-label={label} className={styles.numbers}>
      <div role="row" className={styles.heads}>
        <span role="columnheader">Number</span>
        {HEADS.map(([head, short]) => (
          <span key={head} role="columnheader" aria-label={head} title={head}>
            {short}
          </span>
        ))}
      </div>
      {told.map((one) => {
        const write = (value: string | null) => metricText(value, one.is.unit, currency, "short");
        return (
          <div key={one.is.id} role="row" className={styles.number}>
            <span role="rowheader">
              <Explained tip={<Meaning told={one} currency={currency} opens={onRecords(one) !== undefined} />} onPress={onRecords(one)}>
                {one.is.name}
              </Explained>
            </span>
            <b role="cell">{write(one.metric.value)}</b>
            {[one.metric.before, one.metric.year_ago, one.metric.direct].map((value, n) => (
              <span key={HEADS[n + 1]?.[0]} role="cell" className={value === null ? "t3" : "t2"}>
                {write(value)}
              </span>
            ))}
            <span role="cell" className={one.metric.known < one.metric.of ? "warn" : "t3"}>
              {one.metric.of === 0 || (one.metric.value === null && one.metric.known === one.metric.of) ? "–" : one.metric.known === one.metric.of ? "all" : `${formatCount(one.metric.known)} of ${formatCount(one.metric.of)}`}
            </span>
          </div>
        );
      })}
    </div>
  );
}
