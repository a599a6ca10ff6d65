/**
 * Dates, times and spans as text, in the reader's zone. Rust sends instants as RFC 3339 and days as YYYY-MM-DD; a day has no
 * zone and is never shifted. Near things are said relatively in at most two units (1 d 4 h), and whoever shows them
 * puts the exact time on hover (components/When does). "Now" is always an argument, so every answer can be tested.
 */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

function options(year: boolean, weekday: boolean): Intl.DateTimeFormatOptions {
  return { day: "numeric", month: "short", ...(weekday ? { weekday: "short" } : {}), ...(year ? { year: "numeric" } : {}) };
}

/** Whether the text is a plain day (YYYY-MM-DD). */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

/** Milliseconds of an instant, or of a day's local midnight; NaN when it is neither. */
export function toMillis(text: string): number {
  if (isDay(text)) {
    const [year = 0, month = 1, day = 1] = text.split("-").map(Number);
    return new Date(year, month - 1, day).getTime();
  }
  return Date.parse(text);
}

function parts(at: number, shape: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", shape).format(at).replace(",", "").replace("Sept", "Sep");
}

/** "Thu 19 Nov" this year, "26 Feb 2027" in another. */
export function formatDate(text: string, now: number): string {
  const at = toMillis(text);
  if (Number.isNaN(at)) return text;
  const other = new Date(at).getFullYear() !== new Date(now).getFullYear();
  return parts(at, options(other, !other));
}

/** "26 Feb" within eleven months of now, "26 Feb 2028" further away: the short form for cells. */
export function formatDay(text: string, now: number): string {
  const at = toMillis(text);
  if (Number.isNaN(at)) return text;
  return parts(at, options(Math.abs(at - now) > 330 * DAY, false));
}

/** "10:00" in the reader's zone. */
export function formatClock(text: string): string {
  const at = toMillis(text);
  return Number.isNaN(at) ? text : parts(at, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** "Thu 19 Nov 2026, 10:00" for an instant, "Thu 19 Nov 2026" for a day: what stands on hover. */
export function formatExact(text: string): string {
  const at = toMillis(text);
  if (Number.isNaN(at)) return text;
  const date = parts(at, options(true, true));
  return isDay(text) ? date : `${date}, ${formatClock(text)}`;
}

/** A span in up to two units: "1 d 4 h", "1 h 18 m", "40 s". Always positive; the caller says "left", "over", "ago". */
export function formatSpan(milliseconds: number): string {
  const span = Math.abs(milliseconds);
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  const minutes = Math.floor((span % HOUR) / MINUTE);
  if (days >= 14) return `${days} d`;
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${String(minutes).padStart(2, "0")} m` : `${hours} h`;
  if (minutes > 0) return `${minutes} m`;
  return `${Math.floor(span / 1000)} s`;
}

/** "14:02" today, "Wed 18 Nov, 14:02" on another day: a moment in a sentence. */
export function formatMoment(text: string, now: number): string {
  const at = toMillis(text);
  if (Number.isNaN(at)) return text;
  return daysBetween(at, now) === 0 ? formatClock(text) : `${formatDate(text, now)}, ${formatClock(text)}`;
}

/** "just now", "1 h 44 m ago", "in 2 d 3 h"; for a day: "today", "tomorrow", "in 5 days", "3 days ago". */
export function formatRelative(text: string, now: number): string {
  const at = toMillis(text);
  if (Number.isNaN(at)) return text;
  if (isDay(text)) {
    const days = daysBetween(now, at);
    if (days === 0) return "today";
    if (days === 1) return "tomorrow";
    if (days === -1) return "yesterday";
    return days > 0 ? `in ${days} days` : `${-days} days ago`;
  }
  if (Math.abs(at - now) < MINUTE) return "just now";
  return at > now ? `in ${formatSpan(at - now)}` : `${formatSpan(now - at)} ago`;
}

/** Whole calendar days from one instant to another in the reader's zone (negative when it is past). */
export function daysBetween(from: number, to: number): number {
  const midnight = (at: number) => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

/** A day as YYYY-MM-DD in the reader's zone. */
export function dayOf(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "18:24" of a running clock, "1:02:10" from one hour on. */
export function formatStopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
