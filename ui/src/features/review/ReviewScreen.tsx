/**
 * Review: the one that runs, or the past ones and the way to start the next. Which review and which item stand in the address;
 * a finished review shows its minutes. Starting takes a snapshot, so the agenda does not move while people talk.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { AgendaOrder, ReviewRow, ReviewTemplate } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Segments, TextField } from "../../components/Field";
import { ActionBar, DetailBody, DetailHead, ListDetail, ListPane } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice, Section } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDate, formatRelative } from "../../format/time";
import { optionsOf, wordOf } from "../../format/words";
import { MinutesPane } from "./MinutesPane";
import { MovementPage } from "./MovementPanel";
import { PreReadDialog } from "./PreReadDialog";
import styles from "./Review.module.css";
import type { ReviewSearch } from "./review.search";
import { RunningReview } from "./RunningReview";

/** The screen. */
export function ReviewScreen() {
  const search: ReviewSearch = useSearch({ from: "/review" });
  const reviews = useOp("reviews", undefined);
  if (reviews.error) {
    return (
      <Screen title="Review">
        <div className={styles.problem}>
          <ErrorNotice error={reviews.error} title="The reviews could not be read" actions={<Button onPress={() => void reviews.refetch()}>Try again</Button>} />
        </div>
      </Screen>
    );
  }
  if (!reviews.data) return <Screen title="Review">{null}</Screen>;
  const running = reviews.data.find((row) => row.finished_at === null);
  const shown = search.view === "past" ? undefined : (reviews.data.find((row) => row.id === search.open) ?? running);
  if (running && shown?.id === running.id) return <Running key={running.id} id={running.id} item={search.item ?? null} />;
  return <Past rows={reviews.data} running={running} />;
}

function Running({ id, item }: { id: string; item: string | null }) {
  const query = useOp("review", id);
  if (query.error) {
    return (
      <Screen title="Review">
        <div className={styles.problem}>
          <ErrorNotice error={query.error} title="The review could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
        </div>
      </Screen>
    );
  }
  if (!query.data) return <Screen title="Review">{null}</Screen>;
  return <RunningReview review={query.data} item={item} />;
}

function Past({ rows, running }: { rows: readonly ReviewRow[]; running: ReviewRow | undefined }) {
  const navigate = useNavigate({ from: "/review" });
  const search: ReviewSearch = useSearch({ from: "/review" });
  const now = useNow();
  const finished = rows.filter((row) => row.finished_at !== null);
  const selected = finished.find((row) => row.id === search.open)?.id ?? null;
  const go = (to: Partial<ReviewSearch>) => void navigate({ to: "/review", search: { ...(search.view === undefined ? {} : { view: search.view }), ...to }, replace: true });

  const start: Action = running
    ? { id: "review.goOn", title: "Go on with the review", keys: "n", group: "Review", run: () => void navigate({ to: "/review", search: { open: running.id } }) }
    : { id: "review.new", title: "Start a review", keys: "n", group: "Review", when: selected !== null, run: () => go({}) };
  useActions([start]);

  return (
    <Screen title="Review" sub={finished.length === 0 ? undefined : countOf(finished.length, "past review")} tools={(running || selected !== null) && <Button kind="primary" action={start} />}>
      <ListDetail
        narrow
        open={selected !== null || finished.length === 0}
        list={
          <ListPane head="Past reviews">
            <RecordList
              label="Past reviews"
              groups={[{ id: "all", rows: finished }]}
              idOf={(row) => row.id}
              textOf={(row) => `${wordOf(row.template)} review of ${formatDate(row.started_at, now)}`}
              row={(row) => (
                <TwoLines name={`${wordOf(row.template)} review`} end={<span className="t2">{formatDate(row.started_at, now)}</span>} second={`${row.settled} of ${countOf(row.items, "item")} settled`} secondEnd={formatRelative(row.started_at, now)} />
              )}
              selected={selected}
              onSelect={(id) => go({ open: id })}
              onOpen={(id) => go({ open: id })}
              onLeave={() => go({})}
              empty={<EmptyState title="No review has been held">The minutes of every review are kept here.</EmptyState>}
            />
          </ListPane>
        }
        detail={selected === null ? running ? <GoOn row={running} start={start} /> : <StartPane last={finished[0]} /> : <MinutesPane key={selected} id={selected} />}
      />
    </Screen>
  );
}

function GoOn({ row, start }: { row: ReviewRow; start: Action }) {
  const now = useNow();
  return (
    <EmptyState title={`A ${row.template} review is running`} action={<Button kind="primary" action={start} />}>
      It began {formatRelative(row.started_at, now)}; {row.settled} of {countOf(row.items, "item")} settled. Choose a past review at the left to read its minutes.
    </EmptyState>
  );
}

const ORDERS = optionsOf(labels.AgendaOrder);
const TEMPLATES: readonly { id: ReviewTemplate; name: string }[] = [
  { id: "weekly", name: "Weekly" },
  { id: "monthly", name: "Monthly" },
  { id: "quarterly", name: "Quarterly" },
];
const FOR: Record<ReviewTemplate, string> = {
  weekly: "What expires, what collides, what is stuck: the deals that need a decision this week.",
  monthly: "The pipeline by motion with its movements, and the decisions that a week is too short for.",
  quarterly: "The quarter with its partners: what was promised, what became of it, what comes next.",
};

function StartPane({ last }: { last: ReviewRow | undefined }) {
  const navigate = useNavigate({ from: "/review" });
  const now = useNow();
  const [template, setTemplate] = useState<ReviewTemplate>("weekly");
  const [order, setOrder] = useState<AgendaOrder>("motion");
  const [preReading, setPreReading] = useState(false);
  const [attendees, setAttendees] = useState("");
  const status = useOp("status", undefined).data;
  const start = useCommand("startReview", { failed: "The review was not started" });
  const action: Action = {
    id: "review.start",
    title: "Start the review",
    keys: "Mod+Enter",
    group: "Review",
    inFields: true,
    when: !start.isPending,
    run: () => start.mutate({ template, order, attendees: names(attendees) }, { onSuccess: (made) => void navigate({ to: "/review", search: { open: made.id } }) }),
  };
  const preRead: Action = { id: "review.preRead", title: "Pre-read", keys: "r", group: "Review", run: () => setPreReading(true) };
  useActions([action, preRead]);
  return (
    <>
      <DetailHead title="Start a review" meta={[last ? `the last one was ${formatRelative(last.started_at, now)}` : "the first one", status?.last_sync ? `data of the sync ${formatRelative(status.last_sync, now)}` : "nothing has been synced yet"]} rule />
      <DetailBody>
        <div className={styles.start}>
          <Section title="Rhythm">
            <Segments label="Rhythm" options={TEMPLATES} value={template} onChange={setTemplate} />
            <p className={styles.for}>{FOR[template]}</p>
          </Section>
          <Section title="Goes by" note={order === "seller" ? "each seller’s items together, for when sellers join" : undefined}>
            <Segments label="Goes by" options={ORDERS} value={order} onChange={setOrder} />
          </Section>
          <Section title="In the room">
            <TextField label="Names, with commas between them" value={attendees} onChange={setAttendees} placeholder={status?.me ?? "Mara Lindqvist, Ruth Pell"} maxLength={1000} wide />
          </Section>
          <Section title="What happens">
            <ol className={styles.steps}>
              <li>The agenda is built from the data of the last sync and does not move while you talk.</li>
              <li>About twelve items are discussed, strongest signal first; the rest is cleared in one act.</li>
              <li>Every item ends with a decision and a next step with owner and date, or with no action.</li>
              <li>Minutes are written at the end; what was decided goes to the CRM with the next push. No network is needed.</li>
            </ol>
          </Section>
          {last !== undefined && (
            <Section title="Moved since the last one">
              <MovementPage review={null} />
            </Section>
          )}
        </div>
      </DetailBody>
      <ActionBar>
        <Button kind="primary" action={action} />
        <Button action={preRead} />
      </ActionBar>
      {preReading && <PreReadDialog template={template} order={order} onClose={() => setPreReading(false)} />}
    </>
  );
}

/** "Mara, Ruth " -> ["Mara", "Ruth"]. */
function names(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
