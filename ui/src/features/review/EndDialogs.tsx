/** The two acts on a whole review, asked before they are done: clearing what is not discussed, and finishing. */
import type { ReactNode } from "react";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { countOf } from "../../format/number";

function Asked({ title, yes, no, onYes, onNo, children }: { title: string; yes: string; no: string; onYes: () => void; onNo: () => void; children: ReactNode }) {
  return (
    <Dialog
      open
      onClose={onNo}
      title={title}
      onSubmit={onYes}
      width="narrow"
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" onPress={onYes}>
            {yes}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onNo}>
            {no}
          </Button>
        </>
      }
    >
      <p>{children}</p>
    </Dialog>
  );
}

/** Clears what is not discussed; mounted while asked. */
export function ClearDialog({ count, onClear, onClose }: { count: number; onClear: () => void; onClose: () => void }) {
  const one = count === 1;
  return (
    <Asked title="Clear the rest" yes={`Clear ${count}`} no="Cancel" onYes={onClear} onNo={onClose}>
      {countOf(count, "item")} that {one ? "is" : "are"} not discussed and still open {one ? "ends" : "end"} with “no action”. Nothing is written to the CRM for {one ? "it" : "them"}; the minutes say how many.
    </Asked>
  );
}

/** Finishes with items that are still open; mounted while asked. */
export function FinishDialog({ left, onFinish, onClose }: { left: string; onFinish: () => void; onClose: () => void }) {
  return (
    <Asked title="Finish the review" yes="Finish" no="Go on" onYes={onFinish} onNo={onClose}>
      {left}
    </Asked>
  );
}
