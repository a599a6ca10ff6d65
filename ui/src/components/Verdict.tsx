/**
 * How a verdict explains itself: the verdict block (recommended act, the rules that led there, what would turn it), check
 * lines (one a line when they fail or want a look, a grid of names when they pass), and the comparison of claims side by side.
 *
 * All of it is data from Rust, sentences included; these parts only set it. The rule id stands at the edge in grey, the
 * deciding line is the only bold one, `=` is amber where another claim says the same, `≠` grey where not.
 */
import type { ReactNode } from "react";
import { CheckIcon, CrossIcon, FlipIcon, InfoIcon, WarningIcon } from "./icons";
import styles from "./Verdict.module.css";

/** How a check or verdict came out. */
export type Outcome = "ok" | "warn" | "fail" | "info";

const SIGN = { ok: CheckIcon, warn: WarningIcon, fail: CrossIcon, info: InfoIcon };
const WORD = { ok: "passes", warn: "to look at", fail: "fails", info: "to know" };

/** The sign of an outcome with its colour and its word for screen readers. */
export function Sign({ outcome, size = 14 }: { outcome: Outcome; size?: 16 | 14 | 12 }) {
  const Icon = SIGN[outcome];
  return (
    <span className={styles[outcome]}>
      <Icon size={size} />
      <span className="sr">{WORD[outcome]}</span>
    </span>
  );
}

/** One line of a rule trace. */
export interface TraceLine {
  rule: string;
  statement: ReactNode;
  fact: ReactNode;
  /** "holds", "tie", "sets dates"; "decides" makes the line bold. */
  result: string;
  decides?: boolean;
}

/** The block that says what is recommended and why. `flip` is the smallest change that would turn it. */
export function VerdictBlock({ outcome, title, note, trace, flip }: { outcome: Outcome; title: ReactNode; note?: ReactNode; trace: readonly TraceLine[]; flip?: ReactNode }) {
  return (
    <section className={styles.verdict}>
      <div className={styles.verdictHead}>
        <Sign outcome={outcome} />
        <h3 className="cut">{title}</h3>
        {note !== undefined && <span className={styles.verdictNote}>{note}</span>}
      </div>
      {trace.length > 0 && (
        <ol className={styles.trace}>
          {trace.map((line) => (
            <li key={`${line.rule} ${String(line.statement)}`} className={line.decides ? styles.decides : ""}>
              <span className={styles.rule}>{line.rule}</span>
              <span className={line.decides ? "" : "cut"} title={typeof line.statement === "string" ? line.statement : undefined}>
                {line.statement}
              </span>
              <span className={line.decides ? "" : "cut t2"} title={typeof line.fact === "string" ? line.fact : undefined}>
                {line.fact}
              </span>
              <span className={styles.result}>{line.result}</span>
            </li>
          ))}
        </ol>
      )}
      {flip !== undefined && flip !== null && (
        <div className={styles.flip}>
          <FlipIcon size={14} />
          <span>{flip}</span>
        </div>
      )}
    </section>
  );
}

/** One check: sign, name, fact cut at one line, rule id at the edge. */
export function CheckLine({ outcome, name, fact, rule, children }: { outcome: Outcome; name: ReactNode; fact?: ReactNode; rule?: ReactNode; children?: ReactNode }) {
  return (
    <li className={styles.check}>
      <span className={styles.checkSign}>
        <Sign outcome={outcome} />
      </span>
      <span className={`${styles.checkName} cut`}>{name}</span>
      <span className={styles.checkFact} title={typeof fact === "string" ? fact : undefined}>
        <span className="cut">{fact}</span>
        {children}
      </span>
      <span className={styles.rule}>{rule}</span>
    </li>
  );
}

/** The list around check lines; `roomy` for longer names, with the whole of each fact. */
export function CheckList({ children, roomy = false }: { children: ReactNode; roomy?: boolean }) {
  return <ul className={`${styles.checks} ${roomy ? styles.roomy : ""}`}>{children}</ul>;
}

/** The checks that pass, names only; the fact is on hover. */
export function PassGrid({ passes }: { passes: readonly { name: string; fact?: string }[] }) {
  return (
    <ul className={styles.passes} aria-label="Checks that pass">
      {passes.map((pass) => (
        <li key={pass.name} title={pass.fact}>
          <CheckIcon size={12} />
          <span className="cut">{pass.name}</span>
        </li>
      ))}
    </ul>
  );
}

/** A cell of a comparison: what it says, and whether it agrees with the first column. */
export interface ComparisonCell {
  text: ReactNode;
  /** The whole of it, on hover: two lines are drawn. */
  title?: string;
  match?: "same" | "differs" | null;
}

/** A column of a comparison. */
export interface ComparisonColumn {
  id: string;
  title: ReactNode;
  /** Second line of the head: state, match and why. */
  note?: ReactNode;
  cells: readonly ComparisonCell[];
}

/**
 * Records side by side, a row for each field; where columns would be too narrow to read they scroll past the names of
 * the fields. In a `contest` what differs is what matters, and has the colour.
 */
export function Comparison({ label, fields, columns, contest = false }: { label: string; fields: readonly string[]; columns: readonly ComparisonColumn[]; contest?: boolean }) {
  return (
    <div className={`${styles.comparison} ${contest ? styles.contest : ""}`}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th>
              <span className="sr">Field</span>
            </th>
            {columns.map((column) => (
              <th key={column.id} scope="col">
                <b>{column.title}</b>
                <span title={typeof column.note === "string" ? column.note : undefined}>{column.note}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((field, n) => (
            <tr key={field}>
              <th scope="row">{field}</th>
              {columns.map((column) => {
                const cell = column.cells[n];
                return (
                  <td key={column.id} title={cell?.title}>
                    <div className={styles.cell}>
                      {cell?.match === "same" && (
                        <span className={styles.same}>
                          =<span className="sr"> the same: </span>
                        </span>
                      )}
                      {cell?.match === "differs" && (
                        <span className={styles.differs}>
                          ≠<span className="sr"> differs: </span>
                        </span>
                      )}
                      {cell?.match === null && <span className={styles.differs} />}
                      <span className={styles.cellWords}>{cell?.text}</span>
                    </div>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
