/** The clocks of one partner: those that have not ended, and how those of the last 30 days were kept. */
import { useOp } from "../../api/queries";
import { ClockList } from "../../clocks/ClockList";
import { keptRows } from "../../clocks/clocks";
import { Kept } from "../../clocks/Kept";
import { Section } from "../../components/Section";
import { countOf } from "../../format/number";

/** Clocks that stand here at once. */
const MOST = 8;

/** The section; left out where nothing runs and nothing ended. */
export function PartnerClocks({ partner }: { partner: string }) {
  const rows = useOp("clocks", { rules: [], over: false, partner, limit: 100 }).data?.rows ?? [];
  const kept = keptRows(useOp("attainment", { partner }).data?.rows ?? []);
  if (rows.length + kept.length === 0) return null;
  const over = rows.filter((row) => row.clock.state === "over").length;
  return (
    <>
      {rows.length > 0 && (
        <Section title="Clocks" note={[countOf(rows.length, "clock"), over > 0 ? `${over} over` : null, rows.length > MOST ? `the first ${MOST}` : null].filter(Boolean).join(", ")}>
          <ClockList label="Clocks of this partner" rows={rows.slice(0, MOST)} />
        </Section>
      )}
      {kept.length > 0 && (
        <Section title="Clocks kept" note="30 days">
          <Kept label="How the clocks were kept" rows={kept} />
        </Section>
      )}
    </>
  );
}
