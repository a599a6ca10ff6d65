/**
 * Today: what needs a person, what is due, what was promised and is late, what is new; beside it the next review, the next
 * call, two figures, and the clocks that run out next and how they were kept. Each line opens its place with Enter; R starts (or goes on with) the review, C opens the call sheet.
 * The order is Rust's: by block and urgency. Nothing is decided here.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Reached, Today, TodayLine } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ClockChip } from "../../components/ClockChip";
import { ActivityIcon, ConflictsIcon, DealsIcon, InboxIcon, PartnersIcon } from "../../components/icons";
import { RecordList } from "../../components/RecordList";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice, ProgressBar, Section } from "../../components/Section";
import { Sign } from "../../components/Verdict";
import type { Outcome } from "../../components/Verdict";
import { Money, useNow } from "../../components/When";
import { formatMoney } from "../../format/money";
import { countOf, formatPercent } from "../../format/number";
import { formatDate, formatRelative, toMillis } from "../../format/time";
import { wordOf } from "../../format/words";
import { arrivals, attainmentPercent, blocksOf, dayWords, reasonAndWho } from "./blocks";
import type { NamedLine } from "./blocks";
import styles from "./Today.module.css";
import { TodayClocks } from "./TodayClocks";

/** The screen. */
export function TodayScreen() {
  const now = useNow();
  const query = useOp("today", undefined);
  const today = query.data;
  return (
    <Screen title="Today" sub={formatDate(new Date(now).toISOString(), now)}>
      {query.error ? (
        <div className={styles.problem}>
          <ErrorNotice error={query.error} title="Today could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
        </div>
      ) : today === undefined ? (
        <div aria-busy="true" />
      ) : (
        <Content today={today} now={now} />
      )}
    </Screen>
  );
}

function Content({ today, now }: { today: Today; now: number }) {
  const navigate = useNavigate();
  const { at } = useSearch({ from: "/today" });
  const start = useCommand("startReview", { failed: "The review was not started" });
  const blocks = blocksOf(today, now);
  const rows = blocks.flatMap((block) => block.rows);
  const selected = rows.find((row) => row.id === at)?.id ?? rows[0]?.id ?? null;
  const running = today.review !== null && today.review.finished_at === null ? today.review : null;
  const call = today.next_call;

  function open(id: string) {
    const opens = rows.find((row) => row.id === id)?.line.opens;
    if (opens === undefined) return;
    if (opens.to === "registration") void navigate({ to: "/inbox", search: { open: opens.id } });
    else if (opens.to === "deal") void navigate({ to: "/deals", search: { open: opens.id } });
    else if (opens.to === "partner") void navigate({ to: "/partners", search: { open: opens.id } });
    else if (opens.to === "conflict") void navigate({ to: "/conflicts", search: { open: opens.id } });
    else void navigate({ to: "/activity", search: { open: opens.id } });
  }

  const review: Action = {
    id: "today.review",
    title: running ? "Go on with the review" : "Start the review",
    keys: "r",
    group: "Today",
    when: !start.isPending,
    run: () => {
      if (running) void navigate({ to: "/review", search: { open: running.id } });
      else start.mutate({ template: "weekly", attendees: [] }, { onSuccess: (made) => void navigate({ to: "/review", search: { open: made.id } }) });
    },
  };
  const sheet: Action = {
    id: "today.call",
    title: "Open the call sheet",
    keys: "c",
    group: "Today",
    when: call !== null,
    ...(call === null ? {} : { hint: call.name }),
    run: () => call && void navigate({ to: "/partners", search: { open: call.partner, tab: "call" } as never }),
  };
  useActions([review, sheet]);

  return (
    <div className={styles.page}>
      <div className={styles.place}>
        <div className={styles.list}>
          <RecordList
            label="Today"
            groups={blocks}
            idOf={(row) => row.id}
            textOf={(row) => `${row.line.title}: ${row.line.text}`}
            row={(row) => <Line row={row} now={now} />}
            rowHeight={32}
            selected={selected}
            onSelect={(id) => void navigate({ to: "/today", search: { at: id }, replace: true })}
            onOpen={open}
            empty={<EmptyState title="Nothing waits for you">What is new, due, promised or stuck stands here after a sync. The review is a good use of a quiet day.</EmptyState>}
          />
        </div>
        <aside className={styles.side} aria-label="Review, call and figures">
          <h2 className="sr">Review, call and figures</h2>
          <Section title={running ? "Review" : "Next review"} note={running ? `${wordOf(running.template)}, since ${formatRelative(running.started_at, now)}` : today.next_review === null ? undefined : formatDate(today.next_review, now)}>
            {running ? (
              <ProgressBar share={running.items === 0 ? 0 : running.settled / running.items} label="Settled" left={`${running.settled} of ${countOf(running.items, "item")} settled`} />
            ) : (
              <p className="t2">{today.next_review === null ? "No review has been held yet." : reviewWords(today.next_review, now)}</p>
            )}
            <div className={styles.act}>
              <Button kind="primary" action={review} />
            </div>
          </Section>
          <Section title="Next call" note={call?.name}>
            <p className="t2">{call === null ? "No partner call is due." : call.why}</p>
            {call !== null && (
              <div className={styles.act}>
                <Button action={sheet} />
              </div>
            )}
          </Section>
          <Section title="Open pipeline with partners">
            {today.pipeline.length === 0 ? (
              <p className="t2">none</p>
            ) : (
              <ul>
                {today.pipeline.map((sum, n) => (
                  <li key={sum.currency} className={n === 0 ? styles.figure : styles.further} title={formatMoney(sum, "exact")}>
                    {formatMoney(sum, "short")}
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section title="Decided in time" note="30 days">
            <Attained today={today} />
          </Section>
          <TodayClocks />
        </aside>
      </div>
    </div>
  );
}

function reviewWords(due: string, now: number): string {
  const when = formatRelative(due, now);
  return toMillis(due) < now && when !== "today" ? `The weekly review was due ${when}.` : `The weekly review is due ${when}.`;
}

function Attained({ today }: { today: Today }) {
  const { met, of } = today.attainment;
  const percent = attainmentPercent(today.attainment);
  if (percent === null) return <p className="t2">Nothing was decided in the last 30 days.</p>;
  return (
    <>
      <div className={styles.share}>{formatPercent(percent)}</div>
      <ProgressBar share={met / of} tone={percent >= 90 ? "ok" : percent >= 75 ? "warn" : "danger"} label="Decided inside the SLA" />
      <p className={styles.under}>
        {met} of {countOf(of, "registration")} inside the SLA
      </p>
      {today.attainment.reached !== undefined && (
        <ul className={styles.arrivals} aria-label="When the decisions reached the CRM">
          {arrivals(today.attainment.reached).map((line) => (
            <li key={line.id}>
              <Sign outcome={SIGN[line.id]} size={12} />
              <b>{line.count}</b>
              <span>{line.text}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const SIGN: Record<keyof Reached, Outcome> = { in_time: "ok", waiting: "info", late_sync: "warn", late_decision: "fail" };

const ICON: Record<TodayLine["opens"]["to"], typeof InboxIcon> = { registration: InboxIcon, deal: DealsIcon, conflict: ConflictsIcon, partner: PartnersIcon, outbox: ActivityIcon };
const KIND: Record<TodayLine["opens"]["to"], string> = { registration: "Registration", deal: "Deal", conflict: "Channel conflict", partner: "Partner", outbox: "Outbox" };

function Line({ row, now }: { row: NamedLine; now: number }) {
  const { line } = row;
  const Icon = ICON[line.opens.to];
  const isRecord = line.opens.to === "registration" || line.opens.to === "deal";
  const [reason, who] = isRecord ? reasonAndWho(line.text) : [line.text, ""];
  return (
    <div className={`${styles.line} ${who === "" ? styles.sentence : ""}`}>
      <span className={styles.icon} title={KIND[line.opens.to]}>
        <Icon size={14} />
        <span className="sr">{KIND[line.opens.to]}</span>
      </span>
      <span className={styles.title} title={line.title}>
        {line.title}
      </span>
      <span className={styles.text} title={line.text}>
        {reason}
      </span>
      {who !== "" && (
        <span className={styles.text} title={who}>
          {who}
        </span>
      )}
      <span className={styles.amount}>{line.amount !== null && <Money value={line.amount} />}</span>
      <span className={styles.due}>
        <Due line={line} now={now} />
      </span>
    </div>
  );
}

/** A registration has a clock; what a deal owes is due on a day. */
function Due({ line, now }: { line: TodayLine; now: number }) {
  if (line.due === null) return null;
  if (line.opens.to === "registration") return <ClockChip due={line.due} />;
  const { text, late } = dayWords(line.due, now);
  return (
    <time dateTime={line.due} title={formatDate(line.due, now)} className={late ? "danger medium" : text === "today" || text === "tomorrow" ? "warn" : "t2"}>
      {text}
    </time>
  );
}
