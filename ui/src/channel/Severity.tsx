/** How severe a channel conflict is: three bars, and the word for screen readers and on hover. */
import { labels } from "../api/api.gen";
import type { Severity as Band } from "../api/api.gen";
import styles from "./Settle.module.css";
import { SEVERITY_BARS } from "./words";

/** The bars. */
export function Severity({ band, value }: { band: Band; value: number }) {
  const bars = SEVERITY_BARS[band];
  const words = `${labels.Severity[band].toLowerCase()} severity`;
  return (
    <span className={`${styles.severity} ${styles[band]}`} title={`${words}, ${value} of 100`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect key={bar} x={(bar - 1) * 4.5} y={12 - bar * 4} width="3" height={bar * 4} rx="0.75" className={bar <= bars ? styles.barOn : styles.barOff} />
        ))}
      </svg>
      <span className="sr">{words}</span>
    </span>
  );
}
