/**
 * Channel conflicts: the most severe first, then the clock that runs out next, and the open one beside them. Which view, how it is
 * narrowed and what is open stand in the address. `x` marks; with marks, D dismisses all of them with one reason.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { ConflictRow, ConflictView } from "../../api/api.gen";
import { useCommand, useOp, usePages, useReadAhead } from "../../api/queries";
import { Button } from "../../components/Button";
import { ClockChip } from "../../components/ClockChip";
import { Menu } from "../../components/Dialog";
import { ChevronDownIcon } from "../../components/icons";
import { ListDetail, ListPane, SelectionBar, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { Money } from "../../components/When";
import { chipOf } from "../../clocks/clocks";
import { formatCount } from "../../format/number";
import styles from "./Channel.module.css";
import { conflictsQuery, FILTERS } from "./channel";
import { ChannelFilters } from "./ChannelFilters";
import { ChannelPane } from "./ChannelPane";
import { clockWords, isOpen } from "../../channel/words";
import { afterAnswer } from "./conflicts";
import type { ConflictsSearch } from "./conflicts.search";
import { DismissDialog } from "./DismissDialog";
import { Severity } from "../../channel/Severity";

const NOTHING: ReadonlySet<string> = new Set();
const idOf = (row: ConflictRow) => row.id;

/** The tab. */
export function ChannelTab({ open, onOpen }: { open: string | undefined; onOpen: (id: string | undefined) => void }) {
  const navigate = useNavigate({ from: "/conflicts" });
  const search: ConflictsSearch = useSearch({ from: "/conflicts" });
  const [marked, setMarked] = useState<ReadonlySet<string>>(NOTHING);
  const [dismissing, setDismissing] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const views = useOp("conflictViews", undefined, { keep: true });
  const view = views.data?.find((one) => one.name === search.view);
  // A view says itself what it asks; until it has, nothing is asked.
  const pages = usePages("conflicts", (after) => conflictsQuery(search, view, after), { enabled: search.view === undefined || views.data !== undefined || views.error !== null });
  const judge = useCommand("judgeConflicts", { done: (done) => `${formatCount(done.judged)} accounts judged, ${formatCount(done.raised)} new`, failed: "The accounts were not judged to the end" });
  const last = useLastOpen(open);
  const { rows } = pages;
  const shown = last ?? rows[0]?.id ?? null;
  const next = rows[rows.findIndex((row) => row.id === shown) + 1];
  useReadAhead("conflict", next && { conflict: next.id });
  const narrowed = FILTERS.some((name) => search[name] !== undefined);
  const chosen = rows.filter((row) => marked.has(row.id) && isOpen(row.state));

  const go = (change: Partial<ConflictsSearch>) => {
    setMarked(NOTHING);
    void navigate({ to: "/conflicts", search: (old) => ({ ...old, tab: "channel", open: undefined, ...change }), replace: true });
  };
  const show = (one: ConflictView) => void navigate({ to: "/conflicts", search: { tab: "channel", ...(one.name === "open" ? {} : { view: one.name }) } });
  const dismiss: Action = { id: "channel.dismissAll", title: "Dismiss the selection", keys: "d", group: "Selection", when: chosen.length > 0, run: () => setDismissing(true) };
  const again: Action = { id: "channel.judge", title: "Look for channel conflicts again", group: "Channel conflicts", when: !judge.isPending, run: () => judge.mutate(undefined) };
  const viewActions: Action[] = (views.data ?? []).map((one) => ({ id: `channel.view.${one.name}`, title: one.label, hint: formatCount(one.count), group: "Views of channel conflicts", run: () => show(one) }));
  useActions([{ id: "channel.filter", title: "Filter channel conflicts", keys: "f", group: "Channel conflicts", run: () => setFiltering(true) }, ...viewActions.map((one, n) => ({ ...one, title: `Show: ${one.title}`, ...(n < 9 ? { keys: `v ${n + 1}` } : {}) })), dismiss, again]);

  const dismissed = (done: readonly string[]) => {
    setDismissing(false);
    const gone = new Set(done);
    setMarked(new Set([...marked].filter((id) => !gone.has(id))));
    if (shown !== null && gone.has(shown)) onOpen(rows.find((row) => !gone.has(row.id))?.id);
  };

  return (
    <>
      <ListDetail
        open={open !== undefined}
        list={
          <ListPane
            head={
              <span className={styles.view}>
                <Menu kind="quiet" label={view?.label ?? "Open"} after={<ChevronDownIcon size={12} />} actions={viewActions} />
              </span>
            }
            tools={<ChannelFilters search={search} open={filtering} onOpen={setFiltering} onChange={go} />}
          >
            {pages.error ? (
              <div className={styles.problem}>
                <ErrorNotice error={pages.error} title="The channel conflicts could not be read" actions={<Button onPress={pages.again}>Try again</Button>} />
              </div>
            ) : (
              <div className={styles.listBox} aria-busy={pages.isPending}>
                <RecordList
                  label="Channel conflicts"
                  groups={[{ id: "all", title: "By severity, then the clock", ...(pages.first ? { count: pages.first.total } : {}), rows }]}
                  idOf={idOf}
                  textOf={(row) => `${row.account}, ${labels.ConflictKind[row.kind]}`}
                  row={(row) => <Row row={row} />}
                  selected={shown}
                  onSelect={onOpen}
                  onOpen={onOpen}
                  onLeave={() => onOpen(undefined)}
                  marked={marked}
                  onMark={setMarked}
                  onMore={pages.more}
                  isLoadingMore={pages.isFetching}
                  empty={pages.isPending ? undefined : narrowed ? <NoMatch onClear={() => go(Object.fromEntries(FILTERS.map((name) => [name, undefined])))} /> : <Nothing view={search.view} label={view?.label} again={again} />}
                />
              </div>
            )}
          </ListPane>
        }
        detail={
          <>
            {shown === null ? (
              !pages.isPending && <div className={styles.nothing}>Nothing is open</div>
            ) : (
              <ChannelPane key={shown} id={shown} bulk={marked.size > 0} onAnswered={() => onOpen(afterAnswer(rows, idOf, shown))} />
            )}
            <SelectionBar count={marked.size} sum={chosen.length < marked.size ? `${chosen.length} can be dismissed` : undefined}>
              <Button kind="quiet" keys="d" isDisabled={chosen.length === 0} onPress={() => setDismissing(true)}>
                Dismiss
              </Button>
              <Button kind="quiet" keys="Escape" onPress={() => setMarked(NOTHING)}>
                Clear
              </Button>
            </SelectionBar>
          </>
        }
      />
      {dismissing && <DismissDialog rows={chosen} onDone={dismissed} onClose={() => setDismissing(false)} />}
    </>
  );
}

function Row({ row }: { row: ConflictRow }) {
  const { clock, state } = row;
  const runs = clock && (clock.state === "running" || clock.state === "over");
  return (
    <TwoLines
      name={
        <>
          <Severity band={row.band} value={row.severity} /> {row.account}
        </>
      }
      end={runs ? <ClockChip {...chipOf(clock)} words={(span) => clockWords(clock.rule, span, true)} /> : <span className="t3">{labels.ConflictState[state].toLowerCase()}</span>}
      second={[labels.ConflictKind[row.kind], row.parties.map((party) => party.name).join(", ")].filter(Boolean).join(" · ")}
      secondEnd={row.value ? <Money value={row.value} /> : undefined}
    />
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState title="Nothing matches" action={<Button onPress={onClear}>Clear the filters</Button>}>
      No channel conflict of this view is like that.
    </EmptyState>
  );
}

function Nothing({ view, label, again }: { view: string | undefined; label: string | undefined; again: Action }) {
  if (view === "closed") return <EmptyState title="Nothing is settled yet">What is settled, dismissed or has ended by itself stays here, with how and by whom.</EmptyState>;
  return (
    <EmptyState title={view === undefined ? "No channel conflict" : `Nothing in “${label ?? view}”`} action={<Button action={again}>Look again now</Button>}>
      Two parties with a claim on one account stand here after every sync and every registration, with who stands first and by which rule.
    </EmptyState>
  );
}
