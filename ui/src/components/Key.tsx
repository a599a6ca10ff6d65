/** Key caps: one 18 px square for each step of a shortcut ("g i" is two caps, "Mod+K" is one: Ctrl K). */
import { printedKeys } from "../actions/keys";
import styles from "./Key.module.css";

/** Prints a shortcut as written in an action. */
export function Key({ keys }: { keys: string }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {printedKeys(keys).map((cap, n) => (
        // Caps stand at fixed places ("G G" is two); their place is their identity.
        // oxlint-disable-next-line react/no-array-index-key
        <kbd key={n} className={styles.key}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
