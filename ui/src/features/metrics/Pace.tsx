/** From stage to stage (K-05), and how partners take part (K-11): read beside the numbers, which do not wait for them. */
import { useState } from "react";
import { Link } from "@tanstack/react-router";
// Only the tables of words: nothing here calls anything.
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import type { StepNumbers } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ErrorNotice, Section } from "../../components/Section";
import { useNow } from "../../components/When";
import { formatCount } from "../../format/number";
import { formatDay } from "../../format/time";
import styles from "./Metrics.module.css";
import { metricText } from "./metrics";

/** Partners that are shown until somebody wants more. */
const FEW = 8;

const days = (of: StepNumbers) => metricText(of.days, "days", "");

/** Of each stage how many deals left it, how many of them onward, and after how long. */
export function Stages({ quarter }: { quarter: string }) {
  const query = useOp("stageSteps", { quarter }, { keep: true });
  const stages = query.data?.stages ?? [];
  return (
    <Section title="Stage to stage" label="Stage to stage" note="K-05, changes of stage seen in the quarter">
      {query.error ? (
        <ErrorNotice error={query.error} title="The changes of stage could not be read" />
      ) : stages.length === 0 ? (
        <p className="t3 small">{query.data === undefined ? "" : "No change of stage has been seen in this quarter."}</p>
      ) : (
        <table className={styles.clocks} aria-busy={query.isFetching}>
          <caption className="sr">Deals that left a stage, with a partner and direct</caption>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">Motion</th>
              <th scope="col" className="num">Left it</th>
              <th scope="col" className="num">Onward</th>
              <th scope="col" className="num">After</th>
              <th scope="col" className="num">Direct</th>
            </tr>
          </thead>
          <tbody>
            {stages.map(({ motion, stage, partner, direct }) => (
              <tr key={`${motion ?? ""} ${stage}`}>
                <th scope="row">{stage}</th>
                <td className="t2">{motion === null ? "No motion" : labels.Motion[motion]}</td>
                <td className="num">{formatCount(partner.count)}</td>
                <td className={`num ${partner.onward === null ? "t3" : ""}`}>{metricText(partner.onward, "percent", "")}</td>
                <td className={`num ${partner.days === null ? "t3" : ""}`} title={partner.count === partner.timed ? undefined : `known of ${formatCount(partner.timed)}`}>
                  {days(partner)}
                </td>
                <td className={`num ${direct.days === null ? "t3" : "t2"}`}>{days(direct)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

/** How partners took part: touches, the last of them, open deals on which something happened. */
export function Engaged({ quarter }: { quarter: string }) {
  const now = useNow();
  const [all, setAll] = useState(false);
  const query = useOp("engagement", { quarter }, { keep: true });
  const found = query.data;
  const rows = all ? (found?.rows ?? []) : (found?.rows.slice(0, FEW) ?? []);
  return (
    <Section title="Engagement" label="Engagement" note={found && `K-11, ${formatCount(found.touched)} of ${formatCount(found.partners)} partners touched, ${formatCount(found.touches)} meetings, calls, e-mails and notes`}>
      {query.error ? (
        <ErrorNotice error={query.error} title="The touches could not be read" />
      ) : (
        <>
          <table className={styles.clocks} aria-busy={query.isFetching}>
            <caption className="sr">Partners with most open deals, and how they took part</caption>
            <thead>
              <tr>
                <th scope="col">Partner</th>
                <th scope="col" className="num">Touches</th>
                <th scope="col" className="num">Before</th>
                <th scope="col" className="num">Open deals</th>
                <th scope="col" className="num" title="Open deals on which something happened in the quarter">Engaged</th>
                <th scope="col" className="num">Last</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.partner}>
                  <th scope="row">
                    <Link to="/partners" search={{ open: row.partner }}>{row.name}</Link>
                  </th>
                  <td className={`num ${row.touches === 0 ? "warn" : ""}`}>{formatCount(row.touches)}</td>
                  <td className="num t2">{formatCount(row.before)}</td>
                  <td className="num">{formatCount(row.open)}</td>
                  <td className={`num ${row.open > 0 && row.engaged === 0 ? "warn" : ""}`}>{formatCount(row.engaged)}</td>
                  <td className={`num ${row.last === null ? "t3" : ""}`}>{row.last === null ? "–" : formatDay(row.last.slice(0, 10), now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {found !== undefined && found.rows.length > FEW && (
            <p className={styles.all}>
              <Button kind="quiet" onPress={() => setAll(!all)}>
                {all ? "Fewer" : `All ${formatCount(found.rows.length)}${found.more > 0 ? ` of ${formatCount(found.partners)}` : ""}`}
              </Button>
            </p>
          )}
        </>
      )}
    </Section>
  );
}
