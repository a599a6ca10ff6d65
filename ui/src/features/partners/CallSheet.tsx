/**
 * The call sheet: one page for the phone, in the order in which a call goes: what we wait for from each other, registrations and
 * their clocks, protections that end, deals with their next steps, certificates, last touches. It prints on one page without
 * the frame (Mod+P).
 */
import { Link } from "@tanstack/react-router";
import type { CallSheet, Owed } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { chipOf } from "../../clocks/clocks";
import { ClockChip } from "../../components/ClockChip";
import { ErrorNotice, Section } from "../../components/Section";
import { Money, useNow, When } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDay, formatRelative } from "../../format/time";
import { wordOf } from "../../format/words";
import styles from "./Partners.module.css";
import { Touches } from "./Touches";
import { certificateState, lateFirst } from "./words";

/** The page. */
export function CallSheetPage({ id }: { id: string }) {
  const query = useOp("callSheet", id);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The call sheet could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div aria-busy="true" />;
  return <Sheet sheet={query.data} />;
}

function Sheet({ sheet }: { sheet: CallSheet }) {
  const now = useNow();
  return (
    <div className={styles.sheetScroll}>
      <article className={styles.sheet} data-print="" aria-label={`Call sheet of ${sheet.name}`}>
        <header className={styles.sheetHead}>
          <b>{sheet.name}</b>
          <span className="t3 small">
            Call sheet, as of <When at={sheet.as_of} as="both" />
          </span>
        </header>
        <div className={styles.sheetPair}>
          <Owes title="They owe us" owed={sheet.they_owe} now={now} />
          <Owes title="We owe them" owed={sheet.we_owe} now={now} />
        </div>
        <Section title="Open registrations" note={sheet.registrations.length === 0 ? "none waits" : countOf(sheet.registrations.length, "registration")}>
          <ul className={styles.deals}>
            {sheet.registrations.slice(0, MOST.registrations).map((row) => (
              <li key={row.id}>
                <Link to="/inbox" search={{ open: row.id }} className={styles.link}>
                  {row.company}
                </Link>
                <span className="t2 cut">
                  {wordOf(row.motion)} {row.kind}
                </span>
                <span className="num">{row.amount === null ? <span className="t3">no amount</span> : <Money value={row.amount} />}</span>
                <span className={styles.clock}>
                  {row.clock === null || row.clock.state === "baseline" ? <span className="t3">{wordOf(row.status)}</span> : <ClockChip {...chipOf(row.clock)} />}
                </span>
              </li>
            ))}
          </ul>
          <More all={sheet.registrations.length} most={MOST.registrations} />
        </Section>
        <Section title="Protections ending" note={sheet.protections.length === 0 ? "none in 30 days" : "in 30 days"}>
          <ul className={styles.deals}>
            {sheet.protections.slice(0, MOST.protections).map((deal) => (
              <li key={deal.id}>
                <Link to="/deals" search={{ open: deal.id }} className={styles.link}>
                  {deal.account ?? deal.name}
                </Link>
                <span className="t2 cut">{deal.stage}</span>
                <span className="num">
                  <Money value={deal.amount} />
                </span>
                <span className="num warn">{deal.protection_end === null ? "no end" : `${formatDay(deal.protection_end, now)}, ${formatRelative(deal.protection_end, now)}`}</span>
              </li>
            ))}
          </ul>
          <More all={sheet.protections.length} most={MOST.protections} />
        </Section>
        <Section title="Open deals" note={sheet.deals.length === 0 ? "none" : countOf(sheet.deals.length, "deal")}>
          <ul className={styles.steps}>
            {sheet.deals.slice(0, MOST.deals).map(({ row, next_step, owner, due }) => (
              <li key={row.id}>
                <Link to="/deals" search={{ open: row.id }} className={styles.link}>
                  {row.account ?? row.name}
                </Link>
                <span className="t2 cut">{row.stage}</span>
                <span className="num">
                  <Money value={row.amount} />
                </span>
                <span className="cut" title={next_step ?? undefined}>
                  {next_step ?? <span className="warn">no next step</span>}
                </span>
                <span className="t3 small cut num">{[owner, due === null ? null : formatDay(due, now)].filter(Boolean).join(", ")}</span>
              </li>
            ))}
          </ul>
          <More all={sheet.deals.length} most={MOST.deals} />
        </Section>
        {sheet.certifications.length > 0 && (
          <Section title="Certificates ending" note="in 30 days">
            <ul className={styles.certificates}>
              {sheet.certifications.map((one) => (
                <li key={one.id}>
                  <span className="cut">{one.holder ?? one.name}</span>
                  <span className="t2 small cut">{[one.name, one.level].filter(Boolean).join(", ")}</span>
                  <span className={`num small ${certificateState(one, now) === "ended" ? "danger" : "warn"}`}>{one.expires === null ? "no end" : formatDay(one.expires, now)}</span>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Touches touches={sheet.touches} most={6} />
      </article>
    </div>
  );
}

/** Lines of a section that fit on one page with the others. */
const MOST = { owed: 7, registrations: 8, protections: 6, deals: 12 };

function More({ all, most }: { all: number; most: number }) {
  return all > most ? <p className={`${styles.more} t3 small`}>{all - most} more</p> : null;
}

function Owes({ title, owed, now }: { title: string; owed: readonly Owed[]; now: number }) {
  return (
    <Section title={title} note={owed.length === 0 ? "nothing" : undefined} end={owed.some((one) => one.late) ? <span className="danger">{countOf(owed.filter((one) => one.late).length, "late one")}</span> : undefined}>
      <ul className={styles.owed}>
        {lateFirst(owed).slice(0, MOST.owed).map((one) => (
          <li key={`${one.text} ${one.due ?? ""}`}>
            <span className="cut" title={one.text}>
              {one.text}
            </span>
            <span className={`small num ${one.late ? "danger medium" : "t2"}`}>{one.due === null ? "no date" : one.late ? `late, ${formatDay(one.due, now)}` : formatDay(one.due, now)}</span>
          </li>
        ))}
      </ul>
      <More all={owed.length} most={MOST.owed} />
    </Section>
  );
}
