/** What a number means, exactly: its definition, itself to the cent, how much is known, what it could be, the rule. */
import { coverage, metricText, rangeText } from "./metrics";
import type { Told } from "./metrics";

/** The words of its tooltip. */
export function Meaning({ told: { is, metric }, currency, opens }: { told: Told; currency: string; opens: boolean }) {
  const known = coverage(metric);
  const range = rangeText(metric, is.unit, currency, "exact");
  return (
    <>
      <p>{is.definition}</p>
      <p className="tn">
        <b>{metricText(metric.value, is.unit, currency, "exact")}</b>
        {known !== null && `, ${known}`}
        {range !== null && `; if what is missing went either way, ${range}`}
      </p>
      <p className="t3">{opens ? `${is.rule} · press for its records` : is.rule}</p>
    </>
  );
}
