/**
 * The Inbox: registrations by the time left to decide, the open one beside them. Whose queue, which, how sorted, what words and
 * what is open stand in the address, so that coming back is coming back; marks for a bulk decision are the screen's own.
 *
 * A second list (Shift+V) has what is decided and still wants a look; its records open in the same pane.
 *
 * The list moves on after a decision: which row comes next is known before the command is sent, because the decided one may
 * leave the list before its answer arrives.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { BulkAct, InboxQuery, InboxShow, InboxView } from "../../api/api.gen";
import { useCommand, useOp, usePages, useReadAhead } from "../../api/queries";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Dialog";
import { Segments, TextField } from "../../components/Field";
import { ArrowDownIcon, ArrowUpIcon, ChevronDownIcon, FilterIcon, SearchIcon } from "../../components/icons";
import { ListDetail, ListPane, SelectionBar } from "../../components/ListDetail";
import { RecordList } from "../../components/RecordList";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { optionsOf } from "../../format/words";
import { BULK_NAME } from "./bulk";
import { BulkDialog } from "./BulkDialog";
import { ContestDialog } from "./ContestDialog";
import { afterDeciding, canDecide } from "./decide";
import styles from "./Inbox.module.css";
import { SHOWS, SORTS } from "./inbox.search";
import type { InboxSearch } from "./inbox.search";
import { InboxViews } from "./InboxViews";
import { protectionGroups, ProtectionsList } from "./ProtectionsList";
import { RegistrationPane } from "./RegistrationPane";
import { RegistrationRow } from "./RegistrationRow";
import { groupRows } from "./rows";
import { isView, viewSearch, viewWords } from "./views";

const SCOPE_NAMES = optionsOf(labels.Scope);
const SHOW_NAME = labels.InboxShow;
const SORT_NAME = labels.InboxSort;
/** What can be done with a selection, each by the key that it has alone. */
const BULKS = [["approve", "a"], ["decline", "d"], ["ask", "i"], ["snooze", "s"], ["claim", "c"]] as const satisfies readonly (readonly [BulkAct, string])[];
const NOTHING: ReadonlySet<string> = new Set();

/** The screen. */
export function InboxScreen() {
  const navigate = useNavigate({ from: "/inbox" });
  const search: InboxSearch = useSearch({ from: "/inbox" });
  const { scope = "team", show = "open", sort = "time_left", direction = "ascending", text = "", partner } = search;
  const [marked, setMarked] = useState<ReadonlySet<string>>(NOTHING);
  const [bulk, setBulk] = useState<BulkAct | null>(null);
  const [contesting, setContesting] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [filtering, setFiltering] = useState(text !== "");
  const me = useOp("status", undefined).data?.me ?? null;
  const request = (after: string | null): InboxQuery => ({ scope, show, sort, direction, partner: partner ?? null, text: text === "" ? null : text, after, limit: 50 });
  const pages = usePages("inbox", request);
  const views = useOp("inboxViews", undefined).data ?? [];
  const { rows } = pages;
  const now = useNow();
  const total = pages.first?.total ?? 0;
  // What was decided here and not sent comes along with those that wait, beyond their total.
  const waiting = show === "open" ? rows.filter((row) => row.group !== "decided").length : rows.length;
  const groups = groupRows(rows, sort, waiting >= total, now);
  const shown = groups.flatMap((group) => group.rows);
  const protections = search.list === "protections";
  const kept = useOp("protections", partner === undefined ? {} : { partner }, { enabled: protections });
  const selected = search.open ?? (protections ? protectionGroups(kept.data ?? [])[0]?.rows[0]?.id : shown[0]?.id) ?? null;
  useReadAhead("registration", shown[shown.findIndex((row) => row.id === selected) + 1]?.id);
  const ids = shown.filter((row) => canDecide(row) || row.id === selected).map((row) => row.id);
  const place = useRef<string | null>(null);

  const go = (change: Partial<InboxSearch>) => void navigate({ to: "/inbox", search: (old) => ({ ...old, ...change }), replace: true });
  const open = (id: string) => {
    place.current = afterDeciding(
      shown.filter((row) => canDecide(row) || row.id === id).map((row) => row.id),
      id,
    );
    go({ open: id });
  };
  /** The row after the decided one: from the list as it stands, or as it stood when the decided one was in it. */
  const next = (id: string) => go({ open: afterDeciding(ids, id) ?? place.current ?? undefined });

  const takeBack = useCommand("undo", { failed: "It could not be taken back" });
  const decidedThese = (decided: ReadonlySet<string>) => {
    setBulk(null);
    setContesting(false);
    setMarked(new Set([...marked].filter((id) => !decided.has(id))));
    if (selected !== null && decided.has(selected)) go({ open: ids.find((id) => !decided.has(id)) });
  };
  const chosen = rows.filter((row) => marked.has(row.id) && canDecide(row));
  const leave = () => {
    setFiltering(false);
    go({ text: undefined, open: undefined });
  };

  const openView = (view: InboxView) => {
    setChoosing(false);
    setMarked(NOTHING);
    setFiltering(Boolean(view.query.text));
    void navigate({ to: "/inbox", search: viewSearch(view.query) });
  };
  const view = views.find((one) => isView(one.query, request(null)));
  const contest: Action = { id: "inbox.contest", title: "Decide between the selected claims", keys: "w", group: "Selection", when: chosen.length > 1, run: () => setContesting(true) };
  const toImport: Action = { id: "inbox.import", title: "Import registrations", keys: "Shift+I", group: "Inbox", run: () => void navigate({ to: "/import" }) };
  const bulks: Action[] = BULKS.map(([act, keys]) => ({ id: `inbox.bulk.${act}`, title: `${BULK_NAME[act]} the selection`, keys, group: "Selection", when: marked.size > 0 && chosen.length > 0, run: () => setBulk(act) }));

  useActions([
    { id: "inbox.filter", title: "Filter the inbox", keys: "f", group: "Inbox", run: () => setFiltering(true) },
    ...SCOPE_NAMES.map((one) => ({ id: `inbox.scope.${one.id}`, title: `Show ${one.name.toLowerCase()}`, group: "Inbox", when: scope !== one.id, run: () => go({ scope: one.id, open: undefined }) })),
    ...SHOWS.map((one) => ({
      id: `inbox.show.${one}`,
      title: `Show ${SHOW_NAME[one].toLowerCase()} registrations`,
      group: "Inbox",
      when: show !== one || protections,
      run: () => go({ list: undefined, show: one, open: undefined }),
    })),
    { id: "inbox.protections", title: "Show what wants a look among the protections", keys: "Shift+V", group: "Inbox", when: !protections, run: () => go({ list: "protections", open: undefined }) },
    ...bulks,
    contest,
    toImport,
    { id: "inbox.covers", title: "Who covers whom", hint: "in Settings", group: "Inbox", run: () => void navigate({ to: "/settings" }) },
    { id: "inbox.views", title: "Views of the inbox", keys: "v", group: "Inbox", run: () => setChoosing(true) },
    ...views.map((view) => ({ id: `inbox.view.${view.name}`, title: `Open the view ${view.name}`, hint: viewWords(view.query), group: "Inbox", run: () => openView(view) })),
  ]);

  const sorts = SORTS.map((one) => ({ id: one, title: SORT_NAME[one], run: () => go({ sort: one, direction: one === sort && direction === "ascending" ? "descending" : "ascending" }) }));
  const shows = [
    ...SHOWS.map((one) => ({ id: one as string, title: SHOW_NAME[one], run: () => go({ list: undefined, show: one, open: undefined }) })),
    { id: "protections", title: "Protections", hint: "appeals, extensions, untouched", run: () => go({ list: "protections", open: undefined }) },
  ];

  const showing = <Menu kind="quiet" label={protections ? "Protections" : SHOW_NAME[show]} after={<ChevronDownIcon size={12} />} actions={shows} />;
  const list = protections ? (
    <ListPane head="By what is wanted" tools={showing}>
      <ProtectionsList partner={partner} selected={selected} onSelect={(id) => go({ open: id })} onLeave={() => go({ open: undefined })} />
    </ListPane>
  ) : (
    <ListPane
      head={
        <div className={styles.sort}>
          <Menu kind="quiet" label={SORT_NAME[sort]} after={direction === "ascending" ? <ArrowUpIcon size={12} /> : <ArrowDownIcon size={12} />} actions={sorts} />
        </div>
      }
      tools={
        <>
          {showing}
          <Button kind="icon" label="Filter" icon={<FilterIcon size={14} />} pressed={filtering} onPress={() => (filtering ? leave() : setFiltering(true))} />
        </>
      }
    >
      <div className={styles.bar}>
        <Segments label="Whose" options={SCOPE_NAMES} value={scope} onChange={(to) => go({ scope: to, open: undefined })} />
        <span className={`end ${styles.viewName}`}>
          <Button kind="quiet" keys="v" onPress={() => setChoosing(true)}>
            <span className="cut">{view?.name ?? "Views"}</span>
          </Button>
        </span>
      </div>
      {filtering && (
        // Esc in the field takes the filter away; the field handles every other key itself.
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
        <div
          className={styles.bar}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            leave();
          }}
        >
          <TextField label="Company or partner" hideLabel placeholder="Company or partner" icon={<SearchIcon size={14} />} value={text} onChange={(words) => go({ text: words === "" ? undefined : words, open: undefined })} maxLength={200} autoFocus wide />
        </div>
      )}
      {pages.error ? (
        <ErrorNotice error={pages.error} title="The inbox could not be read" />
      ) : (
        <RecordList
          label="Registrations"
          groups={groups}
          idOf={(row) => row.id}
          textOf={(row) => row.company}
          row={(row) => <RegistrationRow row={row} me={me} />}
          selected={selected}
          onSelect={open}
          onOpen={open}
          marked={marked}
          onMark={setMarked}
          onLeave={() => go({ open: undefined })}
          onMore={pages.more}
          isLoadingMore={pages.isFetching}
          empty={pages.isPending ? undefined : <Empty filtered={text !== "" || partner !== undefined} show={show} scope={scope} onClear={() => go({ text: undefined, partner: undefined })} onTeam={() => go({ scope: "team" })} />}
        />
      )}
    </ListPane>
  );

  const sub = protections ? kept.data && countOf(kept.data.length, "protection to look at", "protections to look at") : pages.isPending ? undefined : countOf(total, "registration");
  return (
    <Screen title="Inbox" sub={sub} tools={<Button action={toImport}>Import</Button>}>
      <ListDetail
        open={search.open !== undefined}
        list={list}
        detail={
          <>
            {selected === null ? (
              !pages.isPending && <div className={styles.nothing}>Nothing is open</div>
            ) : (
              <RegistrationPane key={selected} id={selected} me={me} bulk={marked.size > 0} onDecided={() => !protections && next(selected)} onUndone={(id) => go({ open: id })} />
            )}
            <SelectionBar count={marked.size} sum={chosen.length < marked.size ? `${chosen.length} can be decided` : undefined}>
              {BULKS.map(([act, keys], n) => (
                <Button key={act} kind="quiet" keys={keys} isDisabled={chosen.length === 0} onPress={() => bulks[n]?.run()}>
                  {BULK_NAME[act]}
                </Button>
              ))}
              {chosen.length > 1 && (
                <Button kind="quiet" action={contest}>
                  Decide between
                </Button>
              )}
              <Button kind="quiet" keys="Escape" onPress={() => setMarked(NOTHING)}>
                Clear
              </Button>
            </SelectionBar>
          </>
        }
      />
      {contesting && <ContestDialog rows={chosen} first={selected} onUndo={(decided) => takeBack.mutate({ decision: decided.decision })} onDone={decidedThese} onClose={() => setContesting(false)} />}
      {choosing && <InboxViews views={views} current={request(null)} onOpen={openView} onClose={() => setChoosing(false)} />}
      {bulk !== null && (
        <BulkDialog
          act={bulk}
          rows={chosen}
          onClose={() => setBulk(null)}
          onDone={decidedThese}
        />
      )}
    </Screen>
  );
}

function Empty({ filtered, show, scope, onClear, onTeam }: { filtered: boolean; show: InboxShow; scope: string; onClear: () => void; onTeam: () => void }) {
  if (filtered) {
    return (
      <EmptyState title="Nothing matches" action={<Button onPress={onClear}>Clear the filter</Button>}>
        No registration in this view has these words in its company or partner.
      </EmptyState>
    );
  }
  if (show === "decided") return <EmptyState title="Nothing has been decided">Decisions are kept here with their reason.</EmptyState>;
  if (show === "snoozed") return <EmptyState title="Nothing is put aside">S puts a registration aside until a day; it comes back by itself.</EmptyState>;
  return (
    <EmptyState title="No registration is waiting" action={scope === "team" ? undefined : <Button onPress={onTeam}>Look at the team’s</Button>}>
      New claims appear here after a sync, the one with the least time left first.
    </EmptyState>
  );
}
