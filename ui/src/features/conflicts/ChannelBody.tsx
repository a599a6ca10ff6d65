/**
 * What a person reads before settling a channel conflict: who stands first and by which clause, both sides in time, each party's facts
 * beside each other, the signals, who touches the account, the evidence, and what each party is told. In a wide detail where it
 * stands (clocks, plan, severity) is a second column.
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { labels } from "../../api/api.gen";
import type { ConflictDetail, PartyEvidence, RecordLink } from "../../api/api.gen";
import { chipOf } from "../../clocks/clocks";
import { Button } from "../../components/Button";
import { ClockChip } from "../../components/ClockChip";
import { CrossIcon } from "../../components/icons";
import { DetailBody } from "../../components/ListDetail";
import { FactGrid, Notice, Section } from "../../components/Section";
import type { Fact } from "../../components/Section";
import { CheckLine, CheckList, Comparison, VerdictBlock } from "../../components/Verdict";
import { useNow, When } from "../../components/When";
import { withMoney } from "../../format/money";
import { countOf, formatCount } from "../../format/number";
import { kindWord } from "../../format/words";
import { keyOf } from "../../channel/settle";
import { factRows } from "./channel";
import styles from "./Channel.module.css";
import { clockWord, isOpen } from "../../channel/words";
import { Drafts } from "./Drafts";
import { TouchGraph } from "./TouchGraph";
import { TwoSides } from "./TwoSides";
import { useStep } from "./useStep";

/** The body; `evidence` is the act that adds a piece. */
export function ChannelBody({ detail, evidence }: { detail: ConflictDetail; evidence: Action }) {
  return (
    <DetailBody aside={<Standing detail={detail} />}>
      <Outcome detail={detail} />
      <Verdict detail={detail} />
      <div className={styles.rest}>
        <TwoSides entries={detail.timeline} parties={detail.row.parties} sides={detail.sides} />
        <Sides detail={detail} />
        <Signals detail={detail} />
        <TouchGraph edges={detail.graph} parties={detail.row.parties} />
        {detail.row.kind !== "sign" && <Evidence detail={detail} add={evidence} />}
        {detail.decision && <Drafts decision={detail.decision} parties={detail.row.parties} />}
      </div>
    </DetailBody>
  );
}

function Outcome({ detail }: { detail: ConflictDetail }) {
  const { row, outcome, appeal_until } = detail;
  if (isOpen(row.state) && row.state !== "appealed") return null;
  if (!outcome && row.state !== "ended") return null;
  const said = outcome ? outcome.charAt(0).toUpperCase() + outcome.slice(1) : "The facts that made it are gone";
  return (
    <div className={styles.outcome}>
      <Notice tone={row.state === "appealed" ? "warn" : row.state === "settled" ? "ok" : "info"} title={row.state === "appealed" ? `Appealed; it was ${outcome ?? "settled"}` : said}>
        {row.state === "settled" && appeal_until ? (
          <>
            An appeal is possible until <When at={appeal_until} as="date" />.
          </>
        ) : row.state === "dismissed" ? (
          "It comes back when its facts change."
        ) : undefined}
      </Notice>
    </div>
  );
}

const RESULT: Record<ConflictDetail["verdict"]["trace"][number]["result"], string> = { holds: "tie", fails: "fails", decides: "decides", sets_terms: "sets dates" };

function Verdict({ detail }: { detail: ConflictDetail }) {
  const { verdict, row } = detail;
  if (verdict.trace.length === 0) {
    return (
      <Notice tone="info" title={detail.row.text.charAt(0).toUpperCase() + detail.row.text.slice(1)}>
        {detail.ends_with === "" ? undefined : `It would end with: ${detail.ends_with}.`}
      </Notice>
    );
  }
  const first = row.parties.find((party) => keyOf(party) === verdict.first);
  return (
    <VerdictBlock
      outcome={first ? "ok" : "warn"}
      title={first ? `Recommended: award to ${first.name}${verdict.joint ? ", or joint roles (R-09)" : ""}` : `No clause separates them: a person decides${verdict.joint ? "; joint roles fit (R-09)" : ""}`}
      note={
        <Link to="/policy" search={{ tab: "versions", version: verdict.policy }} className={styles.judgedBy} title={`Judged by version ${verdict.policy} of the policy`}>
          policy {verdict.policy}
        </Link>
      }
      trace={verdict.trace.map((clause) => ({ rule: clause.rule, statement: sentence(clause.statement), fact: clause.fact, result: RESULT[clause.result], decides: clause.result === "decides" }))}
      flip={verdict.turned_by.length === 0 ? null : <Turn causes={verdict.turned_by} />}
    />
  );
}

/** What would turn the verdict: the first cause, and the rest on demand. */
function Turn({ causes }: { causes: readonly string[] }) {
  const [whole, setWhole] = useState(false);
  const [first, ...more] = causes;
  if (whole) {
    return (
      <>
        Would turn with any of:
        <ul className={styles.turns}>
          {causes.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ul>
      </>
    );
  }
  return (
    <>
      Would turn with {first}
      {more.length > 0 && (
        <>
          {" "}
          <button type="button" className={styles.more} onClick={() => setWhole(true)}>
            and {formatCount(more.length)} more
          </button>
        </>
      )}
    </>
  );
}

function Sides({ detail }: { detail: ConflictDetail }) {
  const now = useNow();
  if (detail.sides.length < 2) return null;
  const rows = factRows(detail.sides, now);
  return (
    <Section title="Each party’s facts" note="what the clauses looked at" end="C-04">
      <Comparison
        label="Each party’s facts beside each other"
        contest
        fields={rows.map((row) => row.name)}
        columns={detail.sides.map((side, n) => ({
          id: keyOf(side.party),
          title: side.party.name,
          note: side.party.partner ? (detail.verdict.first === keyOf(side.party) ? "stands first" : "partner") : detail.verdict.first === "direct" ? "stands first" : "our own sellers",
          cells: rows.map((row) => ({ text: row.values[n], title: row.values[n] ?? "", ...(n === 0 ? {} : { match: row.values[n] === row.values[0] ? ("same" as const) : ("differs" as const) }) })),
        }))}
      />
    </Section>
  );
}

function Signals({ detail }: { detail: ConflictDetail }) {
  if (detail.signals.length === 0) return null;
  return (
    <Section title="Signals" note="what made it be found; they do not decide" end="C-02">
      <CheckList roomy>
        {detail.signals.map((found) => (
          <CheckLine key={`${found.signal} ${found.fact}`} outcome="warn" name={labels.ChannelSignal[found.signal]} fact={found.fact}>
            {found.records.length > 0 && (
              <span className={styles.links}>
                {found.records.slice(0, 4).map((record) => (
                  <RecordWord key={`${record.kind} ${record.id}`} record={record} />
                ))}
              </span>
            )}
          </CheckLine>
        ))}
      </CheckList>
    </Section>
  );
}

/** A record by its name, as a way to it where it has a screen. */
function RecordWord({ record }: { record: RecordLink }) {
  const title = `${kindWord(record.kind)} ${record.label}`;
  if (record.kind === "registration") {
    return (
      <Link to="/inbox" search={{ open: record.id, show: "all" }} title={title}>
        {record.label}
      </Link>
    );
  }
  if (record.kind === "deal") {
    return (
      <Link to="/deals" search={{ open: record.id }} title={title}>
        {record.label}
      </Link>
    );
  }
  return <span title={title}>{record.label}</span>;
}

function Evidence({ detail, add }: { detail: ConflictDetail; add: Action }) {
  const { send, busy } = useStep("removeEvidence", "The evidence stays");
  const all = detail.sides.flatMap((side) => side.evidence.map((piece) => ({ piece, name: side.party.name })));
  const remove = (piece: PartyEvidence) => piece.id && send({ conflict: detail.row.id, evidence: piece.id }, () => {});
  return (
    <Section
      title="Evidence"
      note={all.length === 0 ? "none yet" : countOf(all.length, "piece")}
      end={
        add.when === true ? (
          <Button kind="quiet" action={add}>
            Add
          </Button>
        ) : undefined
      }
    >
      {all.length === 0 ? (
        <p className="t2 small">A meeting, notes, a proposal or a certificate, dated, can turn the verdict. What the CRM has as activities is read from there.</p>
      ) : (
        <ul className={styles.evidence}>
          {all.map(({ piece, name }) => (
            <li key={`${piece.party} ${piece.kind} ${piece.day} ${piece.text}`}>
              <span className="t2 tn">
                <When at={piece.day} as="day" />
              </span>
              <span className="medium cut">{name}</span>
              <span className="cut" title={`${piece.text} (${piece.source})`}>
                {labels.ProofKind[piece.kind]}: <span className="t2">{piece.text}</span>
              </span>
              <span className="t3 small cut" title={piece.source}>
                {piece.source}
              </span>
              {piece.id ? <Button kind="icon" label={`Take away: ${piece.text}`} icon={<CrossIcon size={12} />} isDisabled={busy} onPress={() => remove(piece)} /> : <span />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Where it stands: clocks, plan, what its severity is made of, what would end it. */
function Standing({ detail }: { detail: ConflictDetail }) {
  const facts: Fact[] = [
    ...detail.clocks.map((clock) => ({ label: sentence(clockWord(clock.rule)), title: `By ${clock.rule}`, value: clock.state === "baseline" ? <span className="t3">before go-live</span> : clock.state === "breached" ? <span className="danger">done late</span> : <ClockChip {...chipOf(clock)} /> })),
    ...(detail.plan ? [{ label: "Plan", value: detail.plan }] : []),
  ];
  const ends = detail.verdict.trace.length > 0 ? detail.ends_with : "";
  return (
    <>
      {(facts.length > 0 || ends !== "") && (
        <Section title="Where it stands">
          <FactGrid facts={facts} columns={1} />
          {ends !== "" && <p className="t2 small">It would end with: {ends}.</p>}
        </Section>
      )}
      <Section title="Severity" note={`${detail.row.severity} of 100`} end="C-03">
        <ul className={styles.points}>
          {detail.points.map((part) => (
            <li key={part.text}>
              <span className="cut" title={part.text}>
                {withMoney(part.text)}
              </span>
              <span className="num">+{part.points}</span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
