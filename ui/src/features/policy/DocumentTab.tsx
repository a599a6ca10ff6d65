/** The whole policy in force as sentences, each with its rule: what partners and sellers can be told. */
import type { PolicyView } from "../../api/api.gen";
import { DetailBody } from "../../components/ListDetail";
import { Section } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDate } from "../../format/time";
import styles from "./Policy.module.css";

/** The document. */
export function DocumentTab({ view }: { view: PolicyView }) {
  const now = useNow();
  const go = (key: string) => document.getElementById(`policy-${key}`)?.scrollIntoView({ block: "start" });
  return (
    <div className={styles.sheet}>
      <DetailBody
        label="The policy"
        aside={
          <nav aria-label="Parts of the policy">
            <Section title="Parts" note={`version ${view.version}, since ${formatDate(view.effective, now)}`}>
              <ul className={styles.contents}>
                {view.sections.map((section) => (
                  <li key={section.key}>
                    <button type="button" onClick={() => go(section.key)}>
                      {section.title}
                    </button>
                    <span className="t3 small">{countOf(section.sentences.length, "rule")}</span>
                  </li>
                ))}
              </ul>
            </Section>
          </nav>
        }
      >
        <h2 className="sr">The policy in force</h2>
        {view.sections.map((section) => (
          <div key={section.key} id={`policy-${section.key}`} className={styles.part}>
            <Section title={section.title}>
              <ul>
                {section.sentences.map((sentence) => (
                  <li key={`${sentence.rule} ${sentence.text}`} className={styles.sentence}>
                    <span>{sentence.text}</span>
                    <span className={styles.rule}>{sentence.rule}</span>
                  </li>
                ))}
              </ul>
            </Section>
          </div>
        ))}
      </DetailBody>
    </div>
  );
}
