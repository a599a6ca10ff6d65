/** The steps on the way to a settlement, each with what its dialog asks for and what is sent. Pure. */
import type { ConflictAct } from "../../api/api.gen";
import type { CommandName, RequestOf } from "../../api/queries";

/** A step that takes words. */
export type Step = "plan" | "ask" | "answer" | "escalate" | "refuse";

/** A step as it stands in its dialog. */
export interface StepForm {
  text: string;
  owner: string | null;
  day: string | null;
}

/** An empty form. */
export const EMPTY_STEP: StepForm = { text: "", owner: null, day: null };

interface Spec {
  op: CommandName;
  /** The act that has to be open for it. */
  act: ConflictAct;
  keys: string;
  title: string;
  note: string;
  text: string;
  owner?: "needed" | "optional";
  day?: boolean;
}

/** The steps, in the order of the menu. */
export const STEPS: Readonly<Record<Step, Spec>> = {
  plan: { op: "planConflict", act: "plan", keys: "p", title: "Plan", note: "both sides’ deals say so (S-07)", text: "How it is to be settled", day: true },
  ask: { op: "askSeller", act: "ask_seller", keys: "q", title: "Ask the seller", note: "a task in the CRM, with a clock of its own (C-08)", text: "The question", owner: "optional" },
  answer: { op: "sellerAnswered", act: "ask_seller", keys: "Shift+Q", title: "The seller’s answer", note: "the clock of the question stops", text: "What the seller says" },
  escalate: { op: "escalateConflict", act: "escalate", keys: "e", title: "Escalate", note: "somebody else decides; a task in the CRM", text: "Why somebody else decides", owner: "needed" },
  refuse: { op: "refuseConflictAppeal", act: "decide_appeal", keys: "r", title: "Refuse the appeal", note: "it stays as it was settled; to uphold it, settle it anew", text: "Why it stays as it is" },
};

/** What is wrong with it; empty when it may be sent. */
export function stepProblems(step: Step, form: StepForm): { text?: string; owner?: string } {
  return {
    ...(form.text.trim() === "" ? { text: "Say it in a sentence" } : {}),
    ...(STEPS[step].owner === "needed" && form.owner === null ? { owner: "Choose who decides" } : {}),
  };
}

/** The step as it is sent. Call it only without problems. */
export function stepRequest(step: Step, conflict: string, form: StepForm): RequestOf<CommandName> {
  const text = form.text.trim();
  const requests: Record<Step, object> = {
    plan: { conflict, text, ...(form.day === null ? {} : { due: form.day }) },
    ask: { conflict, question: text, ...(form.owner === null ? {} : { seller: form.owner }) },
    answer: { conflict, answer: text },
    escalate: { conflict, to: form.owner, reason: text },
    refuse: { conflict, reason: text },
  };
  return requests[step] as RequestOf<CommandName>;
}

/** Why something is put aside, as it is mostly said. */
export const DISMISS_REASONS = [
  { id: "agreed", name: "Agreed between the parties" },
  { id: "same", name: "One company group" },
  { id: "duplicate", name: "Duplicate record" },
  { id: "different", name: "Different need or product" },
  { id: "other", name: "Other", hint: "say it below" },
] as const;
/** One of them. */
export type DismissCause = (typeof DISMISS_REASONS)[number]["id"];

/** The reason as it is kept; null while there is none. */
export function dismissReason(cause: DismissCause | null, text: string): string | null {
  const words = text.trim();
  if (cause === null || cause === "other") return words === "" ? null : words;
  const name = DISMISS_REASONS.find((one) => one.id === cause)?.name ?? "";
  return words === "" ? name : `${name}: ${words}`;
}
