/** What a view of the inbox asks, in words and as an address. Pure. */
import { labels } from "../../api/api.gen";
import type { InboxQuery } from "../../api/api.gen";
import type { InboxSearch } from "./inbox.search";

/** "Mine, waiting, by SLA time left, “hansa”". */
export function viewWords(query: InboxQuery): string {
  return [
    labels.Scope[query.scope],
    labels.InboxShow[query.show].toLowerCase(),
    `by ${labels.InboxSort[query.sort].replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase())}`,
    query.direction === "descending" ? "descending" : "",
    query.partner ? "of one partner" : "",
    query.text ? `“${query.text}”` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

/** The address that shows it. */
export function viewSearch(query: InboxQuery): InboxSearch {
  const { scope, show, sort, direction, partner, text } = query;
  return { scope, show, sort, direction, ...(partner ? { partner } : {}), ...(text ? { text } : {}) };
}

/** Whether the view asks what is on screen; the page does not count. */
export function isView(query: InboxQuery, current: InboxQuery): boolean {
  const said = ({ scope, show, sort, direction, partner, text }: InboxQuery) => JSON.stringify([scope, show, sort, direction, partner ?? null, text ?? null]);
  return said(query) === said(current);
}
