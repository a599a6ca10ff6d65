/** Mails of a review as drafts (W-08): who, about what, and the one that is open to be edited, copied or saved. Nothing is sent from here. */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { ReviewMail } from "../../api/api.gen";
import { Select } from "../../components/Field";
import { MessageEditor } from "../../message/MessageEditor";
import styles from "./Review.module.css";

/** The drafts, one at a time. */
export function Mails({ mails }: { mails: readonly ReviewMail[] }) {
  const [at, setAt] = useState("0");
  const mail = mails[Number(at)] ?? mails[0];
  if (mail === undefined) return <p className="t2">Nobody has anything to do that a mail would say.</p>;
  return (
    <div className={styles.mails}>
      <Select label="Mail" options={mails.map((one, n) => ({ id: String(n), name: one.to, hint: labels.ReviewMailKind[one.kind].toLowerCase() }))} value={at} onChange={setAt} wide />
      <MessageEditor key={at} draft={mail} rows={14} />
    </div>
  );
}
