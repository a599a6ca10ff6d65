/** How the clocks of a quarter were kept (K-13): read beside the numbers, which do not wait for it. */
import { useOp } from "../../api/queries";
import { ErrorNotice, Section } from "../../components/Section";
import { quarterDays } from "../../format/quarter";
import styles from "./Metrics.module.css";
import { clockKept } from "./metrics";

/** The table; of a quarter that still runs up to now. */
export function Clocks({ quarter, now }: { quarter: string; now: string }) {
  const { from, to } = quarterDays(quarter);
  const today = now.slice(0, 10);
  const query = useOp("attainment", { from, to: to < today ? to : today }, { keep: true, enabled: from <= today });
  const rows = query.data?.rows ?? [];
  return (
    <Section title="Clocks" label="Clocks" note="ended or run out in the quarter, baseline left out">
      {query.error ? (
        <ErrorNotice error={query.error} title="The clocks could not be read" />
      ) : (
        <table className={styles.clocks} aria-busy={query.isFetching}>
          <caption className="sr">How the clocks were kept</caption>
          <thead>
            <tr>
              <th scope="col">Clock</th>
              <th scope="col" className="num">Target</th>
              <th scope="col" className="num">In time</th>
              <th scope="col" className="num">Kept</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const kept = clockKept(row);
              return (
                <tr key={row.rule}>
                  <th scope="row" title={row.rule}>
                    {row.name}
                  </th>
                  <td className="num t2">{row.target}</td>
                  <td className={`num ${kept === null ? "t3" : ""}`}>{kept === null ? "–" : `${kept.count}${row.partial ? " or more" : ""}`}</td>
                  <td className={`num ${kept === null ? "t3" : ""}`}>{kept?.share ?? "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}
