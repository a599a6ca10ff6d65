/**
 * One item of a running review: what is known about it in the middle, its decision at the right, the verbs below. All by keyboard: 1 to 4
 * choose and lead into the text, Ctrl+Enter logs and goes to the next open item, U takes back what was logged.
 */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { AgendaItem, ItemState, ReviewItemDetail } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailHead } from "../../components/ListDetail";
import { ErrorNotice } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money } from "../../components/When";
import { ConfirmDialog } from "../../deal/ConfirmDialog";
import { formatDay, isDay } from "../../format/time";
import { neighbour } from "./agenda";
import { Presenting } from "../../presenting/Presenting";
import { DecisionForm } from "./DecisionForm";
import { ItemClock } from "./ItemClock";
import { ItemFacts } from "./ItemFacts";
import { movedDeal } from "./movement";
import { MovementStrip } from "./MovementPanel";
import styles from "./Review.module.css";
import { useItem } from "./useItem";
import type { ItemProps } from "./useItem";

const MARKED: Record<Exclude<ItemState, "open" | "decided">, string> = { skipped: "Skipped", parked: "Parked", flagged: "Flagged" };

/** The pane; keyed by the item. */
export function ItemPane(props: ItemProps & { showsMovement: boolean; onMovement: () => void }) {
  const { review, item, walk, onGo, showsMovement, onMovement } = props;
  const { query, now, detail, ready, change, problems, decided, waits, gate, editing, setEditing, confirming, acts } = useItem(props);
  const movement = useOp("reviewMovement", { review: review.id }).data;
  const moved = movement && movedDeal(movement, item.deal);
  const strip: Action = { id: "review.movement", title: showsMovement ? "Hide what moved" : "Show what moved", keys: "w", group: "Review", when: movement !== undefined && movement.since !== null, run: onMovement };
  useActions([strip]);
  const before = neighbour(walk, item.id, -1);
  const back: Action = { id: "review.back.button", title: "Back", group: "This item", sheetOnly: true, run: () => onGo(before) };

  return (
    <>
      <Presenting partner={item.partner} deal={item.deal} />
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
              <ItemFacts detail={detail} now={now} did={moved?.kinds ?? []} />
            </div>
            <aside className={styles.decision} aria-label="Decision">
              <DecisionForm detail={detail} draft={ready} change={change} problems={problems} now={now} edit={acts.edit} editing={editing} gate={gate} onEdited={() => setEditing(false)} />
            </aside>
          </div>
        )}
      </div>
      {movement !== undefined && showsMovement && <MovementStrip movement={movement} item={item} />}
      <ActionBar
        end={
          <>
            <Button kind="quiet" keys="k" action={back} isDisabled={before === null}>
              Back
            </Button>
            <span role="status">{waits ? "logged as soon as the gate is read" : ""}</span>
            <span>
              item {walk.findIndex((one) => one.id === item.id) + 1} of {walk.length}
            </span>
          </>
        }
      >
        {decided ? (
          <Button action={acts.taking} />
        ) : (
          <>
            <Button kind="primary" action={acts.logging} />
            <Button action={acts.skip} />
            <Button action={acts.park} />
            <Button action={acts.flag} />
            <Button action={acts.none} />
          </>
        )}
      </ActionBar>
      {confirming !== null && <ConfirmDialog criteria={confirming.criteria} first={confirming.first} evidenceRequired={confirming.evidenceRequired} isBusy={false} error={null} onConfirm={confirming.done} onClose={confirming.close} />}
    </>
  );
}

/** The grey line under the title: why it is here for those without a deal, else the facts of the deal. */
function metaOf(item: AgendaItem, detail: ReviewItemDetail | undefined, now: number) {
  if (!detail) return [item.why];
  const labels = new Set(detail.facts.map((fact) => fact.label));
  // Nothing is said twice: not who and what by a name made of them, nor "Submitted" beside "submitted 14 Nov".
  const isSaid = (value: string) => value === item.subtitle || labels.has(value) || (item.subtitle !== "" && value.includes(item.title) && value.includes(item.subtitle));
  const facts = detail.facts.filter((fact) => !["Amount", "Next step"].includes(fact.label) && !isSaid(fact.value));
  return [
    ...facts.map((fact, n) => (isDay(fact.value) ? `${n === 0 ? fact.label : fact.label.toLowerCase()} ${formatDay(fact.value, now)}` : fact.value)),
    item.amount === null ? null : (
      <b key="amount">
        <Money value={item.amount} />
      </b>
    ),
  ];
}
