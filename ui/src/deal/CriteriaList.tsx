/**
 * What must hold before a deal moves on (M): each criterion with its sign, why it holds or what is missing, and where a person has to
 * say so the way to do it, with evidence. Below them what else speaks against the move. What is judged and why is Rust's.
 */
import type { Check, Criterion } from "../api/api.gen";
import { Button } from "../components/Button";
import { CheckLine, CheckList } from "../components/Verdict";
import { When } from "../components/When";
import styles from "./Gate.module.css";
import { checksBeside, outcomeOf, ruleOf } from "./gate";

/** Props of CriteriaList. */
export interface CriteriaListProps {
  criteria: readonly Criterion[];
  checks: readonly Check[];
  /** Left out = nobody confirms here. */
  onConfirm?: (criterion: Criterion) => void;
  onTakeBack?: (criterion: Criterion) => void;
}

/** The list. */
export function CriteriaList({ criteria, checks, onConfirm, onTakeBack }: CriteriaListProps) {
  return (
    <CheckList roomy>
      {criteria.map((criterion) => (
        <CheckLine
          key={criterion.key}
          outcome={outcomeOf(criterion)}
          name={<span className={styles.says}>{criterion.says}</span>}
          fact={criterion.fact}
          rule={
            <span className={styles.edge}>
              {criterion.told_by === "person" && !criterion.met && onConfirm && (
                <Button kind="quiet" aria-label={`Confirm: ${criterion.says}`} onPress={() => onConfirm(criterion)}>
                  Confirm
                </Button>
              )}
              {criterion.told_by === "person" && criterion.met && criterion.proven?.holds && onTakeBack && (
                <Button kind="quiet" aria-label={`Take back: ${criterion.says}`} onPress={() => onTakeBack(criterion)}>
                  Take back
                </Button>
              )}
              <span>{ruleOf(criterion.key)}</span>
            </span>
          }
        >
          {criterion.proven !== null && (
            <span className="t3 small cut" title={criterion.proven.proof?.text}>
              {criterion.proven.holds ? "confirmed" : "taken back"} by {criterion.proven.by}, <When at={criterion.proven.at} as="date" />
              {criterion.proven.proof !== null && `: ${criterion.proven.proof.text}`}
            </span>
          )}
        </CheckLine>
      ))}
      {checksBeside(checks, criteria).map((check) => (
        <CheckLine key={`${check.rule} ${check.name} ${check.fact}`} outcome={check.outcome === "fail" ? "fail" : "warn"} name={check.name} fact={check.fact} rule={check.rule}>
          {check.flip !== null && <span className="t3 small">{check.flip}</span>}
        </CheckLine>
      ))}
    </CheckList>
  );
}
