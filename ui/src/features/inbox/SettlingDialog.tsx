/**
 * Approves a registration under open channel conflicts by deciding both in one act (C-08): for each, whether the approval awards the
 * account, shares it, or the finding is put aside with a reason; beside it what is written and what each party reads. One confirm,
 * one way back. Mounted while open; the caller keeps what stood when it was opened, which is what is decided.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { ConflictDetail, RegistrationDetail } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { emptyForm, keyOf } from "../../channel/settle";
import { SettleFields } from "../../channel/SettleFields";
import settle from "../../channel/Settle.module.css";
import { SettlePreview } from "../../channel/SettlePreview";
import { Severity } from "../../channel/Severity";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Segments, TextArea } from "../../components/Field";
import { ErrorNotice, Section } from "../../components/Section";
import { toast } from "../../components/toasts";
import { countOf } from "../../format/number";
import { approveRequest, approvesAtOnce } from "./decide";
import type { Terms } from "./decide";
import styles from "./Inbox.module.css";
import { approveSettling, choiceProblems, sending } from "./standing";
import type { Choice } from "./standing";

const WAYS = [
  { id: "awarded", name: "Award", act: "award" },
  { id: "split", name: "Split", act: "split" },
  { id: "joint", name: "Joint roles", act: "joint" },
  { id: "dismissed", name: "Dismiss", act: "dismiss" },
] as const;

/** The dialog. */
export function SettlingDialog({ detail, conflicts, terms, said, onDone, onUndone, onClose }: { detail: RegistrationDetail; conflicts: readonly ConflictDetail[]; terms: Terms; said: string; onDone: () => void; onUndone: () => void; onClose: () => void }) {
  const own = detail.partner?.id ?? "";
  const [choices, setChoices] = useState<readonly Choice[]>(() => conflicts.map(({ row }) => ({ outcome: "awarded", form: emptyForm(row.parties, own) })));
  const [reason, setReason] = useState("");
  const [message, setMessage] = useState(detail.drafts.approve);
  const [tried, setTried] = useState(false);
  const [aside, setAside] = useState<readonly string[]>([]);
  const dismiss = useCommand("dismissConflicts", { quiet: true });
  const approve = useCommand("approve", { quiet: true });
  const both = useCommand("approveSettling", { quiet: true });
  const undo = useCommand("undo", { failed: "It could not be taken back" });
  const [refused, setRefused] = useState<string | null>(null);
  const busy = dismiss.isPending || approve.isPending || both.isPending;
  const against = !approvesAtOnce(detail);
  // One sentence is enough: what is said of a channel conflict is said of the others and of the approval, unless they have their own.
  const sentence = choices.map(({ form }) => form.reason).find((words) => words.trim() !== "") ?? "";
  const made = choices.map((one): Choice => (one.form.reason.trim() === "" ? { ...one, form: { ...one.form, reason: sentence } } : one));
  const problems = conflicts.map((one, n) => choiceProblems(made[n] as Choice, one.verdict.first ?? null));
  const why = reason.trim() === "" ? sentence : reason;
  const missing = against && why === "";
  const may = !missing && problems.every((one) => Object.keys(one).length === 0);
  const error = both.error ?? approve.error ?? dismiss.error;
  const what = countOf(conflicts.length, "channel conflict");

  const takeBack = async (decisions: readonly string[]) => {
    try {
      // The last first, so that each stands on what it stood on. One that fails is told by the command.
      // oxlint-disable-next-line no-await-in-loop
      for (const decision of decisions.toReversed()) await undo.mutateAsync({ decision });
    } catch {
      return;
    }
    onUndone();
  };
  const send = async () => {
    setTried(true);
    if (!may || busy) return;
    setRefused(null);
    const all = sending(conflicts.map(({ row }, n) => ({ conflict: row.id, choice: made[n] as Choice })));
    const done: string[] = [...aside];
    try {
      for (const one of all.dismiss) {
        // One at a time: what cannot be put aside stops the approval, and says why.
        // oxlint-disable-next-line no-await-in-loop
        const answer = await dismiss.mutateAsync(one);
        const [failed] = answer.failed;
        if (failed) return setRefused(failed.why);
        done.push(...answer.decisions);
        setAside(done);
      }
      const request = approveRequest(detail, terms, { message, ...(against || reason.trim() !== "" ? { reason: why } : {}) });
      const decided = all.settle.length > 0 ? await both.mutateAsync(approveSettling(request, all)) : await approve.mutateAsync(request);
      toast({ title: decided.title, undo: () => void takeBack([...done, decided.decision]) });
    } catch {
      // Said in the dialog, with every typed word in place.
      return;
    }
    onDone();
  };
  const run = () => void send();
  const set = (n: number, change: Partial<Choice>) => setChoices(choices.map((one, at) => (at === n ? { ...one, ...change } : one)));

  return (
    <Dialog
      open
      onClose={() => !busy && onClose()}
      title={`Approve ${detail.row.company}`}
      note={`and decide ${what} on its account in the same act (C-08)`}
      width="wide"
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            Approve and settle
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className="end t3 small">{choices.some((one) => one.outcome === "dismissed") ? "what is put aside is an act of its own before it; one undo for all" : "lands whole or waits whole"}</span>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="It was not approved" />}
      {refused !== null && <ErrorNotice error={{ message: refused, kept: "Nothing was approved." }} title="The channel conflict was not put aside" />}
      {conflicts.map((one, n) => {
        const { outcome, form } = choices[n] as Choice;
        const first = one.verdict.first ?? null;
        const wrong = tried ? (problems[n] ?? {}) : {};
        const clear = Object.keys(problems[n] ?? {}).length === 0;
        const { settle: requests } = clear ? sending([{ conflict: one.row.id, choice: made[n] as Choice }]) : { settle: [] };
        return (
          <section key={one.row.id} className={settle.deciding} aria-label={one.row.account}>
            <div>
              <div>
                <p className="medium">
                  <Severity band={one.row.band} value={one.row.severity} /> {labels.ConflictKind[one.row.kind]}: {one.row.parties.map((party) => party.name).join(" and ")}
                </p>
                <p className="t2 small">{firstWords(one, own)}</p>
              </div>
              <Segments label={`What becomes of it: ${one.row.account}`} options={WAYS.filter((way) => one.acts.includes(way.act))} value={outcome} onChange={(to) => set(n, { outcome: to })} />
              {outcome === "dismissed" ? (
                <TextArea label="Why it is put aside, kept on both sides’ deals" value={form.reason} onChange={(to) => set(n, { form: { ...form, reason: to } })} rows={2} maxLength={2000} isRequired error={wrong.reason} wide />
              ) : (
                <SettleFields outcome={outcome} parties={one.row.parties} form={form} first={first} only={own} focused={n === 0} said={wrong} onChange={(to) => set(n, { form: to })} onEnter={run} />
              )}
            </div>
            <div>
              {outcome === "dismissed" ? <p className="t2 small">It comes back when its facts change. Nobody is told of it; the approval is told as below.</p> : <SettlePreview request={requests[0] ?? null} parties={one.row.parties} apart={outcome === "awarded" ? own : null} />}
            </div>
          </section>
        );
      })}
      <Section title="The approval" note={said}>
        <div className={styles.settling}>
          {against && <TextArea label="Reason, kept with the decision (the one above when empty)" value={reason} onChange={setReason} rows={2} maxLength={4000} error={tried && missing ? "The policy recommends otherwise: say why in a sentence" : undefined} wide />}
          <TextArea label={`Message to ${detail.row.partner ?? "the partner"}`} value={message} onChange={setMessage} rows={6} maxLength={4000} help="Goes to the partner when the CRM has confirmed the decision." wide />
        </div>
      </Section>
    </Dialog>
  );
}

/** Whom the policy puts first, and by which fact. */
function firstWords({ verdict, row }: ConflictDetail, own: string): string {
  const clause = verdict.trace.find((one) => one.result === "decides");
  const first = row.parties.find((party) => keyOf(party) === verdict.first);
  if (!first) return "No clause of the policy separates them: a person decides.";
  return `The policy puts ${keyOf(first) === own ? "this partner" : first.name} first${clause ? `: ${clause.fact}` : ""}.`;
}
