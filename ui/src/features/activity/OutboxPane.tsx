/**
 * One change of the outbox with everything a person needs to settle it: what was, what is wanted, what the CRM has, every
 * observation in order, the messages that wait for it. R tries again, W takes it back, M keeps mine, T takes theirs, P copies the
 * proof. Nothing is sent until a person chooses.
 */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { MessageRow, OpAnswer, OutboxField, OutboxRow } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Key } from "../../components/Key";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { useNow, When } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDay, formatExact, formatRelative, isDay } from "../../format/time";
import styles from "./Activity.module.css";
import { isContested, proofText, stateWord, withNames } from "./outbox";

const DONE: Record<OpAnswer, string> = {
  retry: "It will be sent again",
  withdraw: "Taken back; the CRM keeps what it has",
  keep_mine: "Yours is sent over the CRM’s value",
  take_theirs: "The CRM’s value stands",
};

/** The pane of a change; keyed by it. */
export function OpPane({ op, messages }: { op: OutboxRow; messages: readonly MessageRow[] }) {
  const now = useNow();
  const owners = useOp("settings", undefined).data?.owners ?? [];
  const named = withNames(op, owners);
  const settle = useCommand("settleOp", { failed: "The change is as it was" });
  const answer = (to: OpAnswer) => settle.mutate({ op: op.id, answer: to }, { onSuccess: () => toast({ title: DONE[to] }) });
  const contested = op.state === "conflict" ? named.filter(isContested) : [];
  const rest = named.filter((field) => !contested.includes(field));
  const { word, tone } = stateWord({ id: op.id, decision: op.decision, op });

  const act = (id: OpAnswer, keys: string, when: boolean): Action => ({ id: `op.${id}`, title: labels.OpAnswer[id], keys, group: "This change", when: when && !settle.isPending, run: () => answer(id) });
  const mine = act("keep_mine", "m", op.state === "conflict");
  const theirs = act("take_theirs", "t", op.state === "conflict");
  const retry = act("retry", "r", op.can_retry);
  const withdraw = act("withdraw", "w", op.can_withdraw);
  const proof: Action = {
    id: "op.proof",
    title: "Copy the proof",
    keys: "p",
    group: "This change",
    run: () =>
      void navigator.clipboard.writeText(proofText(op)).then(
        () => toast({ title: "Proof copied" }),
        () => toast({ tone: "danger", title: "The proof was not copied", body: "The clipboard is not open to the window. Select the lines and copy them." }),
      ),
  };
  useActions([mine, theirs, retry, withdraw, proof]);
  const verbs = [mine, theirs, retry, withdraw].filter((one) => one.when !== false || settle.isPending);
  const offered = verbs.length > 0 && !settle.isPending ? verbs : [];

  return (
    <>
      <DetailHead
        rule
        title={op.title}
        tags={<Tag tone={tone}>{word}</Tag>}
        reference={op.what}
        meta={[
          <span key="made" title={formatExact(op.made_at)}>
            saved {formatRelative(op.made_at, now)}
          </span>,
          op.attempt === 0 ? "not sent yet" : countOf(op.attempt, "request"),
          op.next_at === null ? null : (
            <span key="next" title={formatExact(op.next_at)}>
              next {formatRelative(op.next_at, now)}
            </span>
          ),
          // What is created here has no number until the CRM gives it one.
          op.record.startsWith("local:") ? op.object : `${op.object} ${op.record}`,
        ]}
      />
      <DetailBody>
        <div className={styles.paneBody}>
          {op.state === "rejected" ? (
            <Notice tone="danger" title={op.text}>
              What you decided is kept here. Try again when the reason is gone, or take it back.
            </Notice>
          ) : op.state === "conflict" ? (
            <Notice tone="warn" title={op.text}>
              Both values are kept; nothing is sent until you choose.
            </Notice>
          ) : (
            <p className={styles.sentence}>{op.text}</p>
          )}
          {contested.map((field) => (
            <Contest key={field.label} field={field} now={now} />
          ))}
          {rest.length > 0 && (
            <Section title={contested.length > 0 ? "Same change, no contest" : "Fields"} note={contested.length > 0 ? "these go to the CRM with your choice" : countOf(rest.length, "field")}>
              <div className={styles.table}>
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Field</th>
                      <th scope="col">Was</th>
                      <th scope="col">Mine</th>
                      <th scope="col">In the CRM now</th>
                    </tr>
                  </thead>
                  <tbody>
                    {rest.map((field) => (
                      <tr key={field.label}>
                        <th scope="row">{field.label}</th>
                        <Value value={field.base} now={now} />
                        <Value value={field.mine} now={now} strong />
                        <Value value={field.theirs} now={now} />
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Section>
          )}
          <Section title="Evidence" note={op.evidence.length === 0 ? "nothing has been seen yet" : "every observation, oldest first"}>
            <ol className={styles.evidence}>
              {op.evidence.map((one) => (
                <li key={`${one.at} ${one.text}`}>
                  <span className="t2 small">
                    <When at={one.at} as="both" />
                  </span>
                  <span title={one.text}>{one.text}</span>
                </li>
              ))}
            </ol>
          </Section>
          {messages.length > 0 && (
            <Section title="Messages" note="they wait for the CRM, so that nobody is told yes and then no (R-14)">
              <ul className={styles.evidence}>
                {messages.map((message) => (
                  <li key={message.id}>
                    <span className="t2 small">{stateWord({ id: message.id, decision: message.decision, message }).word}</span>
                    <span className="cut" title={message.text}>
                      {message.to}: {message.subject}
                    </span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </div>
      </DetailBody>
      <ActionBar end={<span className={styles.id}>{op.id}</span>}>
        {offered.map((one, n) => (
          <Button key={one.id} kind={n === 0 && (op.state === "conflict" || op.state === "rejected") ? "primary" : "plain"} action={one} />
        ))}
        <Button kind={offered.length === 0 ? "plain" : "quiet"} action={proof} />
      </ActionBar>
    </>
  );
}

function shown(value: string | null, now: number): string {
  if (value === null || value === "") return "empty";
  if (isDay(value)) return formatDay(value, now);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) ? formatExact(value) : value;
}

function Value({ value, now, strong = false }: { value: string | null; now: number; strong?: boolean }) {
  return (
    <td className={value === null ? "t3" : strong ? "medium" : "t2"} title={value ?? undefined}>
      {shown(value, now)}
    </td>
  );
}

function Contest({ field, now }: { field: OutboxField; now: number }) {
  return (
    <Section title={field.label} note="you and the CRM changed it">
      <div className={styles.contest}>
        <div>
          <span className={styles.side}>Base</span>
          <span className={`${styles.value} t2`}>{shown(field.base, now)}</span>
          <span className="t3 small">both started from this</span>
        </div>
        <div className={styles.mine}>
          <span className={styles.side}>
            Mine <Key keys="m" />
          </span>
          <span className={styles.value}>{shown(field.mine, now)}</span>
          <span className="t2 small">decided here</span>
        </div>
        <div>
          <span className={styles.side}>
            Theirs <Key keys="t" />
          </span>
          <span className={styles.value}>{shown(field.theirs, now)}</span>
          <span className="t2 small">in the CRM, as last seen</span>
        </div>
      </div>
    </Section>
  );
}

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
