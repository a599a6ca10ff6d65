/** The outbox: decisions with their changes and messages, newest first, by whether they need a person, wait or are over. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import type { OpState, OutboxRow } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Segments } from "../../components/Field";
import { ArrowUpIcon, CheckIcon, FlipIcon, MailIcon, MinusIcon, RefusedIcon, WarningIcon } from "../../components/icons";
import { ListDetail, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { formatRelative } from "../../format/time";
import { titleAndRest, withoutShell } from "../../format/value";
import { vendorName } from "../../format/vendor";
import styles from "./Activity.module.css";
import { SHOWS } from "./activity.search";
import type { ActivitySearch, Show } from "./activity.search";
import { afterLine, changesOf, countsOf, groupsOf, isHeld, kindOf, needsSentence, stateSentence, stateWord, waitsFor, waitsWords } from "./outbox";
import type { Line } from "./outbox";
import { MessagePane } from "./MessagePane";
import { OpPane } from "./OutboxPane";
import { RecoveredPane } from "./RecoveredPane";

const NAME: Record<Show, string> = { all: "All", needs: "Needs you", waiting: "Waiting", way: "Sending", done: "Done" };

/** The tab. */
export function OutboxTab() {
  const navigate = useNavigate({ from: "/activity" });
  const search: ActivitySearch = useSearch({ from: "/activity" });
  const show = search.show ?? "all";
  const outbox = useOp("outbox", undefined);
  const messages = useOp("messages", undefined);
  const recovered = useOp("recovered", undefined);
  // What a change needs is known here by the outbox; who set what meanwhile, by the merge conflicts.
  const merges = useOp("merges", undefined).data;
  const status = useOp("status", undefined).data;
  const crm = vendorName(status?.vendor);
  const now = useNow();
  const last = useLastOpen(search.open);
  const go = (change: Partial<ActivitySearch>) => void navigate({ to: "/activity", search: (old) => ({ ...old, ...change }), replace: true });
  useActions(SHOWS.map((one) => ({ id: `outbox.show.${one}`, title: `Outbox: ${NAME[one].toLowerCase()}`, group: "Activity", when: show !== one, run: () => go({ show: one, open: undefined }) })));

  const error = outbox.error ?? messages.error ?? recovered.error;
  if (error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={error} title="The outbox could not be read" actions={<Button onPress={() => void outbox.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!outbox.data || !messages.data || !recovered.data) return <div aria-busy="true" />;
  const counts = countsOf(outbox.data, messages.data, recovered.data);
  const groups = groupsOf(outbox.data, messages.data, recovered.data, show);
  const lines = groups.flatMap((group) => group.rows);
  const open = lines.find((line) => line.id === last) ?? lines.find((line) => line.decision === last) ?? lines[0] ?? null;
  const of = (decision: string) => messages.data.filter((message) => message.decision === decision);
  const sentence = (op: OutboxRow) => {
    const merge = op.state === "conflict" ? merges?.find((one) => one.op === op.id) : undefined;
    return (merge && needsSentence(merge, crm, now)) ?? stateSentence(op, crm, now);
  };
  const second = (op: OutboxRow) => (op.attempt > 0 || isHeld(op) ? null : waitsWords(waitsFor(op, outbox.data))) ?? sentence(op);
  const next = () => open && go({ open: afterLine(lines, open.id) });

  const warning = status?.warning === undefined ? null : titleAndRest(withoutShell(status.warning));
  return (
    <>
      {warning && (
        <Banner tone="warn" title={warning.rest === undefined ? warning.title : `${warning.title}.`}>
          {warning.rest}
        </Banner>
      )}
      <ListDetail
        open={search.open !== undefined}
        list={
          <>
            <div className={styles.bar}>
              <Segments label="Which changes" options={SHOWS.map((id) => ({ id, name: id === "needs" && counts[id] > 0 ? `${NAME[id]} ${counts[id]}` : NAME[id] }))} value={show} onChange={(to) => go({ show: to, open: undefined })} />
            </div>
            <RecordList
              label="Outbox"
              groups={groups.map((group) => ({ ...group, ...(group.rows.length > 1 ? { count: group.rows.length } : {}) }))}
              idOf={(line) => line.id}
              textOf={(line) => nameOf(line, second)}
              row={(line) => <Row line={line} crm={crm} now={now} second={second} />}
              selected={open?.id ?? null}
              onSelect={(id) => go({ open: id })}
              onOpen={(id) => go({ open: id })}
              onLeave={() => go({ open: undefined })}
              empty={<Empty show={show} onAll={() => go({ show: undefined, open: undefined })} />}
            />
          </>
        }
        detail={
          open === null ? (
            <div className={styles.nothing}>{outbox.data.length + messages.data.length > 0 && "Nothing is open"}</div>
          ) : open.op ? (
            <OpPane
              key={open.id}
              op={open.op}
              sentence={sentence(open.op)}
              before={waitsFor(open.op, outbox.data)}
              changes={changesOf(outbox.data, open.decision)}
              messages={of(open.decision)}
              onOpen={(id) => go({ open: id, show: undefined })}
              onAnswered={next}
            />
          ) : open.message ? (
            <MessagePane key={open.id} message={open.message} />
          ) : (
            <RecoveredPane key={open.id} row={open.recovered} onAnswered={next} />
          )
        }
      />
    </>
  );
}

function Empty({ show, onAll }: { show: Show; onAll: () => void }) {
  const all = show === "all" ? undefined : <Button onPress={onAll}>Show all</Button>;
  switch (show) {
    case "needs":
      return (
        <EmptyState title="Nothing needs you" action={all}>
          A refused change, a decision whose facts have moved, or a field that was edited here and in the CRM, would stand here.
        </EmptyState>
      );
    case "waiting":
      return (
        <EmptyState title="Nothing waits" action={all}>
          Every change has been confirmed in the CRM, replaced or taken back.
        </EmptyState>
      );
    case "way":
      return (
        <EmptyState title="Nothing is under way" action={all}>
          A change stands here from the moment it leaves until the CRM has been read again and shows it.
        </EmptyState>
      );
    case "done":
      return (
        <EmptyState title="Nothing is done yet" action={all}>
          Changes stand here with their proof once the CRM has confirmed them.
        </EmptyState>
      );
    case "all":
      return <EmptyState title="The outbox is empty">What you decide is saved here first, then sent to the CRM, and kept with its proof.</EmptyState>;
  }
}

function nameOf(line: Line, second: (op: OutboxRow) => string): string {
  if (line.op) return `${line.op.what}: ${second(line.op)}`;
  return line.message ? `Message to ${line.message.to}` : `Recovered: ${line.recovered.title}`;
}

const FULL: ReadonlySet<OpState> = new Set(["blocked", "unknown", "conflict", "rejected"]);

function Row({ line, crm, now, second }: { line: Line; crm: string; now: number; second: (op: OutboxRow) => string }) {
  const { op, message, recovered } = line;
  if (recovered) return <TwoLines name={recovered.title} end={<State line={line} />} second={recovered.may_have_left ? `may be in ${crm} already` : "was never sent"} secondEnd={formatRelative(recovered.made_at, now)} />;
  return (
    <TwoLines
      name={op ? op.what : `Message to ${message.to}`}
      end={<State line={line} />}
      second={op ? second(op) : message.subject}
      // A sentence that says what is the matter has the whole line.
      secondEnd={op && !FULL.has(op.state) ? formatRelative(op.decided_at ?? op.made_at, now) : undefined}
    />
  );
}

function State({ line }: { line: Line }) {
  const { word, tone } = stateWord(line);
  const kind = kindOf(line);
  const Icon = line.recovered ? WarningIcon : line.message ? MailIcon : line.op.state === "conflict" || isHeld(line.op) ? FlipIcon : kind === "needs" ? RefusedIcon : kind === "waiting" || kind === "way" ? ArrowUpIcon : line.op.state === "done" ? CheckIcon : MinusIcon;
  return (
    <span className={`${styles.state} ${tone === "neutral" || tone === "accent" ? "t2" : tone} ${kind === "needs" ? "medium" : ""}`}>
      <Icon size={12} />
      {word}
    </span>
  );
}
