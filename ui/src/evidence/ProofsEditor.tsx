/** Evidence, piece by piece: what it is, the day that it shows, what it says and where it is. */
import { labels } from "../api/api.gen";
import type { Proof } from "../api/api.gen";
import { Button } from "../components/Button";
import { DateField, Select, TextField } from "../components/Field";
import { CrossIcon, PlusIcon } from "../components/icons";
import { optionsOf } from "../format/words";
import styles from "./Evidence.module.css";

/** The kinds of evidence. */
export const PROOF_KINDS = optionsOf(labels.ProofKind);

/** The list; `today` is the day that a new piece begins with. */
export function ProofsEditor({ proofs, today, error, onChange, autoFocus = false }: { proofs: readonly Proof[]; today: string; error?: string | undefined; onChange: (proofs: readonly Proof[]) => void; autoFocus?: boolean }) {
  const set = (at: number, change: Partial<Proof>) => onChange(proofs.map((proof, n) => (n === at ? { ...proof, ...change } : proof)));
  return (
    <div role="group" aria-label="Evidence" className={styles.proofs}>
      {proofs.map((proof, n) => (
        // A piece has no name of its own; its place in the list is its identity while it is typed.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={n} className={styles.proof}>
          <Select label={`Evidence ${n + 1}`} options={PROOF_KINDS} value={proof.kind} onChange={(kind) => set(n, { kind })} autoFocus={autoFocus && n === 0} />
          <DateField label="Day" value={proof.day} onChange={(day) => set(n, { day: day ?? "" })} max={today} />
          <TextField label="What it says, and where it is" value={proof.text} onChange={(text) => set(n, { text })} maxLength={2000} wide />
          <Button kind="icon" label={`Remove evidence ${n + 1}`} icon={<CrossIcon size={12} />} onPress={() => onChange(proofs.filter((_, other) => other !== n))} />
        </div>
      ))}
      <div className="row">
        <Button icon={<PlusIcon size={14} />} autoFocus={autoFocus && proofs.length === 0} onPress={() => onChange([...proofs, { kind: "meeting", day: today, text: "" }])}>
          Add evidence
        </Button>
        {error !== undefined && (
          <span className="danger small" role="alert">
            {error}
          </span>
        )}
      </div>
    </div>
  );
}
