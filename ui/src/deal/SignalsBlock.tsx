/** Why a deal ranks where it does (W-03): each signal with its fact and its weight from the policy, and their sum. */
import type { Signal } from "../api/api.gen";
import { Section } from "../components/Section";
import styles from "./SignalsBlock.module.css";

/** From this weight on the heaviest one is a reason to act. */
const STRONG = 20;

/** The section; nothing without a signal. */
export function SignalsBlock({ signals }: { signals: readonly Signal[] }) {
  if (signals.length === 0) return null;
  const most = Math.max(1, ...signals.map((signal) => signal.weight));
  const sum = signals.reduce((all, signal) => all + signal.weight, 0);
  return (
    <Section title="Signals" note="why it ranks where it does (W-03)" end="weight">
      <ul className={styles.signals}>
        {signals.map((signal) => (
          <li key={`${signal.rule} ${signal.name} ${signal.fact}`}>
            <span className="cut" title={`${signal.name}: ${signal.fact} (${signal.rule})`}>
              <b>{signal.name}</b> <span className="t2">{signal.fact}</span>
            </span>
            <svg className={styles.weight} viewBox="0 0 54 4" aria-hidden="true">
              <rect width={(signal.weight / most) * 54} height="4" rx="2" className={signal.weight === most && most >= STRONG ? styles.strong : styles.plain} />
            </svg>
            <span className="num">{signal.weight}</span>
          </li>
        ))}
        <li className={styles.sum}>
          <span className="t3 small">Sum, weights of the policy</span>
          <span />
          <b className="num">{sum}</b>
        </li>
      </ul>
    </Section>
  );
}
