/**
 * Metrics: the program on one page, then the same numbers by motion, partner, tier, type, region, owner and quarter. Every number says
 * what it means, how much of the data it rests on, and opens the records behind it. Nothing is counted here: the report comes whole from
 * Rust for the quarter and the layout that the address names.
 */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Select } from "../../components/Field";
import { ChevronRightIcon } from "../../components/icons";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { Tabs } from "../../components/Tabs";
import { useNow, When } from "../../components/When";
import { lastFinishedQuarter, quarterAfter, quarterBefore, quarterName, quartersOnOffer } from "../../format/quarter";
import { countOf } from "../../format/number";
import { ForecastView } from "../forecast/ForecastView";
import { Behind } from "./Behind";
import { Groups } from "./Groups";
import styles from "./Metrics.module.css";
import { BY_NAME, dealsBehind, groupKey, pendingText } from "./metrics";
import type { Told } from "./metrics";
import { BYS } from "./metrics.search";
import type { MetricsSearch } from "./metrics.search";
import { Program } from "./Program";
import { TargetsDialog } from "./TargetsDialog";

const TABS = [{ id: "program", name: "Program" }, ...BYS.map((id) => ({ id, name: id === "type" ? "Type" : BY_NAME[id] })), { id: "forecast", name: "Forecast" }] as const;
/** Motions are few; of anything else all that Rust gives. */
const [FEW, ALL] = [10, 500];

/** The screen. */
export function MetricsScreen() {
  const navigate = useNavigate({ from: "/metrics" });
  const search: MetricsSearch = useSearch({ from: "/metrics" });
  const now = useNow();
  const status = useOp("status", undefined).data;
  const { by } = search;
  const isForecast = by === undefined && search.view === "forecast";
  const tab = by ?? (isForecast ? "forecast" : "program");
  const query = useOp("metrics", { quarter: search.quarter ?? null, by: by ?? "motion", limit: by === undefined ? FEW : ALL }, { keep: true });
  const report = query.data;
  const [aiming, setAiming] = useState(false);

  const exported = useCommand("exportMetrics", { failed: "The numbers were not written", done: (done) => (done.file === null ? "No place was chosen" : `${countOf(done.rows, "row")} written to ${done.file}`) });

  const at = status?.now ?? new Date(now).toISOString();
  const running = quarterAfter(lastFinishedQuarter(at));
  const quarter = search.quarter ?? running;
  const go = (change: Partial<MetricsSearch>) => void navigate({ to: "/metrics", search: (old) => ({ ...old, ...change }), replace: true });
  const show = (id: string) => void navigate({ to: "/metrics", search: { quarter: search.quarter, by: BYS.find((one) => one === id), view: id === "forecast" ? id : undefined } });
  const turn = (to: string) => go({ quarter: to === running ? undefined : to });
  // Most numbers are counted from deals, for which there is a screen; the records of the others open here.
  const onRecords = ({ is, metric }: Told) => {
    const to = dealsBehind(metric.records);
    if (to !== null) return () => void navigate({ to: "/deals", search: to });
    return metric.of === 0 ? undefined : () => go({ behind: is.id });
  };

  const before = { id: "metrics.before", title: "The quarter before", keys: "[", group: "Metrics", run: () => turn(quarterBefore(quarter)) };
  const after = { id: "metrics.after", title: "The quarter after", keys: "]", group: "Metrics", when: quarter < running, run: () => turn(quarterAfter(quarter)) };
  const write = {
    id: "metrics.write",
    title: "Write the numbers as a table",
    keys: "e",
    group: "Metrics",
    when: report !== undefined && !isForecast,
    run: () => exported.mutate({ quarter: search.quarter ?? null, by: by ?? null, limit: ALL }),
  };
  const aim = { id: "metrics.targets", title: "Targets of the quarter", keys: "t", group: "Metrics", when: report !== undefined && !isForecast, run: () => setAiming(true) };
  useActions([
    before,
    after,
    write,
    aim,
    { id: "metrics.running", title: "The running quarter", keys: "n", group: "Metrics", when: quarter !== running, run: () => turn(running) },
    ...TABS.map(({ id, name }, n) => ({ id: `metrics.${id}`, title: id === "program" ? "The program on one page" : id === "forecast" ? "The forecast" : `Numbers by ${name.toLowerCase()}`, keys: String(n + 1), group: "Metrics", when: tab !== id, run: () => show(id) })),
  ]);

  // What is shown may still be the answer to what was asked before: its own words say of what it is.
  const stale = query.isPlaceholderData;
  const counted = report !== undefined && (report.program.some((metric) => metric.of > 0) || report.trend.some(({ won, lost }) => won + lost > 0));
  return (
    <Screen title="Metrics" sub={report && `${quarterName(report.quarter)}${report.quarter === running ? " to date" : ""}, everything in ${report.currency}`}>
      <Tabs
        label="Laid out by"
        tabs={TABS}
        value={tab}
        onChange={show}
        trailing={
          isForecast ? undefined : <>
            <Button kind="icon" icon={<ChevronRightIcon size={14} className={styles.back ?? ""} />} action={before} />
            <Select label="Quarter" hideLabel options={quartersOnOffer(at, quarter).map((one) => ({ ...one, name: quarterName(one.id) }))} value={quarter} onChange={turn} />
            <Button kind="icon" icon={<ChevronRightIcon size={14} />} action={after} />
            <Button action={aim}>Targets</Button>
            <Button action={write}>Export</Button>
          </>
        }
      >
        {isForecast ? (
          <ForecastView today={at.slice(0, 10)} open={search.deal} onOpen={(deal) => go({ deal })} />
        ) : query.error ? (
          <div className={styles.problem}>
            {status?.last_sync === null ? (
              <EmptyState title="The first sync is not over">The numbers are counted from the deals that it brings; they stand here when it is.</EmptyState>
            ) : (
              <ErrorNotice error={query.error} title="The numbers could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
            )}
          </div>
        ) : report === undefined ? (
          <div aria-busy="true" />
        ) : (
          <div className={styles.body} aria-busy={stale}>
            <div className={styles.words}>
              <span>{report.counts}</span>
              <span className={styles.asOf}>
                {report.pending > 0 && (
                  <>
                    <Link to="/activity">{pendingText(report.pending)}</Link> ·{" "}
                  </>
                )}
                as of <When at={report.now} as="both" />
              </span>
            </div>
            {!counted ? (
              <EmptyState title="Nothing to count">No deal has been won, lost or created in these six quarters, and none is open.</EmptyState>
            ) : by === undefined ? (
              <Program report={report} running={running} quarter={search.quarter} onRecords={onRecords} />
            ) : (
              <Groups key={by} report={report} by={by} name={BY_NAME[by]} search={search} go={go} onRecords={onRecords} />
            )}
          </div>
        )}
      </Tabs>
      {aiming && report !== undefined && <TargetsDialog quarter={quarter} currency={report.currency} onClose={() => setAiming(false)} />}
      {search.behind !== undefined && !isForecast && (
        <Behind id={search.behind} quarter={search.quarter ?? null} group={by === undefined || search.group === undefined ? null : { by, key: groupKey(search.group) }} onClose={() => go({ behind: undefined })} />
      )}
    </Screen>
  );
}
