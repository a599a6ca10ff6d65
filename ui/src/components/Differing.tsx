/** A value that differs from the one beside it, with the words marked that only it has. */
import { differingWords } from "../format/differ";
import styles from "./Differing.module.css";

/** The value; where nothing is shared there is nothing to mark. */
export function Differing({ value, beside }: { value: string; beside: string | null }) {
  return differingWords(value, beside).map((part, n) =>
    part.other ? (
      // The pieces of one value; their place is their identity.
      // oxlint-disable-next-line react/no-array-index-key
      <span key={n} className={styles.only}>
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}
