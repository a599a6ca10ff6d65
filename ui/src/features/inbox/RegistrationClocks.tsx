/** The clocks of one registration beside that of its decision, which stands in its head: from referral to deal, and the first meeting. */
import { useOp } from "../../api/queries";
import { ClockList } from "../../clocks/ClockList";
import { clocksOf } from "../../clocks/clocks";
import { Section } from "../../components/Section";
import { countOf } from "../../format/number";

/** The clocks that are of a registration; only these are asked for, because each claim that is looked at asks. */
const RULES = ["S-01", "S-10"];

/** The section; left out where no other clock runs. */
export function RegistrationClocks({ registration, partner }: { registration: string; partner: string }) {
  const page = useOp("clocks", { rules: RULES, over: false, partner, limit: 500 }).data;
  const rows = clocksOf(page?.rows ?? [], "registration", registration);
  if (rows.length === 0) return null;
  return (
    <Section title="Other clocks" note={countOf(rows.length, "clock")}>
      <ClockList label="Other clocks of this registration" rows={rows} />
    </Section>
  );
}
