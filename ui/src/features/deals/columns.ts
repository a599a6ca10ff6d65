/** The columns of the table: which can be hidden, and what each is narrowed by. Pure. */
import type { FilterName } from "./views";

/** A column that can be hidden, with the filters that are about it. */
export interface DealColumn {
  id: string;
  title: string;
  filters: readonly FilterName[];
}

/** In their order; the first names the row and stays. */
export const DEAL_COLUMNS: readonly DealColumn[] = [
  { id: "name", title: "Account", filters: ["outcome"] },
  { id: "partner", title: "Partner", filters: ["partner", "partnered"] },
  { id: "stage", title: "Stage", filters: ["stage", "motion"] },
  { id: "amount", title: "Amount", filters: ["min", "max"] },
  { id: "credit", title: "Credit", filters: ["credit"] },
  { id: "hygiene", title: "Hygiene", filters: ["hygiene"] },
  { id: "protection", title: "Prot.", filters: [] },
  { id: "close_date", title: "Close", filters: ["from", "to"] },
  { id: "notes_age", title: "Notes", filters: [] },
];

const BETWEEN = ",";

/** The hidden columns that the address names; the first is never among them. */
export function hiddenIn(text: string | undefined): ReadonlySet<string> {
  const named = new Set((text ?? "").split(BETWEEN));
  return new Set(DEAL_COLUMNS.slice(1).map((column) => column.id).filter((id) => named.has(id)));
}

/** The hidden columns as the address says them; undefined for none. */
export function hiddenText(hidden: ReadonlySet<string>): string | undefined {
  const named = DEAL_COLUMNS.filter((column) => hidden.has(column.id)).map((column) => column.id);
  return named.length === 0 ? undefined : named.join(BETWEEN);
}
