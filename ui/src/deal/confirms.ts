/** Criteria that a person confirms together with an edit, kept until it is saved. Pure. */
import type { Confirm, Proof } from "../api/api.gen";

/** Criteria that are confirmed, by key, each with what shows it. */
export type Confirms = ReadonlyMap<string, Proof | null>;

/** Nothing confirmed. */
export const NO_CONFIRMS: Confirms = new Map();

/** A proof that says something. */
export function isProof(proof: Proof | null | undefined): proof is Proof {
  return proof !== null && proof !== undefined && proof.text.trim() !== "" && proof.day !== "";
}

/** As it is sent; evidence that says nothing is left out. */
export function confirmed(confirms: Confirms): Confirm[] {
  return [...confirms].map(([key, proof]) => ({ key, holds: true, ...(isProof(proof) ? { proof: { ...proof, text: proof.text.trim() } } : {}) }));
}

/** Without one of them. */
export function withoutConfirm(confirms: Confirms, key: string): Confirms {
  return new Map([...confirms].filter(([one]) => one !== key));
}
