/**
 * What a replay comes to: how many verdicts move from what to what, which rules move them, and which decisions are meant by
 * one of these. Pure.
 */
import type { Act, Money, PolicyReplay, ReplayedDecision } from "../../api/api.gen";
import type { RecordGroup } from "../../components/RecordList";

/** The acts as they stand in "approve → decline". */
export const ACT: Record<Act, string> = { approve: "approve", decline: "decline", ask: "ask" };

/** Verdicts that move the same way. */
export interface Move {
  /** "approve-decline", as it stands in the address. */
  id: string;
  before: Act;
  after: Act;
  count: number;
}

/** A rule that comes to something else, in how many of the decisions that would differ. */
export interface Mover {
  rule: string;
  name: string;
  count: number;
}

/** Which of the decisions are shown; nothing said is all. */
export interface Shown {
  move?: string | undefined;
  rule?: string | undefined;
}

const ORDER: readonly Act[] = ["approve", "ask", "decline"];
const idOf = (row: Pick<ReplayedDecision, "before" | "after">) => `${row.before}-${row.after}`;

/** The ways in which verdicts move, the most frequent first. */
export function movesOf(rows: readonly ReplayedDecision[]): Move[] {
  const moves = new Map<string, Move>();
  for (const row of rows.filter((one) => one.flipped)) {
    const move = moves.get(idOf(row)) ?? { id: idOf(row), before: row.before, after: row.after, count: 0 };
    moves.set(move.id, { ...move, count: move.count + 1 });
  }
  const rank = (move: Move) => ORDER.indexOf(move.before) * ORDER.length + ORDER.indexOf(move.after);
  return [...moves.values()].toSorted((a, b) => b.count - a.count || rank(a) - rank(b));
}

/** The rules that come to something else, the most frequent first; a rule counts once a decision. */
export function moversOf(rows: readonly ReplayedDecision[]): Mover[] {
  const movers = new Map<string, Mover>();
  for (const row of rows) {
    for (const [rule, name] of new Map(row.why.map((one) => [one.rule, one.name]))) {
      movers.set(rule, { rule, name, count: (movers.get(rule)?.count ?? 0) + 1 });
    }
  }
  return [...movers.values()].toSorted((a, b) => b.count - a.count || a.rule.localeCompare(b.rule, "en", { numeric: true }));
}

/** The decisions that are meant, by how they move; those whose terms alone differ come last. */
export function groupsOf(rows: readonly ReplayedDecision[], { move, rule }: Shown): RecordGroup<ReplayedDecision>[] {
  const meant = rows.filter((row) => (move === undefined || (row.flipped && idOf(row) === move)) && (rule === undefined || row.why.some((one) => one.rule === rule)));
  const group = (id: string, title: string, of: ReplayedDecision[]) => ({ id, title, count: of.length, rows: of });
  return [
    ...movesOf(rows).map((one) => group(one.id, `${ACT[one.before]} → ${ACT[one.after]}`, meant.filter((row) => row.flipped && idOf(row) === one.id))),
    group("terms", "Other terms only", meant.filter((row) => !row.flipped)),
  ].filter((one) => one.rows.length > 0);
}

/** How the decisions of the window divide: the same, another verdict, other terms. */
export function sharesOf(replay: Pick<PolicyReplay, "judged" | "flipped" | "decisions">): { same: number; flipped: number; terms: number } {
  const { judged, flipped, decisions } = replay;
  return { same: Math.max(0, judged - decisions.length), flipped, terms: decisions.length - flipped };
}

/** Whether two lists of sums say the same. */
export function sameSums(a: readonly Money[], b: readonly Money[]): boolean {
  const words = (sums: readonly Money[]) => sums.map((one) => `${one.currency} ${one.amount}`).toSorted().join();
  return words(a) === words(b);
}
