/** One piece of evidence that is asked for: what it is, the day that it shows, what it says and where it is. */
import type { ReactNode } from "react";
import type { Proof } from "../api/api.gen";
import { DateField, Select, TextArea } from "../components/Field";
import styles from "./Evidence.module.css";
import { PROOF_KINDS } from "./ProofsEditor";

/** The controls; `children` stand beside the day. `tried` says what is missing. */
export function ProofFields({ proof, today, tried, onChange, autoFocus = false, children }: { proof: Proof; today: string; tried: boolean; onChange: (proof: Proof) => void; autoFocus?: boolean; children?: ReactNode }) {
  const set = (change: Partial<Proof>) => onChange({ ...proof, ...change });
  return (
    <>
      <div className={styles.one}>
        <Select label="Evidence" options={PROOF_KINDS} value={proof.kind} onChange={(kind) => set({ kind })} />
        <DateField label="Day" value={proof.day === "" ? null : proof.day} onChange={(day) => set({ day: day ?? "" })} max={today} error={tried && proof.day === "" ? "Choose the day" : undefined} />
        {children}
      </div>
      <TextArea label="What it says, and where it is" value={proof.text} onChange={(text) => set({ text })} rows={3} maxLength={2000} isRequired autoFocus={autoFocus} error={tried && proof.text.trim() === "" ? "Say what shows it" : undefined} wide />
    </>
  );
}
