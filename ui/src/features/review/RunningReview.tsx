/**
 * A running review: the agenda with its clock at the left, the item in the middle, its decision at the right, the verbs below. All
 * by keyboard: 1 to 4 choose and lead into the text, Ctrl+Enter logs and goes to the next open item, Esc leaves a field so
 * that the letters work again. An item that was logged is shown with its outcome and is not logged twice; U takes it back.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { AgendaItem, AgendaSection, ItemState, ItemVerdict, Review, ReviewItemDetail } from "../../api/api.gen";
import { opOptions, useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ActionBar, DetailHead, ListDetail } from "../../components/ListDetail";
import { Screen } from "../../components/Screen";
import { ErrorNotice } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { Money, useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatClock, formatDate, formatDay, formatStopwatch, isDay } from "../../format/time";
import { wordOf } from "../../format/words";
import { Agenda, AGENDA_ID } from "./Agenda";
import { itemShare, leftWords, neighbour, nextOpen, restToClear, sectionsOf, walkOf } from "./agenda";
import { DecisionForm, FORM_ID } from "./DecisionForm";
import { ItemFacts } from "./ItemFacts";
import { detailNow, draftOf, editedFields, filled, keepDraft, logRequest, problemsOf, useDraft, VERDICTS } from "./logging";
import styles from "./Review.module.css";
import { useSeconds } from "./stopwatch";

const GROUP = "This item";
/** Where the focus goes for what is missing; the rest is chosen with buttons. */
const FOCUS: Record<string, string> = { verdict: 'input[type="radio"]', step: 'input[type="text"]', reason: "input[aria-required=true]", deal: "[aria-label='The deal'] [aria-invalid=true]" };
const MARKED: Record<Exclude<ItemState, "open" | "decided">, string> = { skipped: "Skipped", parked: "Parked", flagged: "Flagged" };

/** The screen of a running review. `item` is the open one, from the address. */
export function RunningReview({ review, item }: { review: Review; item: string | null }) {
  const navigate = useNavigate({ from: "/review" });
  const client = useQueryClient();
  const now = useNow();
  const [unfolded, setUnfolded] = useState<ReadonlySet<AgendaSection>>(new Set());
  const [asking, setAsking] = useState<"clear" | "finish" | null>(null);

  const sections = sectionsOf(review.items);
  const asked = review.items.find((one) => one.id === item);
  const open = new Set(asked && !asked.discussed ? [...unfolded, asked.section] : unfolded);
  const walk = walkOf(sections, open);
  const current = asked ?? walk.find((one) => one.state === "open") ?? walk[0] ?? review.items[0] ?? null;
  const rest = restToClear(review.items);

  const go = (id: string | null) => id !== null && void navigate({ to: "/review", search: { open: review.id, item: id }, replace: true });
  const fresh = (answer: Review) => client.setQueryData(opOptions("review", review.id).queryKey, answer);
  const clear = useCommand("clearRest", { done: `Cleared ${countOf(rest.length, "item")} with no action`, failed: "The rest was not cleared" });
  const finish = useCommand("finishReview", { done: "Finished; the minutes are written", failed: "The review was not finished" });

  const doClear = () => {
    setAsking(null);
    clear.mutate({ review: review.id, items: rest.map((one) => one.id) }, { onSuccess: fresh });
  };
  const doFinish = () => {
    setAsking(null);
    finish.mutate(review.id, {
      onSuccess: () => {
        for (const one of review.items) keepDraft(one.id, null);
        void client.invalidateQueries({ queryKey: ["reviews"] });
        void navigate({ to: "/review", search: { open: review.id } });
      },
    });
  };

  const finishing: Action = { id: "review.finish", title: "Finish", keys: "Shift+F", group: "Review", when: !finish.isPending, run: () => (review.items.some((one) => one.state === "open") ? setAsking("finish") : doFinish()) };
  const clearing: Action = { id: "review.clear", title: "Clear the rest", keys: "Shift+C", group: "Review", hint: countOf(rest.length, "item"), when: rest.length > 0 && !clear.isPending, run: () => setAsking("clear") };
  const past: Action = { id: "review.past", title: "Past reviews", group: "Review", run: () => void navigate({ to: "/review", search: { view: "past" } }) };
  useActions([
    finishing,
    clearing,
    past,
    { id: "review.next", title: "Next item", keys: ["j", "ArrowDown"], group: "Agenda", sheetOnly: true, run: () => go(neighbour(walk, current?.id ?? null, 1)) },
    { id: "review.back", title: "Item before", keys: ["k", "ArrowUp"], group: "Agenda", sheetOnly: true, run: () => go(neighbour(walk, current?.id ?? null, -1)) },
  ]);

  return (
    <Screen
      title={`${wordOf(review.template)} review`}
      sub={`${formatDate(review.started_at, now)}${review.snapshot_at ? `, snapshot ${formatClock(review.snapshot_at)}` : ""}`}
      tools={<Button action={finishing} />}
    >
      <ListDetail
        narrow
        open={item !== null}
        list={<Agenda review={review} sections={sections} current={current} open={open} onItem={go} onUnfold={(section) => setUnfolded(toggled(open, section))} clear={clearing} restCount={rest.length} />}
        detail={current === null ? <div className={styles.problem}>Nothing is on the agenda.</div> : <Item key={current.id} review={review} item={current} walk={walk} onGo={go} onReview={fresh} onAgenda={() => void navigate({ to: "/review", search: { open: review.id }, replace: true })} />}
      />
      <Dialog
        open={asking === "clear"}
        onClose={() => setAsking(null)}
        title="Clear the rest"
        onSubmit={doClear}
        width="narrow"
        foot={
          <>
            <Button kind="primary" keys="Mod+Enter" onPress={doClear}>
              Clear {rest.length}
            </Button>
            <Button kind="quiet" keys="Escape" onPress={() => setAsking(null)}>
              Cancel
            </Button>
          </>
        }
      >
        <p>
          {countOf(rest.length, "item")} that {rest.length === 1 ? "is" : "are"} not discussed and still open {rest.length === 1 ? "ends" : "end"} with “no action”. Nothing is written to the CRM for {rest.length === 1 ? "it" : "them"}; the minutes say how many.
        </p>
      </Dialog>
      <Dialog
        open={asking === "finish"}
        onClose={() => setAsking(null)}
        title="Finish the review"
        onSubmit={doFinish}
        width="narrow"
        foot={
          <>
            <Button kind="primary" keys="Mod+Enter" onPress={doFinish}>
              Finish
            </Button>
            <Button kind="quiet" keys="Escape" onPress={() => setAsking(null)}>
              Go on
            </Button>
          </>
        }
      >
        <p>{leftWords(review.items)}</p>
      </Dialog>
    </Screen>
  );
}

function toggled(set: ReadonlySet<AgendaSection>, section: AgendaSection): ReadonlySet<AgendaSection> {
  const next = new Set(set);
  if (!next.delete(section)) next.add(section);
  return next;
}

interface ItemProps {
  review: Review;
  item: AgendaItem;
  walk: readonly AgendaItem[];
  onGo: (id: string | null) => void;
  onReview: (review: Review) => void;
  /** Back to the agenda, where there is room for one pane only. */
  onAgenda: () => void;
}

function Item({ review, item, walk, onGo, onReview, onAgenda }: ItemProps) {
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
  const ready = detail === undefined ? null : filled(draft, detail, now);
  const problems = ready === null || detail === undefined ? {} : problemsOf(ready, detail, now);

  const next = () => {
    const to = nextOpen(walk, item.id);
    if (to !== null) onGo(to);
  };
  const send = (verdict: ItemVerdict) => {
    if (ready === null || detail === undefined) return;
    log.mutate(logRequest(review.id, item, detail.fields, ready, verdict), {
      onSuccess: (answer) => {
        keepDraft(item.id, null);
        onReview(answer);
        if (nextOpen(walk, item.id) === null) toast({ title: "Everything on the agenda is settled; Shift F finishes" });
        next();
      },
    });
  };
  const logNow = () => {
    setTried(true);
    const [first] = Object.keys(problems);
    if (ready?.verdict && first === undefined) send(ready.verdict);
    else focusForm(FOCUS[first ?? "verdict"] ?? "button");
  };
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
  const logging = act("log", "Log and next", "Mod+Enter", logNow, { inFields: true });
  const skip = act("skip", item.state === "skipped" ? "Not skipped" : "Skip", "s", () => marked("skipped"));
  const park = act("park", item.state === "parked" ? "Not parked" : "Park", "p", () => marked("parked"));
  const flag = act("flag", item.state === "flagged" ? "Not flagged" : "Flag", "f", () => marked("flagged"));
  const none = act("none", "No action", "n", () => send("no_action"), { when: may && draft.changes.size === 0 });
  const edit = act("edit", "Edit the deal", "e", () => setEditing(true), { when: may && !editing && detail !== undefined && editedFields(detail).length > 0 });
  const taking: Action = { id: "review.undo", title: "Take back", keys: "u", group: GROUP, when: decided && !busy && detail?.undoable === true, run: takeBack };
  const back: Action = { id: "review.back.button", title: "Back", group: GROUP, sheetOnly: true, run: () => onGo(neighbour(walk, item.id, -1)) };
  useActions([
    logging,
    skip,
    park,
    flag,
    none,
    edit,
    taking,
    ...VERDICTS.map((one) =>
      act(`verdict.${one.id}`, one.name, one.key, () => {
        change({ verdict: one.id });
        focusForm("textarea");
      }),
    ),
    { id: "review.leaveField", title: "Leave the field, or the item", keys: "Escape", group: GROUP, inFields: true, sheetOnly: true, run: () => leaveField(onAgenda) },
  ]);

  return (
    <>
      <DetailHead
        rule
        title={item.title}
        tags={item.state !== "open" && item.state !== "decided" ? <Tag tone={item.state === "flagged" ? "warn" : "neutral"}>{MARKED[item.state]}</Tag> : undefined}
        reference={item.subtitle}
        meta={metaOf(item, detail, now)}
        end={<ItemClock review={review} />}
      />
      <div className={styles.body}>
        {query.error ? (
          <div className={styles.problem}>
            <ErrorNotice error={query.error} title="The item could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
          </div>
        ) : detail === undefined || ready === null ? (
          <div aria-busy="true" />
        ) : (
          <div className={styles.columns}>
            <div className={styles.middle}>
              <ItemFacts detail={detail} now={now} />
            </div>
            <aside className={styles.decision} aria-label="Decision">
              <DecisionForm detail={detail} draft={ready} change={change} problems={tried ? problems : {}} now={now} edit={edit} editing={editing} onEdited={() => setEditing(false)} />
            </aside>
          </div>
        )}
      </div>
      <ActionBar
        end={
          <>
            <Button kind="quiet" keys="k" action={back} isDisabled={neighbour(walk, item.id, -1) === null}>
              Back
            </Button>
            <span>
              item {walk.findIndex((one) => one.id === item.id) + 1} of {walk.length}
            </span>
          </>
        }
      >
        {decided ? (
          <Button action={taking} />
        ) : (
          <>
            <Button kind="primary" action={logging} />
            <Button action={skip} />
            <Button action={park} />
            <Button action={flag} />
            <Button action={none} />
          </>
        )}
      </ActionBar>
    </>
  );
}

/** The grey line under the title: why it is here for those without a deal, else the facts of the deal. */
function metaOf(item: AgendaItem, detail: ReviewItemDetail | undefined, now: number) {
  if (!detail) return [item.why];
  const facts = detail.facts.filter((fact) => !["Amount", "Next step"].includes(fact.label) && fact.value !== item.subtitle);
  return [
    ...facts.map((fact) => (isDay(fact.value) ? `${fact.label.toLowerCase()} ${formatDay(fact.value, now)}` : fact.value)),
    item.amount === null ? null : (
      <b key="amount">
        <Money value={item.amount} />
      </b>
    ),
  ];
}

/** How long this item has been open, against its share of the time. */
function ItemClock({ review }: { review: Review }) {
  const now = useSeconds();
  const [since] = useState(now);
  const share = itemShare(review.items, review.minutes_planned);
  const spent = Math.max(0, now - since);
  return (
    <span className={`${styles.itemClock} ${spent > share ? styles.over : ""}`} title="Time on this item, of its share of the review">
      {formatStopwatch(spent)} of {formatStopwatch(share)}
    </span>
  );
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
