/**
 * One change of the outbox with its receipt: its two clocks (decided, landed), what it waits for, what was, what is wanted, what
 * the CRM has, every observation in order, the other changes of its decision, the messages that wait for it. E corrects what the
 * CRM has refused and sends it again, R tries again as it is, W takes it back while it has not left, U undoes it in the CRM after
 * it has landed, P copies the proof. What needs a choice leads to where it is made.
 */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { MessageRow, OpAnswer, OutboxRow } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { FactGrid, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { When } from "../../components/When";
import { NO_EDITS } from "../../deal/edits";
import type { Edits } from "../../deal/edits";
import { countOf } from "../../format/number";
import { formatQuoted } from "../../format/value";
import { vendorName } from "../../format/vendor";
import { kindWord } from "../../format/words";
import styles from "./Activity.module.css";
import { correctableOf, correctionRequest } from "./correct";
import { CorrectFields } from "./CorrectFields";
import { isHeld, landedAfter, proofText, stateWord } from "./outbox";
import { UndoDialog } from "./UndoDialog";
import { Values } from "./Values";

const DONE: Partial<Record<OpAnswer, string>> = {
  retry: "It will be sent again",
  withdraw: "Taken back; the CRM keeps what it has",
};

interface OpPaneProps {
  op: OutboxRow;
  /** Its state in words. */
  sentence: string;
  /** What it waits for. */
  before: readonly OutboxRow[];
  /** All changes of its decision. */
  changes: readonly OutboxRow[];
  messages: readonly MessageRow[];
  onOpen: (id: string) => void;
  /** A person has answered it: what comes next opens. */
  onAnswered: () => void;
}

/** The pane of a change; keyed by it. */
export function OpPane({ op, sentence, before, changes, messages, onOpen, onAnswered }: OpPaneProps) {
  const navigate = useNavigate();
  const [undoing, setUndoing] = useState(false);
  const [edits, setEdits] = useState<Edits | null>(null);
  const crm = vendorName(useOp("status", undefined).data?.vendor);
  const settle = useCommand("settleOp", { failed: "The change is as it was" });
  const answer = (to: OpAnswer) =>
    settle.mutate(
      { op: op.id, answer: to },
      {
        onSuccess: () => {
          toast({ title: DONE[to] ?? labels.OpAnswer[to] });
          onAnswered();
        },
      },
    );
  const resolve = useCommand("resolveMerge", { done: (resolved) => resolved.text, failed: "It was not sent again; what you wrote is still here" });
  const fields = correctableOf(op);
  const request = edits === null ? null : correctionRequest(op.id, fields, edits);
  const { word, tone } = stateWord({ id: op.id, decision: op.decision, op });
  const held = isHeld(op);
  const isFinal = op.state === "done" || op.state === "superseded" || op.state === "withdrawn";

  const free = edits === null && !settle.isPending && !resolve.isPending;
  const act = (id: OpAnswer, keys: string, when: boolean): Action => ({ id: `op.${id}`, title: labels.OpAnswer[id], keys, group: "This change", when: when && free, run: () => answer(id) });
  const correct: Action = { id: "op.correct", title: "Edit and send again", keys: "e", group: "This change", when: fields.length > 0 && free, run: () => setEdits(NO_EDITS) };
  const again: Action = { id: "op.again", title: "Send it again", keys: "Mod+Enter", group: "This change", inFields: true, when: request !== null && !resolve.isPending, run: () => request && resolve.mutate(request, { onSuccess: onAnswered }) };
  const leave: Action = { id: "op.leave", title: "Leave the edit", keys: "Escape", group: "This change", inFields: true, when: edits !== null, run: () => setEdits(null) };
  const choose: Action = { id: "op.choose", title: "Settle the merge conflict", keys: "m", group: "This change", when: op.state === "conflict", run: () => void navigate({ to: "/conflicts", search: { tab: "merge", open: op.id } }) };
  const look: Action = { id: "op.look", title: "See what moved", keys: "m", group: "This change", when: held, run: () => void navigate({ to: "/conflicts", search: { tab: "held", open: op.decision } }) };
  const retry = act("retry", "r", op.can_retry);
  const withdraw = act("withdraw", "w", op.can_withdraw);
  const undo: Action = { id: "op.undo", title: `Undo in ${crm}`, keys: "u", group: "This change", when: op.state === "done", run: () => setUndoing(true) };
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
  useActions([choose, look, correct, again, leave, retry, withdraw, undo, proof]);
  const offered = [choose, look, correct, retry, withdraw, undo].filter((one) => one.when === true);
  const needs = op.state === "conflict" || op.state === "rejected" || held;
  const later = landedAfter(op);

  return (
    <>
      <DetailHead rule title={op.title} tags={<Tag tone={tone}>{word}</Tag>} reference={op.what} meta={[
          // What needs somebody is said in the notice below.
          needs ? (
            <span key="saved">
              saved here <When at={op.made_at} />
            </span>
          ) : (
            sentence
          ),
        ]} />
      {/* What changes while one looks at it is said; what one opens is said by its row. */}
      <p className="sr" role="status">
        {sentence}
      </p>
      <DetailBody>
        <div className={styles.paneBody}>
          {op.state === "rejected" ? (
            <Notice tone="danger" title={sentence}>
              What you decided is kept here. {fields.length > 0 && "Correct it and send it again, or "}
              {fields.length > 0 ? "try" : "Try"} again as it is when the reason is gone, or take it back.
            </Notice>
          ) : op.state === "conflict" ? (
            <Notice tone="warn" title={sentence}>
              Both values are kept; nothing is sent until you choose.
            </Notice>
          ) : (
            held && (
              <Notice tone="warn" title="Facts that the decision relied on have moved">
                Nothing of it is sent until you have looked at them.
              </Notice>
            )
          )}
          {edits !== null && <CorrectFields fields={fields} edits={edits} crm={crm} onEdits={setEdits} />}
          <Section title="Receipt" end={<span className={styles.id}>{op.id}</span>}>
            <FactGrid
              facts={[
                { label: "Decided", value: <When at={op.decided_at ?? op.made_at} as="both" /> },
                {
                  label: "Reached CRM",
                  value:
                    op.landed_at === undefined ? (
                      <span className="t2">{isFinal ? "never" : "not yet"}</span>
                    ) : (
                      <>
                        <When at={op.landed_at} as="both" /> {later !== null && <span className="t3">{later}</span>}
                      </>
                    ),
                },
                { label: "Attempts", value: op.attempt === 0 ? "not sent yet" : countOf(op.attempt, "request") },
                ...(before.length > 0 ? [{ label: "Waits for", value: <WaitsFor op={op} before={before} onOpen={onOpen} />, title: before.map((one) => one.what).join(", ") }] : []),
                { label: "Next check", value: op.next_at === null || isFinal ? <span className="t2">none</span> : <When at={op.next_at} as="both" /> },
                // What is created here has no number until the CRM gives it one.
                { label: "Record", value: op.record.startsWith("local:") ? `${kindWord(op.object)}, made here` : `${kindWord(op.object)} ${op.record}` },
              ]}
            />
          </Section>
          {op.fields.length > 0 && (
            <Section title="Values" note={countOf(op.fields.length, "field")}>
              <Values fields={op.fields} />
            </Section>
          )}
          <Section title="Evidence" note={op.evidence.length === 0 ? "nothing has been seen yet" : "every observation, oldest first"}>
            <ol className={styles.evidence}>
              {op.evidence.map((one) => (
                <li key={`${one.at} ${one.text}`}>
                  <span className="t2 small">
                    <When at={one.at} as="both" />
                  </span>
                  <span>{formatQuoted(one.text)}</span>
                </li>
              ))}
            </ol>
          </Section>
          {changes.length > 1 && (
            <Section title="Changes of this decision" note="in their order; what builds on another waits until that one is done">
              <ol className={styles.evidence}>
                {changes.map((one) => (
                  <li key={one.id}>
                    <span className="t2 small">{stateWord({ id: one.id, decision: one.decision, op: one }).word}</span>
                    {one.id === op.id ? (
                      <span className="medium" aria-current="true">
                        {one.what}
                      </span>
                    ) : (
                      <button type="button" className={styles.link} onClick={() => onOpen(one.id)}>
                        {one.what}
                      </button>
                    )}
                  </li>
                ))}
              </ol>
            </Section>
          )}
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
      <ActionBar
        end={
          edits !== null ? (
            "what you leave goes again as it was decided"
          ) : op.state === "queued" && !held ? (
            <Link to="/activity" search={{ tab: "preview", open: op.id }}>
              What would be sent
            </Link>
          ) : undefined
        }
      >
        {edits === null ? (
          <>
            {offered.map((one, n) => (
              <Button key={one.id} kind={n === 0 && needs ? "primary" : "plain"} action={one} />
            ))}
            <Button kind={offered.length === 0 ? "plain" : "quiet"} action={proof} />
          </>
        ) : (
          <>
            <Button kind="primary" action={again} />
            <Button kind="quiet" action={leave}>
              Cancel
            </Button>
          </>
        )}
      </ActionBar>
      {undoing && <UndoDialog decision={op.decision} crm={crm} onClose={() => setUndoing(false)} />}
    </>
  );
}

/** The changes that stand before it, each a way to it, with how far it is. */
function WaitsFor({ op, before, onOpen }: { op: OutboxRow; before: readonly OutboxRow[]; onOpen: (id: string) => void }) {
  return before.map((one, n) => (
    <span key={one.id}>
      {n > 0 && ", "}
      <button type="button" className={styles.link} onClick={() => onOpen(one.id)}>
        {one.what}
      </button>{" "}
      <span className="t3">
        ({one.decision === op.decision ? "" : `${one.title}, `}
        {stateWord({ id: one.id, decision: one.decision, op: one }).word.toLowerCase()})
      </span>
    </span>
  ));
}
