/**
 * How a pack would look, small: the cover and the bookings of six quarters, drawn with the same proportions as the slides. The paper
 * is white in the dark as well, because slides are. Nothing in it is a figure of anybody's.
 */
import { useId } from "react";
import type { Logo } from "../../api/api.gen";
import styles from "./Look.module.css";

/** Parts of what is drawn: sourced under influenced, as high as they stand in the example. */
const BARS = [
  [34, 10],
  [42, 14],
  [38, 22],
  [52, 18],
  [47, 26],
  [64, 22],
] as const;

/** The two slides. */
export function LookPreview({ accent, second, font, logo, vendor, label }: { accent: string; second: string; font: string | null; logo: Logo | null; vendor: string; label: string }) {
  const shade = useId();
  const letters = font === null ? {} : { fontFamily: `${font}, Arial, sans-serif` };
  return (
    <div className={styles.slides} role="img" aria-label={label}>
      <svg className={styles.slide} viewBox="0 0 320 180" aria-hidden="true">
        <rect className={styles.paper} width="320" height="180" />
        {/* What is too long for the slide ends at its edge. */}
        <clipPath id={shade}>
          <rect x="18" y="10" width="190" height="20" />
        </clipPath>
        <text className={styles.ink} x="18" y="24" fontSize="10" fontWeight="600" clipPath={`url(#${shade})`} {...letters}>
          {vendor}
        </text>
        {logo !== null && <image href={logo.picture} x="212" y="12" width="90" height="16" preserveAspectRatio="xMaxYMid meet" />}
        <text x="18" y="74" fontSize="11" fontWeight="500" fill={accent} {...letters}>
          Quarterly business review
        </text>
        <text className={styles.ink} x="18" y="102" fontSize="24" fontWeight="600" {...letters}>
          Partner
        </text>
        <text className={styles.grey} x="18" y="120" fontSize="10" {...letters}>
          Tier, quarter, who made it
        </text>
        <path className={styles.line} d="M18 142H302" />
      </svg>
      <svg className={styles.slide} viewBox="0 0 320 180" aria-hidden="true">
        <rect className={styles.paper} width="320" height="180" />
        <text className={styles.ink} x="18" y="30" fontSize="15" fontWeight="600" {...letters}>
          The finding with its number
        </text>
        <rect x="193" y="40" width="6" height="6" rx="1" fill={accent} />
        <text className={styles.grey} x="202" y="46" fontSize="9" {...letters}>
          Sourced
        </text>
        <rect x="246" y="40" width="6" height="6" rx="1" fill={second} />
        <text className={styles.grey} x="255" y="46" fontSize="9" {...letters}>
          Influenced
        </text>
        {BARS.map(([sourced, influenced], n) => {
          const x = 18 + n * 48;
          return (
            <g key={x}>
              <rect x={x} y={152 - sourced} width="36" height={sourced} fill={accent} />
              <rect x={x} y={152 - sourced - influenced} width="36" height={influenced} rx="1" fill={second} />
            </g>
          );
        })}
        <path className={styles.line} d="M14 152H302" />
      </svg>
    </div>
  );
}
