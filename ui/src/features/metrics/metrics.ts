/**
 * Numbers of the program as words, the address of the deals behind one, and the order of groups. Pure; nothing here adds or rounds
 * money: sums come from Rust.
 */
import type { ClockRecord, DealFilter, DeclineCount, Metric, MetricBy, MetricDefinition, MetricGroup, MetricTopic, MetricUnit, QuarterNumbers } from "../../api/api.gen";
// Only the tables of words: nothing here calls anything.
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import type { StackedBar, StackedPart } from "../../charts/Stacked";
import { formatMoney } from "../../format/money";
import type { MoneyStyle } from "../../format/money";
import { countOf, formatCount, formatPercent } from "../../format/number";
import { quarterName } from "../../format/quarter";

const HEADLINES = ["revenue", "sourced_revenue", "win_rate", "cycle", "sourced_pipeline"] as const;
/** Those that tell motions apart. */
export const TELLING = ["revenue", "won", "win_rate", "cycle", "sourced_pipeline", "weighted_pipeline"] as const;

/** What a group is of. */
export const BY_NAME: Record<MetricBy, string> = { motion: "Motion", partner: "Partner", tier: "Tier", type: "Partner type", region: "Region", owner: "Owner", quarter: "Quarter" };

/** What numbers belong together, in the order of the page. */
export const TOPICS: readonly { id: MetricTopic; name: string }[] = [
  { id: "revenue", name: "Revenue" },
  { id: "pipeline", name: "Pipeline" },
  { id: "winning", name: "Winning" },
  { id: "registrations", name: "Registrations" },
  { id: "partners", name: "Partners" },
  { id: "enablement", name: "Enablement" },
  { id: "customers", name: "Joint customers" },
  { id: "conflicts", name: "Channel conflicts" },
];

/** A number with what it is. */
export interface Told {
  is: MetricDefinition;
  metric: Metric;
}

/** Each definition with its number. */
export function toldOf(definitions: readonly MetricDefinition[], metrics: readonly Metric[]): Told[] {
  return definitions.flatMap((is, n) => {
    const metric = metrics[n];
    return metric === undefined ? [] : [{ is, metric }];
  });
}

/** The ids of those that stand large at the top of the page: coverage among them where somebody has set a target. */
export function headlines(all: readonly Told[]): readonly string[] {
  const aimed = all.some(({ is, metric }) => is.id === "coverage" && metric.value !== null);
  return [...HEADLINES, aimed ? "coverage" : "weighted_pipeline"];
}

/** The numbers by what they belong to, topics without any left out. */
export function byTopic(all: readonly Told[]): { id: MetricTopic; name: string; told: Told[] }[] {
  return TOPICS.flatMap(({ id, name }) => {
    const told = all.filter(({ is }) => is.topic === id);
    return told.length === 0 ? [] : [{ id, name, told }];
  });
}

/** Those that can be laid out by something; the names of those that cannot. */
export function laidOut(definitions: readonly MetricDefinition[], by: MetricBy): { can: MetricDefinition[]; cannot: string[] } {
  return { can: definitions.filter((is) => is.by.includes(by)), cannot: definitions.filter((is) => !is.by.includes(by)).map((is) => is.name) };
}

/** "Duplicate 12, Territory 3, no reason 1". */
export function declinesText(declines: readonly DeclineCount[]): string {
  return declines.map(({ reason, count }) => `${reason === null ? "no reason" : labels.DeclineReason[reason]} ${formatCount(count)}`).join(", ");
}

/** How a clock was kept: "84 of 90", "93 %"; null when none ended or ran out. */
export function clockKept({ met, breached, over }: Pick<ClockRecord, "met" | "breached" | "over">): { count: string; share: string } | null {
  const all = met + breached + over;
  return all === 0 ? null : { count: `${formatCount(met)} of ${formatCount(all)}`, share: formatPercent((met / all) * 100) };
}

/** Those with these ids, in the order of the ids. */
export function chosen(all: readonly Told[], ids: readonly string[]): Told[] {
  return ids.flatMap((id) => all.filter(({ is }) => is.id === id));
}

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
// One decimal always, so that what stands in a column stands digit under digit.
const tenth = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });

/** "€6.53 M", "34.2 %", "+7.5 pts", "74 d", "13.5 h", "1,204", "2.6×"; a dash where nothing can be said. */
export function metricText(value: string | null, unit: MetricUnit, currency: string, style: MoneyStyle = "whole"): string {
  if (value === null) return "–";
  if (unit === "money") return formatMoney({ amount: value, currency }, style);
  // Intl reads decimal texts exactly.
  const figure = (unit === "points" ? signed : unit === "count" || unit === "score" ? plain : tenth).format(value as unknown as number).replace("-", "\u2212");
  return { percent: `${figure} %`, points: `${figure} pts`, days: `${figure} d`, hours: `${figure} h`, count: figure, ratio: `${figure}×`, score: figure }[unit];
}

/** "204 of 231 known", "all 231 known"; nothing of nothing is null. */
export function coverage({ known, of }: Pick<Metric, "known" | "of">): string | null {
  if (of === 0) return null;
  return known === of ? `all ${formatCount(of)} known` : `${formatCount(known)} of ${formatCount(of)} known`;
}

/** "€30,000 to €37,000": what it could be if what is missing went either way (B13). */
export function rangeText({ range }: Pick<Metric, "range">, unit: MetricUnit, currency: string, style: MoneyStyle = "whole"): string | null {
  return range === null ? null : range.map((end) => metricText(end, unit, currency, style)).join(" to ");
}

/** What stands beside a number: the quarter before, a year ago, direct; only what can be compared. */
export function besides({ is, metric }: Told, currency: string, style: MoneyStyle = "whole"): { label: string; text: string }[] {
  const all = [
    { label: "quarter before", value: metric.before },
    { label: "a year ago", value: metric.year_ago },
    { label: "direct", value: metric.direct },
  ];
  return all.flatMap(({ label, value }) => (value === null ? [] : [{ label, text: metricText(value, is.unit, currency, style) }]));
}

/** The address of the deals behind a number; null when it has none, or when the address cannot say all of what they are asked by. */
export function dealsBehind(records: DealFilter | null) {
  if (records === null) return null;
  const { outcome, partnered, motion, partner, owner, closes_from: from, closes_to: to, attribution: credit, ...others } = records;
  if (Object.values(others).some((value) => value !== null && value !== undefined)) return null;
  const said = { outcome, motion, partner, owner, from, to, credit, partnered: partnered === null || partnered === undefined ? null : partnered ? ("yes" as const) : ("no" as const) };
  return { view: "all" as const, ...(Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined)) as { [K in keyof typeof said]?: NonNullable<(typeof said)[K]> }) };
}

/** A group's key in the address, where nothing cannot stand. */
export function groupParam(key: string): string {
  return key === "" ? "~" : key;
}

/** The key that an address stands for. */
export function groupKey(param: string): string {
  return param === "~" ? "" : param;
}

/** The groups in an order: by label, or by a number; what has no number is last either way. Without an order as they came. */
export function ordered(groups: readonly MetricGroup[], definitions: readonly MetricDefinition[], sort: string | undefined, direction: "ascending" | "descending"): readonly MetricGroup[] {
  const way = direction === "ascending" ? 1 : -1;
  if (sort === "label") return groups.toSorted((a, b) => way * a.label.localeCompare(b.label));
  const at = definitions.findIndex((is) => is.id === sort);
  if (at < 0) return groups;
  return groups.toSorted((a, b) => {
    const [one, other] = [a.metrics[at]?.value ?? null, b.metrics[at]?.value ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return way * (Number(one) - Number(other));
  });
}

/** Whose the revenue of a quarter is, from the foot of a bar up. */
export const PARTS: readonly StackedPart[] = [
  { name: "Sourced", tone: "sourced" },
  { name: "Influenced", tone: "influenced" },
  { name: "Partner’s part not told", tone: "untold" },
  { name: "Direct", tone: "direct" },
];

/** The quarters as bars; above each the share with a partner. */
export function trendBars(trend: readonly QuarterNumbers[], currency: string, running: string): StackedBar[] {
  return trend.map(({ quarter, sourced, influenced, untold, direct, won, lost }) => {
    const amounts = [sourced, influenced, untold, direct];
    const all = amounts.reduce((sum, amount) => sum + Number(amount), 0);
    return {
      id: quarter,
      name: quarterName(quarter),
      amounts,
      exact: amounts.map((amount) => formatMoney({ amount, currency }, "exact")),
      note: all > 0 ? formatPercent((1 - Number(direct) / all) * 100) : "none",
      more: [formatCount(won), formatCount(lost)],
      isRunning: quarter >= running,
    };
  });
}

/** "7 changes are not in the CRM yet; the numbers count them". */
export function pendingText(pending: number): string {
  return `${countOf(pending, "change")} ${pending === 1 ? "is" : "are"} not in the CRM yet; the numbers count ${pending === 1 ? "it" : "them"}`;
}
