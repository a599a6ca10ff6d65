/**
 * Open channel conflicts that stand against a registration, and the one act that decides both (C-08). Pure, but for the hook.
 *
 * The hard idea: which ones stand is what Rust says of each channel conflict of the partner (its records name the registration);
 * a partner with many is asked only about those that are of this company. Rust has the last word: an approval that leaves one out
 * is refused.
 */
import type { Approve, ApproveSettling, ConflictDetail, ConflictRow, RegistrationDetail, Settle } from "../../api/api.gen";
import { useEach, useOp } from "../../api/queries";
import { settleProblems, settleRequest } from "../../channel/settle";
import type { Outcome, SettleForm, SettleProblems } from "../../channel/settle";
import { isOpen } from "../../channel/words";

/** So many are looked at each; of more, only those of the same company. */
const FEW = 12;

/** What may be about this registration, by what the list says. */
export function likely(rows: readonly ConflictRow[], detail: Pick<RegistrationDetail, "row" | "similar">): ConflictRow[] {
  if (rows.length <= FEW) return [...rows];
  const companies = new Set(detail.similar.filter((one) => one.record.kind === "company").map((one) => one.record.id));
  const name = detail.row.company.toLowerCase();
  return rows.filter((row) => (row.account_id != null && companies.has(row.account_id)) || `${row.account} ${row.text}`.toLowerCase().includes(name));
}

/** Those that stand: open, no early sign, and with this registration among their records. */
export function standing(details: readonly ConflictDetail[], registration: string): ConflictDetail[] {
  return details.filter(({ row, records }) => isOpen(row.state) && row.kind !== "sign" && records.some((record) => record.kind === "registration" && record.id === registration));
}

/** Those that stand against this registration while it waits. */
export function useStanding(detail: RegistrationDetail, waits: boolean): { conflicts: ConflictDetail[]; isPending: boolean } {
  const partner = waits ? (detail.partner?.id ?? null) : null;
  const list = useOp("conflicts", { closed: false, kinds: [], partner, limit: 100 }, { enabled: partner !== null });
  const each = useEach("conflict", likely(partner === null ? [] : (list.data?.rows ?? []), detail).map((row) => ({ conflict: row.id })));
  return { conflicts: standing(each.answers, detail.row.id), isPending: partner !== null && (list.isPending || each.isPending) };
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
