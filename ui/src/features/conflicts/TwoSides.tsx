/**
 * Both sides in time, latest first: the first party's events at the left, the other's at the right, the day between them; what concerns
 * both stands across. Each line begins with whose it is for a screen reader. The first lines are drawn, the rest on demand.
 */
import { useState } from "react";
import type { Party, Side, TimelineEntry } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Section } from "../../components/Section";
import { When } from "../../components/When";
import { formatCount } from "../../format/number";
import { keyOf } from "../../channel/settle";
import { sideWords } from "./channel";
import styles from "./Channel.module.css";

/** Lines before the rest is asked for. */
const FIRST = 12;

/** The section; nothing where nothing has happened. */
export function TwoSides({ entries, parties, sides }: { entries: readonly TimelineEntry[]; parties: readonly Party[]; sides: readonly Side[] }) {
  const [whole, setWhole] = useState(false);
  if (entries.length === 0) return null;
  const shown = whole ? entries : entries.slice(0, FIRST);
  const [left, right] = parties;
  const side = (entry: TimelineEntry) => (!entry.party ? "across" : right && entry.party === keyOf(right) ? "right" : "left");
  const named = (entry: TimelineEntry) => parties.find((party) => keyOf(party) === entry.party)?.name ?? "Both";
  return (
    <Section title="Both sides in time" note="latest first">
      {left && right && (
        <div className={styles.sidesHead} aria-hidden="true">
          <Head party={left} sides={sides} />
          <span />
          <Head party={right} sides={sides} />
        </div>
      )}
      <ol className={styles.timeline} aria-label="Both sides in time">
        {shown.map((entry) => (
          <li key={`${entry.at} ${entry.party ?? ""} ${entry.text}`} className={styles[side(entry)]}>
            <span className={styles.day}>
              <When at={entry.at} as="day" />
            </span>
            <span className={styles.event}>
              <span className="sr">{named(entry)}: </span>
              <span className={styles.eventText} title={entry.text}>
                {entry.text}
              </span>
              {entry.by && <span className={styles.by}>{entry.by}</span>}
            </span>
          </li>
        ))}
      </ol>
      {entries.length > FIRST && (
        <Button kind="quiet" aria-expanded={whole} onPress={() => setWhole(!whole)}>
          {whole ? "Show the latest only" : `Show all ${formatCount(entries.length)}`}
        </Button>
      )}
    </Section>
  );
}

function Head({ party, sides }: { party: Party; sides: readonly Side[] }) {
  const side = sides.find((one) => keyOf(one.party) === keyOf(party));
  const words = side ? sideWords(side) : "";
  return (
    <div className={styles.sideHead}>
      <b className="cut">{party.name}</b>
      {words !== "" && (
        <span className="t2 small cut" title={words}>
          {words}
        </span>
      )}
    </div>
  );
}
