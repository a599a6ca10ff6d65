/** Saving a draft as the next version: what it changes, why, and from which day it judges. A refusal leaves every word in place. */
import { useState } from "react";
import type { PolicyChecked, PolicyView } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, TextArea } from "../../components/Field";
import { ErrorNotice, Notice, Section } from "../../components/Section";
import { countOf } from "../../format/number";
import { Changes } from "./Changes";
import { draftRequest } from "./draft";
import type { Draft } from "./draft";

/** The dialog; mounted while open. */
export function SaveDialog({ view, draft, checked, onClose }: { view: PolicyView; draft: Draft; checked: PolicyChecked; onClose: () => void }) {
  const { changes, problems } = checked;
  const [reason, setReason] = useState("");
  const [day, setDay] = useState<string | null>(view.today);
  const [tried, setTried] = useState(false);
  const latest = Math.max(...view.versions.map((one) => one.version), view.version);
  const save = useCommand("savePolicy", { done: (made) => (made.version > view.version ? `Version ${made.version} is in force` : "The next version is saved"), quiet: true });
  const missing = reason.trim() === "";
  const send = () => {
    setTried(true);
    if (missing || day === null || save.isPending || problems.length > 0) return;
    save.mutate({ draft: draftRequest(draft), reason: reason.trim(), effective: day, seen: latest }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Save as version ${latest + 1}`}
      note={countOf(changes.length, "difference")}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending || problems.length > 0} onPress={send}>
            Save
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Go on editing
          </Button>
        </>
      }
    >
      {problems[0] && (
        <Notice tone="danger" title={`${countOf(problems.length, "problem")} to mend first`}>
          Line {problems[0].line}: {problems[0].message}. {problems[0].advice}
        </Notice>
      )}
      {save.error && <ErrorNotice error={save.error} title="The version was not saved" />}
      <TextArea label="Why, kept with the version" value={reason} onChange={setReason} rows={2} maxLength={4000} isRequired autoFocus wide error={tried && missing ? "Say why in a sentence" : undefined} />
      <DateField label="Judges from" value={day} onChange={setDay} min={view.today} isRequired error={tried && day === null ? "Choose a day" : undefined} help="Decisions before this day stay as they were judged." />
      <Section title="What it changes">
        <Changes changes={changes} empty="Comments and layout only." />
      </Section>
    </Dialog>
  );
}
