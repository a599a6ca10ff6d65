/** A message to a partner: held until its decision is confirmed in the CRM, then free to go out. P copies it. */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { MessageRow } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import styles from "./Activity.module.css";
import { stateWord } from "./outbox";

/** The pane of a message. */
export function MessagePane({ message }: { message: MessageRow }) {
  const { word, tone } = stateWord({ id: message.id, decision: message.decision, message });
  const copy: Action = {
    id: "message.copy",
    title: "Copy the message",
    keys: "p",
    group: "This message",
    when: !message.withdrawn,
    run: () =>
      void navigator.clipboard.writeText(`To: ${message.to}\nSubject: ${message.subject}\n\n${message.text}`).then(
        () => toast({ title: "Message copied" }),
        () => toast({ tone: "danger", title: "The message was not copied", body: "The clipboard is not open to the window. Select the text and copy it." }),
      ),
  };
  useActions([copy]);
  return (
    <>
      <DetailHead rule title={message.subject} tags={<Tag tone={tone}>{word}</Tag>} meta={[`to ${message.to}`]} />
      <DetailBody>
        <div className={styles.paneBody}>
          <p className={styles.sentence}>
            {message.withdrawn ? "Withdrawn with its decision; nobody gets it." : message.released ? "Its decision is confirmed in the CRM: it can go out." : "Held until its decision is confirmed in the CRM (R-14)."}
          </p>
          <div className={styles.letter}>{message.text}</div>
        </div>
      </DetailBody>
      <ActionBar>
        <Button action={copy} />
      </ActionBar>
    </>
  );
}
