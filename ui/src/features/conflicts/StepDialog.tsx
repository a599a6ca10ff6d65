/** One dialog for the steps that take words: plan, ask the seller, the answer, escalate, refuse an appeal. What each asks for is in step.ts. */
import { useState } from "react";
import type { ConflictDetail } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Select, TextArea } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { dayOf } from "../../format/time";
import { EMPTY_STEP, stepProblems, stepRequest, STEPS } from "./step";
import type { Step, StepForm } from "./step";
import { useStep } from "./useStep";

const OF_DEAL = "";

/** The dialog. */
export function StepDialog({ step, detail, onDone, onClose }: { step: Step; detail: ConflictDetail; onDone: () => void; onClose: () => void }) {
  const spec = STEPS[step];
  const today = dayOf(useNow());
  const owners = useOp("settings", undefined, { enabled: spec.owner !== undefined }).data?.owners ?? [];
  const [form, setForm] = useState<StepForm>({ ...EMPTY_STEP, text: step === "plan" ? (detail.plan ?? "") : "" });
  const [tried, setTried] = useState(false);
  const { send, busy, error } = useStep(spec.op);
  const problems = stepProblems(step, form);
  const said = tried ? problems : {};
  const run = () => {
    setTried(true);
    if (Object.keys(problems).length === 0) send(stepRequest(step, detail.row.id, form), onDone);
  };
  const people = owners.map((owner) => ({ id: owner.id as string, name: owner.name }));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${spec.title}: ${detail.row.account}`}
      note={spec.note}
      onSubmit={run}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={run}>
            {step === "answer" ? "Keep the answer" : spec.title}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="It was not saved" />}
      {spec.owner === "needed" && <Select label="Who decides" options={people} value={form.owner} onChange={(owner) => setForm({ ...form, owner })} placeholder="choose a person" error={said.owner} isRequired wide />}
      {spec.owner === "optional" && <Select label="Whom" options={[{ id: OF_DEAL, name: "The owner of the deal" }, ...people]} value={form.owner ?? OF_DEAL} onChange={(owner) => setForm({ ...form, owner: owner === OF_DEAL ? null : owner })} wide />}
      <TextArea label={spec.text} value={form.text} onChange={(text) => setForm({ ...form, text })} rows={3} maxLength={2000} isRequired autoFocus error={said.text} wide />
      {spec.day && <DateField label="By when (optional)" value={form.day} onChange={(day) => setForm({ ...form, day })} min={today} />}
    </Dialog>
  );
}
