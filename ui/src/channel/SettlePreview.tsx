/**
 * What a settlement would write and say, before it is decided: the records with was and would be, and each party's letter. It is
 * the settlement's own draft, read out by Rust; while something is missing it says that instead, and it is asked for when the
 * typing rests.
 */
import { useEffect, useState } from "react";
import type { Party, Settle } from "../api/api.gen";
import { useOp } from "../api/queries";
import { ErrorNotice, Notice, Section } from "../components/Section";
import { countOf } from "../format/number";
import { kindWord } from "../format/words";
import { Letter, Letters } from "./Letter";
import styles from "./Settle.module.css";

/** A pause in typing, ms. */
const PAUSE = 250;

/** The preview; `request` null while it could not be sent; the party `apart` hears of it in a message of its own. */
export function SettlePreview({ request, parties, apart = null }: { request: Settle | null; parties: readonly Party[]; apart?: string | null }) {
  const wanted = request === null ? null : JSON.stringify(request);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const rest = setTimeout(() => setAsked(wanted), PAUSE);
    return () => clearTimeout(rest);
  }, [wanted]);
  const query = useOp("previewSettlement", JSON.parse(asked ?? "{}") as Settle, { enabled: asked !== null, keep: true });
  if (wanted === null || asked === null) return <p className="t2 small">What is written to the CRM and what each party reads stands here once nothing is missing.</p>;
  if (query.error) return <ErrorNotice error={query.error} title="It cannot be settled in this way" />;
  if (!query.data) return <div aria-busy="true" />;
  const { records, unmapped } = query.data;
  const drafts = query.data.drafts.filter((draft) => apart === null || draft.party !== apart);
  return (
    <div className={styles.preview} role="region" aria-label="What is written and said" aria-busy={query.isPlaceholderData || wanted !== asked}>
      <Section title="Written to the CRM" note={records.length === 0 ? "no deal is told of it" : countOf(records.length, "record")} end="R-13">
        <ul className={styles.records}>
          {records.map(({ record, fields }) => (
            <li key={`${record.kind} ${record.id}`}>
              <p className="cut" title={record.label}>
                <b>{record.label}</b> <span className="t3 small">{kindWord(record.kind).toLowerCase()}</span>
              </p>
              <dl>
                {fields.filter((field) => field.was !== field.now).map((field) => (
                  <div key={field.label}>
                    <dt className="cut" title={field.label}>
                      {field.label}
                    </dt>
                    <dd title={field.now ?? ""}>
                      {field.was != null && (
                        <>
                          <s className="t3">{field.was}</s>
                          <span className="sr"> becomes</span>{" "}
                        </>
                      )}
                      {field.now ?? "empty"}
                    </dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ul>
      </Section>
      {unmapped.length > 0 && (
        <Notice tone="info" title="The CRM has no place for all of it">
          Kept here only: {unmapped.join(", ")}.
        </Notice>
      )}
      <Section title="Told to the parties" note={drafts.length === 0 ? (apart === null ? "nobody" : "nobody else") : "once the CRM has confirmed"} end="R-14">
        <Letters>
          {drafts.map((draft) => (
            <Letter key={`${draft.to} ${draft.subject}`} message={draft} parties={parties} />
          ))}
        </Letters>
      </Section>
    </div>
  );
}
