/**
 * The left pane of a running review: the clock of the whole with its pause, a bar of the sections, how far the talk has come, and
 * the agenda. The section of the open item is unfolded; the others are one line. Items that are not discussed stand behind
 * "n more" until they are asked for, and are cleared together at the foot.
 */
import { useEffect, useRef } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { AgendaItem, Review } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { CheckIcon, FlagIcon, MinusIcon, PauseIcon, PlayIcon } from "../../components/icons";
import { SplitBar } from "../../components/Section";
import { formatStopwatch, toMillis } from "../../format/time";
import { wordOf } from "../../format/words";
import { barOf, headingOf, paceWords, progressWords } from "./agenda";
import type { Section } from "./agenda";
import styles from "./Agenda.module.css";
import { elapsed, usePause, useSeconds } from "./stopwatch";

/** The pane in the page, to know whether it is shown. */
export const AGENDA_ID = "review-agenda";

/** Props of Agenda. */
export interface AgendaProps {
  review: Review;
  sections: readonly Section[];
  current: AgendaItem | null;
  /** Sections whose undiscussed items are shown. */
  open: ReadonlySet<string>;
  onItem: (id: string | null) => void;
  onUnfold: (section: string) => void;
  /** What was promised last time; available where anything was. */
  promises: Action;
  clear: Action;
  restCount: number;
}

/** The pane. */
export function Agenda({ review, sections, current, open, onItem, onUnfold, promises, clear, restCount }: AgendaProps) {
  const list = useRef<HTMLOListElement>(null);
  const id = current?.id;
  const heading = current === null ? null : headingOf(current, review.order);
  useEffect(() => {
    if (id !== undefined) list.current?.querySelector('[aria-current="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [id]);
  return (
    <div id={AGENDA_ID} className={styles.pane}>
      <TalkClock review={review} sections={sections} current={heading} />
      {review.promises.length > 0 && (
        <div className={styles.promised}>
          <Button kind="quiet" keys="o" onPress={promises.run}>
            <span className="cut">Promised last time, {promises.hint}</span>
          </Button>
        </div>
      )}
      <nav className={styles.scroll} aria-label="Agenda">
        <ol ref={list}>
          {sections.map((section) => {
            const here = section.id === heading;
            return (
              <li key={section.id}>
                <button type="button" className={styles.section} aria-expanded={here} onClick={() => onItem((section.discussed.find((one) => one.state === "open") ?? section.discussed[0] ?? section.rest[0])?.id ?? null)}>
                  <SectionSign section={section} here={here} />
                  <span className={styles.sectionName}>{section.name}</span>
                  <span className={styles.count}>
                    {section.settled} of {section.items.length}
                  </span>
                </button>
                {here && (
                  <ol>
                    {[...section.discussed, ...(open.has(section.id) ? section.rest : [])].map((item) => (
                      <ItemLine key={item.id} item={item} current={item.id === id} onItem={onItem} />
                    ))}
                    {section.rest.length > 0 && (
                      <li>
                        <button type="button" className={styles.more} aria-expanded={open.has(section.id)} onClick={() => onUnfold(section.id)}>
                          {open.has(section.id) ? "fewer" : `${section.rest.length} more`}
                        </button>
                      </li>
                    )}
                  </ol>
                )}
              </li>
            );
          })}
        </ol>
      </nav>
      {restCount > 0 && (
        <div className={styles.foot}>
          <span className="t3 small cut">{restCount} others</span>
          <span className="end">
            <Button action={clear} />
          </span>
        </div>
      )}
    </div>
  );
}

function TalkClock({ review, sections, current }: { review: Review; sections: readonly Section[]; current: string | null }) {
  const now = useSeconds();
  const { own, toggle } = usePause(review.id, now);
  const paused = own.since !== null;
  const spent = elapsed(toMillis(review.started_at), now, own);
  const pace = paceWords(review.items, review.minutes_planned, spent);
  const pause: Action = { id: "review.pause", title: paused ? "Let the clock run" : "Pause the clock", keys: "Shift+P", group: "Review", run: toggle };
  useActions([pause]);
  return (
    <header className={styles.clock}>
      <div className={styles.time}>
        <span className={styles.spent} role="timer" aria-label="Time spent">
          {formatStopwatch(spent)}
        </span>
        <span className="t3 small">of {formatStopwatch(review.minutes_planned * 60_000)}</span>
        <span className="end">
          <Button kind="icon" action={pause} icon={paused ? <PlayIcon size={14} /> : <PauseIcon size={14} />} pressed={paused} />
        </span>
      </div>
      <SplitBar label={`Agenda: ${progressWords(review.items)}`} parts={barOf(sections, current)} />
      <div className={styles.pace}>
        <span className="cut" title={progressWords(review.items)}>{progressWords(review.items)}</span>
        <span className={`end ${paused ? "t3" : pace.tone}`}>{paused ? "paused" : pace.text}</span>
      </div>
    </header>
  );
}

function SectionSign({ section, here }: { section: Section; here: boolean }) {
  if (section.settled === section.items.length) {
    return (
      <span className={`${styles.sign} ok`}>
        <CheckIcon size={12} />
        <span className="sr">done</span>
      </span>
    );
  }
  if (section.parked && !here) {
    return (
      <span className={`${styles.sign} t3`}>
        <PauseIcon size={12} />
        <span className="sr">something is parked</span>
      </span>
    );
  }
  return <span className={`${styles.sign} ${here || section.settled > 0 ? styles.begun : styles.ring}`} aria-hidden="true" />;
}

function ItemLine({ item, current, onItem }: { item: AgendaItem; current: boolean; onItem: (id: string) => void }) {
  const quiet = item.state === "decided" || item.state === "skipped";
  return (
    <li>
      <button type="button" className={`${styles.item} ${current ? styles.current : ""}`} aria-current={current} onClick={() => onItem(item.id)} title={`${item.title}, ${item.subtitle}: ${item.why}`}>
        <ItemSign item={item} current={current} />
        <span className={`cut ${quiet && !current ? "t2" : ""}`}>{item.title}</span>
        <span className={styles.motion}>{wordOf(item.motion)}</span>
      </button>
    </li>
  );
}

function ItemSign({ item, current }: { item: AgendaItem; current: boolean }) {
  switch (item.state) {
    case "decided":
      return (
        <span className={`${styles.sign} ok`}>
          <CheckIcon size={12} />
          <span className="sr">decided:</span>
        </span>
      );
    case "flagged":
      return (
        <span className={`${styles.sign} warn`}>
          <FlagIcon size={12} />
          <span className="sr">flagged:</span>
        </span>
      );
    case "parked":
      return (
        <span className={`${styles.sign} t3`}>
          <PauseIcon size={12} />
          <span className="sr">parked:</span>
        </span>
      );
    case "skipped":
      return (
        <span className={`${styles.sign} t3`}>
          <MinusIcon size={12} />
          <span className="sr">skipped:</span>
        </span>
      );
    case "open":
      return <span className={`${styles.sign} ${current ? styles.dot : styles.ring}`} aria-hidden="true" />;
  }
}
