/**
 * Targets of a quarter as a person types them. All targets are kept together, so those of other quarters go along unchanged.
 */
import type { Motion, Target } from "../../api/api.gen";

/** Whom a target is of: everything, one motion or one partner. */
export type Whose = { motion?: Motion; partner?: string };

/** One field of the dialog; an empty one is no target. */
export interface Draft {
  whose: Whose;
  bookings: string;
}

const keyOf = ({ motion, partner }: { motion?: Motion | null; partner?: string | null }): string => (motion ? `m ${motion}` : partner ? `p ${partner}` : "");

/** A field for the program, each motion and each partner that has a target in the quarter. */
export function draftsOf(targets: readonly Target[], quarter: string, motions: readonly Motion[]): Draft[] {
  const ours = targets.filter((target) => target.quarter === quarter);
  const told = (whose: Whose): Draft => ({ whose, bookings: ours.find((target) => keyOf(target) === keyOf(whose))?.bookings ?? "" });
  const partners = ours.flatMap(({ partner }) => (partner ? [{ partner }] : []));
  return [{}, ...motions.map((motion) => ({ motion })), ...partners].map(told);
}

/** An amount as typed, without what groups its digits; null when it is none. */
export function amountOf(typed: string): string | null {
  const text = typed.trim();
  const grouped = /^\d{1,3}(([ ,'’])\d{3})(\2\d{3})*(\.\d{1,2})?$/.test(text);
  const plain = grouped ? text.replace(/[ ,'’]/g, "") : text;
  return /^\d+(\.\d{1,2})?$/.test(plain) && /[1-9]/.test(plain) ? plain : null;
}

/** All targets with those of the quarter as typed; null while one field is not an amount. */
export function targetsOf(drafts: readonly Draft[], targets: readonly Target[], quarter: string): Target[] | null {
  const typed = drafts.filter(({ bookings }) => bookings.trim() !== "").map(({ whose, bookings }) => ({ quarter, ...whose, bookings: amountOf(bookings) }));
  if (typed.some(({ bookings }) => bookings === null)) return null;
  return [...targets.filter((target) => target.quarter !== quarter), ...(typed as Target[])];
}
