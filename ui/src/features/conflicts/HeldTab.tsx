/**
 * Decisions that are held back: facts that they relied on have moved since. Each fact stands before and after; O lets the decision
 * go on with the facts as they are now, W takes it back. Its messages wait with it.
 */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { HeldDecision } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { toast } from "../../components/toasts";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead, ListDetail, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { useNow, When } from "../../components/When";
import { countOf } from "../../format/number";
import { formatRelative } from "../../format/time";
import { formatValue } from "../../format/value";
import { kindWord } from "../../format/words";
import { afterAnswer } from "./conflicts";
import styles from "./Conflicts.module.css";

/** The tab. */
export function HeldTab({ open, onOpen }: { open: string | undefined; onOpen: (id: string | undefined) => void }) {
  const held = useOp("held", undefined);
  const last = useLastOpen(open);
  const now = useNow();
  if (held.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={held.error} title="The decisions that are held back could not be read" actions={<Button onPress={() => void held.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!held.data) return <div aria-busy="true" />;
  const rows = held.data;
  const shown = rows.find((row) => row.decision === last) ?? rows[0] ?? null;
  return (
    <ListDetail
      open={open !== undefined}
      list={
        <RecordList
          label="Held decisions"
          groups={[{ id: "held", title: "Facts have moved since", count: rows.length, rows }]}
          idOf={(row) => row.decision}
          textOf={(row) => row.title}
          row={(row) => (
            <TwoLines
              name={row.title}
              end={<span className="warn">{countOf(row.moved.length, "fact")}</span>}
              second={row.moved.map((fact) => fact.label).join(", ")}
              secondEnd={formatRelative(row.held_at, now)}
            />
          )}
          selected={shown?.decision ?? null}
          onSelect={onOpen}
          onOpen={onOpen}
          onLeave={() => onOpen(undefined)}
          empty={
            <EmptyState title="No decision is held back">
              A decision keeps the facts that it relied on. If the CRM has others when it is to be sent, it waits here with what moved; the rest goes on.
            </EmptyState>
          }
        />
      }
      detail={shown === null ? <div className={styles.nothing}>{rows.length > 0 && "Nothing is open"}</div> : <HeldPane key={shown.decision} row={shown} onAnswered={() => onOpen(afterAnswer(rows, (row) => row.decision, shown.decision))} />}
    />
  );
}

function HeldPane({ row, onAnswered }: { row: HeldDecision; onAnswered: () => void }) {
  const release = useCommand("releaseHeld", { failed: "The decision is held back as it was" });
  const answer = (goOn: boolean) =>
    release.mutate(
      { decision: row.decision, go_on: goOn },
      {
        onSuccess: () => {
          toast({ title: goOn ? "It goes on, with the facts as they are now" : "Taken back; nothing of it was sent" });
          onAnswered();
        },
      },
    );
  const goOn: Action = { id: "held.on", title: "Go on", keys: "o", group: "This decision", when: !release.isPending, run: () => answer(true) };
  const back: Action = { id: "held.back", title: "Take back", keys: "w", group: "This decision", when: !release.isPending, run: () => answer(false) };
  useActions([goOn, back]);
  return (
    <>
      <DetailHead
        rule
        title={row.title}
        tags={<Tag tone="warn">Held back</Tag>}
        meta={[
          `${kindWord(row.record.kind)} ${row.record.label}`,
          <span key="decided">
            {row.by}, <When at={row.decided_at} as="both" />
          </span>,
          <span key="held">
            held back <When at={row.held_at} />
          </span>,
        ]}
      />
      <DetailBody>
        <div className={styles.body}>
          <Notice tone="warn" title={`${countOf(row.moved.length, "fact")} that it relied on ${row.moved.length === 1 ? "has" : "have"} moved`}>
            Nothing of it is sent until you have looked{row.messages > 0 ? `; ${countOf(row.messages, "message")} to the partner ${row.messages === 1 ? "waits" : "wait"} with it` : ""}.
          </Notice>
          <Section title="What moved" note="between the decision and now">
            <div className={styles.facts}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Fact</th>
                    <th scope="col">When it was decided</th>
                    <th scope="col">Now</th>
                  </tr>
                </thead>
                <tbody>
                  {row.moved.map((fact) => (
                    <tr key={fact.name}>
                      <th scope="row">{fact.label}</th>
                      <td className="t2">{fact.before === null ? "nothing" : formatValue(fact.before)}</td>
                      <td className="medium">{fact.after === null ? "nothing any more" : formatValue(fact.after)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Section>
        </div>
      </DetailBody>
      <ActionBar end="the facts as they are now become its own">
        <Button kind="primary" action={goOn} />
        <Button action={back} />
      </ActionBar>
    </>
  );
}
