/** The clock of one item: how long it has been open, of its share of the review. */
import { useState } from "react";
import type { Review } from "../../api/api.gen";
import { formatStopwatch } from "../../format/time";
import { itemShare } from "./agenda";
import styles from "./Review.module.css";
import { useSeconds } from "./stopwatch";

/** How long this item has been open, against its share of the time. */
export function ItemClock({ review }: { review: Review }) {
  const now = useSeconds();
  const [since] = useState(now);
  const share = itemShare(review.items, review.minutes_planned);
  const spent = Math.max(0, now - since);
  return (
    <span className={`${styles.itemClock} ${spent > share ? styles.over : ""}`} title="Time on this item, of its share of the review">
      {formatStopwatch(spent)} of {formatStopwatch(share)}
    </span>
  );
}
