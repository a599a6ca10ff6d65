/**
 * Quarters as Rust writes them (2026Q3): which one is over, which ones are on offer, which days one has, how a person reads one. They
 * are quarters of the fiscal year, which begins in the month that the policy says (the frame tells it from the status) and is called
 * by the calendar year in which it ends.
 */

/** Months between January and the first one of the year. */
let behind = 0;

/** From now on years begin in this month, 1 to 12. */
export function startYearsIn(month: number): void {
  behind = month - 1;
}

function quarterOf(year: number, number: number): string {
  return `${year}Q${number}`;
}

/** The quarter that holds a month; months from 0. */
function runningIn(year: number, month: number): string {
  return quarterOf(year + (behind > 0 && month >= behind ? 1 : 0), Math.floor(((month + 12 - behind) % 12) / 3) + 1);
}

/** Calendar year and month, from 0, in which the quarter of an instant begins, by the reader's zone. */
export function quarterBegins(now: number): { year: number; month: number } {
  const date = new Date(now);
  const into = (date.getMonth() + 12 - behind) % 3;
  return { year: date.getFullYear(), month: date.getMonth() - into };
}

/** First and last day of a quarter. */
export function quarterDays(quarter: string): { from: string; to: string } {
  const [year = 0, number = 1] = quarter.split("Q").map(Number);
  const first = new Date(Date.UTC(behind > 0 ? year - 1 : year, behind + (number - 1) * 3, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 3, 0));
  return { from: first.toISOString().slice(0, 10), to: last.toISOString().slice(0, 10) };
}

/** The last quarter that is over at an instant. */
export function lastFinishedQuarter(now: string): string {
  const date = new Date(now);
  return quarterBefore(runningIn(date.getUTCFullYear(), date.getUTCMonth()));
}

/** The quarter before. */
export function quarterBefore(quarter: string): string {
  const [year = 0, number = 1] = quarter.split("Q").map(Number);
  return number === 1 ? quarterOf(year - 1, 4) : quarterOf(year, number - 1);
}

/** The quarter after. */
export function quarterAfter(quarter: string): string {
  const [year = 0, number = 1] = quarter.split("Q").map(Number);
  return number === 4 ? quarterOf(year + 1, 1) : quarterOf(year, number + 1);
}

/** The running quarter, the last finished one and those before it, latest first; `chosen` is among them even if it is older. */
export function quartersOnOffer(now: string, chosen: string): { id: string; hint?: string }[] {
  const last = lastFinishedQuarter(now);
  const ids = [quarterAfter(last), last];
  while (ids.length < 9) ids.push(quarterBefore(ids.at(-1) ?? last));
  if (!ids.includes(chosen)) ids.push(chosen);
  return ids.map((id) => ({ id, ...(id === ids[0] ? { hint: "still running" } : id === last ? { hint: "the last finished" } : {}) }));
}

/** "Q3 2026"; "Q3 FY2026" where years do not begin in January. */
export function quarterName(quarter: string): string {
  const [year, number] = quarter.split("Q");
  return number === undefined ? quarter : `Q${number} ${behind > 0 ? "FY" : ""}${year}`;
}

/** Whether a text is a quarter as Rust writes one. */
export function isQuarter(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}Q[1-4]$/.test(text);
}
