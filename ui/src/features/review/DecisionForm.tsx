/**
 * The decision on an item: one of four verdicts, what was decided, and the next step with its owner and its day, which is never
 * later than the last one allowed (W-04), and what changes on the deal (W-08). What is typed is kept by item, also when the item
 * is left. A logged item shows what was logged, and that it can be taken back as long as nothing of it was sent.
 */
import { Radio, RadioGroup, FieldError, Label } from "react-aria-components";
import type { Action } from "../../actions/registry";
import { labels } from "../../api/api.gen";
import type { ItemVerdict, ReviewItemDetail } from "../../api/api.gen";
import { DateField, Select, TextArea, TextField } from "../../components/Field";
import { Key } from "../../components/Key";
import { FactGrid, Section } from "../../components/Section";
import { When } from "../../components/When";
import { formatDate, formatDay, isDay } from "../../format/time";
import { DealEdit } from "./DealEdit";
import type { Gate } from "./DealEdit";
import { dueWords, localDay, quickDays, VERDICTS } from "./logging";
import type { Draft, Problems } from "./logging";
import styles from "./Review.module.css";

/** The form in the page, for the keys that lead into it. */
export const FORM_ID = "review-decision";

/** Props of DecisionForm. */
export interface DecisionFormProps {
  detail: ReviewItemDetail;
  /** With its defaults filled in. */
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  problems: Problems;
  now: number;
  /** Opens the fields of the deal. */
  edit: Action;
  editing: boolean;
  gate: Gate;
  onEdited: () => void;
}

/** The right column. */
export function DecisionForm({ detail, draft, change, problems, now, edit, editing, gate, onEdited }: DecisionFormProps) {
  const { item } = detail;
  if (item.state === "decided") return <Logged detail={detail} now={now} />;
  return (
    <form id={FORM_ID} className={styles.form} onSubmit={(event) => event.preventDefault()}>
      <RadioGroup className={styles.verdictGroup ?? ""} value={draft.verdict} onChange={(verdict) => change({ verdict: verdict as ItemVerdict })} isInvalid={problems.verdict !== undefined} validationBehavior="aria">
        <div className={styles.formHead}>
          <Label className="strong">Decision</Label>
          <span className="t3 small end">{goesTo(detail)}</span>
        </div>
        <div className={styles.verdicts}>
          {VERDICTS.map((one) => (
            <Radio key={one.id} value={one.id} className={styles.verdict ?? ""}>
              {one.name}
              <Key keys={one.key} />
            </Radio>
          ))}
        </div>
        <FieldError className={styles.error ?? ""}>{problems.verdict}</FieldError>
      </RadioGroup>
      <TextArea label="What was decided" value={draft.text} onChange={(text) => change({ text })} rows={3} maxLength={4000} wide />
      <TextField label="Next step" value={draft.step} onChange={(step) => change({ step })} error={problems.step} maxLength={500} wide />
      <div className={styles.pair}>
        <Select label="Owner" placeholder="choose" options={detail.owners.map((owner) => ({ id: owner.value, name: owner.label }))} value={draft.owner} onChange={(owner) => change({ owner })} error={problems.owner} wide />
        <DateField label={`Due, by ${formatDay(detail.due_by, now)}`} value={draft.due} onChange={(due) => change({ due })} min={localDay(now)} max={detail.due_by} error={problems.due} wide />
      </div>
      <div className={styles.quick} role="group" aria-label="Due on">
        {quickDays(now, detail.due_by).map(({ day, name }) => (
          <button key={day} type="button" aria-pressed={draft.due === day} title={formatDate(day, now)} onClick={() => change({ due: day })}>
            {name}
          </button>
        ))}
        <span className="t3 micro end">{dueWords(draft.due, now, detail.due_by)}</span>
      </div>
      {item.deal !== null && <DealEdit detail={detail} draft={draft} change={change} problems={problems} edit={edit} opened={editing} gate={gate} onClose={onEdited} />}
    </form>
  );
}

function goesTo({ item }: ReviewItemDetail): string {
  if (item.deal !== null) return "goes to the deal in the CRM";
  if (item.partner !== null) return "goes to the partner in the CRM";
  return "goes to the CRM";
}

function shownValue(value: string | null, now: number): string {
  if (value === null || value === "") return "nothing";
  return isDay(value) ? formatDate(value, now) : value;
}

function Logged({ detail, now }: { detail: ReviewItemDetail; now: number }) {
  const { outcome } = detail.item;
  if (outcome === null) return <Section title="Decided" />;
  const step = [
    { label: "Next step", value: outcome.next_step },
    { label: "Owner", value: outcome.owner_name },
    { label: "Due", value: outcome.due === null ? null : formatDate(outcome.due, now) },
  ];
  const facts = [...(outcome.next_step === null ? [] : step), ...outcome.edits.map((edit) => ({ label: edit.label, value: `${shownValue(edit.before, now)} to ${shownValue(edit.after, now)}` }))];
  if (outcome.override_reason !== null) facts.push({ label: "Past the gate", value: outcome.override_reason });
  return (
    <Section title={labels.ItemVerdict[outcome.verdict]} note={<>logged <When at={outcome.at} /></>}>
      {outcome.text !== "" && <p className={styles.why}>{outcome.text}</p>}
      {facts.length > 0 && <FactGrid columns={1} facts={facts} />}
      {!detail.undoable && <p className={`${styles.why} t3 small`}>A part of it has been sent, so it is no longer taken back here.</p>}
    </Section>
  );
}
