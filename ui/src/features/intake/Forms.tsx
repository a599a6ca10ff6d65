/** The CRM's own forms for registrations: what they would ask is shown first, then they are made there, each once. Where the token may not, it says why. */
import { labels } from "../../api/api.gen";
import type { IntakeForm } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { ErrorNotice, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { countOf } from "../../format/number";
import styles from "./Intake.module.css";

/** The section. */
export function Forms() {
  const look = useCommand("intakeForms", { quiet: true });
  const make = useCommand("createIntakeForms", { quiet: true });
  const shown = make.data ?? look.data;
  const busy = look.isPending || make.isPending;
  const error = make.error ?? look.error;
  return (
    <Section title="Forms in the CRM" note="a partner fills one in, and a registration is there">
      {error && <ErrorNotice error={error} title="The forms were not made" />}
      {shown?.refused && (
        <Notice tone="warn" title="The forms cannot be made from here">
          {shown.refused}
        </Notice>
      )}
      {shown && (
        <ul className={styles.forms} aria-label="Forms">
          {shown.forms.map((form) => (
            <Form key={form.kind} form={form} />
          ))}
        </ul>
      )}
      {shown && shown.by_hand.length > 0 && <p className="t2 small">By hand, as the page below says: {shown.by_hand.join("; ")}.</p>}
      <div className="row">
        {shown === undefined ? (
          <Button isDisabled={busy} onPress={() => look.mutate(undefined)}>
            {busy ? "Looking" : "Look at the forms"}
          </Button>
        ) : (
          shown.missing > 0 &&
          shown.refused === null && (
            <Button isDisabled={busy} onPress={() => make.mutate(undefined)}>
              {busy ? "Making them" : `Make ${countOf(shown.missing, "form")} in the CRM`}
            </Button>
          )
        )}
      </div>
    </Section>
  );
}

function Form({ form }: { form: IntakeForm }) {
  const asked = form.fields.filter((field) => field.value === null);
  return (
    <li>
      <span className="medium">{form.name}</span> <Tag tone={form.id === null ? "neutral" : "ok"}>{form.id === null ? "not there yet" : "is there"}</Tag>
      <p className="t2 small">
        {labels.RegistrationKind[form.kind]}: asks {asked.map((field) => (field.required ? `${field.label}*` : field.label)).join(", ")}.
        {form.not_asked.length > 0 && ` The CRM has no property for ${form.not_asked.join(", ")}.`}
      </p>
    </li>
  );
}
