/** The program on one page: headline numbers, revenue of six quarters, the other numbers by what they belong to, the motions. */
import { Link } from "@tanstack/react-router";
import type { MetricTopic, MetricsReport } from "../../api/api.gen";
import { Stacked } from "../../charts/Stacked";
import { Section } from "../../components/Section";
import { formatMoney } from "../../format/money";
import { quarterName } from "../../format/quarter";
import { Clocks } from "./Clocks";
import styles from "./Metrics.module.css";
import { byTopic, chosen, declinesText, groupParam, headlines, metricText, PARTS, TELLING, toldOf, trendBars } from "./metrics";
import type { Told } from "./metrics";
import type { MetricsSearch } from "./metrics.search";
import { Numbers } from "./Numbers";
import { Engaged, Stages } from "./Pace";
import { Tiles } from "./Tiles";

/** What stands beside the chart; the rest is below. */
const BESIDE: ReadonlySet<MetricTopic> = new Set(["revenue", "pipeline"]);

/** The page; `running` is the quarter that is not over. */
export function Program({ report, running, quarter, onRecords }: { report: MetricsReport; running: string; quarter: MetricsSearch["quarter"]; onRecords: (one: Told) => (() => void) | undefined }) {
  const { currency, definitions } = report;
  const told = toldOf(definitions, report.program);
  const large = headlines(told);
  const others = told.filter(({ is }) => !large.includes(is.id));
  const telling = chosen(told, TELLING);
  const topic = ({ id, name, told: some }: ReturnType<typeof byTopic>[number]) => (
    <Section key={id} title={name} label={name} note={id === "registrations" && report.declines.length > 0 ? `declined: ${declinesText(report.declines)}` : undefined}>
      <Numbers label={name} told={some} currency={currency} onRecords={onRecords} />
    </Section>
  );
  return (
    <div className={styles.page}>
      <h2 className="sr">The program, {quarterName(report.quarter)}</h2>
      <Tiles told={chosen(told, large)} currency={currency} onRecords={onRecords} />
      <div className={styles.panels}>
        <div className={styles.panel}>
          <Stacked title="Closed revenue" note="share with a partner above each bar" head="Quarter" parts={PARTS} bars={trendBars(report.trend, currency, running)} more={["Deals won", "Lost"]} line={(value) => formatMoney({ amount: String(value), currency }, "short")} />
        </div>
        <div className={styles.panel}>
          {byTopic(others).filter(({ id }) => BESIDE.has(id)).map(topic)}
        </div>
      </div>
      <div className={styles.topics}>
        {byTopic(others)
          .filter(({ id }) => !BESIDE.has(id))
          .map((one) => (
            <div key={one.id}>{topic(one)}</div>
          ))}
        <div>
          <Clocks quarter={report.quarter} now={report.now} />
        </div>
        <div>
          <Stages quarter={report.quarter} />
        </div>
        <div>
          <Engaged quarter={report.quarter} />
        </div>
      </div>
      {report.groups.length > 0 && (
        <div className={styles.panel}>
          <Section title="By motion">
            <table className={styles.motions}>
              <caption className="sr">The program by motion</caption>
              <thead>
                <tr>
                  <th scope="col">Motion</th>
                  {telling.map(({ is }) => (
                    <th key={is.id} scope="col" className="num" title={is.definition}>
                      {is.name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {report.groups.map((group) => (
                  <tr key={group.key}>
                    <th scope="row">
                      <Link to="/metrics" search={{ quarter, by: "motion", group: groupParam(group.key) }}>
                        {group.label}
                      </Link>
                    </th>
                    {chosen(toldOf(definitions, group.metrics), TELLING).map(({ is, metric }) => (
                      <td key={is.id} className={`num ${metric.value === null ? "t3" : ""}`}>
                        {metricText(metric.value, is.unit, currency)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Section>
        </div>
      )}
    </div>
  );
}
