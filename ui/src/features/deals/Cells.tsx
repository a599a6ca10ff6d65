/** The drawn cells of a deal: name, stage with its segments, credit, hygiene. Words and tones come from cellWords.ts. */
import type { DealRow } from "../../api/api.gen";
import { ArrowUpIcon } from "../../components/icons";
import { dealWords } from "../../format/deal";
import { creditCell, hygieneTone } from "./cellWords";
import type { Cell } from "./cellWords";
import styles from "./Deals.module.css";

const TONE: Record<Cell["tone"], string> = { plain: "", quiet: "t3", ok: "ok", warn: "warn", danger: "danger" };

/** Words in their tone. */
export function Words({ cell }: { cell: Cell }) {
  return (
    <span className={`tn ${TONE[cell.tone]}`} title={cell.title}>
      {cell.text}
    </span>
  );
}

/** Account in front, the deal's own name after it, an arrow while a change is not sent. */
export function DealName({ row }: { row: DealRow }) {
  const { head, rest } = dealWords(row);
  return (
    <span className={styles.name} title={row.name}>
      <span className={styles.nameWords}>
        <span className={styles.head}>{head}</span>
        {rest !== "" && <span className={styles.rest}>{rest}</span>}
      </span>
      {row.pending && (
        <span className={styles.pending} title="Changed here, not sent yet">
          <ArrowUpIcon size={12} />
          <span className="sr">changed here, not sent</span>
        </span>
      )}
    </span>
  );
}

/** Five segments up to the stage, and its name; amber when the deal stands still. */
export function StageCell({ row }: { row: DealRow }) {
  const stalled = row.stalled && row.outcome === "open";
  const last = row.outcome === "lost" ? styles.lost : stalled ? styles.late : styles.on;
  return (
    <span className={styles.stage} title={stalled ? `${row.stage}: past the stage's days or the close date` : row.stage}>
      <svg className={styles.segments} viewBox="0 0 33 8" aria-hidden="true">
        {[0, 1, 2, 3, 4].map((n) => (
          <rect key={n} x={n * 7} width="5" height="8" rx="1" className={n >= row.position ? styles.off : n === row.position - 1 ? last : styles.on} />
        ))}
      </svg>
      <span className={`cut ${stalled ? "warn" : ""}`}>{row.stage}</span>
      {stalled && <span className="sr">, stalled</span>}
    </span>
  );
}

/** Sourced or influenced with its percentage, cut with its dots where there is little room. */
export function CreditCell({ row, quiet = false }: { row: DealRow; quiet?: boolean }) {
  const cell = creditCell(row);
  if (row.attribution === null) return <Words cell={cell} />;
  return (
    <span className={`cut ${styles.credit} ${quiet ? "t3" : ""}`} title={cell.text}>
      <span className={row.attribution === "sourced" ? styles.sourced : styles.influenced} />
      {cell.text}
    </span>
  );
}

/** Share of required fields present and fresh. */
export function HygieneCell({ percent }: { percent: number }) {
  const tone = hygieneTone(percent);
  return (
    <span className={styles.hygiene}>
      <svg className={styles.bar} viewBox="0 0 34 4" aria-hidden="true">
        <rect width="34" height="4" rx="2" className={styles.off} />
        <rect width={Math.max(2, (percent / 100) * 34)} height="4" rx="2" className={styles[tone]} />
      </svg>
      <span className={`tn ${tone === "danger" ? "danger" : tone === "warn" ? "warn" : "t2"}`}>{percent}</span>
    </span>
  );
}
