/** Quarters as Rust writes them (2026Q3): which one is over, which ones are on offer, how a person reads one. Pure. */

function quarterOf(year: number, number: number): string {
  return `${year}Q${number}`;
}

/** The last quarter that is over at an instant. */
export function lastFinishedQuarter(now: string): string {
  const date = new Date(now);
  const running = Math.floor(date.getUTCMonth() / 3) + 1;
  return running === 1 ? quarterOf(date.getUTCFullYear() - 1, 4) : quarterOf(date.getUTCFullYear(), running - 1);
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

/** "Q3 2026". */
export function quarterName(quarter: string): string {
  const [year, number] = quarter.split("Q");
  return number === undefined ? quarter : `Q${number} ${year}`;
}

/** Whether a text is a quarter as Rust writes one. */
export function isQuarter(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}Q[1-4]$/.test(text);
}
