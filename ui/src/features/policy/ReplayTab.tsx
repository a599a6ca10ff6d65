/**
 * What another policy would have decided (B2): a window of past decisions judged again by the draft or by a version; at a glance
 * how many verdicts move from what to what and by which rule, then every decision that would differ. Nothing is changed by it.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { PolicyReplay, PolicyView, ReplayedDecision, ReplayPolicy } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { DateField, Select } from "../../components/Field";
import { DetailBody, DetailHead, ListDetail } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Sign } from "../../components/Verdict";
import { Money, When } from "../../components/When";
import { countOf, formatCount } from "../../format/number";
import { draftRequest } from "./draft";
import type { Draft } from "./draft";
import styles from "./Policy.module.css";
import { ACT, groupsOf } from "./replay";
import type { Shown } from "./replay";
import { ReplaySummary, TONE } from "./ReplaySummary";

const DRAFT = "draft";
const NOTHING: ReplayPolicy = { draft: { changes: [] } };

/** The tab; `draft` is the one that is being changed, if there is one. */
export function ReplayTab({ view, draft }: { view: PolicyView; draft: Draft | null }) {
  const [by, setBy] = useState(draft ? DRAFT : String((view.versions.find((one) => !one.in_force) ?? view.versions[0])?.version ?? view.version));
  const [since, setSince] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(view.today);
  const [asked, setAsked] = useState<ReplayPolicy | null>(null);
  const navigate = useNavigate({ from: "/policy" });
  const replay = useOp("replayPolicy", asked ?? NOTHING, { enabled: asked !== null });
  const run = () => {
    const candidate = by === DRAFT && draft ? draftRequest(draft) : { version: Number(by), changes: [] };
    const next = { draft: candidate, ...(since === null ? {} : { since }), ...(until === null ? {} : { until }) };
    // The same question again is asked again: decisions may have been added since.
    if (JSON.stringify(next) === JSON.stringify(asked)) void replay.refetch();
    else setAsked(next);
    // What was shown of the last answer says nothing of this one.
    void navigate({ to: "/policy", search: (old) => ({ ...old, open: undefined, move: undefined, rule: undefined }), replace: true });
  };
  const start: Action = { id: "policy.runReplay", title: "Replay the decisions", keys: "Mod+Enter", group: "Replay", inFields: true, when: !replay.isFetching, run };
  useActions([start]);
  const options = [...(draft ? [{ id: DRAFT, name: "the draft" }] : []), ...view.versions.map((one) => ({ id: String(one.version), name: `version ${one.version}`, ...(one.in_force ? { hint: "in force" } : {}) }))];
  return (
    <>
      <div className={styles.window} role="group" aria-label="What is judged again">
        <Select label="Judged by" options={options} value={by} onChange={setBy} />
        <DateField label="Decisions from" value={since} onChange={setSince} max={view.today} />
        <DateField label="to" value={until} onChange={setUntil} max={view.today} />
        <Button kind="primary" action={start}>
          {replay.isFetching ? "Judging" : "Replay"}
        </Button>
        <span className="t3 small">without a day: one year back</span>
      </div>
      {replay.error ? (
        <div className={styles.problem}>
          <ErrorNotice error={replay.error} title="The decisions were not judged again" />
        </div>
      ) : replay.data ? (
        <Result replay={replay.data} />
      ) : (
        <EmptyState title={replay.isFetching ? "The decisions are judged again" : "Nothing has been judged again yet"}>
          Every decision of the window is judged by the other policy with the facts of its day. Nothing is changed by it.
        </EmptyState>
      )}
    </>
  );
}

function Result({ replay }: { replay: PolicyReplay }) {
  const navigate = useNavigate({ from: "/policy" });
  const search = useSearch({ from: "/policy" });
  const shown: Shown = { move: search.move, rule: search.rule };
  const groups = groupsOf(replay.decisions, shown);
  const rows = groups.flatMap((group) => group.rows);
  const open = rows.find((row) => row.decision === search.open) ?? rows[0];
  const isPart = shown.move !== undefined || shown.rule !== undefined;
  const go = (id: string | undefined) => void navigate({ to: "/policy", search: (old) => ({ ...old, open: id }), replace: true });
  const show = (next: Shown) => void navigate({ to: "/policy", search: (old) => ({ ...old, move: next.move, rule: next.rule, open: undefined }), replace: true });
  const look: Action = { id: "policy.registration", title: "Open the registration", keys: "o", group: "Replay", when: open !== undefined, run: () => open && void navigate({ to: "/inbox", search: { open: open.registration } }) };
  const all: Action = { id: "policy.allDecisions", title: "Show all that would differ", keys: "Shift+A", group: "Replay", when: isPart, run: () => show({}) };
  useActions([look, all]);
  return (
    <>
      <ReplaySummary replay={replay} shown={shown} onShow={show} />
      <ListDetail
        open={search.open !== undefined}
        list={
          <>
            {isPart && (
              <div className={styles.shown}>
                <span className="cut">
                  {formatCount(rows.length)} of {formatCount(replay.decisions.length)} shown
                </span>
                <Button kind="quiet" action={all}>
                  Show all
                </Button>
              </div>
            )}
            <RecordList
              label="Decisions that would differ"
              groups={groups}
              idOf={(row) => row.decision}
              textOf={(row) => `${row.company}, ${row.flipped ? `${ACT[row.before]} becomes ${ACT[row.after]}` : "other terms"}`}
              row={(row) => <TwoLines name={row.company} end={<Turn row={row} />} second={[row.partner ?? "no partner", row.number].join(" · ")} secondEnd={row.amount ? <Money value={row.amount} /> : undefined} />}
              selected={open?.decision ?? null}
              onSelect={go}
              onOpen={go}
              onLeave={() => (isPart && search.open === undefined ? show({}) : go(undefined))}
              empty={
                isPart ? (
                  <EmptyState title="No decision is both" action={<Button action={all} />}>
                    None of the decisions that would differ moves this way by this rule.
                  </EmptyState>
                ) : (
                  <EmptyState title="Every decision would be the same">
                    {replay.judged === 0 ? "No decision falls into this window." : `${countOf(replay.judged, "decision was", "decisions were")} judged again; none would differ.`}
                  </EmptyState>
                )
              }
            />
          </>
        }
        detail={
          <>
            {open && (
              <DetailHead
                rule
                title={open.company}
                tags={<Turn row={open} />}
                reference={open.number}
                end={
                  <Button kind="quiet" action={look}>
                    Open it
                  </Button>
                }
                meta={[
                  open.partner ?? "no partner",
                  open.amount && <Money key="amount" value={open.amount} />,
                  <span key="when">
                    decided <When at={open.decided_at} as="both" />: {ACT[open.done]}
                  </span>,
                  `judged by version ${open.version}`,
                ]}
              />
            )}
            <DetailBody label="Why it would differ">
              {open && (
                <Section title="What decides" note={countOf(open.why.length, "rule comes", "rules come") + " to something else"}>
                  <ul className={styles.why}>
                    {open.why.map((rule) => (
                      <li key={`${rule.rule} ${rule.name}`}>
                        <span className={styles.rule}>{rule.rule}</span>
                        <span className="medium">{rule.name}</span>
                        <span>
                          <del className={styles.before}>{rule.before}</del>
                          <span className="t3" aria-hidden="true">
                            {" "}
                            →{" "}
                          </span>
                          <ins className={styles.after}>{rule.after}</ins>
                        </span>
                      </li>
                    ))}
                  </ul>
                  {open.done !== open.before && <p className="t2 small">The person had decided otherwise than recommended then: {ACT[open.done]}, against {ACT[open.before]}.</p>}
                </Section>
              )}
              {replay.unjudged.length > 0 && (
                <Section title="Not judged again" note={countOf(replay.unjudged.length, "decision")}>
                  <ul className={styles.unjudged}>
                    {replay.unjudged.map((one) => (
                      <li key={one.decision}>
                        <Sign outcome="info" size={12} />
                        <span className="cut" title={one.title}>
                          {one.title}
                        </span>
                        <span className="t2">{one.why}</span>
                        <span className="t3">
                          <When at={one.decided_at} as="date" />
                        </span>
                      </li>
                    ))}
                  </ul>
                </Section>
              )}
            </DetailBody>
          </>
        }
      />
    </>
  );
}

function Turn({ row }: { row: ReplayedDecision }) {
  if (!row.flipped) return <Tag>other terms</Tag>;
  return (
    <>
      <span className="t3 small">{ACT[row.before]} →</span>
      <Tag tone={TONE[row.after]}>{ACT[row.after]}</Tag>
    </>
  );
}
