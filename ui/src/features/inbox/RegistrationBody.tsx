/**
 * What a person reads before deciding: the recommendation with its trace, the claim, the checks, what looks like the same
 * opportunity, the partner's standing, the history. In a wide detail the claim, the standing and the drafted reply stand in a
 * second column; in a narrow one the claim comes right after the verdict.
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Act, Check, Clause, RecordLink, RegistrationDetail, Similar } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Differing } from "../../components/Differing";
import { LockIcon } from "../../components/icons";
import { DetailBody } from "../../components/ListDetail";
import { FactGrid, Section } from "../../components/Section";
import type { Fact } from "../../components/Section";
import { CheckLine, CheckList, Comparison, PassGrid, VerdictBlock } from "../../components/Verdict";
import type { ComparisonCell, ComparisonColumn } from "../../components/Verdict";
import { Money, useNow, When } from "../../components/When";
import { countOf, formatCount } from "../../format/number";
import { formatDate, formatRelative, isDay } from "../../format/time";
import { checksText, wordOf } from "../../format/words";
import styles from "./Inbox.module.css";
import { LifePanel } from "./LifePanel";
import { RegistrationClocks } from "./RegistrationClocks";
import { comparedFields, comparedValue, factParts, flipOf, numberOf } from "./rows";

const VERDICT: Record<Act, "ok" | "fail" | "warn"> = { approve: "ok", decline: "fail", ask: "warn" };
const RESULT: Record<Clause["result"], string> = { holds: "holds", fails: "fails", decides: "decides", sets_terms: "sets dates" };
/** Records beside the claim at once: with more, a column would be too narrow to read at 1280 px. */
const COMPARED = 2;
/** What may stand in the foot of the verdict as it is; longer ones are shortened to their first cause. */
const SHORT_FLIP = 160;

/** The body; `terms` is the line with what an approval takes, `standing` what was decided, both drawn by the screen. */
export function RegistrationBody({ detail, terms, standing }: { detail: RegistrationDetail; terms: ReactNode; standing: ReactNode }) {
  const { recommendation } = detail;
  const reply = recommendation === null ? null : detail.drafts[recommendation.act];
  return (
    <DetailBody
      aside={
        <>
          <div className={styles.wideOnly}>
            <ClaimFacts detail={detail} />
          </div>
          <div className={styles.asideRest}>
            <Standing detail={detail} />
          </div>
          {reply !== null && reply !== "" && (
            <div className={styles.wideOnly}>
              <Section title="Reply to the partner" note="draft, sent after the CRM has confirmed">
                <p className={styles.letter}>{reply}</p>
              </Section>
            </div>
          )}
        </>
      }
    >
      {standing}
      {recommendation !== null && (
        <VerdictBlock
          outcome={VERDICT[recommendation.act]}
          title={`Recommended: ${recommendation.text}`}
          note={
            <Link to="/policy" search={{ tab: "versions", version: recommendation.policy }} className={styles.judgedBy} title={`Judged by version ${recommendation.policy} of the policy`}>
              policy {recommendation.policy}
            </Link>
          }
          trace={recommendation.trace.map((clause) => ({
            rule: clause.rule,
            statement: clause.statement,
            fact: clause.fact,
            result: RESULT[clause.result],
            decides: clause.result === "decides",
          }))}
          flip={recommendation.flip === null ? null : <Turn text={recommendation.flip} />}
        />
      )}
      {terms}
      <div className={styles.narrowOnly}>
        <ClaimFacts detail={detail} />
      </div>
      <div className={styles.rest}>
        {detail.life && <LifePanel life={detail.life} />}
        {detail.partner !== null && <RegistrationClocks registration={detail.row.id} partner={detail.partner.id} />}
        <Checks checks={detail.checks} />
        <SimilarClaims detail={detail} />
        <History detail={detail} />
      </div>
    </DetailBody>
  );
}

/** What would turn the recommendation: whole when it is short, otherwise the first cause, how many more, and the rest on demand. */
function Turn({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const { lead, causes } = flipOf(text);
  const [first, ...more] = causes;
  if (text.length <= SHORT_FLIP || more.length === 0) return `${lead}${causes.length > 1 ? text.slice(lead.length) : first}`;
  return (
    <>
      {lead}
      {whole ? text.slice(lead.length) : first}
      {!whole && `, and ${formatCount(more.length)} more`}
      <button type="button" className={styles.moreCauses} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {whole ? "Show less" : "Show all"}
      </button>
    </>
  );
}

function ClaimFacts({ detail }: { detail: RegistrationDetail }) {
  const now = useNow();
  const said = (value: string | null) => (value !== null && isDay(value) ? `${formatDate(value, now)}, ${formatRelative(value, now)}` : value);
  const facts: Fact[] = detail.claim.map((line) => ({
    // "Stage, as the partner sees it" has its place on hover.
    label: line.label.split(",")[0] ?? line.label,
    title: `${line.label}: ${line.value ?? "missing"}${line.internal ? " (internal, never shown to a partner)" : ""}`,
    value:
      line.internal && line.value !== null ? (
        <>
          <LockIcon size={12} className={styles.lock ?? ""} />
          <span className="sr">internal: </span>
          {said(line.value)}
        </>
      ) : (
        said(line.value)
      ),
  }));
  return (
    <Section title="Claim" note="as submitted">
      <FactGrid facts={facts} />
    </Section>
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  const fails = checks.filter((check) => check.outcome === "fail");
  const warnings = checks.filter((check) => check.outcome === "warn");
  const passes = checks.filter((check) => check.outcome === "pass");
  return (
    <Section title="Checks" note={checksText(checks)} end="R-04">
      {fails.length + warnings.length > 0 && (
        <CheckList>
          {[...fails, ...warnings].map((check) => (
            <CheckLine
              key={check.rule}
              outcome={check.outcome === "fail" ? "fail" : "warn"}
              name={check.name}
              rule={check.rule}
              fact={
                <span title={check.flip === null ? check.fact : `${check.fact}. ${check.flip}`}>
                  {factParts(check.fact, check.records).map((part, n) => (
                    // Words of one sentence: their place is their identity, and a comma comes more than once.
                    // oxlint-disable-next-line react/no-array-index-key
                    <FactWord key={n} text={part.text} link={part.link} />
                  ))}
                </span>
              }
            />
          ))}
        </CheckList>
      )}
      <PassGrid passes={passes.map((check) => ({ name: check.name, fact: check.fact }))} />
    </Section>
  );
}

function FactWord({ text, link }: { text: string; link: RecordLink | null }) {
  if (link?.kind === "registration") {
    return (
      <Link from="/inbox" to="/inbox" search={(old) => ({ ...old, open: link.id })}>
        {text}
      </Link>
    );
  }
  if (link?.kind === "deal") {
    return (
      <Link to="/deals" search={{ open: link.id }}>
        {text}
      </Link>
    );
  }
  return text;
}

function SimilarClaims({ detail }: { detail: RegistrationDetail }) {
  const { similar, row } = detail;
  const now = useNow();
  const [from, setFrom] = useState(0);
  const next: Action = { id: "similar.next", title: "The next similar records", keys: "]", group: "This registration", when: from + COMPARED < similar.length, run: () => setFrom(from + COMPARED) };
  const before: Action = { id: "similar.before", title: "The similar records before", keys: "[", group: "This registration", when: from > 0, run: () => setFrom(from - COMPARED) };
  useActions([before, next]);
  if (similar.length === 0) {
    return (
      <Section title="Similar claims" note="none">
        <p className="t2 small">No other registration, deal or account looks like this one.</p>
      </Section>
    );
  }
  const shown = similar.slice(from, from + COMPARED);
  const fields = comparedFields(shown);
  const lineOf = (record: Similar, label: string) => record.lines.find((line) => line.label === label);
  const columns: ComparisonColumn[] = [
    {
      id: "this",
      title: "This claim",
      note: numberOf(row) ?? labels.RegistrationKind[row.kind],
      cells: fields.map((label) => comparedCell(shown.map((record) => lineOf(record, label)?.this).find((value) => value !== undefined && value !== null) ?? null, now)),
    },
    ...shown.map((record) => ({
      id: `${record.record.kind} ${record.record.id}`,
      title: record.record.kind === "registration" || record.record.kind === "deal" ? <FactWord text={record.title} link={record.record} /> : record.title,
      note: record.why,
      cells: fields.map((label): ComparisonCell => {
        const line = lineOf(record, label);
        if (line === undefined) return { text: "", match: null };
        if (line.other === null) return { ...comparedCell(null, now), match: null };
        if (line.same) return { ...comparedCell(line.other, now), match: "same" };
        const value = comparedValue(line.other, now);
        return { text: <Differing value={value} beside={line.this} />, title: value, match: "differs" };
      }),
    })),
  ];
  return (
    <Section
      title="Similar claims"
      note={similar.length > COMPARED ? "the closest first" : countOf(similar.length, "record")}
      end={
        similar.length > COMPARED && (
          <span className={styles.pager}>
            <span className="t3 small tn" role="status">
              {from + 1} to {Math.min(from + COMPARED, similar.length)} of {formatCount(similar.length)}
            </span>
            <Button kind="quiet" action={before}>
              Before
            </Button>
            <Button kind="quiet" action={next}>
              Next
            </Button>
          </span>
        )
      }
    >
      <Comparison label="This claim beside similar records" fields={fields} columns={columns} />
    </Section>
  );
}

function comparedCell(value: string | null, now: number): ComparisonCell {
  if (value === null) return { text: <span className="t3">missing</span> };
  const text = comparedValue(value, now);
  return { text, title: text };
}

function Standing({ detail }: { detail: RegistrationDetail }) {
  const { partner, certifications } = detail;
  if (partner === null) {
    return (
      <Section title="Partner standing">
        <p className="t2 small">The claim names no partner that the CRM knows.</p>
      </Section>
    );
  }
  const ending = certifications[0];
  const facts: Fact[] = [
    { label: "Tier", value: [partner.tier_name ?? wordOf(partner.tier) ?? "no tier", wordOf(partner.status)?.toLowerCase()].filter(Boolean).join(", ") },
    {
      label: "Open deals",
      value:
        partner.open_deals === 0 ? (
          "none"
        ) : (
          <>
            {formatCount(partner.open_deals)}
            {partner.open_amounts.slice(0, 2).map((sum) => (
              <span key={sum.currency}>
                , <Money value={sum} style="short" />
              </span>
            ))}
          </>
        ),
    },
    { label: "Waiting", value: countOf(partner.open_registrations, "registration") },
    {
      label: "Certified",
      value: `${countOf(partner.certified, "certificate")}${partner.expiring > 0 ? `, ${formatCount(partner.expiring)} ending in 30 days` : ""}`,
    },
    { label: "Last touch", value: <When at={partner.last_touch} missing="none" /> },
    ...(ending === undefined
      ? []
      : [
          {
            label: "Certificate",
            value: (
              <>
                {ending.expires !== null && (
                  <>
                    until <When at={ending.expires} as="date" />,{" "}
                  </>
                )}
                <span className="t2">{ending.name}</span>
              </>
            ),
            title: [ending.name, ending.holder].filter(Boolean).join(", "),
          },
        ]),
  ];
  return (
    <Section
      title="Partner standing"
      note={
        <Link to="/partners" search={{ open: partner.id }}>
          {partner.name}
        </Link>
      }
    >
      <FactGrid facts={facts} />
    </Section>
  );
}

function History({ detail }: { detail: RegistrationDetail }) {
  return (
    <Section title="History" note={detail.history.length === 0 ? "nothing yet" : "latest first"}>
      <ol className={styles.history}>
        {detail.history.map((line) => (
          <li key={`${line.at} ${line.text}`}>
            <span className="t2">
              <When at={line.at} as="both" />
            </span>
            <span className="cut" title={line.text}>
              {line.text}
              {line.until !== null && (
                <span className="t2">
                  , until <When at={line.until} as="date" />
                </span>
              )}
            </span>
            {line.policy === undefined ? (
              <span />
            ) : (
              <Link to="/policy" search={{ tab: "versions", version: line.policy }} className={styles.judgedBy} title={`Judged by version ${line.policy} of the policy`}>
                policy {line.policy}
              </Link>
            )}
            <span className="t3 small cut" title={line.who}>
              {line.who}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
