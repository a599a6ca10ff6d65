/** Until when a registration can be put aside, in the reader's zone: the next working mornings, and any day. Pure. */
import { formatDate } from "../../format/time";

/** When a day begins again. */
const MORNING = 9;

/** One choice; `until` is an instant. */
export interface Until {
  id: string;
  name: string;
  hint: string;
  until: string;
}

/** The morning of a day as an instant; the days are added to the calendar, so that a change of the clocks moves nothing. */
export function morningOf(now: number, days: number): string {
  const date = new Date(now);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, MORNING).toISOString();
}

/** The morning of a day (YYYY-MM-DD) as an instant. */
export function morningOn(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date, MORNING).toISOString();
}

/** The choices from now on; Monday is always the next one. */
export function snoozeChoices(now: number): Until[] {
  const weekday = new Date(now).getDay();
  const monday = ((8 - weekday) % 7) || 7;
  const days = [
    ["tomorrow", "Tomorrow", 1],
    ["two", "In two days", 2],
    ["monday", "On Monday", monday],
    ["week", "In a week", 7],
    ["fortnight", "In two weeks", 14],
  ] as const;
  return days.map(([id, name, ahead]) => {
    const until = morningOf(now, ahead);
    return { id, name, hint: formatDate(until, now), until };
  });
}
