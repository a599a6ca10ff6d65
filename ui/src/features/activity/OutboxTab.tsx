/** The outbox: decisions with their changes and messages, newest first, by whether they need a person, wait or are over. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Segments } from "../../components/Field";
import { ArrowUpIcon, CheckIcon, FlipIcon, MailIcon, MinusIcon, RefusedIcon } from "../../components/icons";
import { ListDetail } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { formatRelative } from "../../format/time";
import styles from "./Activity.module.css";
import { SHOWS } from "./activity.search";
import type { ActivitySearch, Show } from "./activity.search";
import { countsOf, groupsOf, kindOf, stateWord } from "./outbox";
import type { Line } from "./outbox";
import { MessagePane, OpPane } from "./OutboxPane";

const NAME: Record<Show, string> = { all: "All", needs: "Needs you", waiting: "Waiting", done: "Done" };

/** The tab. */
export function OutboxTab() {
  const navigate = useNavigate({ from: "/activity" });
  const search: ActivitySearch = useSearch({ from: "/activity" });
  const show = search.show ?? "all";
  const outbox = useOp("outbox", undefined);
  const messages = useOp("messages", undefined);
  const now = useNow();
  const go = (change: Partial<ActivitySearch>) => void navigate({ to: "/activity", search: (old) => ({ ...old, ...change }), replace: true });
  useActions(SHOWS.map((one) => ({ id: `outbox.show.${one}`, title: `Outbox: ${NAME[one].toLowerCase()}`, group: "Activity", when: show !== one, run: () => go({ show: one, open: undefined }) })));

  const error = outbox.error ?? messages.error;
  if (error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={error} title="The outbox could not be read" actions={<Button onPress={() => void outbox.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!outbox.data || !messages.data) return <div aria-busy="true" />;
  const counts = countsOf(outbox.data, messages.data);
  const groups = groupsOf(outbox.data, messages.data, show);
  const lines = groups.flatMap((group) => group.rows);
  const open = lines.find((line) => line.id === search.open) ?? lines.find((line) => line.decision === search.open) ?? lines[0] ?? null;
  const of = (decision: string) => messages.data.filter((message) => message.decision === decision);

  return (
    <ListDetail
      open={search.open !== undefined}
      list={
        <>
          <div className={styles.bar}>
            <Segments label="Which changes" options={SHOWS.map((id) => ({ id, name: id !== "all" && counts[id] > 0 ? `${NAME[id]} ${counts[id]}` : NAME[id] }))} value={show} onChange={(to) => go({ show: to, open: undefined })} />
          </div>
          <RecordList
            label="Outbox"
            groups={groups.map((group) => ({ ...group, ...(group.rows.length > 1 ? { count: group.rows.length } : {}) }))}
            idOf={(line) => line.id}
            textOf={(line) => (line.op ? `${line.op.what}: ${line.op.text}` : `Message to ${line.message.to}`)}
            row={(line) => <Row line={line} now={now} />}
            selected={open?.id ?? null}
            onSelect={(id) => go({ open: id })}
            onOpen={(id) => go({ open: id })}
            onLeave={() => go({ open: undefined })}
            empty={<Empty show={show} onAll={() => go({ show: undefined, open: undefined })} />}
          />
        </>
      }
      detail={open === null ? <div className={styles.nothing}>{outbox.data.length + messages.data.length > 0 && "Nothing is open"}</div> : open.op ? <OpPane key={open.id} op={open.op} messages={of(open.decision)} /> : <MessagePane key={open.id} message={open.message} />}
    />
  );
}

function Empty({ show, onAll }: { show: Show; onAll: () => void }) {
  const all = show === "all" ? undefined : <Button onPress={onAll}>Show all</Button>;
  switch (show) {
    case "needs":
      return (
        <EmptyState title="Nothing needs you" action={all}>
          A refused change, or a field that was edited here and in the CRM, would stand here.
        </EmptyState>
      );
    case "waiting":
      return (
        <EmptyState title="Nothing waits" action={all}>
          Every change has been confirmed in the CRM, replaced or taken back.
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

function Row({ line, now }: { line: Line; now: number }) {
  const { op, message } = line;
  return (
    <TwoLines
      name={op ? op.what : `Message to ${message.to}`}
      end={<State line={line} />}
      second={op ? op.text : message.subject}
      secondEnd={op ? (op.next_at === null || kindOf(line) !== "waiting" ? formatRelative(op.made_at, now) : `again ${formatRelative(op.next_at, now)}`) : undefined}
    />
  );
}

function State({ line }: { line: Line }) {
  const { word, tone } = stateWord(line);
  const kind = kindOf(line);
  const Icon = line.message ? MailIcon : line.op.state === "conflict" ? FlipIcon : kind === "needs" ? RefusedIcon : kind === "waiting" ? ArrowUpIcon : line.op.state === "done" ? CheckIcon : MinusIcon;
  return (
    <span className={`${styles.state} ${tone === "neutral" || tone === "accent" ? "t2" : tone} ${kind === "needs" ? "medium" : ""}`}>
      <Icon size={12} />
      {word}
    </span>
  );
}
