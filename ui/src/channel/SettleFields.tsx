/** What a settlement asks for: who has the account, or each party's share and role, and why. What is wrong stands beside it. */
import { labels } from "../api/api.gen";
import type { Party } from "../api/api.gen";
import { Select, TextArea, TextField } from "../components/Field";
import { NumberedChoice } from "../components/NumberedChoice";
import { Notice } from "../components/Section";
import { sumOf } from "../format/points";
import { optionsOf } from "../format/words";
import { keyOf, needsReason } from "./settle";
import type { Outcome, PartDraft, SettleForm, SettleProblems } from "./settle";
import styles from "./Settle.module.css";

const ROLES = optionsOf(labels.PartnerRole);

/** The fields. `first` is the party that the policy puts first; `only` is the one that can win here, where it is not open;
 * `focused` begins with the reason. */
export function SettleFields({ outcome, parties, form, first, only = null, focused = false, said, onChange, onEnter }: { outcome: Outcome; parties: readonly Party[]; form: SettleForm; first: string | null; only?: string | null; focused?: boolean; said: SettleProblems; onChange: (form: SettleForm) => void; onEnter: () => void }) {
  const needed = needsReason(outcome, form, first);
  const set = (party: string, change: Partial<PartDraft>) => onChange({ ...form, parts: form.parts.map((part) => (part.party === party ? { ...part, ...change } : part)) });
  return (
    <>
      {said.parts !== undefined && (
        <Notice tone="danger" title="This cannot be settled yet">
          {said.parts}
        </Notice>
      )}
      {outcome === "awarded" && only === null && (
        <NumberedChoice
          label="Who has the account"
          options={parties.map((party) => ({ id: keyOf(party), name: party.name, ...(keyOf(party) === first ? { hint: "first by the policy" } : {}) }))}
          value={form.winner}
          onChange={(winner) => onChange({ ...form, winner })}
          onEnter={onEnter}
          error={said.winner}
          autoFocus
        />
      )}
      {outcome !== "awarded" &&
        parties.map((party, n) => {
          const part = form.parts[n];
          return (
            part && (
              <div key={part.party} className={styles.part} role="group" aria-label={party.name}>
                <span className="medium cut">{party.name}</span>
                {outcome === "joint" && <Select label="Role" options={ROLES} value={part.role} onChange={(role) => set(part.party, { role })} wide />}
                <TextField label="Share, %" value={part.pct} onChange={(pct) => set(part.party, { pct })} maxLength={3} autoFocus={n === 0 && only === null} wide />
              </div>
            )
          );
        })}
      <TextArea label={needed ? "Why, kept on the deals of both sides" : "Why (optional: the rule says it)"} value={form.reason} onChange={(reason) => onChange({ ...form, reason })} rows={2} maxLength={2000} isRequired={needed} autoFocus={focused} error={said.reason} wide />
    </>
  );
}

/** "90 % given, 10 % missing", for the foot of a dialog; nothing with an award. */
export function ShareSum({ outcome, form }: { outcome: Outcome; form: SettleForm }) {
  if (outcome === "awarded") return null;
  const sum = sumOf(form.parts);
  return (
    <span className={`end tn ${sum === 100 ? "t2" : "danger medium"}`} role="status">
      {sum} % given{sum > 100 ? `, ${sum - 100} % too much` : sum < 100 ? `, ${100 - sum} % missing` : ""}
    </span>
  );
}
