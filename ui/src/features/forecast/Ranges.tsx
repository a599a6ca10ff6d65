/**
 * Sums as ranges: what is won, what is expected, and between what it comes to eight times in ten, in figures and on one common line.
 * The line is drawn beside the figures and says nothing that they do not say.
 */
import type { ForecastIn, ForecastTarget } from "../../api/api.gen";
import { formatMoney } from "../../format/money";
import { countOf } from "../../format/number";
import styles from "./Forecast.module.css";
import { partsOf, placed } from "./forecast";

/** The table. */
export function Ranges({ one, target }: { one: ForecastIn; target: ForecastTarget | null }) {
  const aim = target?.bookings.currency === one.currency ? Number(target.bookings.amount) : 0;
  const most = Math.max(Number(one.total.high.amount), aim) * 1.02;
  const short = (money: { amount: string; currency: string }) => formatMoney(money, "short");
  return (
    <table className={styles.ranges}>
      <caption className="sr">What it comes to, in {one.currency}</caption>
      <thead>
        <tr>
          <th scope="col">Business</th>
          <th scope="col" className="num">Won</th>
          <th scope="col" className="num">Open</th>
          <th scope="col" className="num">Expected</th>
          <th scope="col" className="num">Eight times in ten</th>
          <td aria-hidden="true" className={styles.line}>
            {aim > 0 && (
              <span className={styles.aim} style={{ left: `${(aim / most) * 100}%` }}>
                target
              </span>
            )}
          </td>
        </tr>
      </thead>
      {partsOf(one).map(({ id, title, rows }) => (
        <tbody key={id}>
          <tr className={styles.heading}>
            <th scope="rowgroup" colSpan={6}>{title}</th>
          </tr>
          {rows.map(({ id: row, name, sum }) => {
            const at = placed(sum, most);
            return (
              <tr key={row} className={row === "total" ? "medium" : ""}>
                <th scope="row">{name}</th>
                <td className="num" title={formatMoney(sum.won, "exact")}>{sum.won_deals === 0 ? <span className="t3">–</span> : short(sum.won)}</td>
                <td className="num" title={formatMoney(sum.pipeline, "exact")}>
                  {sum.open_deals === 0 ? <span className="t3">–</span> : <>{short(sum.pipeline)} <span className="t3">in {countOf(sum.open_deals, "deal")}</span></>}
                </td>
                <td className="num" title={formatMoney(sum.expected, "exact")}>{short(sum.expected)}</td>
                <td className="num" title={`${formatMoney(sum.low, "exact")} to ${formatMoney(sum.high, "exact")}`}>{short(sum.low)} to {short(sum.high)}</td>
                <td aria-hidden="true" className={styles.line}>
                  <svg viewBox="0 0 100 12" preserveAspectRatio="none">
                    <rect x="0" y="5" width={at.won} height="2" className={styles.won} />
                    <rect x={at.low} y="2" width={Math.max(0.4, at.high - at.low)} height="8" className={styles.band} />
                    <path d={`M${at.expected} 1V11`} className={styles.expected} vectorEffect="non-scaling-stroke" />
                    {aim > 0 && <path d={`M${(aim / most) * 100} 0V12`} className={styles.aimed} vectorEffect="non-scaling-stroke" />}
                  </svg>
                </td>
              </tr>
            );
          })}
        </tbody>
      ))}
    </table>
  );
}
