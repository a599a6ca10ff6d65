/**
 * A policy that is being changed: which text or version it starts from, and the settings that are changed in it. Pure.
 *
 * The hard idea: the form and the file are one draft. The form keeps what it changes as single settings, so that the file's comments
 * stay; whoever edits the file starts from the text with those settings in it, and from then on the text is the draft and the
 * form changes settings in that text. What is set back to what it was is no change.
 */
import type { PolicyDraft, PolicySetting, SetSetting, SettingForm, SettingValue } from "../../api/api.gen";

/** The draft as it stands in the window. */
export interface Draft {
  /** The version that it starts from. */
  version: number;
  /** The whole file, once somebody typed in it. */
  text: string | null;
  /** Settings changed by the form; null takes the limit away. */
  changes: ReadonlyMap<string, SettingValue | null>;
}

/** Nothing changed. */
export function emptyDraft(version: number): Draft {
  return { version, text: null, changes: new Map() };
}

/** Whether anything is changed in it; a draft of an older version than the one in force is a change by itself. */
export function isChanged(draft: Draft, inForce: number): boolean {
  return draft.text !== null || draft.changes.size > 0 || draft.version !== inForce;
}

/** The draft as it is asked about and saved. */
export function draftRequest(draft: Draft): PolicyDraft {
  const changes: SetSetting[] = [...draft.changes].map(([key, value]) => (value === null ? { key } : { key, value }));
  return { ...(draft.text === null ? { version: draft.version } : { text: draft.text }), changes };
}

/** One setting changed, or set back to what it is in the text the draft starts from. */
export function withSetting(draft: Draft, setting: PolicySetting, value: SettingValue | null): Draft {
  const changes = new Map(draft.changes);
  if (draft.text === null && sameValue(value, setting.value ?? null)) changes.delete(setting.key);
  else changes.set(setting.key, value);
  return { ...draft, changes };
}

/** The file typed in: `text` holds what the form had changed before. */
export function withText(draft: Draft, text: string, original: string): Draft {
  return text === original && draft.changes.size === 0 ? { ...draft, text: null } : { ...draft, text, changes: new Map() };
}

/** Whether two values say the same. */
export function sameValue(a: SettingValue | null, b: SettingValue | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What a value says, for reading: "90 days", "First qualified, then tier priority", "no limit". */
export function valueWords(value: SettingValue | null | undefined, form: SettingForm): string {
  if (value === null || value === undefined) return "no limit";
  const named = (id: string) => ("choices" in form ? (form.choices.find((one) => one.value === id)?.label ?? id) : id);
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return form.is === "number" ? `${value} ${form.unit}`.trim() : String(value);
  if (typeof value === "string") return named(value);
  return value.length === 0 ? "none" : value.map(named).join(form.is === "list" && form.ordered ? ", then " : ", ");
}

/** What is wrong with a number as typed; undefined when nothing is. An empty one is no limit where there may be none. */
export function numberProblem(text: string, form: { least: number; most: number }, optional: boolean): string | undefined {
  if (text.trim() === "") return optional ? undefined : "A number is needed";
  if (!/^\d+$/.test(text.trim())) return "A whole number, please";
  const value = Number(text);
  return value < form.least || value > form.most ? `From ${form.least} to ${form.most}` : undefined;
}

/** A time as its number and its unit: "2 business days" -> 2 and "business days". */
export function spanParts(value: string, units: readonly string[]): { count: string; unit: string } {
  const [, count = "", unit = ""] = /^(\d*)\s*(.*)$/s.exec(value) ?? [];
  return { count, unit: units.find((one) => one === unit) ?? (unit || (units[0] ?? "")) };
}

/** The settings under their headings, in the order they came. */
export function settingGroups(settings: readonly PolicySetting[]): { title: string; settings: PolicySetting[] }[] {
  const groups = new Map<string, PolicySetting[]>();
  for (const setting of settings) groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  return [...groups].map(([title, inside]) => ({ title, settings: inside }));
}
