/**
 * A running review: the agenda with its clock at the left, the item with its decision beside it (ItemPane), and the two acts on the
 * whole: clearing what is not discussed, and finishing. Which item is open stands in the address; `j` and `k` walk.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Review } from "../../api/api.gen";
import { opOptions, useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { ListDetail } from "../../components/ListDetail";
import { Screen } from "../../components/Screen";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatClock, formatDate } from "../../format/time";
import { wordOf } from "../../format/words";
import { Agenda } from "./Agenda";
import { headingOf, leftWords, neighbour, restToClear, sectionsOf, walkOf } from "./agenda";
import { ClearDialog, FinishDialog } from "./EndDialogs";
import { ItemPane } from "./ItemPane";
import { keepDraft } from "./logging";
import { PromisesDialog, promisedWords } from "./PromisesDialog";
import styles from "./Review.module.css";

/** The screen of a running review. `item` is the open one, from the address. */
export function RunningReview({ review, item }: { review: Review; item: string | null }) {
  const navigate = useNavigate({ from: "/review" });
  const client = useQueryClient();
  const now = useNow();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [showsMovement, setShowsMovement] = useState(true);
  const [asking, setAsking] = useState<"clear" | "finish" | "promises" | null>(null);

  const sections = sectionsOf(review.items, review.order);
  const asked = review.items.find((one) => one.id === item);
  const open = new Set(asked && !asked.discussed ? [...unfolded, headingOf(asked, review.order)] : unfolded);
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
  const promises: Action = { id: "review.promises", title: "What was promised last time", keys: "o", group: "Review", hint: promisedWords(review.promises), when: review.promises.length > 0, run: () => setAsking("promises") };
  const past: Action = { id: "review.past", title: "Past reviews", group: "Review", run: () => void navigate({ to: "/review", search: { view: "past" } }) };
  useActions([
    finishing,
    clearing,
    past,
    promises,
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
        list={<Agenda review={review} sections={sections} current={current} open={open} onItem={go} onUnfold={(section) => setUnfolded(toggled(open, section))} promises={promises} clear={clearing} restCount={rest.length} />}
        detail={current === null ? <div className={styles.problem}>Nothing is on the agenda.</div> : <ItemPane key={current.id} review={review} item={current} walk={walk} onGo={go} showsMovement={showsMovement} onMovement={() => setShowsMovement(!showsMovement)} onReview={fresh} onAgenda={() => void navigate({ to: "/review", search: { open: review.id }, replace: true })} />}
      />
      {asking === "clear" && <ClearDialog count={rest.length} onClear={doClear} onClose={() => setAsking(null)} />}
      {asking === "finish" && <FinishDialog left={leftWords(review.items)} onFinish={doFinish} onClose={() => setAsking(null)} />}
      {asking === "promises" && <PromisesDialog promises={review.promises} onClose={() => setAsking(null)} />}
    </Screen>
  );
}

function toggled(set: ReadonlySet<string>, section: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(section)) next.add(section);
  return next;
}
