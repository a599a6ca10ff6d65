/**
 * The acts on a registration beside the first decision, as data: which operation each is, its key, what a person must say for it,
 * and the letter that goes with it. What may be done now, and what speaks against it, is Rust's (`life.acts`). Pure.
 *
 * The hard idea: one dialog asks for all of them, because each is the same few parts in another mix: a reason, evidence, a day,
 * a partner, fields. An act that a rule speaks against needs a person's word: `override_reason`, or the reason itself.
 */
import type { Field, Letter, LifeAct, Proof } from "../../api/api.gen";
import type { CommandName, RequestOf } from "../../api/queries";

/** The acts that the dialog asks for. */
export type MoreAct = Exclude<LifeAct, "approve" | "decline" | "ask">;
/** What an act may need to be told. */
export type Part = "text" | "reason" | "by" | "proofs" | "day" | "days" | "partner" | "fields" | "grant";

interface ActSpec {
  op: CommandName;
  keys?: string;
  /** Grey words beside the title: what it does. */
  note: string;
  parts: readonly Part[];
  /** Without these it cannot be sent. */
  needs: readonly Part[];
  letter?: Letter;
  /** How a person overrules what speaks against it. */
  against: "override" | "reason";
}

/** Every act. */
export const ACTS: Record<MoreAct, ActSpec> = {
  answer: { op: "answerInfo", keys: "n", note: "the clock runs on", parts: ["text", "fields"], needs: ["text"], against: "reason" },
  withdraw: { op: "withdraw", note: "the partner takes its claim back", parts: ["reason", "by"], needs: ["reason"], letter: "withdrawn", against: "reason" },
  expire: { op: "expire", note: "it protects nobody any more", parts: ["reason"], needs: [], letter: "expired", against: "reason" },
  convert: { op: "convertLead", keys: "Shift+C", note: "a new claim of the same partner, submitted now", parts: ["fields"], needs: ["fields"], against: "reason" },
  open_appeal: { op: "openAppeal", keys: "p", note: "with evidence that was not seen", parts: ["text", "proofs", "by"], needs: ["text", "proofs"], against: "override" },
  decide_appeal: { op: "decideAppeal", keys: "p", note: "the partner waits for it", parts: ["grant", "reason"], needs: ["grant", "reason"], against: "reason" },
  request_extension: { op: "requestExtension", keys: "Shift+E", note: "with evidence of progress", parts: ["proofs", "by"], needs: ["proofs"], against: "override" },
  extend: { op: "extend", keys: "e", note: "only with evidence of progress (R-06)", parts: ["days", "proofs"], needs: [], letter: "extended", against: "override" },
  refuse_extension: { op: "refuseExtension", note: "the protection ends on its day", parts: ["reason"], needs: ["reason"], letter: "extension_refused", against: "reason" },
  warn: { op: "warnUntouched", keys: "u", note: "nothing has happened; the partner is told before anything is", parts: [], needs: [], letter: "untouched", against: "override" },
  release: { op: "releaseProtection", keys: "l", note: "the protection ends before its day", parts: ["reason"], needs: ["reason"], letter: "released", against: "override" },
  reassign: { op: "reassign", note: "protection and deal go to another partner", parts: ["partner", "reason"], needs: ["partner", "reason"], letter: "released", against: "override" },
  log_meeting: { op: "logMeeting", keys: "m", note: "it confirms the hold of a lead (S-10)", parts: ["day", "text"], needs: ["day", "text"], against: "override" },
  lapse_hold: { op: "lapseHold", note: "no first meeting took place in time (S-10)", parts: ["reason"], needs: [], letter: "hold_lapsed", against: "reason" },
};

/** A field of a claim that a person fills in. */
export interface ClaimField {
  id: Field;
  name: string;
  kind?: "day" | "amount" | "long";
}

/** What a deal registration says beside a lead. */
export const CONVERT_FIELDS: readonly ClaimField[] = [
  { id: "amount", name: "Amount", kind: "amount" },
  { id: "close_date", name: "Close date", kind: "day" },
  { id: "products", name: "Products" },
  { id: "proof_of_work", name: "Proof of work", kind: "long" },
  { id: "competitors", name: "Competitors" },
];

/** What an answer of the partner may fill in. */
export const ANSWER_FIELDS: readonly ClaimField[] = [
  { id: "domain", name: "Web domain" },
  { id: "contact_name", name: "Contact" },
  { id: "contact_email", name: "Contact’s e-mail" },
  { id: "contact_phone", name: "Contact’s phone" },
  { id: "problem", name: "Need", kind: "long" },
  ...CONVERT_FIELDS,
];

/** An act as it stands in its dialog. */
export interface ActForm {
  reason: string;
  text: string;
  by: string;
  override: string;
  /** The letter as edited; null while it is the draft. */
  message: string | null;
  days: string;
  day: string | null;
  proofs: readonly Proof[];
  partner: string | null;
  grant: boolean | null;
  fields: ReadonlyMap<Field, string>;
  currency: string;
}

/** An empty form; `today` is the day that evidence begins with. */
export const EMPTY_FORM: ActForm = { reason: "", text: "", by: "", override: "", message: null, days: "", day: null, proofs: [], partner: null, grant: null, fields: new Map(), currency: "" };

/** What is wrong with it, by part; empty when it may be sent. */
export type Problems = Partial<Record<Part | "override" | "currency", string>>;

const MISSING: Record<Part, string> = {
  text: "Say it in a sentence",
  reason: "Say why in a sentence",
  by: "Say who",
  proofs: "An act like this needs evidence: what, when, where",
  day: "Choose the day",
  days: "Say how many days",
  partner: "Choose the partner",
  fields: "Fill in what a deal registration says beside a lead",
  grant: "Choose one of the two",
};

function isEmpty(part: Part, form: ActForm): boolean {
  switch (part) {
    case "text":
    case "reason":
    case "by":
    case "days":
      return form[part].trim() === "";
    case "proofs":
      return form.proofs.length === 0;
    case "fields":
      return ![...form.fields.values()].some((value) => value.trim() !== "");
    default:
      return form[part] === null;
  }
}

/** What is wrong; `against` is the rule that speaks against the act now. */
export function actProblems(act: MoreAct, form: ActForm, against: string | null): Problems {
  const spec = ACTS[act];
  const problems: Problems = {};
  for (const part of spec.needs) if (isEmpty(part, form)) problems[part] = MISSING[part];
  if (form.proofs.some((proof) => proof.text.trim() === "" || proof.day === "")) problems.proofs = "Each piece of evidence needs its day and what it says";
  if (against !== null && spec.against === "override" && form.override.trim() === "") problems.override = "A rule speaks against it: say why in a sentence";
  if (against !== null && spec.against === "reason" && spec.parts.includes("reason") && form.reason.trim() === "") problems.reason = "A rule speaks against it: say why in a sentence";
  if (spec.parts.includes("days") && form.days.trim() !== "" && !/^[1-9]\d{0,2}$/.test(form.days.trim())) problems.days = "A whole number of days";
  const amount = form.fields.get("amount")?.trim() ?? "";
  if (amount !== "" && !/^\d{1,12}(\.\d{1,2})?$/.test(amount)) problems.fields = "The amount as a plain number: 184000 or 184000.50";
  if (form.currency.trim() !== "" && !/^[A-Za-z]{3}$/.test(form.currency.trim())) problems.currency = "Three letters: EUR";
  return problems;
}

/** The act as it is sent: its operation and the request. Call it only without problems. */
export function actRequest(act: MoreAct, registration: string, form: ActForm): { name: CommandName; request: RequestOf<CommandName> } {
  const word = (text: string) => text.trim();
  const optional = <K extends string>(key: K, text: string) => (word(text) === "" ? {} : { [key]: word(text) });
  const spec = ACTS[act];
  const set = [...form.fields].filter(([, value]) => word(value) !== "").map(([field, value]) => ({ field, value: word(value) }));
  const proofs = form.proofs.map((proof) => ({ ...proof, text: word(proof.text) }));
  const message = form.message === null || word(form.message) === "" ? {} : { message: word(form.message) };
  const parts: Partial<Record<Part, object>> = {
    text: { text: word(form.text) },
    reason: spec.needs.includes("reason") ? { reason: word(form.reason) } : optional("reason", form.reason),
    by: optional("by", form.by),
    proofs: { proofs },
    day: { day: form.day },
    days: word(form.days) === "" ? {} : { days: Number(form.days) },
    partner: { partner: form.partner },
    fields: { set, ...optional("currency", form.currency.toUpperCase()) },
    grant: { grant: form.grant === true },
  };
  const request = Object.assign({ registration }, ...spec.parts.map((part) => parts[part]), spec.against === "override" ? optional("override_reason", form.override) : {}, message) as RequestOf<CommandName>;
  return { name: spec.op, request };
}
