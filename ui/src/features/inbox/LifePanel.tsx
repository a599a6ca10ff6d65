/**
 * A registration's life after the first decision: what holds (protection, first meeting, how long nothing has happened), what the
 * partner asked for and waits for, with what the policy says of it, and what came before. It stands only where there is something.
 */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { labels } from "../../api/api.gen";
import type { Answered, Appeal, Extension, Life, Proof, Ruling } from "../../api/api.gen";
import { Section, FactGrid, Notice } from "../../components/Section";
import type { Fact } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { VerdictBlock } from "../../components/Verdict";
import { When } from "../../components/When";
import { countOf } from "../../format/number";
import styles from "./Inbox.module.css";

const TONE: Record<Answered, "warn" | "ok" | "neutral"> = { waiting: "warn", granted: "ok", refused: "neutral" };
const RESULT = { pass: "holds", warn: "to look at", fail: "fails" } as const;

/** The sections. */
export function LifePanel({ life }: { life: Life }) {
  return (
    <>
      {life.unread && (
        <div className={styles.standing}>
          <Notice tone="danger" title="Drumbeat’s own record of this registration does not read">
            It is shown as if it were empty and nothing is written over it. Look at the field “Drumbeat record” in the CRM.
          </Notice>
        </div>
      )}
      {life.appeal && <RulingBlock what="Appeal" ruling={life.appeal} />}
      {life.extension && life.extensions.some((one) => one.answered === "waiting") && <RulingBlock what="Extension" ruling={life.extension} />}
      <Holds life={life} />
      {life.appeals.length > 0 && (
        <Section title="Appeals" note={countOf(life.appeals.length, "appeal")} end="R-03">
          <ul className={styles.requests}>
            {life.appeals.toReversed().map((appeal) => (
              <Request key={appeal.opened_at} at={appeal.opened_at} request={appeal}>
                {appeal.text}
              </Request>
            ))}
          </ul>
        </Section>
      )}
      {life.extensions.length > 0 && (
        <Section title="Extensions" note={countOf(life.extensions.length, "request")} end="R-06">
          <ul className={styles.requests}>
            {life.extensions.toReversed().map((extension) => (
              <Request key={extension.asked_at} at={extension.asked_at} request={extension}>
                {extension.to !== null && (
                  <>
                    until <When at={extension.to} as="date" />
                    {extension.from !== null && (
                      <span className="t3">
                        , before until <When at={extension.from} as="date" />
                      </span>
                    )}
                    {extension.overridden && <span className="warn">, against the rule</span>}
                  </>
                )}
              </Request>
            ))}
          </ul>
        </Section>
      )}
      {life.replies.length > 0 && (
        <Section title="Answers of the partner" note={countOf(life.replies.length, "answer")}>
          <ul className={styles.requests}>
            {life.replies.toReversed().map((reply) => (
              <li key={reply.at}>
                <span className="t3 small">
                  <When at={reply.at} as="both" />
                </span>
                <div>
                  {reply.question !== null && <p className="t3 small">{reply.question}</p>}
                  <p>{reply.text}</p>
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function RulingBlock({ what, ruling }: { what: string; ruling: Ruling }) {
  return (
    <div className={styles.standing}>
      <VerdictBlock
        outcome={ruling.grant ? "ok" : "fail"}
        title={`${what}: ${ruling.text}`}
        note={`policy ${ruling.policy}`}
        trace={ruling.checks.map((check) => ({ rule: check.rule, statement: check.name, fact: check.fact, result: RESULT[check.outcome], decides: check.outcome === "fail" }))}
        flip={ruling.flip}
      />
    </div>
  );
}

/** What holds now, as facts; nothing is drawn before anything does. */
function Holds({ life }: { life: Life }) {
  const [from, to] = life.protection ?? [null, null];
  const facts: Fact[] = [];
  const add = (label: string, value: ReactNode, title?: string) => facts.push({ label, value, title });
  if (life.protection)
    add(
      "Protection",
      <>
        {from !== null && (
          <>
            <When at={from} as="day" /> to{" "}
          </>
        )}
        <When at={to} as="date" missing="no end" />
      </>,
    );
  if (life.meeting) add("First meeting", <When at={life.meeting.day} as="date" />, life.meeting.text);
  else if (life.meeting_by)
    add(
      "First meeting",
      <>
        due by <When at={life.meeting_by} as="date" />
      </>,
    );
  if (life.idle_days !== null && life.protection) add("Untouched", life.idle_days === 0 ? "something happened today" : countOf(life.idle_days, "day"));
  if (life.warned)
    add(
      "Warned",
      <>
        <When at={life.warned.at} as="date" /> by {life.warned.by}
      </>,
    );
  if (life.release_from)
    add(
      "Release",
      <>
        from <When at={life.release_from} as="date" />
      </>,
    );
  if (life.appeal_until)
    add(
      "Appeal",
      <>
        until <When at={life.appeal_until} as="date" />
      </>,
    );
  if (life.part) add("Holds", life.part.name, `The others hold ${countOf(life.part.with.length, "part")}`);
  if (life.assigned) add("By the policy", life.assigned.cover === null ? life.assigned.name : `${life.assigned.cover}, for ${life.assigned.name}`, life.assigned.why);
  if (life.snoozed)
    add(
      "Put aside",
      <>
        until <When at={life.snoozed.until} as="both" />
      </>,
      life.snoozed.reason ?? undefined,
    );
  if (life.lead !== null) add("Made of", <OtherLink id={life.lead}>the lead</OtherLink>);
  if (life.conversion !== undefined) add("Conversion", life.conversion);
  if (life.converted_to !== null) add("Became", <OtherLink id={life.converted_to}>a deal registration</OtherLink>);
  for (const handover of life.handovers)
    add(
      "Handed over",
      <>
        <When at={handover.at} as="date" /> by {handover.by}
      </>,
      handover.reason,
    );
  if (facts.length === 0) return null;
  return (
    <Section title="What holds" note={life.protection ? "R-06" : undefined}>
      <FactGrid facts={facts} />
    </Section>
  );
}

function OtherLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link from="/inbox" to="/inbox" search={(old) => ({ ...old, open: id })}>
      {children}
    </Link>
  );
}

function Request({ at, request, children }: { at: string; request: Appeal | Extension; children: ReactNode }) {
  return (
    <li>
      <span className="t3 small">
        <When at={at} as="both" />
        {request.by !== null && <span className="cut"> {request.by}</span>}
      </span>
      <div>
        <p>
          <Tag tone={TONE[request.answered]}>{labels.Answered[request.answered]}</Tag> {children}
        </p>
        <Proofs proofs={request.proofs} />
        {request.reason !== null && (
          <p className="t2 small">
            {request.answered_by ?? "somebody"}: {request.reason}
          </p>
        )}
      </div>
    </li>
  );
}

function Proofs({ proofs }: { proofs: readonly Proof[] }) {
  if (proofs.length === 0) return <p className="t3 small">no evidence</p>;
  return (
    <ul aria-label="Evidence">
      {proofs.map((proof) => (
        <li key={`${proof.kind} ${proof.day} ${proof.text}`} className={styles.evidence}>
          <span className="medium">{labels.ProofKind[proof.kind]}</span>
          <When at={proof.day} as="day" />
          <span className="t2">{proof.text}</span>
        </li>
      ))}
    </ul>
  );
}
