/**
 * The forecast's own record (P-03): the past played again as it was known then, held against the base rate and the CRM's own chances. A
 * job, because it reads the whole past: it says how far it is, can be stopped, and stays until the screen is left.
 */
import { useState } from "react";
import type { Backtest, BacktestHorizon } from "../../api/api.gen";
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import { useActions } from "../../actions/useActions";
import { useJobs } from "../../api/events";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Segments } from "../../components/Field";
import { EmptyState, ErrorNotice, Notice, ProgressBar, Section } from "../../components/Section";
import { formatPercent } from "../../format/number";
import styles from "./Forecast.module.css";
import { chanceText, tenthText } from "./forecast";

/** The section. */
export function TrackRecord() {
  const play = useCommand("backtest", { quiet: true });
  const job = useJobs().findLast((one) => one.id.startsWith("backtest"));
  const cancel = useCommand("cancelJob", { failed: "It could not be stopped" });
  const run = () => !play.isPending && play.mutate({ as_of: null });
  const again = { id: "forecast.play", title: "Play the past again", keys: "b", group: "Forecast", when: !play.isPending, run };
  useActions([again]);
  const report = play.data;
  return (
    <Section title="Track record" note={report === undefined ? undefined : `asked ${report.origins.length} times`} end={report !== undefined && !play.isPending ? <Button kind="quiet" action={again} /> : undefined}>
      {play.isPending ? (
        <div className={styles.playing}>
          <ProgressBar label="Playing the past" share={job?.total ? job.done / job.total : 0} left={job?.step ?? "Starting"} />
          <Button isDisabled={job === undefined || cancel.isPending} onPress={() => job && cancel.mutate(job.id)}>Stop</Button>
        </div>
      ) : play.error ? (
        <ErrorNotice error={play.error} title="The past was not played to its end" actions={<Button onPress={run}>Try again</Button>} />
      ) : report === undefined ? (
        <EmptyState title="Not held against the past yet" action={<Button action={again} />}>
          What this forecast would have said each month, against what came, the base rate and the CRM’s own chances.
        </EmptyState>
      ) : (
        <Told report={report} />
      )}
    </Section>
  );
}

/** What came of it. */
function Told({ report }: { report: Backtest }) {
  const [days, setDays] = useState("30");
  const horizons = report.horizons.filter(({ asked }) => asked > 0);
  const one = horizons.find((horizon) => String(horizon.days) === days) ?? horizons[0];
  return (
    <>
      <Notice tone={report.beats_base_rate ? "ok" : "warn"} title={report.verdict}>
        {report.cancelled ? "It was stopped before its end." : undefined}
      </Notice>
      {one !== undefined && (
        <>
          <div className={styles.horizon}>
            <Segments label="Days ahead" options={horizons.map((horizon) => ({ id: String(horizon.days), name: `${horizon.days} days` }))} value={String(one.days)} onChange={setDays} />
          </div>
          <div className={styles.record}>
            <Calibration horizon={one} />
            <div>
              <table className={styles.scores}>
                <caption className="sr">Scores {one.days} days ahead, less is better</caption>
                <thead>
                  <tr>
                    <th scope="col">Chances of</th>
                    <th scope="col" className="num">Brier</th>
                    <th scope="col" className="num">log loss</th>
                  </tr>
                </thead>
                <tbody>
                  {one.scores.map((score) => (
                    <tr key={score.who} className={score.who === "drumbeat" ? "medium" : ""}>
                      <th scope="row">{labels.Forecasting[score.who]}</th>
                      <td className="num">{score.brier.toFixed(4)}</td>
                      <td className="num">{score.log_loss.toFixed(4)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <p className={styles.small}>
                Off by {chanceText(one.calibration_error)} on average over tenths of {one.asked.toLocaleString("en")} deals asked, {one.won.toLocaleString("en")} won.
                {one.coverage !== null && one.coverage !== undefined && ` The 80 % interval held ${formatPercent(one.coverage * 100)} of the time.`}
                {report.totals.median_off !== null && report.totals.median_off !== undefined && ` Wins of the quarter were off by ${formatPercent(report.totals.median_off * 100)} (median).`}
              </p>
            </div>
          </div>
        </>
      )}
      {report.notes.map((note) => (
        <p key={note} className={styles.small}>{note}</p>
      ))}
    </>
  );
}

/** Said against came, by tenths of the deals; a list for a screen reader. */
function Calibration({ horizon }: { horizon: BacktestHorizon }) {
  const most = Math.max(0.05, ...horizon.calibration.flatMap(({ said, came }) => [said, came])) * 1.08;
  const at = (share: number) => (share / most) * 100;
  return (
    <figure className={styles.calibration}>
      <div aria-hidden="true" className={styles.square}>
        <svg viewBox="0 0 100 100">
          <path d="M0 100H100M0 50H100M0 0H100M50 0V100M100 0V100M0 0V100" className={styles.grid} vectorEffect="non-scaling-stroke" />
          <path d="M0 100L100 0" className={styles.even} vectorEffect="non-scaling-stroke" />
          {horizon.calibration.map((tenth) => (
            <circle key={tenth.said} cx={at(tenth.said)} cy={100 - at(tenth.came)} r="2.2" className={styles.dot}>
              <title>{tenthText(tenth)}</title>
            </circle>
          ))}
        </svg>
        <span className={styles.top}>came {chanceText(most)}</span>
        <span className={styles.right}>said {chanceText(most)}</span>
      </div>
      <figcaption className="sr">
        Said and came by tenths of the deals
        <ul>
          {horizon.calibration.map((tenth) => (
            <li key={tenth.said}>{tenthText(tenth)}</li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
