/**
 * One dialog for every act of a registration's life: it asks for the parts that the act takes (life.ts), says what speaks against it,
 * and shows the letter to the partner, drafted and editable. A refusal leaves every typed word in place.
 */
import { useState } from "react";
import type { ReactNode } from "react";
import { labels } from "../../api/api.gen";
import type { Field, Letter, RegistrationDetail } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import type { CommandName, RequestOf } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Select, TextArea, TextField } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ErrorNotice, Notice } from "../../components/Section";
import { useNow } from "../../components/When";
import { ProofsEditor } from "../../evidence/ProofsEditor";
import { dayOf } from "../../format/time";
import { ACTS, actProblems, actRequest, ANSWER_FIELDS, CONVERT_FIELDS, EMPTY_FORM } from "./life";
import type { ActForm, ClaimField, MoreAct, Part } from "./life";
import styles from "./Inbox.module.css";

const TEXT = 4000;
const ANSWERS = [
  { id: "no", name: "The decision stands" },
  { id: "yes", name: "Approve after all" },
];

/** The dialog; mounted while open. `onUndo` takes the act back. */
export function ActDialog({ act, detail, against, onUndo, onDone, onClose }: { act: MoreAct; detail: RegistrationDetail; against: string | null; onUndo: (decided: { decision: string }) => void; onDone: () => void; onClose: () => void }) {
  const spec = ACTS[act];
  const today = dayOf(useNow());
  const [form, setForm] = useState<ActForm>(EMPTY_FORM);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<ActForm>) => setForm({ ...form, ...change });
  const command = useCommand(spec.op as CommandName, { done: (done) => (done as { title: string }).title, undo: (done) => onUndo(done as { decision: string }), quiet: true });
  const problems = actProblems(act, form, against);
  const said = tried ? problems : {};
  const letter: Letter | undefined = act === "decide_appeal" ? (form.grant === null ? undefined : form.grant ? "appeal_granted" : "appeal_stands") : spec.letter;
  const title = `${labels.LifeAct[act]}`;

  const send = () => {
    setTried(true);
    if (Object.keys(problems).length > 0 || command.isPending) return;
    const { request } = actRequest(act, detail.row.id, form);
    command.mutate(request as RequestOf<CommandName>, { onSuccess: onDone });
  };

  const first = spec.parts[0];
  const part: Record<Part, () => ReactNode> = {
    text: () => (
      <TextArea
        key="text"
        label={act === "log_meeting" ? "What is known of it" : "What the partner says"}
        value={form.text}
        onChange={(text) => set({ text })}
        rows={3}
        maxLength={TEXT}
        isRequired
        autoFocus={first === "text"}
        error={said.text}
        wide
      />
    ),
    reason: () => (
      <TextArea
        key="reason"
        label={spec.needs.includes("reason") || against !== null ? "Why, kept with the decision" : "Why (optional)"}
        value={form.reason}
        onChange={(reason) => set({ reason })}
        rows={2}
        maxLength={TEXT}
        isRequired={spec.needs.includes("reason")}
        autoFocus={first === "reason"}
        error={said.reason}
        wide
      />
    ),
    by: () => <TextField key="by" label="Who at the partner (optional)" value={form.by} onChange={(by) => set({ by })} maxLength={200} wide />,
    proofs: () => <ProofsEditor key="proofs" proofs={form.proofs} today={today} onChange={(proofs) => set({ proofs })} error={said.proofs} autoFocus={first === "proofs"} />,
    day: () => <DateField key="day" label="When it took place" value={form.day} onChange={(day) => set({ day })} max={today} isRequired autoFocus={first === "day"} error={said.day} />,
    days: () => <TextField key="days" label="Days more" value={form.days} onChange={(days) => set({ days })} placeholder="as the policy says" maxLength={3} autoFocus={first === "days"} error={said.days} />,
    partner: () => <PartnerSelect key="partner" value={form.partner} onChange={(partner) => set({ partner })} error={said.partner} />,
    fields: () => <FieldsEditor key="fields" fields={act === "convert" ? CONVERT_FIELDS : ANSWER_FIELDS} form={form} onForm={set} error={said.fields} currencyError={said.currency} autoFocus={first === "fields"} optional={act !== "convert"} />,
    grant: () => <NumberedChoice key="grant" label="Answer" options={ANSWERS} value={form.grant === null ? null : form.grant ? "yes" : "no"} onChange={(id) => set({ grant: id === "yes", message: null })} error={said.grant} autoFocus={first === "grant"} />,
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      note={`${detail.row.company}: ${spec.note}`}
      width={spec.parts.includes("proofs") ? "wide" : "normal"}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={command.isPending} onPress={send}>
            {act === "decide_appeal" && form.grant ? "Approve" : labels.LifeAct[act]}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {command.error && <ErrorNotice error={command.error} title="It was not saved" />}
      {against !== null && (
        <Notice tone="warn" title="A rule speaks against it">
          {against}
        </Notice>
      )}
      {spec.parts.map((one) => part[one]())}
      {against !== null && spec.against === "override" && (
        <TextArea label="Why all the same, kept with the decision" value={form.override} onChange={(override) => set({ override })} rows={2} maxLength={TEXT} isRequired error={said.override} autoFocus={first === undefined} wide />
      )}
      {letter !== undefined && <LetterField key={letter} letter={letter} detail={detail} form={form} value={form.message} onChange={(message) => set({ message })} />}
    </Dialog>
  );
}

/** The letter to the partner: the draft until somebody edits it. What was not edited is drafted again when it is sent. */
function LetterField({ letter, detail, form, value, onChange }: { letter: Letter; detail: RegistrationDetail; form: ActForm; value: string | null; onChange: (message: string | null) => void }) {
  const draft = useOp("messageDraft", { registration: detail.row.id, letter, ...(form.reason.trim() === "" ? {} : { reason: form.reason.trim() }) }, { keep: true });
  const drafted = draft.data?.text ?? "";
  return (
    <TextArea
      label="Message to the partner"
      value={value ?? drafted}
      onChange={(text) => onChange(text === drafted ? null : text)}
      rows={7}
      maxLength={TEXT}
      isDisabled={draft.isPending}
      help={draft.error ? `It could not be drafted: ${draft.error.message}` : "Goes to the partner when the CRM has confirmed it."}
      wide
    />
  );
}

function PartnerSelect({ value, onChange, error }: { value: string | null; onChange: (partner: string) => void; error?: string | undefined }) {
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }).data?.rows ?? [];
  return <Select label="To which partner" options={partners.map((one) => ({ id: one.id, name: one.name }))} value={value} onChange={onChange} placeholder="choose a partner" error={error} isRequired autoFocus wide />;
}

function FieldsEditor({ fields, form, onForm, error, currencyError, autoFocus, optional }: { fields: readonly ClaimField[]; form: ActForm; onForm: (change: Partial<ActForm>) => void; error?: string | undefined; currencyError?: string | undefined; autoFocus: boolean; optional: boolean }) {
  const set = (field: Field, value: string) => onForm({ fields: new Map(form.fields).set(field, value) });
  const [open, setOpen] = useState(!optional);
  if (!open) {
    return (
      <div>
        <Button kind="quiet" onPress={() => setOpen(true)}>
          Fill in fields of the claim
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.claimFields} role="group" aria-label="Fields of the claim">
      {fields.map((field, n) => {
        const value = form.fields.get(field.id) ?? "";
        const focus = autoFocus && n === 0;
        if (field.kind === "day") return <DateField key={field.id} label={field.name} value={value === "" ? null : value} onChange={(day) => set(field.id, day ?? "")} wide />;
        if (field.kind === "long") {
          return (
            <div key={field.id} className={styles.fullWidth}>
              <TextArea label={field.name} value={value} onChange={(text) => set(field.id, text)} rows={2} maxLength={TEXT} wide />
            </div>
          );
        }
        return <TextField key={field.id} label={field.name} value={value} onChange={(text) => set(field.id, text)} maxLength={400} autoFocus={focus} wide />;
      })}
      {fields.some((field) => field.kind === "amount") && <TextField label="Currency" value={form.currency} onChange={(currency) => onForm({ currency })} placeholder="as the lead says" maxLength={3} error={currencyError} wide />}
      {error !== undefined && (
        <span className={`danger small ${styles.fullWidth}`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}
