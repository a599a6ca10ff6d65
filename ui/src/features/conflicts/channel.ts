/** Channel conflicts as a person narrows and compares them: the question to the list, the facts of both sides, who touches the account. Pure. */
import type { ConflictDetail, ConflictsQuery, ConflictView, GraphEdge, Party, Side } from "../../api/api.gen";
import { keyOf } from "../../channel/settle";
import { formatMoney } from "../../format/money";
import { countOf } from "../../format/number";
import { formatDate } from "../../format/time";
import type { ConflictsSearch } from "./conflicts.search";

/** What narrows the list beside the view, in the order of the chips. */
export const FILTERS = ["kind", "partner", "motion", "region", "from", "text"] as const;
/** One of them. */
export type FilterName = (typeof FILTERS)[number];

/** What the list is asked: the view's question, narrowed by the person's own filters; theirs win where both say something. */
export function conflictsQuery(search: ConflictsSearch, view: ConflictView | undefined, after: string | null): ConflictsQuery {
  const asked: Partial<ConflictsQuery> = view?.query ?? {};
  const { kind, partner, motion, region, from, text } = search;
  return {
    closed: asked.closed ?? false,
    kinds: kind === undefined ? (asked.kinds ?? []) : [kind],
    signal: asked.signal ?? null,
    state: asked.state ?? null,
    partner: partner ?? asked.partner ?? null,
    motion: motion ?? asked.motion ?? null,
    region: region ?? asked.region ?? null,
    value_from: from ?? asked.value_from ?? null,
    text: text ?? asked.text ?? null,
    after,
    limit: 50,
  };
}

/** A side in one line: its tier, and what is open. */
export function sideWords(side: Side): string {
  const [deal] = side.deals;
  const open = side.deals.length === 1 && deal?.amount ? `${formatMoney(deal.amount)} open` : side.deals.length > 0 ? countOf(side.deals.length, "open deal") : null;
  return [side.tier && `${side.tier} tier`, open].filter(Boolean).join(" · ");
}

/** A row of the comparison: a fact, and what each side has. */
export interface FactRow {
  name: string;
  values: readonly string[];
}

const known = (value: boolean | null | undefined, yes: string, no: string) => (value === null || value === undefined ? "not known" : value ? yes : no);

/** Each party's facts beside each other, in the order of the hierarchy. What no side has anything to say of is left out. */
export function factRows(sides: readonly Side[], now: number): FactRow[] {
  const row = (name: string, say: (side: Side) => string): FactRow => ({ name, values: sides.map(say) });
  const all = [
    row("In force", (side) => side.registered ?? "nothing registered"),
    row("The account", (side) => (side.incumbent ? "holds it today" : "does not hold it")),
    row("Certificate", (side) => (side.party.partner ? known(side.certified, "valid", "none valid") : "needs none")),
    row("Kept for it", (side) => (side.reserved ? "yes, by the policy’s lists" : "no")),
    row("Territory", (side) => known(side.in_territory, "inside", "outside")),
    row("Complete since", (side) => (side.first_qualified ? formatDate(side.first_qualified, now) : "never")),
    row("First meeting", (side) => (side.first_meeting ? formatDate(side.first_meeting, now) : "none known")),
    row("Tier", (side) => side.tier ?? "none"),
    row("Open deals", (side) => side.deals.map((deal) => [deal.name, deal.amount ? formatMoney(deal.amount) : null, `stage ${deal.position}`].filter(Boolean).join(", ")).join("; ") || "none"),
    row("Registrations", (side) => side.claims.map((claim) => claim.label).join(", ") || "none"),
  ];
  const silent = new Set(["no", "not known", "none", "none known", "never", "needs none"]);
  return all.filter((one) => one.values.some((value) => !silent.has(value)));
}

/** A knot of the graph: a party or person at the left, a record at the right. */
export interface GraphNode {
  id: string;
  label: string;
  note: string;
}

/** The graph as it is drawn: two columns and lines between their places; what does not fit is counted. */
export interface Graph {
  from: GraphNode[];
  to: GraphNode[];
  lines: { from: number; to: number; edge: GraphEdge }[];
  left: number;
}

/** Who touches the account, in two columns of at most `most` each, parties first. Records of one company are told in words. */
export function graphOf(edges: readonly GraphEdge[], parties: readonly Party[], kindWord: (kind: string) => string, most = 8): Graph {
  const drawn = edges.filter((edge) => edge.by !== "same company");
  const same = new Set(edges.filter((edge) => edge.by === "same company").map((edge) => `${edge.to.kind} ${edge.to.id}`));
  const keys = new Set(parties.map(keyOf));
  const froms = [...new Map(drawn.map((edge) => [edge.from, edge])).values()];
  const from = froms.slice(0, most).map((edge): GraphNode => ({ id: edge.from, label: edge.from_label, note: keys.has(edge.from) ? "party" : "" }));
  const tos = [...new Map(drawn.map((edge) => [`${edge.to.kind} ${edge.to.id}`, edge.to])).entries()];
  const to = tos.slice(0, most).map(([id, record]): GraphNode => ({ id, label: record.label, note: same.has(id) ? "same company" : kindWord(record.kind).toLowerCase() }));
  const lines = drawn.flatMap((edge) => {
    const a = from.findIndex((node) => node.id === edge.from);
    const b = to.findIndex((node) => node.id === `${edge.to.kind} ${edge.to.id}`);
    return a < 0 || b < 0 ? [] : [{ from: a, to: b, edge }];
  });
  return { from, to, lines, left: Math.max(0, froms.length - from.length) + Math.max(0, tos.length - to.length) };
}

/** What an edge says: "by activity, 4 times". */
export function edgeWords(edge: Pick<GraphEdge, "by" | "times">): string {
  return edge.times > 1 ? `${edge.by}, ${edge.times} times` : edge.by;
}

/** Whether a question to the seller waits for an answer. */
export function isAsked(detail: Pick<ConflictDetail, "clocks">): boolean {
  return detail.clocks.some((clock) => clock.rule === "C-08" && (clock.state === "running" || clock.state === "over"));
}
