/**
 * What stands between a deal and its next stage, in words, and the edit that moves it. Pure.
 *
 * The hard idea: a criterion that does not hold is also among the checks of the move, as a sentence that begins with it; here each is
 * told once, under the criteria, and the checks keep what is left: fields, the account, the conflict, the order of stages.
 */
import type { Check, Criterion, DealField, EditDeal, EditPreview, StageChoice } from "../api/api.gen";
import { problemOf } from "./changes";
import type { Changes } from "./changes";
import { confirmed } from "./confirms";
import type { Confirms } from "./confirms";

/** The checks that are not a criterion's own. */
export function checksBeside(checks: readonly Check[], criteria: readonly Criterion[]): Check[] {
  return checks.filter((check) => check.outcome !== "pass" && !criteria.some((criterion) => !criterion.met && check.fact.startsWith(`${criterion.says}: `)));
}

/** How a criterion came out: one that waits for a person is not failed yet. */
export function outcomeOf({ met, told_by }: Pick<Criterion, "met" | "told_by">): "ok" | "warn" | "fail" {
  if (met) return "ok";
  return told_by === "person" ? "warn" : "fail";
}

/** The rule that a criterion stands under: "M-10" for the entry gate, else its motion and stage, "M-reseller.2". */
export function ruleOf(key: string): string {
  const stage = key.slice(0, Math.max(0, key.lastIndexOf(".")));
  return stage === "" || stage === "entry" ? "M-10" : `M-${stage}`;
}

/** "2 of 5 open, the deal cannot move". */
export function gateWords(criteria: readonly Criterion[], held: boolean): string {
  const open = criteria.filter((criterion) => !criterion.met).length;
  const count = criteria.length === 0 ? "nothing has to be shown" : open === 0 ? `all ${criteria.length} hold` : `${open} of ${criteria.length} open`;
  return held ? `${count}, the deal cannot move` : count;
}

/** The fields that the gate asks for and that are not there, to be filled in with the move. */
export function askedFields(fields: readonly DealField[], checks: readonly Check[], changes: Changes): DealField[] {
  const named = new Set(checks.filter((check) => check.outcome === "fail").map((check) => check.name));
  const lost = checks.some((check) => check.rule === "M-12");
  return fields.filter((field) => field.field !== "stage" && field.editable && (named.has(field.label) || changes.has(field.field) || (lost && field.field === "lost_reason")));
}

/** The stage that is meant by a place on the way; the first one of it, where it is open. */
export function stageAt(stages: readonly StageChoice[], position: number): StageChoice | undefined {
  return stages.find((stage) => stage.position === position && stage.outcome === "open");
}

/** What is asked of Rust, to be looked at or to be done: the stage, what is filled in and confirmed with it, the reason. */
export function moveRequest(deal: string, stage: string, fields: readonly DealField[], changes: Changes, confirms: Confirms, reason: string): EditDeal {
  const good = [...changes].filter(([name, value]) => problemOf(fields.find((field) => field.field === name) ?? { field: name, holds: "text" }, value) === undefined);
  const words = reason.trim();
  return {
    deal,
    set: [{ field: "stage", value: stage }, ...good.map(([field, value]) => ({ field, value }))],
    confirm: confirmed(confirms),
    ...(words === "" ? {} : { override_reason: words }),
  };
}

/** What keeps the move from being made, in a sentence; null when it may be. */
export function moveProblem(preview: EditPreview | undefined, reason: string): string | null {
  if (preview === undefined) return "What it comes to is still being read";
  if (preview.refused !== null) return preview.refused;
  if (preview.held && reason.trim() === "") return "The gate does not hold: put right what is open, or say why it moves all the same";
  return null;
}
