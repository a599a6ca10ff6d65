/**
 * The policy as its file, for experts: an editor with line numbers, and beside it everything that is wrong with its place and what to do.
 * Enter on a problem (or F8 for the next one) puts the cursor there.
 */
import { useRef } from "react";
import { useActions } from "../../actions/useActions";
import type { PolicyChecked, PolicyProblem } from "../../api/api.gen";
import { CodeArea } from "../../components/CodeArea";
import type { CodeAreaHandle } from "../../components/CodeArea";
import { Section } from "../../components/Section";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { Changes } from "./Changes";
import { withText } from "./draft";
import type { Draft } from "./draft";
import styles from "./Policy.module.css";

/** The file. `checked` is absent while nothing is changed. */
export function FileTab({ draft, original, checked, onDraft }: { draft: Draft; original: string; checked: PolicyChecked | undefined; onDraft: (draft: Draft) => void }) {
  const area = useRef<CodeAreaHandle>(null);
  const last = useRef(-1);
  // While the form has changed settings the text is the program's: they are in it, with the comments kept.
  const text = draft.changes.size > 0 ? (checked?.text ?? draft.text ?? original) : (draft.text ?? original);
  const problems = checked?.problems ?? [];
  const goTo = (problem: PolicyProblem, n: number) => {
    last.current = n;
    area.current?.goTo(problem.line, problem.column);
  };
  const next = () => {
    const n = (last.current + 1) % problems.length;
    const problem = problems[n];
    if (problem) goTo(problem, n);
  };
  useActions([{ id: "policy.problem", title: "Go to the next problem", keys: "F8", group: "File", inFields: true, when: problems.length > 0, run: next }]);
  return (
    <div className={styles.file}>
      <h2 className="sr">The policy file</h2>
      <CodeArea ref={area} label="The policy file" value={text} onChange={(typed) => onDraft(withText(draft, typed, original))} marks={new Set(problems.map((one) => one.line))} describedBy="policy-problems" />
      <div className={styles.fileSide} id="policy-problems">
        <Section title="Problems" note={checked === undefined ? "nothing is changed" : problems.length === 0 ? "none" : countOf(problems.length, "problem")}>
          {problems.length === 0 ? (
            <p className="t2 small">{checked === undefined ? "The file is checked as you type; nothing is in force before it is saved." : "The file is sound."}</p>
          ) : (
            <ul className={styles.problems}>
              {problems.map((problem, n) => (
                <li key={`${problem.line}:${problem.column} ${problem.message}`}>
                  <button type="button" onClick={() => goTo(problem, n)}>
                    <Sign outcome="fail" size={12} />
                    <span className={styles.where}>
                      {problem.line}:{problem.column}
                    </span>
                    <span>
                      {problem.message}
                      <span className={styles.help}>{problem.advice}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </Section>
        {checked !== undefined && problems.length === 0 && (
          <Section title="Differences" note="to the version in force">
            <Changes changes={checked.changes} />
          </Section>
        )}
      </div>
    </div>
  );
}
