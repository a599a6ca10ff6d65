/**
 * The program laid out by one thing: a row for each group with all numbers, in any order; Enter opens a group's numbers beside the table,
 * each beside the quarter before, a year ago and direct, and from there its deals.
 */
import { Button } from "../../components/Button";
import { CrossIcon } from "../../components/icons";
import { RecordTable } from "../../components/RecordTable";
import type { TableColumn } from "../../components/RecordTable";
import { EmptyState, Section } from "../../components/Section";
import { formatCount } from "../../format/number";
import { quarterName } from "../../format/quarter";
import type { MetricBy, MetricDefinition, MetricGroup, MetricsReport } from "../../api/api.gen";
import styles from "./Metrics.module.css";
import { byTopic, groupParam, laidOut, metricText, ordered, toldOf } from "./metrics";
import type { Told } from "./metrics";
import type { MetricsSearch } from "./metrics.search";
import { Numbers } from "./Numbers";

/** The table and the open group. */
export function Groups({ report, by, name, search, go, onRecords }: { report: MetricsReport; by: MetricBy; name: string; search: MetricsSearch; go: (change: Partial<MetricsSearch>) => void; onRecords: (one: Told) => (() => void) | undefined }) {
  const { definitions, currency } = report;
  const direction = search.direction ?? "descending";
  const { can, cannot } = laidOut(definitions, by);
  const rows = ordered(report.groups, definitions, search.sort, direction);
  const open = report.groups.find((group) => groupParam(group.key) === search.group) ?? null;
  const known = search.sort === "label" || definitions.some((is) => is.id === search.sort);
  return (
    <div className={styles.split}>
      <h2 className="sr">
        Numbers by {name.toLowerCase()}, {quarterName(report.quarter)}
      </h2>
      <div className={styles.table}>
        <RecordTable
          label={`Numbers by ${name.toLowerCase()}`}
          columns={columnsOf(definitions, can, currency, name)}
          groups={[{ id: "all", rows }]}
          idOf={(group) => groupParam(group.key)}
          textOf={(group) => group.label}
          {...(search.sort !== undefined && known ? { sort: { column: search.sort, direction } } : {})}
          // Largest first is what is asked for of a number, from A of a name.
          onSort={({ column, direction: to }) => go({ sort: column, direction: column === search.sort ? to : column === "label" ? "ascending" : "descending" })}
          onOpen={(group) => go({ group })}
          {...(open === null ? {} : { onCursor: (group: string) => go({ group }), onLeave: () => go({ group: undefined }) })}
          begin={search.group}
          empty={<EmptyState title="Nothing to lay out">No deal is counted for any {name.toLowerCase()} in these quarters.</EmptyState>}
        />
        {cannot.length > 0 && <p className={styles.more}>Not known by {name.toLowerCase()}: {cannot.join(", ")}; these are on the page Program.</p>}
        {report.more > 0 && <p className={styles.more}>{formatCount(report.more)} more, with less revenue and pipeline, are not shown</p>}
      </div>
      {open !== null && (
        <aside className={styles.aside} aria-label={open.label}>
          <Section
            title={open.label}
            note="a name opens its records"
            end={<Button kind="icon" icon={<CrossIcon size={14} />} label="Close" keys="Escape" onPress={() => go({ group: undefined })} />}
          >
            {byTopic(toldOf(definitions, open.metrics).filter(({ is }) => is.by.includes(by))).map((topic) => (
              <Section key={topic.id} title={topic.name}>
                <Numbers label={`${open.label}, ${topic.name}`} told={topic.told} currency={currency} onRecords={onRecords} />
              </Section>
            ))}
          </Section>
        </aside>
      )}
    </div>
  );
}

/** A title is read whole, with room for the arrow of the order. */
function widthOf(title: string): number {
  return Math.max(92, Math.round(title.length * 6.5) + 34);
}

function columnsOf(all: readonly MetricDefinition[], shown: readonly MetricDefinition[], currency: string, name: string): TableColumn<MetricGroup>[] {
  return [
    { id: "label", title: name, width: "1fr", minWidth: 190, sortable: true, cell: (group) => group.label },
    ...shown.map(
      (is): TableColumn<MetricGroup> => ({
        id: is.id,
        title: is.name,
        width: widthOf(is.name),
        align: "right",
        sortable: true,
        cell: (group) => {
          const value = group.metrics[all.indexOf(is)]?.value ?? null;
          return <span className={value === null || Number(value) === 0 ? "t3" : ""}>{metricText(value, is.unit, currency)}</span>;
        },
      }),
    ),
  ];
}
