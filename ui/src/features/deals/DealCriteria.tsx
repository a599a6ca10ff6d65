/**
 * Where a deal stands in its motion: the stage with who answers for it and how long it may take, what must hold before the next one, and
 * the ways on. `C` confirms a criterion with evidence, `M` moves through the gate; both are one decision each and can be taken back.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions, useHold } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Criterion, DealStanding } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ErrorNotice, Section } from "../../components/Section";
import { ConfirmDialog } from "../../deal/ConfirmDialog";
import { CriteriaList } from "../../deal/CriteriaList";
import { gateWords } from "../../deal/gate";
import { MoveDialog } from "../../deal/MoveDialog";
import { countOf } from "../../format/number";
import styles from "./Deals.module.css";

/** "Seller answers for it; 12 of 21 days". */
export function stageWords(stage: NonNullable<DealStanding["stage"]>): { text: string; late: boolean } {
  const late = stage.stayed !== null && stage.stayed > stage.days;
  const days = stage.stayed === null ? `${countOf(stage.days, "day")} as a rule` : `${stage.stayed} of ${countOf(stage.days, "day")}`;
  return { text: `${labels.StageRole[stage.role]} answers for it; ${days}`, late };
}

/** The section. */
export function DealCriteria({ deal, onUndo }: { deal: string; onUndo: (decided: { decision: string }) => void }) {
  const query = useOp("dealStanding", deal);
  const standing = query.data;
  const [confirming, setConfirming] = useState<{ first: string | null } | null>(null);
  const [moving, setMoving] = useState(false);
  const save = useCommand("editDeal", { done: (decided) => decided.title, undo: onUndo, quiet: confirming !== null, failed: "It was not taken back" });
  const waiting = standing?.criteria.filter((criterion) => criterion.told_by === "person" && !criterion.met) ?? [];
  const confirm: Action = { id: "deal.confirm", title: "Confirm a criterion", keys: "c", group: "This deal", when: waiting.length > 0, run: () => setConfirming({ first: waiting.length === 1 ? (waiting[0]?.key ?? null) : null }) };
  const move: Action = { id: "deal.move", title: "Move to another stage", keys: "m", group: "This deal", when: standing !== undefined && standing.stages.length > 1, run: () => setMoving(true) };
  useActions([confirm, move]);
  useHold(query.isPending);
  if (query.error) return <ErrorNotice error={query.error} title="Where the deal stands could not be read" />;
  if (!standing) return null;
  const { stage, next, criteria, checks, held } = standing;
  const words = stage === null ? null : stageWords(stage);
  const takeBack = (criterion: Criterion) => save.mutate({ deal, set: [], confirm: [{ key: criterion.key, holds: false }] });
  return (
    <Section title={next === null ? "Stage" : `Gate to ${next.label}`} note={next === null ? undefined : gateWords(criteria, held)} end={<Button kind="quiet" action={move}>Move</Button>}>
      {stage !== null && words !== null && (
        <p className="small t2" title={stage.exit}>
          <span className="medium">{stage.name}</span>: <span className={words.late ? "warn" : ""}>{words.text}</span>; <span className="t3">{stage.exit}</span>
        </p>
      )}
      {stage === null && <p className="small t2">Its stage in the CRM is not mapped to a stage of the motion.</p>}
      <div className={styles.criteria}>
        <CriteriaList criteria={criteria} checks={checks} onConfirm={(criterion) => setConfirming({ first: criterion.key })} onTakeBack={takeBack} />
      </div>
      {confirming !== null && (
        <ConfirmDialog
          criteria={waiting}
          first={confirming.first}
          evidenceRequired={standing.evidence_required}
          isBusy={save.isPending}
          error={save.error}
          onConfirm={(key, proof) => save.mutate({ deal, set: [], confirm: [{ key, holds: true, ...(proof === null ? {} : { proof }) }] }, { onSuccess: () => setConfirming(null) })}
          onClose={() => setConfirming(null)}
        />
      )}
      {moving && <MoveDialog deal={deal} position={null} onUndo={onUndo} onClose={() => setMoving(false)} />}
    </Section>
  );
}
