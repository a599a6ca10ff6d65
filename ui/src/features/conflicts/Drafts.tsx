/** The letters of a settlement: to whom, what they say, whether they have been released, and that each reads of its own party alone (V-01). */
import type { Party } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { foreignNames } from "./channel";
import styles from "./Channel.module.css";

/** The section; nothing where the decision has no letter. */
export function Drafts({ decision, parties }: { decision: string; parties: readonly Party[] }) {
  const messages = useOp("messages", undefined);
  if (messages.error) return <ErrorNotice error={messages.error} title="The messages could not be read" />;
  const own = messages.data?.filter((message) => message.decision === decision) ?? [];
  if (own.length === 0) return null;
  return (
    <Section title="Messages to the parties" note={`${countOf(own.length, "letter")}, each sees its own part: the account, its share, its appeal`} end="V-01">
      <ul className={styles.letters}>
        {own.map((message) => {
          const foreign = foreignNames(message, parties);
          return (
            <li key={message.id} aria-label={`Message to ${message.to}`}>
              <div className={styles.letterHead}>
                <span className="medium cut">{message.to}</span>
                <span className="t2 cut">{message.subject}</span>
                <Tag tone={message.withdrawn ? "neutral" : message.released ? "ok" : "info"}>{message.withdrawn ? "taken back" : message.released ? "released" : "waits for the CRM"}</Tag>
              </div>
              <p className={styles.letter}>{message.text}</p>
              <p className={styles.sees}>
                <Sign outcome={foreign.length === 0 ? "ok" : "warn"} size={12} />
                {foreign.length === 0 ? "Names no other party." : `Names ${foreign.join(" and ")}, which it may not see.`}
              </p>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
