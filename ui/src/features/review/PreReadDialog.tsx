/** What is read before a review (W-08): the agenda as it stands, for a day, as a document and as a mail for each seller who has an item. */
import { useState } from "react";
import type { AgendaOrder, ReviewTemplate } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField } from "../../components/Field";
import { ErrorNotice, Section } from "../../components/Section";
import { countOf } from "../../format/number";
import { Mails } from "./Mails";
import { useSaveDocument } from "./useSaveDocument";

/** The dialog; mounted while open. */
export function PreReadDialog({ template, order, onClose }: { template: ReviewTemplate; order: AgendaOrder; onClose: () => void }) {
  const [day, setDay] = useState<string | null>(null);
  const request = { template, order, ...(day === null ? {} : { day }) };
  const query = useOp("preRead", request, { keep: true });
  const save = useSaveDocument({ pre_read: request });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Pre-read"
      note="the agenda as it stands, before anything is started"
      width="wide"
      foot={
        <>
          <Button kind="primary" autoFocus isDisabled={save.isPending || !query.data} onPress={() => save.as("pdf")}>
            Save as PDF
          </Button>
          <Button isDisabled={save.isPending || !query.data} onPress={() => save.as("markdown")}>
            Save as Markdown
          </Button>
          <span className="end">
            <Button kind="quiet" keys="Escape" onPress={onClose}>
              Close
            </Button>
          </span>
        </>
      }
    >
      <DateField label="Day of the review" value={day ?? query.data?.day ?? null} onChange={setDay} />
      {query.error && <ErrorNotice error={query.error} title="The pre-read could not be made" />}
      {query.data && (
        <Section title="Mails" note={`${countOf(query.data.mails.length, "draft")}, one for each seller who has an item`}>
          <Mails key={query.data.day} mails={query.data.mails} />
        </Section>
      )}
    </Dialog>
  );
}
