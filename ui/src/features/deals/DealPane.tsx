/**
 * One deal: its head, its fields with their state, who stands on it, and at the side what happened with it. `E` edits in place (DealEdit),
 * `P` edits the partners (DealPartners), Esc leaves the edit and then the deal. While a change is not sent, the field says so and what
 * the CRM still has.
 */
import { useActions } from "../../actions/useActions";
import type { DealDetail } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { DetailBody } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { FieldControls } from "../../deal/FieldControls";
import { GateNote } from "../../deal/GateNote";
import { Presenting } from "../../presenting/Presenting";
import { Sharing } from "../../sharing/Sharing";
import { DealConflicts } from "./DealConflicts";
import { DealCriteria } from "./DealCriteria";
import { DealEditBar, useDealEdit } from "./DealEdit";
import { FieldFacts } from "./DealFields";
import { DealHead } from "./DealHead";
import { DealPlan } from "./DealPlan";
import { DealPartners } from "./DealPartners";
import styles from "./Deals.module.css";
import { DealSide } from "./DealSide";
import { fieldsOf, stateWords } from "./edit";

/** The pane; keyed by the deal. */
export function DealPane({ id, onLeave }: { id: string; onLeave: () => void }) {
  const query = useOp("deal", id);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The deal could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div aria-busy="true" />;
  return <Deal detail={query.data} onLeave={onLeave} />;
}

/** The plan is part of where the deal stands, which is read once for all of the pane. */
function Plan({ deal, onUndo }: { deal: string; onUndo: (decided: { decision: string }) => void }) {
  const standing = useOp("dealStanding", deal).data;
  return standing && <DealPlan deal={deal} plan={standing.plan} onUndo={onUndo} />;
}

function Deal({ detail, onLeave }: { detail: DealDetail; onLeave: () => void }) {
  const { row } = detail;
  const fields = fieldsOf(detail);
  const undo = useCommand("undo", { done: "Taken back", failed: "It could not be taken back" });
  const onUndo = (decided: { decision: string }) => undo.mutate({ decision: decided.decision });
  const edit = useDealEdit(row.id, fields, onUndo);
  const { editing } = edit;
  useActions([{ id: "deal.leave", title: "Back to the table", group: "This deal", when: editing === null, run: onLeave }]);

  return (
    <>
      <Presenting partner={detail.partner_id} deal={row.id} />
      <Sharing partner={detail.partner_id} />
      <DealHead detail={detail} />
      <DetailBody aside={<DealSide detail={detail} fields={fields} />}>
        <Section title="Fields" note={`hygiene ${row.hygiene}, ${stateWords(fields)}`} end={editing ? undefined : <Button kind="quiet" action={edit.edit}>Edit</Button>}>
          {editing ? <FieldControls fields={fields} changes={edit.changes} focus={editing.focus} onChanges={edit.setChanges} /> : <FieldFacts fields={fields} row={row} onEdit={edit.begin} />}
        </Section>
        {editing && <GateNote preview={edit.preview} />}
        {!editing && <DealConflicts deal={row.id} />}
        {!editing && row.outcome === "open" && row.partner !== null && <DealCriteria deal={row.id} onUndo={onUndo} />}
        {!editing && row.partner !== null && <Plan deal={row.id} onUndo={onUndo} />}
        {!editing && <DealPartners deal={row.id} partnered={row.partner !== null} onUndo={onUndo} />}
      </DetailBody>
      {editing && <DealEditBar edit={edit} />}
    </>
  );
}
