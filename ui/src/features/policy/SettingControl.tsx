/**
 * One setting of the policy as it is entered: a number with its unit and range, a time, a choice, a switch, a list. It shows what is
 * wrong at once and gives only sound values on; what is typed stays either way.
 */
import { useState } from "react";
import type { Choice, PolicySetting, SettingForm, SettingValue } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Checkbox, Select, TextArea, TextField } from "../../components/Field";
import { ArrowDownIcon, ArrowUpIcon } from "../../components/icons";
import { formatCount } from "../../format/number";
import { numberProblem, spanParts } from "./draft";
import styles from "./Policy.module.css";

interface ControlProps<Form extends SettingForm = SettingForm> {
  setting: PolicySetting;
  form: Form;
  value: SettingValue | null;
  onChange: (value: SettingValue | null) => void;
}
type Is<Name extends SettingForm["is"]> = Extract<SettingForm, { is: Name }>;

/** The control; its label is for screen readers, the row says it. */
export function SettingControl({ setting, form, value, onChange }: ControlProps) {
  switch (form.is) {
    case "number":
      return <NumberControl setting={setting} form={form} value={value} onChange={onChange} />;
    case "span":
      return <SpanControl setting={setting} form={form} value={value} onChange={onChange} />;
    case "choice":
      return <Select label={setting.label} hideLabel options={form.choices.map((one) => ({ id: one.value, name: one.label }))} value={String(value ?? "")} onChange={onChange} />;
    case "switch":
      return (
        <Checkbox value={value === true} onChange={onChange}>
          {value === true ? "on" : "off"}
          <span className="sr">: {setting.label}</span>
        </Checkbox>
      );
    case "list":
      return <ListControl setting={setting} form={form} value={value} onChange={onChange} />;
  }
}

/** From here on an upper bound guards the program and tells a person nothing. */
const BEYOND = 10_000;

/** Typed text that is given on when it is sound, and taken over when the value is changed from elsewhere. */
function useTyped(shown: string): [string, (text: string) => void] {
  const [typed, setTyped] = useState({ text: shown, shown });
  if (typed.shown !== shown) setTyped({ text: typed.text.trim() === shown ? typed.text : shown, shown });
  return [typed.text, (text) => setTyped({ ...typed, text })];
}

function NumberControl({ setting, form, value, onChange }: ControlProps<Is<"number">>) {
  const [text, setText] = useTyped(value === null ? "" : String(value));
  const optional = setting.built_in === null || setting.built_in === undefined;
  return (
    <div className={styles.number}>
      <TextField
        label={`${setting.label}, in ${form.unit || "figures"}`}
        hideLabel
        value={text}
        placeholder={optional ? "no limit" : ""}
        onChange={(typed) => {
          setText(typed);
          if (numberProblem(typed, form, optional) === undefined) onChange(typed.trim() === "" ? null : Number(typed));
        }}
        error={numberProblem(text, form, optional)}
        maxLength={10}
      />
      <span className="t2">{form.unit}</span>
      <span className={styles.range}>{form.most >= BEYOND ? `from ${formatCount(form.least)}` : `${formatCount(form.least)} to ${formatCount(form.most)}`}</span>
    </div>
  );
}

function SpanControl({ setting, form, value, onChange }: ControlProps<Is<"span">>) {
  const { count, unit } = spanParts(String(value ?? ""), form.units);
  const [text, setText] = useTyped(count);
  const wrong = /^[1-9]\d{0,4}$/.test(text.trim()) ? undefined : "A whole number from 1";
  return (
    <div className={styles.number}>
      <TextField
        label={`${setting.label}, how many`}
        hideLabel
        value={text}
        onChange={(typed) => {
          setText(typed);
          if (/^[1-9]\d{0,4}$/.test(typed.trim())) onChange(`${typed.trim()} ${unit}`);
        }}
        error={wrong}
        maxLength={6}
      />
      <Select label={`${setting.label}, of what`} hideLabel options={form.units.map((one) => ({ id: one, name: one }))} value={unit} onChange={(to) => onChange(`${wrong === undefined ? text.trim() : count} ${to}`)} />
    </div>
  );
}

function ListControl({ setting, form, value, onChange }: ControlProps<Is<"list">>) {
  const chosen = Array.isArray(value) ? value : [];
  const [text, setText] = useTyped(chosen.join("\n"));
  if (form.choices.length === 0) {
    return (
      <TextArea
        label={`${setting.label}, one a line`}
        hideLabel
        rows={3}
        value={text}
        onChange={(typed) => {
          setText(typed);
          onChange(typed.split("\n").map((line) => line.trim()).filter((line) => line !== ""));
        }}
        maxLength={20_000}
        help="one a line"
        wide
      />
    );
  }
  if (form.ordered) return <OrderControl setting={setting} choices={form.choices} chosen={chosen} onChange={onChange} />;
  const toggle = (id: string, on: boolean) => onChange(form.choices.map((one) => one.value).filter((one) => (one === id ? on : chosen.includes(one))));
  return (
    <div className={styles.list} role="group" aria-label={setting.label}>
      {form.choices.map((choice) => (
        <Checkbox key={choice.value} value={chosen.includes(choice.value)} onChange={(on) => toggle(choice.value, on)}>
          {choice.label}
        </Checkbox>
      ))}
    </div>
  );
}

/** A list whose order counts: those that count first, each with its place; the others can be added. */
function OrderControl({ setting, choices, chosen, onChange }: { setting: PolicySetting; choices: readonly Choice[]; chosen: readonly string[]; onChange: (value: SettingValue) => void }) {
  const label = (id: string) => choices.find((one) => one.value === id)?.label ?? id;
  const rest = choices.filter((one) => !chosen.includes(one.value));
  const move = (from: number, to: number) => {
    const next = [...chosen];
    const [one] = next.splice(from, 1);
    if (one !== undefined) next.splice(to, 0, one);
    onChange(next);
  };
  return (
    <div role="group" aria-label={setting.label}>
      <ol className={styles.order}>
        {chosen.map((id, n) => (
          <li key={id}>
            <span className="t3 tn">{n + 1}</span>
            <Checkbox value onChange={() => onChange(chosen.filter((one) => one !== id))}>
              {label(id)}
            </Checkbox>
            <span className="end row">
              <Button kind="icon" label={`${label(id)} earlier`} icon={<ArrowUpIcon size={12} />} isDisabled={n === 0} onPress={() => move(n, n - 1)} />
              <Button kind="icon" label={`${label(id)} later`} icon={<ArrowDownIcon size={12} />} isDisabled={n === chosen.length - 1} onPress={() => move(n, n + 1)} />
            </span>
          </li>
        ))}
      </ol>
      {rest.length > 0 && (
        <div className={`${styles.list} ${styles.rest}`}>
          {rest.map((choice) => (
            <Checkbox key={choice.value} value={false} onChange={() => onChange([...chosen, choice.value])}>
              {choice.label}
            </Checkbox>
          ))}
        </div>
      )}
    </div>
  );
}
