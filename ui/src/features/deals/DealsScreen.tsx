/**
 * Deals: saved views as tabs with their counts, filters as chips, a dense table that SQL sorts and pages, sums per currency below.
 * Enter opens a deal: the table becomes the list at the left with the same rows in the same order, the deal stands beside it,
 * and Esc brings the table back. View, filters, order and the open deal are in the address.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { DealFilter, DealRow, DealSort, DealView, Direction } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Segments } from "../../components/Field";
import { BoardIcon, TableIcon } from "../../components/icons";
import { ListDetail, SelectionBar, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { RecordTable } from "../../components/RecordTable";
import type { TableColumn, TableGroup } from "../../components/RecordTable";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { Tabs } from "../../components/Tabs";
import { Money, useNow } from "../../components/When";
import { dealWords } from "../../format/deal";
import { countOf, formatCount } from "../../format/number";
import { wordOf } from "../../format/words";
import { BoardTab } from "./BoardTab";
import { BulkEditDialog } from "./BulkEditDialog";
import { CellEditor, EDITED } from "./CellEditor";
import type { EditedCell } from "./CellEditor";
import { closeCell, firstSum, notesCell, protectionCell, sumsText } from "./cellWords";
import { CreditCell, DealName, HygieneCell, StageCell, Words } from "./Cells";
import { DEAL_COLUMNS, hiddenIn } from "./columns";
import type { DealColumn } from "./columns";
import { DealFilters } from "./DealFilters";
import { DealPane } from "./DealPane";
import { DealViews } from "./DealViews";
import { SORTS, VIEWS } from "./deals.search";
import type { DealsSearch, View } from "./deals.search";
import styles from "./Deals.module.css";
import { MendTab } from "./MendTab";
import { useDeals, useMotionTotals } from "./useDeals";
import { dayOf } from "../../format/time";
import { cleared, dealFilter, FILTERS, isView, ownFilter, searchOf, VIEW_NAME, VIEW_SORT, viewFilter, viewWords } from "./views";

const NOTHING: ReadonlySet<string> = new Set();
const LOOKS_OFFERED = [
  { id: "table", name: <><TableIcon size={14} /> Table</> },
  { id: "board", name: <><BoardIcon size={14} /> Board</> },
  { id: "mend", name: "Put right" },
] as const;

/** What an order puts first, ascending and descending. */
const FIRST: Record<DealSort, readonly [string, string]> = {
  name: ["by account", "by account, from the end"],
  partner: ["by partner", "by partner, from the end"],
  stage: ["first stage first", "last stage first"],
  amount: ["smallest first", "largest first"],
  hygiene: ["lowest hygiene first", "highest hygiene first"],
  protection: ["protection that ends soonest first", "protection that ends last first"],
  close_date: ["closing soonest first", "closing last first"],
  notes_age: ["oldest notes first", "newest notes first"],
};

/** Notes are sorted by their day and shown as an age, which grows the other way. */
function shownDirection(sort: DealSort, direction: Direction): Direction {
  if (sort !== "notes_age") return direction;
  return direction === "ascending" ? "descending" : "ascending";
}

/** The screen. */
export function DealsScreen() {
  const navigate = useNavigate({ from: "/deals" });
  const search: DealsSearch = useSearch({ from: "/deals" });
  const now = useNow();
  // The day, not the moment: what is asked must not change with every tick of the clock.
  const today = new Date(`${dayOf(now)}T00:00`).getTime();
  const view = search.view ?? "open";
  const sort = search.sort ?? VIEW_SORT[view].sort;
  const direction = search.direction ?? (search.sort === undefined ? VIEW_SORT[view].direction : "ascending");
  const filter = dealFilter(search, today);
  const hidden = hiddenIn(search.hide);
  const board = search.as === "board";
  const grouped = view === "open";
  const [dialog, setDialog] = useState<"all" | DealColumn | null>(null);
  const [cell, setCell] = useState<EditedCell | null>(null);
  const undo = useCommand("undo", { done: "Taken back", failed: "It could not be taken back" });
  const [choosing, setChoosing] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(NOTHING);
  const [editing, setEditing] = useState(false);
  const last = useLastOpen(search.open);
  const views = useOp("dealViews", undefined).data ?? [];
  const current = { view, filter: ownFilter(search), sort, direction };
  const deals = useDeals(filter, sort, direction, grouped);
  const totals = useOp("dealTotals", filter, { keep: true }).data;
  const motions = useMotionTotals(filter, grouped);
  const counts = useViewCounts(today);
  const lastFilter = FILTERS.findLast((name) => search[name] !== undefined);
  const onTable = search.open === undefined && search.as === undefined;
  const narrowed = search.text !== undefined || FILTERS.some((name) => search[name] !== undefined);

  const go = (change: Partial<DealsSearch>, replace = true) => void navigate({ to: "/deals", search: (old) => ({ ...old, ...change }), replace });
  const show = (to: View) => {
    setSelected(NOTHING);
    void navigate({ to: "/deals", search: { ...cleared(search), view: to, open: undefined, sort: undefined, direction: undefined } });
  };
  const leave = () => go({ open: undefined });
  const openView = (kept: DealView) => {
    setChoosing(false);
    void navigate({ to: "/deals", search: { ...searchOf(kept), as: search.as } });
  };
  const look = (as: DealsSearch["as"]) => go({ as, open: undefined });

  const chosen = deals.rows.filter((row) => selected.has(row.id));
  const bulk: Action = { id: "deals.bulk", title: "Edit the selection", keys: "e", group: "Selection", when: search.open === undefined && search.as === undefined && chosen.length > 0, run: () => setEditing(true) };

  useActions([
    bulk,
    { id: "deals.filter", title: "Filter deals", keys: "f", group: "Deals", run: () => setDialog("all") },
    { id: "deals.lessFilter", title: "Take the last filter away", keys: "Backspace", group: "Deals", when: search.open === undefined && lastFilter !== undefined, run: () => lastFilter && go({ [lastFilter]: undefined }) },
    ...DEAL_COLUMNS.map((column) => ({ id: `deals.column.${column.id}`, title: `Column ${column.title}: order, filters, place`, group: "Deals", when: onTable, run: () => setDialog(column) })),
    { id: "deals.clear", title: "Clear the filters", group: "Deals", when: narrowed, run: () => void navigate({ to: "/deals", search: cleared(search), replace: true }) },
    { id: "deals.look", title: board ? "Show the table" : "Show the board", keys: "b", group: "Deals", when: search.open === undefined, run: () => look(board ? undefined : "board") },
    { id: "deals.mend", title: "What to put right first", keys: "r", group: "Deals", when: search.open === undefined && search.as !== "mend", run: () => look("mend") },
    { id: "deals.views", title: "Views of deals", keys: "v", group: "Deals", run: () => setChoosing(true) },
    ...views.map((one) => ({ id: `deals.kept.${one.name}`, title: `Open the view ${one.name}`, hint: viewWords(one), group: "Deals", run: () => openView(one) })),
    ...VIEWS.map((one, n) => ({ id: `deals.view.${one}`, title: VIEW_NAME[one], keys: String(n + 1), group: "Views", hint: `Deals, ${formatCount(counts[one] ?? 0)}`, when: view !== one, run: () => show(one) })),
  ]);

  const groups: TableGroup<DealRow>[] =
    deals.groups === null
      ? [{ id: "all", rows: deals.rows }]
      : deals.groups.map(({ motion, rows }) => {
          const sum = firstSum(motions[motion]?.sums ?? []);
          return {
            id: motion,
            title: wordOf(motion),
            note: countOf(motions[motion]?.count ?? rows.length, "deal"),
            cells: { amount: <b title={sum.title}>{sum.text}</b> },
            rows,
          };
        });
  const withMotion = Object.values(motions).reduce((all, one) => all + (one?.count ?? 0), 0);
  const without = grouped && totals !== undefined && filter.motion === undefined && Object.values(motions).every(Boolean) ? totals.count - withMotion : 0;
  const order = `${grouped ? "grouped by motion, " : ""}${FIRST[sort][direction === "ascending" ? 0 : 1]}`;
  const empty = deals.pending ? <div aria-busy="true" /> : <Empty view={view} narrowed={narrowed} onClear={() => void navigate({ to: "/deals", search: cleared(search), replace: true })} onAll={() => show("all")} />;

  return (
    <Screen title="Deals" sub={counts.all === undefined ? undefined : `${formatCount(counts.anyOpen ?? 0)} open of ${formatCount(counts.all)}`}>
      <Tabs label="Saved views" tabs={VIEWS.map((id) => ({ id, name: VIEW_NAME[id], count: counts[id] === undefined ? undefined : formatCount(counts[id]) }))} value={view} onChange={show} trailing={<Segments label="As" options={LOOKS_OFFERED} value={search.as ?? "table"} onChange={(as) => look(as === "table" ? undefined : as)} />}>
        <DealFilters search={search} onChange={go} order={search.as === undefined ? order : ""} view={views.find((one) => isView(one, current))?.name} onViews={() => setChoosing(true)} dialog={dialog} onDialog={setDialog} />
        {deals.error ? (
          <div className={styles.problem}>
            <ErrorNotice error={deals.error} title="The deals could not be read" />
          </div>
        ) : search.open === undefined && board ? (
          <BoardTab filter={filter} now={now} begin={last} onMotion={(motion) => go({ motion })} onOpen={(id) => go({ open: id }, false)} />
        ) : search.open === undefined && search.as === "mend" ? (
          <MendTab filter={filter} begin={last} onOpen={(id) => go({ open: id }, false)} />
        ) : search.open === undefined ? (
          <div className={styles.tablePlace}>
            <RecordTable
              label={`Deals: ${VIEW_NAME[view]}`}
              columns={columnsAt(now).filter((column) => !hidden.has(column.id))}
              groups={groups}
              idOf={(row) => row.id}
              textOf={(row) => row.name}
              sort={{ column: sort, direction: shownDirection(sort, direction) }}
              onSort={({ column, direction: to }) => {
                const by = SORTS.find((one) => one === column) ?? sort;
                go({ sort: by, direction: shownDirection(by, to) });
              }}
              selected={selected}
              onSelected={setSelected}
              onOpen={(id) => go({ open: id }, false)}
              onEdit={(deal, column, at) => {
                const field = EDITED.find((one) => one === column);
                if (field !== undefined) setCell({ deal, field, cell: at });
              }}
              onColumn={(id) => setDialog(DEAL_COLUMNS.find((column) => column.id === id) ?? null)}
              begin={last}
              onMore={deals.more}
              isLoadingMore={deals.fetching}
              empty={empty}
            />
            <SelectionBar count={selected.size}>
              <Button kind="quiet" action={bulk}>
                Edit
              </Button>
              <Button kind="quiet" keys="Escape" onPress={() => setSelected(NOTHING)}>
                Clear
              </Button>
            </SelectionBar>
          </div>
        ) : (
          <ListDetail
            open
            list={
              <RecordList
                label="Deals"
                groups={groups.map((group) => ({ id: group.id, rows: group.rows, ...(deals.groups === null ? {} : { title: wordOf(group.id), count: motions[group.id as keyof typeof motions]?.count ?? group.rows.length }) }))}
                idOf={(row) => row.id}
                textOf={(row) => row.name}
                row={(row) => <ListRow row={row} now={now} />}
                selected={search.open}
                onSelect={(id) => go({ open: id })}
                onLeave={leave}
                onMore={deals.more}
                isLoadingMore={deals.fetching}
                empty={empty}
              />
            }
            detail={<DealPane key={search.open} id={search.open} onLeave={leave} />}
          />
        )}
        <footer className={styles.foot}>
          <span>
            {totals === undefined ? "" : countOf(totals.count, "deal")}
            {without > 0 && `, ${formatCount(without)} without a motion (see Missing fields)`}
          </span>
          <span className="end cut" title={totals && sumsText(totals.sums)}>
            {totals !== undefined && totals.count > 0 && (
              <>
                <b className="tn">{sumsText(totals.sums)}</b> in {filter.outcome === "won" ? "won" : filter.outcome === "open" ? "open" : "all"} deals
              </>
            )}
          </span>
        </footer>
      </Tabs>
      {cell !== null && <CellEditor at={cell} onUndo={(decided) => undo.mutate({ decision: decided.decision })} onClose={() => setCell(null)} />}
      {editing && (
        <BulkEditDialog
          rows={chosen}
          onClose={() => setEditing(false)}
          onDone={(changed) => {
            setEditing(false);
            setSelected(new Set([...selected].filter((id) => !changed.has(id))));
          }}
        />
      )}
      {choosing && <DealViews views={views} current={current} onOpen={openView} onClose={() => setChoosing(false)} />}
    </Screen>
  );
}

/** How many deals each view has, whatever narrows the one on screen. */
function useViewCounts(today: number): Partial<Record<View | "anyOpen", number>> {
  const count = (filter: DealFilter) => filter;
  const anyOpen = useOp("dealTotals", count({ outcome: "open" }), { keep: true }).data?.count;
  const open = useOp("dealTotals", viewFilter("open", today), { keep: true }).data?.count;
  const protection = useOp("dealTotals", viewFilter("protection", today), { keep: true }).data?.count;
  const stalled = useOp("dealTotals", viewFilter("stalled", today), { keep: true }).data?.count;
  const missing = useOp("dealTotals", viewFilter("missing", today), { keep: true }).data?.count;
  const won = useOp("dealTotals", viewFilter("won", today), { keep: true }).data?.count;
  const all = useOp("dealTotals", viewFilter("all", today), { keep: true }).data?.count;
  return Object.fromEntries(Object.entries({ anyOpen, open, protection, stalled, missing, won, all }).filter(([, n]) => n !== undefined));
}

function columnsAt(now: number): TableColumn<DealRow>[] {
  return [
    { id: "name", title: "Account", width: "13fr", minWidth: 190, sortable: true, cell: (row) => <DealName row={row} /> },
    { id: "partner", title: "Partner", width: "9fr", minWidth: 134, sortable: true, cell: (row) => (row.partner === null ? <span className="t3">direct</span> : <span className="cut" title={row.partner}>{row.partner}</span>) },
    { id: "stage", title: "Stage", width: "13fr", minWidth: 184, sortable: true, editable: true, cell: (row) => <StageCell row={row} /> },
    { id: "amount", title: "Amount", width: 108, align: "right", sortable: true, editable: true, cell: (row) => <Money value={row.amount} /> },
    { id: "credit", title: "Credit", width: 122, cell: (row) => <CreditCell row={row} /> },
    { id: "hygiene", title: "Hygiene", width: 80, sortable: true, cell: (row) => <HygieneCell percent={row.hygiene} /> },
    { id: "protection", title: "Prot.", width: 58, align: "right", sortable: true, cell: (row) => <Words cell={protectionCell(row, now)} /> },
    { id: "close_date", title: "Close", width: 76, align: "right", sortable: true, editable: true, cell: (row) => <Words cell={closeCell(row, now)} /> },
    { id: "notes_age", title: "Notes", width: 76, align: "right", sortable: true, cell: (row) => <Words cell={notesCell(row, now)} /> },
  ];
}

function ListRow({ row, now }: { row: DealRow; now: number }) {
  const { head, rest } = dealWords(row);
  return (
    <TwoLines
      name={
        <>
          {head} {rest !== "" && <span className={styles.restWords}>{rest}</span>}
        </>
      }
      end={<Words cell={closeCell(row, now)} />}
      second={[row.partner ?? "direct", row.stage].join(" · ")}
      secondEnd={<Money value={row.amount} />}
    />
  );
}

const EMPTY: Record<View, { title: string; text: string }> = {
  open: { title: "No open deal with a partner", text: "Open deals that name a partner organisation stand here by motion." },
  protection: { title: "No protection ends soon", text: "Deals whose protection ends within 30 days come here before it does." },
  stalled: { title: "Nothing stands still", text: "Deals past their stage’s days or past their close date come here." },
  missing: { title: "No field is missing", text: "Every open deal with a partner has its six hard fields." },
  won: { title: "Nothing won yet this quarter", text: "Deals with a partner that close as won this quarter stand here." },
  all: { title: "No deals", text: "Deals appear here after the first sync." },
};

function Empty({ view, narrowed, onClear, onAll }: { view: View; narrowed: boolean; onClear: () => void; onAll: () => void }) {
  if (narrowed) {
    return (
      <EmptyState title="Nothing matches" action={<Button onPress={onClear}>Clear the filters</Button>}>
        No deal of this view passes the filters.
      </EmptyState>
    );
  }
  const { title, text } = EMPTY[view];
  return (
    <EmptyState title={title} action={view === "all" ? undefined : <Button onPress={onAll}>Look at all deals</Button>}>
      {text}
    </EmptyState>
  );
}
