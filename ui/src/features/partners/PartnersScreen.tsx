/**
 * Partners: the list with its filters at the left, one partner beside it. Filters, order and what is open stand in the address. `O`
 * opens the call sheet of the open partner, `L` the quick log.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { PartnerRow } from "../../api/api.gen";
import { usePages } from "../../api/queries";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Dialog";
import { Select, TextField } from "../../components/Field";
import { ArrowDownIcon, ArrowUpIcon, FilterIcon, SearchIcon, WarningIcon } from "../../components/icons";
import { ListDetail, ListPane } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { formatMoney } from "../../format/money";
import { countOf } from "../../format/number";
import { wordOf } from "../../format/words";
import { PartnerPane } from "./PartnerPane";
import styles from "./Partners.module.css";
import { SORTS, STATUSES, TIERS, TYPES } from "./partners.search";
import type { PartnersSearch } from "./partners.search";
import { typeName } from "./words";

const ANY = "any";
const SORT_NAME = labels.PartnerSort;

/** The screen. */
export function PartnersScreen() {
  const navigate = useNavigate({ from: "/partners" });
  const search: PartnersSearch = useSearch({ from: "/partners" });
  const { type, tier, status, text = "", sort = "name", direction = "ascending" } = search;
  const filtered = type !== undefined || tier !== undefined || status !== undefined || text !== "";
  const [filtering, setFiltering] = useState(filtered);
  const pages = usePages("partners", (after) => ({ partner_type: type ?? null, tier: tier ?? null, status: status ?? null, text: text === "" ? null : text, sort, direction, after, limit: 100 }));
  const { rows } = pages;
  const total = pages.first?.total ?? 0;
  const selected = search.open ?? rows[0]?.id ?? null;

  const go = (change: Partial<PartnersSearch>) => void navigate({ to: "/partners", search: (old) => ({ ...old, ...change }), replace: true });
  const clear = () => {
    setFiltering(false);
    go({ type: undefined, tier: undefined, status: undefined, text: undefined, open: undefined });
  };
  useActions([
    { id: "partners.filter", title: "Filter the partners", keys: "f", group: "Partners", run: () => setFiltering(true) },
    { id: "partners.clear", title: "Show all partners", group: "Partners", when: filtered, run: clear },
  ]);
  const sorts = SORTS.map((one) => ({
    id: one,
    title: SORT_NAME[one],
    run: () => go({ sort: one, direction: one === sort ? (direction === "ascending" ? "descending" : "ascending") : one === "name" ? "ascending" : "descending" }),
  }));

  return (
    <Screen title="Partners" sub={pages.isPending ? undefined : countOf(total, "partner")}>
      <ListDetail
        narrow
        open={search.open !== undefined}
        list={
          <ListPane
            head={
              <div className={styles.sort}>
                <Menu kind="quiet" label={SORT_NAME[sort]} after={direction === "ascending" ? <ArrowUpIcon size={12} /> : <ArrowDownIcon size={12} />} actions={sorts} />
              </div>
            }
            tools={<Button kind="icon" label="Filter" icon={<FilterIcon size={14} />} pressed={filtering} onPress={() => (filtering ? clear() : setFiltering(true))} />}
          >
            {filtering && (
              // Esc in a filter takes the filters away; the fields handle every other key themselves.
              // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
              <div
                className={styles.filters}
                onKeyDown={(event) => {
                  if (event.key !== "Escape") return;
                  event.stopPropagation();
                  clear();
                }}
              >
                <TextField label="Name" hideLabel placeholder="Name" icon={<SearchIcon size={14} />} value={text} onChange={(words) => go({ text: words === "" ? undefined : words, open: undefined })} maxLength={200} autoFocus wide />
                <div className={styles.filterRow}>
                  <Choice label="Type" options={TYPES.map((id) => ({ id, name: typeName(id) ?? id }))} value={type} onChange={(to) => go({ type: to, open: undefined })} />
                  <Choice label="Tier" options={TIERS.map((id) => ({ id, name: wordOf(id) }))} value={tier} onChange={(to) => go({ tier: to, open: undefined })} />
                </div>
                <Choice label="Status" options={STATUSES.map((id) => ({ id, name: wordOf(id) }))} value={status} onChange={(to) => go({ status: to, open: undefined })} />
              </div>
            )}
            {pages.error ? (
              <ErrorNotice error={pages.error} title="The partners could not be read" />
            ) : (
              <RecordList
                label="Partners"
                groups={[{ id: "all", rows }]}
                idOf={(row) => row.id}
                textOf={(row) => row.name}
                row={(row) => <Row row={row} />}
                selected={selected}
                onSelect={(id) => go({ open: id })}
                onOpen={(id) => go({ open: id })}
                onLeave={() => go({ open: undefined })}
                onMore={pages.more}
                isLoadingMore={pages.isFetching}
                empty={
                  pages.isPending ? undefined : filtered ? (
                    <EmptyState title="No partner matches" action={<Button onPress={clear}>Clear the filter</Button>}>
                      No partner has this name, type, tier and status.
                    </EmptyState>
                  ) : (
                    <EmptyState title="No partners">Companies marked as partners in the CRM appear here after the first sync.</EmptyState>
                  )
                }
              />
            )}
          </ListPane>
        }
        detail={
          selected === null ? (
            !pages.isPending && <div className={styles.nothing}>Nothing is open</div>
          ) : (
            <PartnerPane key={selected} id={selected} calling={search.tab === "call"} onCall={(on) => go({ open: selected, tab: on ? "call" : undefined })} />
          )
        }
      />
    </Screen>
  );
}

function Choice<T extends string>({ label, options, value, onChange }: { label: string; options: readonly { id: T; name: string }[]; value: T | undefined; onChange: (value: T | undefined) => void }) {
  const all: { id: T | typeof ANY; name: string }[] = [{ id: ANY, name: `Any ${label.toLowerCase()}` }, ...options];
  return <Select label={label} hideLabel options={all} value={value ?? ANY} onChange={(to) => onChange(to === ANY ? undefined : (to as T))} small wide />;
}

function Row({ row }: { row: PartnerRow }) {
  const [first] = row.open_deals === 0 ? [] : row.open_amounts;
  return (
    <TwoLines
      name={row.name}
      end={first === undefined ? undefined : <span title={row.open_amounts.map((sum) => formatMoney(sum)).join(" + ")}>{`${formatMoney(first, "short")}${row.open_amounts.length > 1 ? " +" : ""}`}</span>}
      second={[typeName(row.partner_type), row.tier_name ?? wordOf(row.tier), row.status === "active" ? null : wordOf(row.status)].filter(Boolean).join(" · ") || "no type"}
      secondEnd={
        row.expiring > 0 ? (
          <span className={`warn ${styles.tight}`} title={`${countOf(row.expiring, "certificate")} end within 30 days`}>
            <WarningIcon size={12} />
            {row.expiring}
            <span className="sr"> certificates end soon</span>
          </span>
        ) : (
          countOf(row.open_deals, "deal")
        )
      }
    />
  );
}
