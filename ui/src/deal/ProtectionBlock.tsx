/**
 * How a deal is protected: from when to when, how long still, whether the price is protected and in which band, by which registration.
 * An ended or soon ending window says so in words beside its colour (F-03).
 */
import type { DealField, Field } from "../api/api.gen";
import { FactGrid, Section } from "../components/Section";
import type { Fact } from "../components/Section";
import { useNow } from "../components/When";
import { countOf } from "../format/number";
import { daysBetween, formatDate, toMillis } from "../format/time";
import styles from "./Gate.module.css";

/** A window is about to end when so many days are left. */
const SOON_DAYS = 14;

/** How the window stands: in words, how that is meant, and how much of it is over (0 to 1). */
export function windowWords(start: string | null, end: string, now: number): { text: string; tone: "ok" | "warn" | "danger"; over: number } {
  const left = daysBetween(now, toMillis(end));
  const whole = start === null ? null : daysBetween(toMillis(start), toMillis(end));
  const over = left < 0 ? 1 : whole === null || whole <= 0 ? 0 : Math.min(1, Math.max(0, 1 - left / whole));
  if (left < 0) return { text: `ended ${countOf(-left, "day")} ago`, tone: "danger", over };
  if (left === 0) return { text: "ends today", tone: "danger", over };
  return { text: `${countOf(left, "day")} left`, tone: left <= SOON_DAYS ? "warn" : "ok", over };
}

const BAR = { ok: styles.ahead, warn: styles.soon, danger: styles.over };

/** The section, from the deal's fields. `soon` when the policy says that it ends soon; by the days otherwise. */
export function ProtectionBlock({ fields, soon = false }: { fields: readonly DealField[]; soon?: boolean }) {
  const now = useNow();
  const of = (name: Field) => fields.find((field) => field.field === name);
  const [start, end] = [of("protection_start")?.value ?? null, of("protection_end")?.value ?? null];
  const registration = of("registration_id");
  const price = of("price_protected");
  const band = of("discount_band");
  const facts: Fact[] = [
    { label: "Registration", value: registration?.shown ?? registration?.value ?? null },
    ...(price === undefined ? [] : [{ label: "Price", value: price.value === "true" ? "protected" : price.value === "false" ? "not protected" : null }]),
    ...(band === undefined ? [] : [{ label: "Discount band", value: band.shown ?? band.value }]),
  ];
  if (end === null || end === "") {
    return (
      <Section title="Protection" note="none on this deal" end="F-03">
        <FactGrid columns={1} facts={facts.filter((fact) => fact.value !== null)} />
      </Section>
    );
  }
  const { text, tone: byDays, over } = windowWords(start, end, now);
  const tone = soon && byDays === "ok" ? "warn" : byDays;
  return (
    <Section title="Protection" note={<span className={tone === "ok" ? "" : tone}>{text}</span>} end="F-03">
      <svg className={styles.window} viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={`${Math.round(over * 100)} % of the window is over`}>
        <rect width="100" height="4" className={BAR[tone]} />
        <rect width={over * 100} height="4" className={over === 1 ? styles.over : styles.past} />
      </svg>
      <FactGrid columns={1} facts={[{ label: "Window", value: `${start === null ? "" : `${formatDate(start, now)} to `}${formatDate(end, now)}` }, ...facts]} />
    </Section>
  );
}
