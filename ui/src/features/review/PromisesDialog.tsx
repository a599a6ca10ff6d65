/** What was promised in the review before, and what became of it: the first thing that the next one looks at. */
import { Link } from "@tanstack/react-router";
import { labels } from "../../api/api.gen";
import type { Promised, PromiseState } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Tag } from "../../components/Tag";
import type { Tone } from "../../components/Tag";
import { useNow } from "../../components/When";
import { formatDay } from "../../format/time";
import styles from "./Review.module.css";

const TONE: Record<PromiseState, Tone> = { kept: "ok", open: "neutral", late: "danger", replaced: "neutral", taken_back: "neutral" };

/** "5 of 7 done". */
export function promisedWords(promises: readonly Pick<Promised, "state">[]): string {
  return `${promises.filter((one) => one.state === "kept").length} of ${promises.length} done`;
}

/** The dialog; mounted while open. */
export function PromisesDialog({ promises, onClose }: { promises: readonly Promised[]; onClose: () => void }) {
  const now = useNow();
  return (
    <Dialog
      open
      onClose={onClose}
      title="Promised last time"
      note={promisedWords(promises)}
      width="wide"
      foot={
        <Button kind="quiet" keys="Escape" onPress={onClose}>
          Close
        </Button>
      }
    >
      <ul className={styles.promises}>
        {promises.map((one) => (
          <li key={`${one.title} ${one.text} ${one.due ?? ""}`}>
            <Tag tone={TONE[one.state]}>{labels.PromiseState[one.state]}</Tag>
            <span>
              <span className="medium">{one.text}</span>
              <span className="t2">
                {" "}
                {[one.owner_name, one.due === null ? null : `by ${formatDay(one.due, now)}`].filter(Boolean).join(", ")}
              </span>
              <span className="t3 small"> {one.became}</span>
            </span>
            <span className="small cut" title={one.subtitle}>
              {one.deal !== null ? (
                <Link to="/deals" search={{ open: one.deal }} onClick={onClose}>
                  {one.title}
                </Link>
              ) : (
                one.title
              )}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
