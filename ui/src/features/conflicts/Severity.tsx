/** How severe a channel conflict is: three bars, and the word for screen readers and on hover. */
import { SEVERITY_WORD, severityBars } from "./channelWords";
import styles from "./Channel.module.css";

const TONE = { 1: "low", 2: "medium", 3: "high" } as const;

/** The bars. */
export function Severity({ value }: { value: number }) {
  const bars = severityBars(value);
  return (
    <span className={`${styles.severity} ${styles[TONE[bars]]}`} title={`${SEVERITY_WORD[bars]}, ${value} of 100`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect key={bar} x={(bar - 1) * 4.5} y={12 - bar * 4} width="3" height={bar * 4} rx="0.75" className={bar <= bars ? styles.barOn : styles.barOff} />
        ))}
      </svg>
      <span className="sr">{SEVERITY_WORD[bars]}</span>
    </span>
  );
}
