/** What is known about an item of the agenda: why it is here, what the policy says about a claim, what moved since the last review, the fields that are missing or old, the signals with their sum, what was promised. */
import { Link } from "@tanstack/react-router";
import type { DealField, Movement, MoveKind, ReviewItemDetail } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { ArrowRightIcon, CheckIcon } from "../../components/icons";
import { ErrorNotice, Section } from "../../components/Section";
import { CheckLine, CheckList, VerdictBlock } from "../../components/Verdict";
import { When } from "../../components/When";
import { labelOf } from "../../deal/labels";
import { SignalsBlock } from "../../deal/SignalsBlock";
import { countOf } from "../../format/number";
import { formatDate, formatDay, isDay } from "../../format/time";
import { checksText } from "../../format/words";
import { kindName } from "./movement";
import styles from "./Review.module.css";

/** The middle column. */
export function ItemFacts({ detail, now, did }: { detail: ReviewItemDetail; now: number; did: readonly MoveKind[] }) {
  const { item } = detail;
  const step = detail.facts.find((fact) => fact.label === "Next step")?.value;
  return (
    <>
      <Section title="Why it is here" end={<Opens detail={detail} />}>
        <p className={styles.why}>{item.why}</p>
      </Section>
      {(detail.promised !== null || step !== undefined) && (
        <Section title="Promised" note={detail.promised === null ? undefined : "last time, and what became of it"}>
          {detail.promised !== null && <p className={styles.why}>{detail.promised}</p>}
          {step !== undefined && (
            <p className={styles.why}>
              <span className="t3">Next step on the deal:</span> {step}
            </p>
          )}
        </Section>
      )}
      {item.registration !== null && <Checks registration={item.registration} />}
      {item.deal !== null && <Since movements={detail.since} did={did} last={detail.last_review} fields={detail.fields} now={now} />}
      {item.deal !== null && <Fields fields={detail.fields} now={now} />}
      <SignalsBlock signals={detail.signals} />
    </>
  );
}

/** What the policy says about the claim, so that the talk need not leave the review. */
function Checks({ registration }: { registration: string }) {
  const query = useOp("registration", registration);
  const claim = query.data;
  if (query.error) return <ErrorNotice error={query.error} title="The checks could not be read" />;
  if (!claim) return null;
  const { recommendation, checks, row } = claim;
  const looks = checks.filter((check) => check.outcome !== "pass");
  return (
    <>
      {recommendation !== null && (
        <VerdictBlock
          outcome={recommendation.act === "approve" ? "ok" : recommendation.act === "decline" ? "fail" : "warn"}
          title={`Recommended: ${recommendation.text}`}
          note={`policy ${recommendation.policy}`}
          trace={recommendation.trace.filter((clause) => clause.result === "decides").map((clause) => ({ rule: clause.rule, statement: clause.statement, fact: clause.fact, result: "decides", decides: true }))}
          flip={recommendation.flip}
        />
      )}
      <Section title="Checks" note={`${checksText(checks)}${row.decision !== null && row.decision.status !== "withdrawn" ? `; ${row.decision.text}` : ""}`}>
        <CheckList>
          {looks.map((check) => (
            <CheckLine key={`${check.rule} ${check.name}`} outcome={check.outcome === "fail" ? "fail" : "warn"} name={check.name} fact={check.fact} rule={check.rule} />
          ))}
        </CheckList>
      </Section>
    </>
  );
}

function Opens({ detail }: { detail: ReviewItemDetail }) {
  const { deal, registration, partner, conflict } = detail.item;
  if (conflict !== null) {
    return (
      <Link to="/conflicts" search={{ tab: "channel", open: conflict }}>
        the channel conflict
      </Link>
    );
  }
  if (registration !== null) {
    return (
      <Link to="/inbox" search={{ open: registration }}>
        the registration
      </Link>
    );
  }
  if (deal !== null) {
    return (
      <Link to="/deals" search={{ open: deal }}>
        the deal
      </Link>
    );
  }
  if (partner !== null) {
    return (
      <Link to="/partners" search={{ open: partner }}>
        the partner
      </Link>
    );
  }
  return null;
}

function shown(value: string | null, now: number): string {
  if (value === null || value === "") return "missing";
  return isDay(value) || /^\d{4}-\d\d-\d\dT/.test(value) ? formatDay(value, now) : value;
}

function Since({ movements, did, last, fields, now }: { movements: readonly Movement[]; did: readonly MoveKind[]; last: string | null; fields: readonly DealField[]; now: number }) {
  return (
    <Section title="Since last review" note={[movements.length === 0 ? "nothing moved" : countOf(movements.length, "change"), ...did.map((kind) => kindName(kind).toLowerCase())].join(", ")} end={last === null ? "no review before this one" : `review of ${formatDate(last, now)}`}>
      <ul className={styles.moves}>
        {movements.map((movement) => (
          <li key={`${movement.at} ${movement.field}`}>
            <span className="t2 cut">{labelOf(fields, movement.field)}</span>
            <span className={styles.move} title={`${movement.before ?? "missing"} to ${movement.after ?? "missing"}`}>
              <s className="t3 cut">{shown(movement.before, now)}</s>
              <ArrowRightIcon size={12} />
              <span className="sr">became</span>
              <span className="medium cut">{shown(movement.after, now)}</span>
            </span>
            <span className="t3 small nowrap">
              {movement.by ?? (movement.ours ? "here" : "in the CRM")}, <When at={movement.at} as="day" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Fields({ fields, now }: { fields: readonly DealField[]; now: number }) {
  const wanted = fields.filter((field) => field.need !== "free");
  const bad = wanted.filter((field) => field.state !== "present").toSorted((a, b) => Number(b.need === "hard") - Number(a.need === "hard"));
  const present = wanted.length - bad.length;
  return (
    <Section title="Required fields" note={`${present} of ${wanted.length} present and fresh`} end="F-01">
      {bad.length === 0 ? (
        <p className={`${styles.allThere} t2`}>
          <CheckIcon size={14} className="ok" /> all there and fresh
        </p>
      ) : (
        <CheckList>
          {bad.map((field) => (
            <CheckLine
              key={field.field}
              outcome={field.state === "missing" && field.need === "hard" ? "fail" : "warn"}
              name={field.label}
              fact={field.state === "missing" ? (field.need === "hard" ? "missing; the deal cannot move a stage" : "missing") : `old: ${shown(field.shown, now)}`}
              rule={field.need === "hard" ? "F-01" : field.state === "stale" ? "F-02" : "F"}
            />
          ))}
        </CheckList>
      )}
    </Section>
  );
}
