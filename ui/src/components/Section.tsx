/**
 * The quiet parts that a detail is set from: Section (a heading of 28 px with grey words and something at the edge), FactGrid
 * (label and value, two pairs a line where there is room), ProgressBar and SplitBar (4 px), EmptyState, Notice.
 *
 * EmptyState says what is not there, why or what would fill it, and offers the one action. Notice is the soft block for
 * what needs a person: what happened, what was kept, what to do; never a code alone. ErrorNotice sets an ApiError so.
 */
import type { ReactNode } from "react";
import { CheckIcon, InfoIcon, RefusedIcon, WarningIcon } from "./icons";
import styles from "./Section.module.css";
import type { Tone } from "./Tag";

/** A heading and what belongs to it. */
export function Section({ title, note, end, children, label }: { title: ReactNode; note?: ReactNode; end?: ReactNode; children?: ReactNode; label?: string }) {
  return (
    <section className={styles.section} aria-label={label}>
      <div className={styles.heading}>
        <h3>{title}</h3>
        {note !== undefined && <span className={`${styles.note} cut`}>{note}</span>}
        {end !== undefined && <span className={styles.edge}>{end}</span>}
      </div>
      {children}
    </section>
  );
}

/** One label and its value; a missing value is said, not left empty. */
export interface Fact {
  label: string;
  value: ReactNode;
  title?: string | undefined;
}

/** Labels and values. `columns` 2 stands two pairs side by side (one in a narrow place or an aside). */
export function FactGrid({ facts, columns = 2 }: { facts: readonly Fact[]; columns?: 1 | 2 }) {
  return (
    <dl className={`${styles.facts} ${columns === 2 ? styles.two : ""}`}>
      {facts.map((fact) => (
        <div key={fact.label} className={styles.fact}>
          <dt title={fact.label}>{fact.label}</dt>
          <dd title={fact.title ?? (typeof fact.value === "string" ? fact.value : undefined)}>{fact.value ?? <span className="t3">missing</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A 4 px bar; `share` from 0 to 1. With words above when they are given. */
export function ProgressBar({ share, tone = "accent", label, left, right }: { share: number; tone?: Exclude<Tone, "neutral"> | "neutral"; label: string; left?: ReactNode; right?: ReactNode }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div className={styles.progress}>
      {(left !== undefined || right !== undefined) && (
        <div className={styles.progressWords}>
          <span>{left}</span>
          <span className="end">{right}</span>
        </div>
      )}
      <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={`${label}: ${percent} %`}>
        <rect width="100" height="4" className={styles.track} />
        <rect width={percent} height="4" className={styles[tone]} />
      </svg>
    </div>
  );
}

/** Parts of a whole in one 4 px bar (agenda of a review, credit of a deal). */
export function SplitBar({ label, parts }: { label: string; parts: readonly { id: string; size: number; tone: Tone }[] }) {
  const sum = parts.reduce((all, part) => all + part.size, 0) || 1;
  const placed = parts.map((part, n) => ({
    part,
    x: (parts.slice(0, n).reduce((all, one) => all + one.size, 0) / sum) * 100,
    width: (part.size / sum) * 100,
  }));
  return (
    <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={label}>
      {placed.map(({ part, x, width }) => (
        <rect key={part.id} x={x} width={Math.max(0, width - 0.6)} height="4" className={part.tone === "neutral" ? styles.track : styles[part.tone]} />
      ))}
    </svg>
  );
}

/** What is not there, why, and the one action. `plain` leaves out the box (inside a pane). */
export function EmptyState({ title, children, action, plain = true }: { title: string; children?: ReactNode; action?: ReactNode; plain?: boolean }) {
  return (
    <div className={`${styles.empty} ${plain ? "" : styles.boxed}`}>
      <b>{title}</b>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className={styles.actions}>{action}</div>}
    </div>
  );
}

const NOTICE_ICON = { ok: CheckIcon, warn: WarningIcon, danger: RefusedIcon, info: InfoIcon };

/** A block for what needs a person. */
export function Notice({ tone, title, children, actions }: { tone: keyof typeof NOTICE_ICON; title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  const Icon = NOTICE_ICON[tone];
  return (
    <div className={`${styles.notice} ${styles[`${tone}Notice`]}`} role={tone === "danger" ? "alert" : "status"}>
      <Icon size={14} />
      <div className="grow">
        <b>{title}</b>
        {children !== undefined && <p>{children}</p>}
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}

/** A failure as a block: what happened, what was kept, what to do. */
export function ErrorNotice({ error, title, actions }: { error: { message: string; kept?: string | null; next?: string | null }; title?: string; actions?: ReactNode }) {
  const rest = [title === undefined ? null : error.message, error.kept, error.next].filter(Boolean).join(" ");
  return (
    <Notice tone="danger" title={title ?? error.message} actions={actions}>
      {rest === "" ? undefined : rest}
    </Notice>
  );
}
