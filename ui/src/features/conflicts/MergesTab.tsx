/** Merge conflicts: which, and the open one beside them. After an answer the next one opens. */
import { Link } from "@tanstack/react-router";
import { labels } from "../../api/api.gen";
import type { MergeRow } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ListDetail, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatRelative } from "../../format/time";
import { kindWord } from "../../format/words";
import { afterAnswer, whatWords } from "./conflicts";
import styles from "./Conflicts.module.css";
import { MergePane } from "./MergePane";

/** The tab. */
export function MergesTab({ open, onOpen }: { open: string | undefined; onOpen: (id: string | undefined) => void }) {
  const merges = useOp("merges", undefined);
  const refused = useOp("outbox", undefined).data?.filter((op) => op.state === "rejected").length ?? 0;
  const last = useLastOpen(open);
  const now = useNow();
  if (merges.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={merges.error} title="The merge conflicts could not be read" actions={<Button onPress={() => void merges.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!merges.data) return <div aria-busy="true" />;
  const rows = merges.data;
  const shown = rows.find((row) => row.op === last) ?? rows.find((row) => row.decision === last) ?? rows[0] ?? null;
  return (
    <ListDetail
      open={open !== undefined}
      list={
        <>
          <RecordList
            label="Merge conflicts"
            groups={[{ id: "held", title: "Nothing is sent until you choose", count: rows.length, rows }]}
            idOf={(row) => row.op}
            textOf={(row) => `${row.record.label}, ${whatWords(row)}`}
            row={(row) => <Row row={row} now={now} />}
            selected={shown?.op ?? null}
            onSelect={onOpen}
            onOpen={onOpen}
            onLeave={() => onOpen(undefined)}
            empty={
              <EmptyState title="No merge conflict" action={undefined}>
                Where you and somebody in the CRM change the same field to different values, both are kept and stand here. Nothing is written over.
              </EmptyState>
            }
          />
          {refused > 0 && (
            <p className={styles.hint}>
              {countOf(refused, "change was", "changes were")} refused by the CRM.{" "}
              <Link to="/activity" search={{ show: "needs" }}>
                Look at the outbox
              </Link>
            </p>
          )}
        </>
      }
      detail={shown === null ? <div className={styles.nothing}>{rows.length > 0 && "Nothing is open"}</div> : <MergePane key={shown.op} row={shown} onAnswered={() => onOpen(afterAnswer(rows, (row) => row.op, shown.op))} />}
    />
  );
}

function Row({ row, now }: { row: MergeRow; now: number }) {
  return (
    <TwoLines
      name={row.record.label}
      end={<span className="t2">{kindWord(row.record.kind)}</span>}
      second={row.kind === "changed" ? whatWords(row) : row.kind === "guard" ? `${whatWords(row)}: a condition of the decision` : labels.MergeKind[row.kind]}
      secondEnd={formatRelative(row.seen_at, now)}
    />
  );
}
