/** What two versions have differently: what it is, what it was, what it is now. Added and taken away are said in words. */
import type { PolicyChange } from "../../api/api.gen";
import styles from "./Policy.module.css";

/** The list. */
export function Changes({ changes, empty = "They say the same." }: { changes: readonly PolicyChange[]; empty?: string }) {
  if (changes.length === 0) return <p className="t2 small">{empty}</p>;
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <li key={change.key}>
          <span className={styles.changeName} title={change.key}>
            {change.label}
          </span>
          <span>
            {change.before === null || change.before === undefined ? <span className="t3">added </span> : <del className={styles.before}>{change.before}</del>}
            {change.after === null || change.after === undefined ? (
              <span className="t3"> taken out</span>
            ) : (
              <>
                {change.before !== null && change.before !== undefined && (
                  <span className="t3" aria-hidden="true">
                    {" "}
                    →{" "}
                  </span>
                )}
                <ins className={styles.after}>{change.after}</ins>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
