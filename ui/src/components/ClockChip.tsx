/**
 * The clock of an obligation: a pie that empties with the time left, and the words. Grey with time to spare, amber from
 * `soonHours` (8) on, red and filled when over; a pause sign while somebody else owes the next step; a tick when met.
 *
 * `due` is the instant it runs out, `start` when it began (its span fills the pie; 24 h before due if left out).
 * `chip` draws the pill of a detail head; without it the same stands in a row. The words change with the window's clock.
 * A clock that pauses (`paused` since) or has ended (`met` after) is said by Rust, never guessed here.
 */
import { formatDate, formatExact, formatSpan, toMillis } from "../format/time";
import styles from "./ClockChip.module.css";
import { CheckIcon, PauseIcon } from "./icons";
import { useNow } from "./When";

/** Props of ClockChip. */
export interface ClockChipProps {
  due: string | null;
  start?: string | null;
  state?: "running" | "paused" | "met";
  /** With `paused`: since when. */
  since?: string | null;
  /** With `met`: how long it took, in words. */
  took?: string;
  chip?: boolean;
  soonHours?: number;
  /** Other words around the span ("Next SLA: Hansa, 1 h 18 m"); it says "over" itself. */
  words?: (span: string) => string;
}

const HOUR = 3_600_000;

/** A clock. */
export function ClockChip({ due, start, state = "running", since, took, chip = false, soonHours = 8, words }: ClockChipProps) {
  const now = useNow();
  const shape = (tone: string) => `${styles.clock} ${chip ? styles.chip : ""} ${styles[tone] ?? ""}`;
  if (state === "paused") {
    const day = since ? `since ${formatDate(since, now).split(" ")[0]}` : "";
    return (
      <span className={shape("rest")} title={since ? `Paused since ${formatExact(since)}: the partner owes an answer` : undefined}>
        <PauseIcon size={12} />
        {chip ? `paused ${day}` : day || "paused"}
      </span>
    );
  }
  if (state === "met") {
    return (
      <span className={shape("rest")}>
        <CheckIcon size={12} />
        {took === undefined ? "met" : `met, ${took}`}
      </span>
    );
  }
  if (!due) return <span className="t3">no clock</span>;
  const end = toMillis(due);
  const left = end - now;
  const from = start ? toMillis(start) : end - 24 * HOUR;
  const tone = left <= 0 ? "danger" : left <= soonHours * HOUR ? "warn" : "rest";
  const span = formatSpan(left);
  const said = left <= 0 ? `${span} over` : chip ? `${span} left` : span;
  return (
    <span className={shape(tone)} title={`Due ${formatExact(due)}`}>
      <Pie share={left <= 0 ? 0 : Math.min(1, left / Math.max(1, end - from))} over={left <= 0} />
      <span className="cut">{words ? words(said) : said}</span>
    </span>
  );
}

/** A pie of 12 px with the share that is left; filled with a mark when over. */
function Pie({ share, over = false }: { share: number; over?: boolean }) {
  if (over) {
    return (
      <svg className={styles.pie} viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="6" cy="6" r="5.5" className={styles.fill} />
        <path d="M6 3.2v3.2M6 8.6v.1" className={styles.bang} />
      </svg>
    );
  }
  const angle = 2 * Math.PI * Math.max(0.04, share);
  const x = 6 + 4 * Math.sin(angle);
  const y = 6 - 4 * Math.cos(angle);
  return (
    <svg className={styles.pie} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="5.25" className={styles.ring} />
      {share >= 0.999 ? (
        <circle cx="6" cy="6" r="4" className={styles.fill} />
      ) : (
        <path d={`M6 6V2A4 4 0 ${share > 0.5 ? 1 : 0} 1 ${x.toFixed(3)} ${y.toFixed(3)}Z`} className={styles.fill} />
      )}
    </svg>
  );
}
