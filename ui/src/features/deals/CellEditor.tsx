/**
 * A cell of the table edited where it stands (F2, or Enter on the cell): the field's own control over it; Enter saves as one decision that
 * can be taken back, Esc leaves everything as it was. A stage is moved through its gate, as everywhere.
 */
import { useState } from "react";
import * as Aria from "react-aria-components";
import type { Decided, Field } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { DialogLayer } from "../../components/Dialog";
import { ErrorNotice } from "../../components/Section";
import { editRequest, NO_CHANGES, withChange } from "../../deal/changes";
import { FieldControl } from "../../deal/FieldControls";
import { MoveDialog } from "../../deal/MoveDialog";
import styles from "./Deals.module.css";
import { fieldsOf } from "./edit";

/** Columns that are edited in place, by their name in the table. */
export const EDITED = ["stage", "amount", "close_date"] as const satisfies readonly Field[];

/** The cell that is edited. */
export interface EditedCell {
  deal: string;
  field: (typeof EDITED)[number];
  cell: HTMLElement;
}

/** The editor; mounted while open. */
export function CellEditor({ at, onUndo, onClose }: { at: EditedCell; onUndo: (decided: Decided) => void; onClose: () => void }) {
  const { deal, field, cell } = at;
  const leave = () => {
    onClose();
    // A popover that goes gives the focus to nobody in particular when its row was drawn anew.
    if (cell.isConnected) cell.focus({ preventScroll: true });
  };
  if (field === "stage") return <MoveDialog deal={deal} position={null} onUndo={onUndo} onClose={leave} />;
  return (
    <Aria.Popover isOpen onOpenChange={(open) => !open && leave()} triggerRef={{ current: cell }} placement="bottom start" offset={-28} className={styles.cellEditor ?? ""}>
      <Aria.Dialog aria-label="Edit the cell">
        <OneField deal={deal} name={field} onUndo={onUndo} onDone={leave} />
      </Aria.Dialog>
    </Aria.Popover>
  );
}

function OneField({ deal, name, onUndo, onDone }: { deal: string; name: Field; onUndo: (decided: Decided) => void; onDone: () => void }) {
  const detail = useOp("deal", deal);
  const [changes, setChanges] = useState(NO_CHANGES);
  const [tried, setTried] = useState(false);
  const save = useCommand("editDeal", { done: (decided) => decided.title, undo: onUndo, quiet: true });
  const fields = detail.data ? fieldsOf(detail.data) : [];
  const field = fields.find((one) => one.field === name);
  if (detail.error) return <ErrorNotice error={detail.error} title="The deal could not be read" />;
  if (field === undefined) return null;
  if (!field.editable) return <p className="small t2">{field.label} cannot be edited here.</p>;
  const send = () => {
    setTried(true);
    if (save.isPending) return;
    if (changes.size === 0) return onDone();
    const request = editRequest(deal, fields, changes, "");
    if (request !== null) save.mutate(request, { onSuccess: onDone });
  };
  return (
    <DialogLayer actions={[{ id: "cell.save", title: "Save the cell", keys: ["Enter", "Mod+Enter"], inFields: true, run: send }]}>
      <FieldControl field={field} value={changes.has(name) ? (changes.get(name) ?? null) : field.value} changed={tried || changes.size > 0} autoFocus onChange={(value) => setChanges(withChange(changes, field, value))} />
      {save.error && <ErrorNotice error={save.error} title="It was not saved" />}
      <p className="t3 micro">Enter saves, Esc leaves</p>
    </DialogLayer>
  );
}
