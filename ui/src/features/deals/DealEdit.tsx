/**
 * The fields of a deal while they are edited: what differs is one decision, saved with Mod+Enter; Esc leaves everything as it was. A
 * stage that moves past a gate that does not hold asks for a reason first (F-01).
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Decided, DealField, EditPreview, Field } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { ActionBar } from "../../components/ListDetail";
import { useWhenRead } from "../../components/useWhenRead";
import { editRequest, NO_CHANGES } from "../../deal/changes";
import type { Changes } from "../../deal/changes";
import { useGate } from "../../deal/useGate";
import { countOf } from "../../format/number";

/** An edit of one deal. */
export interface DealEdit {
  /** The field that takes the focus; null for the first. Not editing when absent. */
  editing: { focus: Field | null } | null;
  changes: Changes;
  setChanges: (changes: Changes) => void;
  begin: (focus: Field | null) => void;
  edit: Action;
  save: Action;
  cancel: Action;
  /** The gate needs a reason. */
  override: boolean;
  /** Saved as soon as the gate is read. */
  waits: boolean;
  /** What the gate says where the stage moves. */
  preview: EditPreview | undefined;
  reason: string;
  setReason: (reason: string) => void;
}

/** The edit and its keys. */
export function useDealEdit(deal: string, fields: readonly DealField[], onUndo: (decided: Decided) => void): DealEdit {
  const [editing, setEditing] = useState<{ focus: Field | null } | null>(null);
  const [changes, setChanges] = useState<Changes>(NO_CHANGES);
  const [reason, setReason] = useState("");
  const command = useCommand("editDeal", { done: (decided) => decided.title, failed: "The change was not saved", undo: onUndo });
  const { preview, held, isReading } = useGate(deal, fields, changes);
  const request = editRequest(deal, fields, changes, reason, held);
  const stop = () => {
    setEditing(null);
    setChanges(NO_CHANGES);
    setReason("");
  };
  const send = useWhenRead(isReading, JSON.stringify([[...changes], reason]), () => request && command.mutate(request, { onSuccess: stop }));
  const begin = (focus: Field | null) => setEditing({ focus });
  const edit: Action = { id: "deal.edit", title: "Edit the deal", keys: "e", group: "This deal", when: editing === null, run: () => begin(null) };
  const save: Action = {
    id: "deal.save",
    title: "Save the changes",
    keys: "Mod+Enter",
    group: "This deal",
    inFields: true,
    when: editing !== null && (request !== null || isReading) && !command.isPending,
    run: send.press,
  };
  const cancel: Action = { id: "deal.cancel", title: "Leave the edit", keys: "Escape", group: "This deal", inFields: true, when: editing !== null, run: stop };
  useActions([edit, save, cancel]);
  return { editing, changes, setChanges, begin, edit, save, cancel, override: held, waits: send.waits, preview, reason, setReason };
}

/** The bar under the pane while it is edited. */
export function DealEditBar({ edit: { changes, save, cancel, override, waits, reason, setReason } }: { edit: DealEdit }) {
  return (
    <ActionBar end={waits ? "saved as soon as the gate is read" : changes.size === 0 ? "nothing changed" : `${countOf(changes.size, "change")}, one decision`}>
      <Button kind="primary" action={save}>
        Save
      </Button>
      <Button kind="quiet" action={cancel}>
        Cancel
      </Button>
      {override && (
        <div className="grow">
          <TextField label="Reason to move past the gate" hideLabel placeholder="The gate does not hold: why does the stage move?" value={reason} onChange={setReason} maxLength={1000} isRequired wide />
        </div>
      )}
    </ActionBar>
  );
}
