/** Tags: 18 px words for a state, a tier or a kind. Neutral unless the state has a meaning; colour never stands alone. */
import type { ReactNode } from "react";
import styles from "./Tag.module.css";

/** What a colour may mean. */
export type Tone = "neutral" | "ok" | "warn" | "danger" | "info" | "accent";

/** A tag. `outline` for a thing that can be chosen or is only named. */
export function Tag({ tone = "neutral", outline = false, icon, children }: { tone?: Tone; outline?: boolean; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`${styles.tag} ${outline ? styles.outline : styles[tone]}`}>
      {icon}
      {children}
    </span>
  );
}
