/** What has been shared with a partner as files: when, until when, by whom and the mark by which a copy is known again (V-02). */
import { useOp } from "../api/queries";
import { Section } from "../components/Section";
import { Tag } from "../components/Tag";
import { When, useNow } from "../components/When";
import { countOf } from "../format/number";
import { dayOf, formatDate } from "../format/time";
import { formatsOf, isOver } from "./shares";
import styles from "./Sharing.module.css";

/** Shares that are shown; the audit trail has all of them. */
const MOST = 5;

/** The section; nothing where nothing was shared. */
export function SharesMade({ partner }: { partner: string }) {
  const now = useNow();
  const today = dayOf(now);
  const shares = (useOp("shares", undefined).data ?? []).filter((share) => share.partner === partner);
  if (shares.length === 0) return null;
  return (
    <Section title="Shared as files" note={shares.length > MOST ? `the last ${MOST} of ${shares.length}` : countOf(shares.length, "time")} end="V-02">
      <ul className={styles.shares} aria-label="Shares">
        {shares.slice(0, MOST).map((share) => (
          <li key={share.mark}>
            <span className={styles.line}>
              <span className="cut">{formatsOf(share)}</span>
              {isOver(share, today) ? <Tag>over</Tag> : <span className="t2 small">until {formatDate(share.until, now)}</span>}
            </span>
            <span className="t3 small cut" title={share.mark}>
              <When at={share.at} /> · {share.actor} · {share.mark.split(" \u00b7 ").at(-1)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
