/** What a pack would say before it is written: the finding of every section with how much stands behind it, what the edition leaves out, and what is not in the CRM yet. */
import { Link } from "@tanstack/react-router";
import type { PackPreview, PackRequest } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { DetailBody, DetailHead } from "../../components/ListDetail";
import { EmptyState, ErrorNotice, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { When } from "../../components/When";
import { countOf } from "../../format/number";
import styles from "./Packs.module.css";
import { quarterName } from "./quarters";

/** The pane. The preview does not depend on the kinds of files, so they are left out of what is asked. */
export function PreviewPane({ request }: { request: PackRequest }) {
  const query = useOp("packPreview", { ...request, formats: [] }, { keep: true });
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The pack could not be built" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div aria-busy="true" />;
  return <Preview preview={query.data} />;
}

function Preview({ preview }: { preview: PackPreview }) {
  const partner = preview.edition === "partner";
  return (
    <>
      <DetailHead
        rule
        title={`${preview.partner}, ${quarterName(preview.quarter)}`}
        tags={<Tag tone={partner ? "accent" : "neutral"}>{partner ? "For the partner" : "Internal"}</Tag>}
        reference="preview"
        meta={[
          <span key="as-of">
            as of <When at={preview.as_of} as="both" />
          </span>,
          preview.pending === 0 ? "everything is in the CRM" : `${countOf(preview.pending, "change")} not in the CRM yet`,
          preview.merge_conflicts === 0 ? "no merge conflict" : countOf(preview.merge_conflicts, "merge conflict"),
        ]}
      />
      <DetailBody
        aside={
          partner ? (
            <Section title="Withheld" note={countOf(preview.withheld.length, "field")} end="V-01">
              <p className="t2">The safelist leaves these out of everything that a partner gets; the finished files are searched for them.</p>
              <ul className={styles.withheld}>
                {preview.withheld.map((field) => (
                  <li key={field}>{field}</li>
                ))}
              </ul>
            </Section>
          ) : (
            <Section title="Internal" note="nothing is withheld">
              <p className="t2">It holds margins, other partners and internal notes. It is not for sharing.</p>
            </Section>
          )
        }
      >
        {preview.merge_conflicts > 0 && (
          <div className={styles.notice}>
            <Notice
              tone="warn"
              title={`${countOf(preview.merge_conflicts, "merge conflict")} of this workspace ${preview.merge_conflicts === 1 ? "is" : "are"} open`}
              actions={
                <Link to="/activity" search={{ show: "needs" }}>
                  Settle them first
                </Link>
              }
            >
              The pack takes your values where they touch this partner.
            </Notice>
          </div>
        )}
        {preview.changes.length > 0 && preview.since && (
          <Section
            title="Since the pack before"
            note={countOf(preview.changes.length, "section")}
            end={<When at={preview.since} />}
          >
            <ul className={styles.changes}>
              {preview.changes.map((change) => (
                <li key={change.key}>
                  <span className="medium">{change.now ?? "No longer there"}</span>
                  <span className="t3">{change.before === null || change.before === undefined ? "new" : `was: ${change.before}`}</span>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title="What it says" note={countOf(preview.sections.length, "section")} end="rows">
          {preview.sections.length === 0 ? (
            <EmptyState title="There is nothing to say">This partner has no deals, registrations or certificates in or before the quarter.</EmptyState>
          ) : (
            <ol className={styles.sections}>
              {preview.sections.map((section, n) => (
                <li key={section.key}>
                  <span className="t3 small num">{n + 1}</span>
                  <span className="medium" title={section.title}>
                    {section.title}
                  </span>
                  <span className="t2 num">{section.rows}</span>
                </li>
              ))}
            </ol>
          )}
        </Section>
      </DetailBody>
    </>
  );
}
