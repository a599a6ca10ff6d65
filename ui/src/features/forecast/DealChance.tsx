/** One deal's chance, opened into what multiplies out to it, with how much each factor was learnt from. */
import { Link } from "@tanstack/react-router";
import type { ForecastDealQuery } from "../../api/api.gen";
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { CrossIcon } from "../../components/icons";
import { ErrorNotice, FactGrid, Section } from "../../components/Section";
import { formatMoney } from "../../format/money";
import { useNow } from "../../components/When";
import { formatCount } from "../../format/number";
import { formatDate } from "../../format/time";
import styles from "./Forecast.module.css";
import { chanceText, timesText } from "./forecast";

/** The pane beside the deals. */
export function DealChance({ query, name, onClose }: { query: ForecastDealQuery; name: string; onClose: () => void }) {
  const now = useNow();
  const { data, error } = useOp("forecastDeal", query, { keep: true });
  return (
    <aside className={styles.aside} aria-label={name}>
      <Section title={name} end={<Button kind="icon" icon={<CrossIcon size={14} />} label="Close" keys="Escape" onPress={onClose} />}>
        {error ? (
          <ErrorNotice error={error} title="Its chance is not known" />
        ) : data === undefined ? (
          <div aria-busy="true" />
        ) : (
          <>
            <p className={styles.figure}>
              {chanceText(data.row.chance)} <span className="t2">to be won by {formatDate(data.by, now)}</span>
            </p>
            <table className={styles.factors}>
              <caption className="sr">What it is made of</caption>
              <thead>
                <tr>
                  <th scope="col">Made of</th>
                  <th scope="col" className="num">Times</th>
                  <th scope="col" className="num">Learnt from</th>
                </tr>
              </thead>
              <tbody>
                {data.factors.map((factor, n) => (
                  <tr key={factor.kind}>
                    <th scope="row">{labels.FactorKind[factor.kind]}</th>
                    <td className="num">{n === 0 ? chanceText(factor.times) : timesText(factor.times)}</td>
                    <td className="num t3">{factor.learnt_from === 0 ? "nothing yet" : formatCount(factor.learnt_from)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <FactGrid
              columns={1}
              facts={[
                { label: "Amount", value: `${formatMoney(data.row.amount, "exact")}${data.row.assumed_amount ? ", the mean win: the deal has none" : ""}` },
                { label: "Stage", value: `${data.row.stage}${data.row.stalled ? ", stalled" : ""}` },
                { label: "Half of such deals close", value: data.days_left === null || data.days_left === undefined ? "later than in a year" : `within ${formatCount(data.days_left)} days, won or lost` },
                { label: "The CRM’s own chance", value: data.crm === null || data.crm === undefined ? "none" : `${chanceText(data.crm)} to be won at all` },
              ]}
            />
            <p className={styles.foot}>
              <Link to="/deals" search={{ view: "all", open: data.row.deal }}>Open the deal</Link>
            </p>
          </>
        )}
      </Section>
    </aside>
  );
}
