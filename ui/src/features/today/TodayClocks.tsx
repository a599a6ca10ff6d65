/** The clocks beside Today: which run out next, and how those of the last 30 days were kept; the decision clock has its own figure. */
import { Kept } from "../../clocks/Kept";
import { ClockList } from "../../clocks/ClockList";
import { keptRows, nextOut } from "../../clocks/clocks";
import { useOp } from "../../api/queries";
import { Section } from "../../components/Section";

/** Clocks that stand here at once. */
const MOST = 5;
/** Enough of each clock that the next to run out are among them. */
const READ = 50;
const DECISION = "S-02";

/** The sections; one that has nothing to say is left out. */
export function TodayClocks() {
  const running = nextOut(useOp("clocks", { rules: [], over: false, limit: READ }).data?.rows ?? [], MOST);
  const kept = keptRows(useOp("attainment", {}).data?.rows ?? [], DECISION);
  return (
    <>
      {running.length > 0 && (
        <Section title="Running out next">
          <ClockList label="Clocks that run out next" rows={running} partner />
        </Section>
      )}
      {kept.length > 0 && (
        <Section title="Other clocks" note="30 days">
          <Kept label="How the other clocks were kept" rows={kept} />
        </Section>
      )}
    </>
  );
}
