/**
 * Award, split or joint roles: one act over the deals of both sides, which lands whole or waits whole. Shares add up to 100 %
 * before anything is sent, and it is said who hears what; the letters wait until the CRM has confirmed.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { ConflictDetail, Settlement } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextArea, TextField } from "../../components/Field";
import { MailIcon } from "../../components/icons";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ErrorNotice, Notice } from "../../components/Section";
import { equalShares, sumOf } from "../../format/points";
import { optionsOf } from "../../format/words";
import { keyOf, settleProblems, settleRequest, toldWords } from "./channel";
import type { PartDraft, SettleForm } from "./channel";
import styles from "./Channel.module.css";
import { useStep } from "./useStep";

const TITLE = { awarded: "Award", split: "Split", joint: "Joint roles" } as const;
const NOTE = { awarded: "one act over the deals of both sides (R-13)", split: "each party its share; together 100 %", joint: "each brings something else (R-09)" } as const;
const ROLES = optionsOf(labels.PartnerRole);

/** The dialog. */
export function SettleDialog({ outcome, detail, onDone, onClose }: { outcome: Exclude<Settlement, "dismissed">; detail: ConflictDetail; onDone: () => void; onClose: () => void }) {
  const { row, verdict } = detail;
  const first = verdict.first ?? null;
  const [form, setForm] = useState<SettleForm>(() => ({
    winner: first,
    reason: "",
    parts: row.parties.map((party, n): PartDraft => ({ party: keyOf(party), pct: String(equalShares(row.parties.length)[n] ?? 0), role: n === 0 ? "resale" : "services" })),
  }));
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useStep("settleConflict");
  const problems = settleProblems(outcome, form, first);
  const said = tried ? problems : {};
  const sum = sumOf(form.parts);
  const told = toldWords(outcome, form, row.parties);
  const run = () => {
    setTried(true);
    if (Object.keys(problems).length === 0) send(settleRequest(row.id, outcome, form), onDone);
  };
  const set = (party: string, change: Partial<PartDraft>) => setForm({ ...form, parts: form.parts.map((part) => (part.party === party ? { ...part, ...change } : part)) });
  const needsReason = outcome !== "awarded" || (form.winner !== null && form.winner !== first);
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${TITLE[outcome]}: ${row.account}`}
      note={NOTE[outcome]}
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            {TITLE[outcome]}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          {outcome !== "awarded" && (
            <span className={`end tn ${sum === 100 ? "t2" : "danger medium"}`} role="status">
              {sum} % given{sum > 100 ? `, ${sum - 100} % too much` : sum < 100 ? `, ${100 - sum} % missing` : ""}
            </span>
          )}
        </>
      }
    >
      {error && <ErrorNotice error={error} title="Nothing was settled" />}
      {said.parts !== undefined && (
        <Notice tone="danger" title="This cannot be settled yet">
          {said.parts}
        </Notice>
      )}
      {outcome === "awarded" ? (
        <NumberedChoice
          label="Who has the account"
          options={row.parties.map((party) => ({ id: keyOf(party), name: party.name, ...(keyOf(party) === first ? { hint: "first by the policy" } : {}) }))}
          value={form.winner}
          onChange={(winner) => setForm({ ...form, winner })}
          onEnter={run}
          error={said.winner}
          autoFocus
        />
      ) : (
        row.parties.map((party, n) => {
          const part = form.parts[n];
          return (
            part && (
              <div key={part.party} className={styles.part} role="group" aria-label={party.name}>
                <span className="medium cut">{party.name}</span>
                {outcome === "joint" && <Select label="Role" options={ROLES} value={part.role} onChange={(role) => set(part.party, { role })} wide />}
                <TextField label="Share, %" value={part.pct} onChange={(pct) => set(part.party, { pct })} maxLength={3} autoFocus={n === 0} wide />
              </div>
            )
          );
        })
      )}
      <TextArea label={needsReason ? "Why, kept on the deals of both sides" : "Why (optional: the rule says it)"} value={form.reason} onChange={(reason) => setForm({ ...form, reason })} rows={2} maxLength={2000} isRequired={needsReason} error={said.reason} wide />
      {told.length > 0 && (
        <div className={styles.told}>
          <MailIcon size={14} />
          <span>
            {told.join(" ")} Each reads of itself alone, once the CRM has confirmed.
          </span>
        </div>
      )}
    </Dialog>
  );
}
