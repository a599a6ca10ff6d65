/**
 * A decision that only the side journal had: the program ended before it was in the store, or the store lost it. C confirms it, and
 * from then on it is a decision like any other; Shift+D discards it for good. By itself nothing of it is sent.
 */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { RecoveredRow } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { FactGrid, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import type { ToastMessage } from "../../components/toasts";
import { When } from "../../components/When";
import { countOf } from "../../format/number";
import styles from "./Activity.module.css";

/** The pane; keyed by its first change. */
export function RecoveredPane({ row, onAnswered }: { row: RecoveredRow; onAnswered: () => void }) {
  const confirm = useCommand("confirmRecovered", { failed: "It still waits for your word" });
  const discard = useCommand("discardRecovered", { failed: "It was not discarded" });
  const said = (message: ToastMessage) => {
    toast(message);
    onAnswered();
  };
  const free = !confirm.isPending && !discard.isPending;
  const yes: Action = {
    id: "recovered.confirm",
    title: "Confirm",
    keys: "c",
    group: "This decision",
    when: free,
    run: () => confirm.mutate(row.op, { onSuccess: () => said({ title: `Confirmed: ${row.title}`, body: row.may_have_left ? "The CRM is asked before anything is sent." : "It is in the outbox now." }) }),
  };
  const no: Action = { id: "recovered.discard", title: "Discard", keys: "Shift+D", group: "This decision", when: free, run: () => discard.mutate(row.op, { onSuccess: () => said({ title: `Discarded: ${row.title}` }) }) };
  useActions([yes, no]);
  return (
    <>
      <DetailHead rule title={row.title} tags={<Tag tone="warn">Recovered</Tag>} meta={[row.actor, <When key="made" at={row.made_at} as="both" />, countOf(row.ops, "change")]} />
      <DetailBody>
        <div className={styles.paneBody}>
          <Notice tone="warn" title={row.text}>
            Nothing of it is sent before you confirm.
          </Notice>
          <Section title="What was decided">
            <FactGrid
              columns={1}
              facts={[
                { label: "Decision", value: row.title },
                { label: "Reason", value: row.reason ?? <span className="t3">none given</span> },
                { label: "By", value: row.actor },
                { label: "Decided", value: <When at={row.made_at} as="both" /> },
                { label: "Changes", value: countOf(row.ops, "change") },
              ]}
            />
          </Section>
        </div>
      </DetailBody>
      <ActionBar end="discarding is for good">
        <Button kind="primary" action={yes} />
        <Button action={no} />
      </ActionBar>
    </>
  );
}
