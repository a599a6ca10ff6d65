/**
 * Values of fields as the program says them, dressed for the reader. They come as plain, exact text: a day as YYYY-MM-DD, an
 * instant as RFC 3339 or to the minute in UTC, money as its code and its figure ("EUR 184,000.50"). What is none of these is
 * text that somebody wrote and stays as it is, to the letter. Nothing is rounded away: two values that differ look different.
 */
import { formatMoney } from "./money";
import { formatExact, isDay } from "./time";

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;
const MINUTE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d) UTC$/;
const MONEY = /^([A-Z]{3}) ([\u2212-]?)(\d{1,3}(?:,\d{3})*)(?:\.(\d\d))?$/;

/** A value for reading; nothing is "empty". */
export function formatValue(value: string | null): string {
  if (value === null || value === "") return "empty";
  if (isDay(value) || INSTANT.test(value)) return formatExact(value);
  const minute = MINUTE.exec(value);
  if (minute) return formatExact(`${minute[1]}T${minute[2]}:00Z`);
  const money = MONEY.exec(value);
  if (!money) return value;
  const [, currency = "", sign, whole = "", cents] = money;
  const amount = `${sign ? "-" : ""}${whole.replaceAll(",", "")}${cents === undefined ? "" : `.${cents}`}`;
  return formatMoney({ amount, currency }, cents === undefined ? "whole" : "exact");
}

/** A sentence of the program with the values that it quotes dressed: Amount back to “EUR 5,000” says “€5,000”. */
export function formatQuoted(sentence: string): string {
  return sentence.replaceAll(/\u201c([^\u201c\u201d]+)\u201d/g, (_, value: string) => `\u201c${formatValue(value)}\u201d`);
}

/** How the program says what to do at the shell, and how the window says it. */
const IN_WINDOW: readonly (readonly [RegExp, string])[] = [
  [/ \(`drumbeat [^`]*`\)/g, ""],
  [/Run `drumbeat doctor --repair`/g, "Repair it in Settings"],
  [/`drumbeat doctor --repair` makes/g, "Repairing it makes"],
  [/(R|r)un `drumbeat doctor`/g, "$1un the health check in Settings"],
  [/with `drumbeat doctor`/g, "with what the health check in Settings says"],
  [/with `drumbeat recovered`/g, "in the outbox"],
  [/, or one that `drumbeat backup` has made of this workspace/g, ""],
];

/** A sentence of the program with the window's own ways in place of those at the shell. */
export function withoutShell(sentence: string): string {
  return IN_WINDOW.reduce((words, [at, here]) => words.replaceAll(at, here), sentence);
}

/** A sentence of the program as what it is about and the rest: "An older copy: what …" becomes a title and words below. */
export function titleAndRest(text: string): { title: string; rest: string | undefined } {
  const at = text.search(/[:.] /);
  if (at < 0) return { title: text, rest: undefined };
  const rest = text.slice(at + 2);
  return { title: text.slice(0, at), rest: rest.charAt(0).toUpperCase() + rest.slice(1) };
}
