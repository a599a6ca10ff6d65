/**
 * Money as text. Amounts cross from Rust as decimal strings ("1234.50") so that no cent is ever lost in a float;
 * this module only dresses them for the reader. Whole units in lists, cents in statements, short in figures and charts.
 *
 * The string goes to Intl unchanged (Intl reads decimal strings exactly); nothing here adds, multiplies or rounds on its
 * own. Sums come from Rust. Missing money is the caller's to show ("missing"), never 0.
 */

/** An exact amount in one currency, as Rust sends it. */
export interface MoneyValue {
  amount: string;
  currency: string;
}

/** `whole`: €184,000 (lists). `exact`: €184,000.00 (statements). `short`: €6.53 M (figures, charts). */
export type MoneyStyle = "whole" | "exact" | "short";

const LOCALE = "en";
const cache = new Map<string, Intl.NumberFormat>();

function formatter(currency: string, style: MoneyStyle): Intl.NumberFormat {
  const key = `${currency} ${style}`;
  const known = cache.get(key);
  if (known) return known;
  const options: Intl.NumberFormatOptions = { style: "currency", currency, currencyDisplay: "narrowSymbol" };
  if (style === "whole") {
    options.minimumFractionDigits = 0;
    options.maximumFractionDigits = 0;
  }
  const made = safeFormatter(options, currency);
  cache.set(key, made);
  return made;
}

/** Symbols that stand for one currency only; the others are written as code and a space (DKK 2,150,000). */
const OWN_SYMBOL = new Set(["EUR", "GBP", "USD", "JPY", "INR", "KRW", "ILS", "VND"]);

function safeFormatter(options: Intl.NumberFormatOptions, currency: string): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(LOCALE, {
      ...options,
      currencyDisplay: OWN_SYMBOL.has(currency) ? "narrowSymbol" : "code",
    });
  } catch {
    // A currency that is not three letters cannot be dressed; the plain number is still true.
    const { maximumFractionDigits } = options;
    return new Intl.NumberFormat(LOCALE, maximumFractionDigits === undefined ? {} : { maximumFractionDigits });
  }
}

/** The amount as the reader expects it, minus as U+2212. A malformed amount is shown as it came. */
export function formatMoney(value: MoneyValue, style: MoneyStyle = "whole"): string {
  if (!/^-?\d+(\.\d+)?$/.test(value.amount)) return `${value.currency} ${value.amount}`;
  const text = style === "short" ? short(value) : formatter(value.currency, style).format(value.amount as unknown as number);
  return text.replace("-", "\u2212").replaceAll("\u00a0", " ");
}

/** A sentence of the model with its amounts as the window writes them: "USD 71,266 at stake" is "$71,266 at stake". */
export function withMoney(text: string): string {
  return text.replaceAll(/\b([A-Z]{3}) (-?\d[\d,]*(?:\.\d+)?)/gu, (_, currency: string, amount: string) =>
    formatMoney({ currency, amount: amount.replaceAll(",", "") }, amount.includes(".") ? "exact" : "whole"),
  );
}

function short(value: MoneyValue): string {
  const negative = value.amount.startsWith("-");
  const [whole = "0"] = value.amount.replace("-", "").split(".");
  const step = whole.length > 9 ? 9 : whole.length > 6 ? 6 : whole.length > 3 ? 3 : 0;
  const unit = { 9: " bn", 6: " M", 3: " k", 0: "" }[step];
  const digits = Number(`${negative ? "-" : ""}${whole}`) / 10 ** step;
  // Two decimals or none: "$2.20 M" under "$1.15 M", and "$4 M" at an axis.
  const decimals = step >= 6 && Math.round(digits * 100) % 100 !== 0 ? 2 : 0;
  const symbol = formatter(value.currency, "whole")
    .formatToParts(0)
    .filter((part) => part.type === "currency" || part.type === "literal")
    .map((part) => part.value)
    .join("");
  const figure = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(digits);
  return figure.startsWith("-") ? `-${symbol}${figure.slice(1)}${unit}` : `${symbol}${figure}${unit}`;
}
