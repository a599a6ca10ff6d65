/**
 * Open channel conflicts that stand against a registration, and the one act that decides both (C-08). Pure, but for the hook.
 *
 * The hard idea: which ones stand is Rust's to say, in one read, by the same rule that an approval is held to; so what the dialog
 * decides is what the approval asks for.
 */
import type { Approve, ApproveSettling, ConflictDetail, RegistrationDetail, Settle } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { settleProblems, settleRequest } from "../../channel/settle";
import type { Outcome, SettleForm, SettleProblems } from "../../channel/settle";

/** Those that stand against this registration while it waits. */
export function useStanding(detail: RegistrationDetail, waits: boolean): { conflicts: readonly ConflictDetail[]; isPending: boolean } {
  const enabled = waits && detail.partner != null;
  const { data, isPending } = useOp("conflictsAgainst", detail.row.id, { enabled });
  return { conflicts: enabled ? (data ?? []) : [], isPending: enabled && isPending };
}

/** What becomes of one channel conflict, as it stands in the dialog. */
export interface Choice {
  outcome: Outcome | "dismissed";
  form: SettleForm;
}

/** What is wrong with a choice; empty when it may be sent. */
export function choiceProblems(choice: Choice, first: string | null): SettleProblems {
  if (choice.outcome !== "dismissed") return settleProblems(choice.outcome, choice.form, first);
  return choice.form.reason.trim() === "" ? { reason: "Say why it is put aside" } : {};
}

/** What is sent: first those that are put aside, each with its reason, then the approval with what it settles. */
export interface Sending {
  dismiss: { conflicts: string[]; reason: string }[];
  settle: Settle[];
}

/** The choices as they are sent. Call it only without problems. */
export function sending(choices: readonly { conflict: string; choice: Choice }[]): Sending {
  const all: Sending = { dismiss: [], settle: [] };
  for (const { conflict, choice } of choices) {
    if (choice.outcome === "dismissed") all.dismiss.push({ conflicts: [conflict], reason: choice.form.reason.trim() });
    else all.settle.push(settleRequest(conflict, choice.outcome, choice.form));
  }
  return all;
}

/** The approval with what it settles. */
export function approveSettling(approve: Approve, { settle }: Sending): ApproveSettling {
  return { approve, settle };
}
