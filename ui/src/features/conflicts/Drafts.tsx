/** The letters of a settlement: to whom, what they say, and whether they have been released. */
import type { Party } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Letter, Letters } from "../../channel/Letter";
import { ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { countOf } from "../../format/number";

/** The section; nothing where the decision has no letter. */
export function Drafts({ decision, parties }: { decision: string; parties: readonly Party[] }) {
  const messages = useOp("messages", undefined);
  if (messages.error) return <ErrorNotice error={messages.error} title="The messages could not be read" />;
  const own = messages.data?.filter((message) => message.decision === decision) ?? [];
  if (own.length === 0) return null;
  return (
    <Section title="Messages to the parties" note={`${countOf(own.length, "letter")}, each sees its own part: the account, its share, its appeal`} end="V-01">
      <Letters>
        {own.map((message) => (
          <Letter key={message.id} message={message} parties={parties} tag={<Tag tone={message.withdrawn ? "neutral" : message.released ? "ok" : "info"}>{message.withdrawn ? "taken back" : message.released ? "released" : "waits for the CRM"}</Tag>} />
        ))}
      </Letters>
    </Section>
  );
}
