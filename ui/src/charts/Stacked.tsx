/**
 * Bars of parts side by side, one for each period, with lines behind them and a word above each. The same as a table, which is what a
 * screen reader always has.
 */
import { useState } from "react";
import type { ReactNode } from "react";
import { Segments } from "../components/Field";
import { Section } from "../components/Section";
import styles from "./Stacked.module.css";
import { stacked } from "./stack";

/** What a part is; the tone is its place in the palette of data. */
export interface StackedPart {
  name: string;
  tone: "sourced" | "influenced" | "untold" | "direct";
}

/** A bar with its words. */
export interface StackedBar {
  id: string;
  name: string;
  /** A decimal for each part, from the foot up. */
  amounts: readonly string[];
  /** The same to the cent, for the table. */
  exact: readonly string[];
  /** Above the bar. */
  note: string;
  /** Further cells of the table. */
  more: readonly string[];
  /** Its period is not over. */
  isRunning: boolean;
}

const LOOKS = [
  { id: "drawing", name: "Drawing" },
  { id: "table", name: "Table" },
] as const;
/** Of 100 for a bar's column: where it begins, and how wide it is. */
const [LEFT, WIDTH] = [24, 52];

/** Props of Stacked. */
export interface StackedProps {
  title: string;
  note?: ReactNode;
  /** What the bars are of: "Quarter". */
  head: string;
  parts: readonly StackedPart[];
  bars: readonly StackedBar[];
  /** Titles of the further cells. */
  more: readonly string[];
  /** A value of the axis as words. */
  line: (value: number) => string;
}

/** The section. */
export function Stacked({ title, note, head, parts, bars, more, line }: StackedProps) {
  const [look, setLook] = useState<"drawing" | "table">("drawing");
  const { bars: placed, lines } = stacked(bars);
  const top = lines.at(-1) ?? 1;
  const columns = [...parts.map((part) => part.name), ...more];
  return (
    <Section title={title} note={note} end={<Segments label="As" options={LOOKS} value={look} onChange={setLook} />}>
      {look === "drawing" && (
        <div className={styles.drawing} aria-hidden="true">
          <ul className={styles.legend}>
            {parts.map((part) => (
              <li key={part.tone}>
                <svg width="8" height="8" viewBox="0 0 8 8">
                  <rect x="0.5" y="0.5" width="7" height="7" rx="1.5" className={styles[part.tone]} />
                </svg>
                {part.name}
              </li>
            ))}
          </ul>
          <div className={styles.plot}>
            {lines.map((value) => (
              <span key={value} className={styles.line} style={{ bottom: `${(value / top) * 100}%` }}>
                {line(value)}
              </span>
            ))}
            <div className={styles.field}>
              <svg viewBox={`0 0 ${bars.length * 100} 100`} preserveAspectRatio="none" className={styles.bars}>
                {lines.map((value) => (
                  <path key={value} d={`M0 ${100 - (value / top) * 100}H${bars.length * 100}`} className={styles.grid} vectorEffect="non-scaling-stroke" />
                ))}
                {placed.map((bar, n) => (
                  <g key={bar.id} className={bars[n]?.isRunning ? styles.running : ""}>
                    {bar.parts.map((part, at) => (
                      <rect key={parts[at]?.tone} x={n * 100 + LEFT} width={WIDTH} y={part.top} height={part.height} className={styles[parts[at]?.tone ?? "direct"]} vectorEffect="non-scaling-stroke">
                        <title>{`${bars[n]?.name}, ${parts[at]?.name}: ${bars[n]?.exact[at]}`}</title>
                      </rect>
                    ))}
                  </g>
                ))}
              </svg>
              {placed.map((bar, n) => (
                <span key={bar.id} className={styles.note} style={{ left: `${((n + 0.5) / bars.length) * 100}%`, bottom: `${100 - bar.top}%` }}>
                  {bars[n]?.note}
                </span>
              ))}
            </div>
          </div>
          <ol className={styles.names}>
            {bars.map((bar) => (
              <li key={bar.id}>
                {bar.name}
                {bar.isRunning && <span>to date</span>}
              </li>
            ))}
          </ol>
        </div>
      )}
      <div className={look === "table" ? styles.table : "sr"}>
        <table>
          <caption className="sr">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {columns.map((column) => (
                <th key={column} scope="col" className="num">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.id}>
                <th scope="row" className="nowrap">
                  {bar.name}
                  {bar.isRunning && <span className="t3"> to date</span>}
                </th>
                {[...bar.exact, ...bar.more].map((cell, n) => (
                  <td key={columns[n]} className="num nowrap">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
