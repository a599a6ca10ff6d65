/**
 * Taking back what has landed: every field that would be put back, from what to what, the records that would go into the bin, and
 * what would stay in the CRM, said before anything is done. Putting back is a decision of its own and goes the way of all others.
 */
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNotice, Notice, Section } from "../../components/Section";
import { countOf } from "../../format/number";
import { formatQuoted, formatValue } from "../../format/value";
import { kindWord } from "../../format/words";
import styles from "./Activity.module.css";

/** The dialog. */
export function UndoDialog({ decision, crm, onClose }: { decision: string; crm: string; onClose: () => void }) {
  const { data: plan, error } = useOp("undoPlan", { decision });
  const undo = useCommand("undo", { done: "It stays as it was sent", failed: "It could not be taken back" });
  const put = useCommand("undoPushed", { done: (decided) => decided.title, failed: "Nothing was put back", undo: (decided) => undo.mutate({ decision: decided.decision }) });
  const can = plan !== undefined && plan.refused === null && plan.lines.length + plan.bins.length > 0 && !put.isPending;
  const submit = () => {
    if (can) put.mutate({ decision }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Undo it in ${crm}`}
      note={plan?.title}
      width="wide"
      onSubmit={submit}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={!can} onPress={submit}>
            {plan === undefined || plan.lines.length === 0 ? "Put it back" : `Put ${countOf(plan.lines.length, "field")} back`}
          </Button>
          <Button keys="Escape" onPress={onClose}>
            Leave it
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="What would be put back could not be read" />}
      {plan?.refused != null && (
        <Notice tone="warn" title="It cannot be taken back">
          {formatQuoted(plan.refused)}
        </Notice>
      )}
      {plan !== undefined && plan.lines.length > 0 && (
        <Section title="What is put back" note="to what it was, as long as nobody has changed it since">
          <div className={`${styles.table} ${styles.undo}`}>
            <table>
              <thead>
                <tr>
                  <th scope="col">Record</th>
                  <th scope="col">Field</th>
                  <th scope="col">Now</th>
                  <th scope="col">Again</th>
                </tr>
              </thead>
              <tbody>
                {plan.lines.map((line) => (
                  <tr key={`${line.record.kind} ${line.record.id} ${line.label}`}>
                    <th scope="row" title={line.record.label}>
                      {kindWord(line.record.kind)} {line.record.label}
                    </th>
                    <td>{line.label}</td>
                    <td className="t2 tn" title={formatValue(line.from)}>
                      {formatValue(line.from)}
                    </td>
                    <td className="medium tn" title={formatValue(line.to)}>
                      {formatValue(line.to)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Section>
      )}
      {plan !== undefined && plan.bins.length > 0 && (
        <Section title="What goes into the bin" note="as long as nobody has worked on it">
          <ul className={styles.stays}>
            {plan.bins.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Section>
      )}
      {plan !== undefined && plan.stays.length > 0 && (
        <Section title={`What stays in ${crm}`}>
          <ul className={styles.stays}>
            {plan.stays.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </Section>
      )}
    </Dialog>
  );
}
