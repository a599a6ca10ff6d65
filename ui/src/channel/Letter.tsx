/** One letter about a channel conflict, as its own party reads it: to whom, what it says, and that it names nobody else (V-01). */
import type { ReactNode } from "react";
import type { Party } from "../api/api.gen";
import { Sign } from "../components/Verdict";
import { foreignNames } from "./settle";
import styles from "./Settle.module.css";

/** The letters around. */
export function Letters({ children }: { children: ReactNode }) {
  return <ul className={styles.letters}>{children}</ul>;
}

/** The letter; `tag` says how far it has come. */
export function Letter({ message, parties, tag }: { message: { to: string; subject: string; text: string }; parties: readonly Party[]; tag?: ReactNode }) {
  const foreign = foreignNames(message, parties);
  return (
    <li aria-label={`Message to ${message.to}`}>
      <div className={styles.letterHead}>
        <span className="medium cut">{message.to}</span>
        <span className="t2 cut" title={message.subject}>
          {message.subject}
        </span>
        {tag}
      </div>
      <p className={styles.letter}>{message.text}</p>
      <p className={styles.sees}>
        <Sign outcome={foreign.length === 0 ? "ok" : "warn"} size={12} />
        {foreign.length === 0 ? "Names no other party." : `Names ${foreign.join(" and ")}, which it may not see.`}
      </p>
    </li>
  );
}
