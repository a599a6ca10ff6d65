/** A milestone of a deal's plan while it is written, and the plan in words. Pure. */
import type { PlanRow, PlanSide, SetPlanItem } from "../../api/api.gen";
import { countOf } from "../../format/number";

/** Whose column it is. */
export const OWES: Record<PlanSide, string> = { we: "We owe", partner: "The partner owes", customer: "The customer owes" };

/** As it is typed. */
export interface Milestone {
  text: string;
  side: PlanSide;
  owner: string;
  due: string | null;
  risk: string;
  isDone: boolean;
  /** What shows that it is done. */
  shows: string;
}

/** What stands; an empty one for a new one. */
export function milestoneOf(row: PlanRow | null): Milestone {
  const item = row?.item;
  return { text: item?.text ?? "", side: item?.side ?? "we", owner: item?.owner ?? "", due: item?.due ?? null, risk: item?.risk ?? "", isDone: (item?.done ?? null) !== null, shows: item?.proof?.text ?? "" };
}

/** Why it cannot be saved; null when it may. */
export function milestoneProblem({ text }: Pick<Milestone, "text">): string | null {
  return text.trim() === "" ? "Say what is to be done" : null;
}

/** What is sent; a milestone that was done before keeps its day. */
export function milestoneRequest(deal: string, row: PlanRow | null, { text, side, owner, due, risk, isDone, shows }: Milestone, today: string, dropped = false): SetPlanItem {
  const done = isDone ? (row?.item.done ?? today) : null;
  const said = shows.trim();
  return {
    deal,
    ...(row === null ? {} : { id: row.item.id }),
    text: text.trim(),
    side,
    owner: owner.trim() === "" ? null : owner.trim(),
    due,
    done,
    proof: done === null || said === "" ? null : { kind: row?.item.proof?.kind ?? "notes", day: row?.item.proof?.day ?? done, text: said },
    risk: risk.trim() === "" ? null : risk.trim(),
    dropped,
  };
}

/** "1 of 4 done, 2 overdue". */
export function planWords(plan: readonly Pick<PlanRow, "state">[]): string {
  if (plan.length === 0) return "no milestone yet";
  const of = (state: PlanRow["state"]) => plan.filter((row) => row.state === state).length;
  return [`${of("done")} of ${plan.length} done`, of("overdue") > 0 ? countOf(of("overdue"), "overdue", "overdue") : ""].filter(Boolean).join(", ");
}
