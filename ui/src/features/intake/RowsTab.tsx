/** The rows with their verdicts, filtered by it; the open one with every value and where it was found, what is wrong, what it looks like. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { labels } from "../../api/api.gen";
import type { Import, IntakeRow } from "../../api/api.gen";
import { useActions } from "../../actions/useActions";
import { usePages } from "../../api/queries";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Dialog";
import { ChevronDownIcon } from "../../components/icons";
import { ListDetail, ListPane } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { Sign } from "../../components/Verdict";
import { formatCount } from "../../format/number";
import { canSave, countOfVerdict, VERDICT_SIGN } from "./intake";
import { VERDICTS } from "./intake.search";
import styles from "./Intake.module.css";
import { RowPane } from "./RowPane";

/** The tab. */
export function RowsTab({ read, marked, onMark, onChanged }: { read: Import; marked: ReadonlySet<string>; onMark: (marked: ReadonlySet<string>) => void; onChanged: () => void }) {
  const navigate = useNavigate({ from: "/import" });
  const search = useSearch({ from: "/import" });
  const { verdict } = search;
  const pages = usePages("importRows", (after) => ({ import: read.id, verdict: verdict ?? null, after, limit: 100 }));
  const { rows } = pages;
  const open = rows.find((row) => String(row.number) === search.open) ?? rows[0];
  const go = (to: string | undefined) => void navigate({ search: (old) => ({ ...old, tab: "rows", open: to }), replace: true });
  const filters = [undefined, ...VERDICTS]
    .filter((one) => one === undefined || one === verdict || countOfVerdict(read.counts, one) > 0)
    .map((one) => ({
      id: `import.show.${one ?? "all"}`,
      title: one === undefined ? "All" : labels.RowVerdict[one],
      hint: formatCount(countOfVerdict(read.counts, one)),
      group: "Rows",
      run: () => void navigate({ search: (old) => ({ ...old, tab: "rows", verdict: one, open: undefined }), replace: true }),
    }));
  const isFiltered = verdict !== undefined;
  useActions(filters.map((one) => ({ ...one, title: `Show ${one.title.toLowerCase()} rows` })));
  // Only what can be saved can be marked.
  const mark = (next: ReadonlySet<string>) => onMark(new Set([...next].filter((id) => marked.has(id) || rows.some((row) => String(row.number) === id && canSave(row)))));
  return (
    <ListDetail
      open={search.open !== undefined}
      list={
        <ListPane head={
            <div className={styles.filter}>
              <Menu kind="quiet" label={verdict === undefined ? "All rows" : labels.RowVerdict[verdict]} after={<ChevronDownIcon size={12} />} actions={filters} />
            </div>
          } tools={<span className="t3 small">{marked.size > 0 ? `${formatCount(marked.size)} selected` : formatCount(pages.first?.total ?? 0)}</span>}>
          {pages.error ? (
            <ErrorNotice error={pages.error} title="The rows could not be read" />
          ) : (
            <RecordList
              label="Rows"
              groups={[{ id: "all", rows }]}
              idOf={(row) => String(row.number)}
              textOf={(row) => `${row.company ?? "no company"}, ${labels.RowVerdict[row.verdict]}`}
              row={(row) => <RowLine row={row} />}
              selected={open === undefined ? null : String(open.number)}
              onSelect={go}
              onOpen={go}
              marked={marked}
              onMark={mark}
              onLeave={() => go(undefined)}
              onMore={pages.more}
              isLoadingMore={pages.isFetching}
              empty={
                pages.isPending ? undefined : (
                  <EmptyState title={isFiltered ? "No row has this verdict" : "There are no rows"} action={isFiltered ? <Button onPress={() => filters[0]?.run()}>Show all</Button> : undefined}>
                    {isFiltered ? "Another filter shows the others." : "The file has a header at most."}
                  </EmptyState>
                )
              }
            />
          )}
        </ListPane>
      }
      detail={open && <RowPane key={open.number} read={read} row={open} onChanged={onChanged} />}
    />
  );
}

function RowLine({ row }: { row: IntakeRow }) {
  return (
    <TwoLines
      name={row.company ?? <span className="t3">no company</span>}
      end={
        <span className={styles.verdict}>
          <Sign outcome={VERDICT_SIGN[row.verdict]} size={12} />
          {labels.RowVerdict[row.verdict]}
        </span>
      }
      second={row.verdict === "ok" ? (row.partner ?? "no partner") : row.why}
      secondEnd={row.at}
    />
  );
}
