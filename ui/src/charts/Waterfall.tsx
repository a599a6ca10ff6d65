/**
 * From then to now: a total, the steps that lead to another, that total; each with its amount above and its name below. The same as a
 * table, which is what a screen reader always has; where the axis does not begin at zero a break is drawn, and the caller writes from
 * where.
 */
import type { ReactNode } from "react";
import { useState } from "react";
import { Segments } from "../components/Field";
import { Section } from "../components/Section";
import styles from "./Waterfall.module.css";
import { waterfall } from "./bars";

/** A bar with its words. */
export interface WaterfallBar {
  id: string;
  /** "Won"; for a total the day. */
  name: string;
  /** Decimal; a step has its sign. */
  amount: string;
  /** The amount as it is written above the bar. */
  shown: string;
  /** To the cent, for the table. */
  exact: string;
  /** How many deals. */
  count: number;
  isTotal: boolean;
}

const LOOKS = [
  { id: "drawing", name: "Drawing" },
  { id: "table", name: "Table" },
] as const;
/** Width of a bar, of 100 for its column. */
const WIDTH = 86;

/** Props of Waterfall. */
export interface WaterfallProps {
  title: string;
  bars: readonly WaterfallBar[];
  /** Grey words after the title, from where the axis begins (0 = whole). */
  note: (foot: number) => ReactNode;
  /** At the right of the heading. */
  end?: ReactNode;
  children?: ReactNode;
}

/** The section. */
export function Waterfall({ title, bars, note, end, children }: WaterfallProps) {
  const [look, setLook] = useState<"drawing" | "table">("drawing");
  const { bars: placed, foot } = waterfall(bars);
  const of = (id: string) => bars.find((bar) => bar.id === id);
  return (
    <Section
      title={title}
      note={note(look === "drawing" ? foot : 0)}
      end={
        <span className={styles.end}>
          {end}
          <Segments label="As" options={LOOKS} value={look} onChange={setLook} />
        </span>
      }
    >
      {look === "drawing" && (
        <div className={styles.drawing} aria-hidden="true">
          <ol className={styles.words}>
            {bars.map((bar, n) => (
              <li key={bar.id} className={`${styles.amount} ${bar.isTotal ? "" : placed[n]?.tone === "down" ? "danger" : "ok"}`} title={`${bar.name}: ${bar.exact}`}>
                {bar.shown}
              </li>
            ))}
          </ol>
          <svg className={styles.bars} viewBox={`0 0 ${bars.length * 100} 100`} preserveAspectRatio="none">
            {placed.map((bar, n) => (
              <g key={bar.id}>
                <rect x={n * 100} y={bar.top} width={WIDTH} height={bar.height} className={styles[bar.tone]}>
                  <title>{`${of(bar.id)?.name}: ${of(bar.id)?.exact}`}</title>
                </rect>
                {n < placed.length - 1 && <path d={`M${n * 100 + WIDTH} ${bar.level}H${(n + 1) * 100}`} className={styles.link} vectorEffect="non-scaling-stroke" />}
                {bar.tone === "total" && foot > 0 && <path d={`M${n * 100 - 4} 88l${WIDTH / 4 + 2} -8l${WIDTH / 4 + 2} 8l${WIDTH / 4 + 2} -8l${WIDTH / 4 + 2} 8`} className={styles.break} vectorEffect="non-scaling-stroke" />}
              </g>
            ))}
            <path d={`M0 100H${bars.length * 100}`} className={styles.axis} vectorEffect="non-scaling-stroke" />
          </svg>
          <ol className={styles.words}>
            {bars.map((bar) => (
              <li key={bar.id} className={`${styles.name} cut`} title={bar.name}>
                {bar.name}
              </li>
            ))}
          </ol>
        </div>
      )}
      <div className={look === "table" ? styles.table : "sr"}>
        <table>
          <caption className="sr">
            {title}
          </caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" className="num">
                Deals
              </th>
              <th scope="col" className="num">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.id} className={bar.isTotal ? "medium" : ""}>
                <th scope="row">{bar.name}</th>
                <td className="num">{bar.count}</td>
                <td className="num">{bar.exact}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {children}
    </Section>
  );
}
