/**
 * What can be done with one item of a running review: log it, mark it, take it back, edit its deal. What is typed is the draft's
 * (logging.ts); problems are said once a person has tried to log.
 *
 * Callers rely on: an item that was logged is not logged twice; after logging, skipping and parking the next open item is gone to; Esc
 * leaves a field so that the letters work again, then the item where only one pane has room.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { AgendaItem, Criterion, ItemState, ItemVerdict, Proof, Review } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { toast } from "../../components/toasts";
import { useWhenRead } from "../../components/useWhenRead";
import { useNow } from "../../components/When";
import { useGate } from "../../deal/useGate";
import { AGENDA_ID } from "./Agenda";
import { nextOpen } from "./agenda";
import { FORM_ID } from "./DecisionForm";
import { changesDeal, detailNow, draftOf, editedFields, filled, keepDraft, logRequest, problemsOf, useDraft, VERDICTS } from "./logging";

const GROUP = "This item";
/** Where the focus goes for what is missing; the rest is chosen with buttons. */
const FOCUS: Record<string, string> = { verdict: 'input[type="radio"]', step: 'input[type="text"]', reason: "input[aria-required=true]", deal: "[aria-label='The deal'] [aria-invalid=true]" };

/** Which item, of what, and who hears what became of it. */
export interface ItemProps {
  review: Review;
  item: AgendaItem;
  walk: readonly AgendaItem[];
  onGo: (id: string | null) => void;
  onReview: (review: Review) => void;
  /** Back to the agenda, where there is room for one pane only. */
  onAgenda: () => void;
}

/** The item and its acts. */
export function useItem({ review, item, walk, onGo, onReview, onAgenda }: ItemProps) {
  const query = useOp("reviewItem", { review: review.id, item: item.id });
  const now = useNow();
  const [draft, change] = useDraft(item.id);
  const [tried, setTried] = useState(false);
  const [editing, setEditing] = useState(false);
  const undo = useCommand("undoItem", { done: `Taken back; ${item.title} is open again`, failed: "It was not taken back" });
  const takeBack = () =>
    undo.mutate(
      { review: review.id, item: item.id },
      {
        onSuccess: (answer) => {
          if (item.outcome !== null) keepDraft(item.id, draftOf(item.outcome));
          onReview(answer);
        },
      },
    );
  const log = useCommand("logItem", { done: `Logged: ${item.title}, saved on this device`, failed: "The decision was not logged", undo: takeBack });
  const mark = useCommand("markItem", { failed: "The item was not marked" });
  const detail = query.data && detailNow(query.data, item);
  const busy = log.isPending || mark.isPending || undo.isPending;
  const decided = item.state === "decided";
  const { preview, held, isReading } = useGate(item.deal, detail?.fields ?? [], draft.changes, draft.confirms);
  const standing = useOp("dealStanding", item.deal ?? "", { enabled: item.deal !== null && !decided }).data;
  const [confirming, setConfirming] = useState<{ first: string | null } | null>(null);
  const waiting = (preview?.criteria ?? standing?.criteria ?? []).filter((criterion) => criterion.told_by === "person" && !criterion.met);
  const ready = detail === undefined ? null : filled(draft, detail, now);
  const problems = ready === null || detail === undefined ? {} : problemsOf(ready, detail, now, held);

  const next = () => {
    const to = nextOpen(walk, item.id);
    if (to !== null) onGo(to);
  };
  const send = (verdict: ItemVerdict) => {
    if (ready === null || detail === undefined) return;
    log.mutate(logRequest(review.id, item, detail.fields, ready, verdict, held), {
      onSuccess: (answer) => {
        keepDraft(item.id, null);
        onReview(answer);
        if (nextOpen(walk, item.id) === null) toast({ title: "Everything on the agenda is settled; Shift F finishes" });
        next();
      },
    });
  };
  const { changes, confirms, ...typed } = draft;
  const logNow = useWhenRead(isReading, JSON.stringify([typed, [...changes], [...confirms]]), () => {
    setTried(true);
    const [first] = Object.keys(problems);
    if (ready?.verdict && first === undefined) send(ready.verdict);
    else focusForm(FOCUS[first ?? "verdict"] ?? "button");
  });
  const marked = (state: Exclude<ItemState, "open" | "decided">) =>
    mark.mutate(
      { review: review.id, item: item.id, state: item.state === state ? "open" : state },
      {
        onSuccess: (answer) => {
          onReview(answer);
          if (item.state !== state && state !== "flagged") next();
        },
      },
    );
  const may = !decided && !busy && ready !== null;

  const act = (id: string, title: string, keys: string, run: () => void, more: Partial<Action> = {}): Action => ({ id: `review.${id}`, title, keys, group: GROUP, when: may, run, ...more });
  const logging = act("log", "Log and next", "Mod+Enter", logNow.press, { inFields: true });
  const skip = act("skip", item.state === "skipped" ? "Not skipped" : "Skip", "s", () => marked("skipped"));
  const park = act("park", item.state === "parked" ? "Not parked" : "Park", "p", () => marked("parked"));
  const flag = act("flag", item.state === "flagged" ? "Not flagged" : "Flag", "f", () => marked("flagged"));
  const none = act("none", "No action", "n", () => send("no_action"), { when: may && !changesDeal(draft) });
  const edit = act("edit", "Edit the deal", "e", () => setEditing(true), { when: may && !editing && detail !== undefined && editedFields(detail).length > 0 });
  const confirmIt = (first: string | null) => {
    setEditing(true);
    setConfirming({ first });
  };
  const confirm = act("confirm", "Confirm a criterion", "c", () => confirmIt(waiting.length === 1 ? (waiting[0]?.key ?? null) : null), { when: may && waiting.length > 0 });
  const taking: Action = { id: "review.undo", title: "Take back", keys: "u", group: GROUP, when: decided && !busy && detail?.undoable === true, run: takeBack };
  const confirmed = (key: string, proof: Proof | null) => {
    change({ confirms: new Map([...draft.confirms, [key, proof]]) });
    setConfirming(null);
  };
  useActions([
    logging,
    skip,
    park,
    flag,
    none,
    edit,
    confirm,
    taking,
    ...VERDICTS.map((one) =>
      act(`verdict.${one.id}`, one.name, one.key, () => {
        change({ verdict: one.id });
        focusForm("textarea");
      }),
    ),
    { id: "review.leaveField", title: "Leave the field, or the item", keys: "Escape", group: GROUP, inFields: true, sheetOnly: true, run: () => leaveField(onAgenda) },
  ]);

  return { query, now, detail, ready, change, problems: tried ? problems : {}, decided, waits: logNow.waits, gate: { preview, held, present: standing?.criteria ?? [], onConfirm: (criterion: Criterion) => confirmIt(criterion.key) }, editing, setEditing, confirming: confirming && { ...confirming, criteria: waiting, evidenceRequired: standing?.evidence_required ?? true, close: () => setConfirming(null), done: confirmed }, acts: { logging, skip, park, flag, none, edit, taking } };
}

/** Puts the focus on a part of the decision. */
function focusForm(part: string) {
  document.querySelector<HTMLElement>(`#${FORM_ID} ${part}`)?.focus();
}

/** Leaves a field for the letters; from nowhere in particular, leaves the item when the agenda is hidden behind it. */
function leaveField(onAgenda: () => void) {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement.closest(`#${FORM_ID}`)) activeElement.blur();
  else if (document.getElementById(AGENDA_ID)?.offsetParent === null) onAgenda();
}
