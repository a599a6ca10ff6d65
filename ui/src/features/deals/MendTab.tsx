/**
 * What to put right first (F-06): open deals that lack something or let it grow old, the most money for the least effort first, and the
 * hygiene by motion, owner and partner, worst first.
 */
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import type { Action } from "../../actions/registry";
import { usePages } from "../../api/queries";
import { labels } from "../../api/api.gen";
import type { DealFilter, HygieneScore, MendList, MendRow } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { RecordTable } from "../../components/RecordTable";
import type { TableColumn, TableGroup } from "../../components/RecordTable";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { Money } from "../../components/When";
import { countOf, formatCount } from "../../format/number";
import { wordOf } from "../../format/words";
import { DealName, HygieneCell, StageCell } from "./Cells";
import styles from "./Deals.module.css";
import { RehearseDialog } from "./RehearseDialog";

/** Rows of a page. */
const PAGE = 200;
const BY = ["motion", "owner", "partner"] as const;
/** Scores of a list. */
const WORST = 4;

const COLUMNS: readonly TableColumn<MendRow>[] = [
  { id: "name", title: "Account", width: "5fr", minWidth: 190, cell: ({ row }) => <DealName row={row} /> },
  { id: "owner", title: "Owner", width: "2fr", minWidth: 110, cell: ({ owner }) => owner ?? <span className="t3">nobody</span> },
  { id: "stage", title: "Stage", width: "4fr", minWidth: 160, cell: ({ row }) => <StageCell row={row} /> },
  { id: "amount", title: "Amount", width: 108, align: "right", cell: ({ row }) => <Money value={row.amount} /> },
  { id: "hygiene", title: "Hygiene", width: 82, cell: ({ row }) => <HygieneCell percent={row.hygiene} /> },
  { id: "mend", title: "To put right", width: "7fr", minWidth: 220, cell: ({ mend }) => <Mend mend={mend} /> },
];

function Mend({ mend }: Pick<MendRow, "mend">) {
  const words = mend.map((field) => `${field.label}${field.state === "stale" ? " is old" : ""}`);
  return (
    <span className="cut" title={words.join(", ")}>
      {mend.map((field, n) => (
        <span key={field.field} className={field.need === "hard" && field.state === "missing" ? "danger" : "t2"}>
          {n > 0 && ", "}
          {words[n]}
        </span>
      ))}
    </span>
  );
}

/**
 * The pages as groups: the book is put in order a stretch at a time, the largest deals first, so each stretch says of what it is.
 * Pure.
 */
export function stretches(pages: readonly Pick<MendList, "rows" | "stretch">[], total: number): TableGroup<MendRow>[] {
  const numbers = [...new Set(pages.map((page) => page.stretch))];
  return numbers.map((stretch, n) => {
    const rows = pages.filter((page) => page.stretch === stretch).flatMap((page) => page.rows);
    return n === 0 ? { id: String(stretch), title: "Most money for the least effort first", note: countOf(total, "deal"), rows } : { id: String(stretch), title: "Then, among smaller deals", rows };
  });
}

/** The tab; `begin` is the row that the cursor is on at first. */
export function MendTab({ filter, begin, onOpen }: { filter: DealFilter; begin: string | undefined; onOpen: (id: string) => void }) {
  const { motion, owner, partner } = filter;
  const list = usePages("mendList", (after) => ({ motion: motion ?? null, owner: owner ?? null, partner: partner ?? null, after, limit: PAGE }));
  const { rows, first } = list;
  const [rehearsing, setRehearsing] = useState(false);
  const rehearse: Action = { id: "deals.rehearse", title: "Rehearse a stricter gate", keys: "s", group: "Deals", when: first !== undefined, run: () => setRehearsing(true) };
  useActions([rehearse]);
  if (list.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={list.error} title="The list could not be made" />
      </div>
    );
  }
  if (!first) return <div aria-busy="true" />;
  return (
    <>
      <div className={styles.scores}>
        {BY.map((by) => (
          <Scores key={by} title={`By ${labels.ScoredBy[by].toLowerCase()}`} scores={first.scores.filter((score) => score.by === by).slice(0, WORST)} />
        ))}
        <Button kind="quiet" action={rehearse}>
          Rehearse a stricter gate
        </Button>
      </div>
      {rehearsing && <RehearseDialog rows={rows} motion={motion ?? null} onClose={() => setRehearsing(false)} />}
      <RecordTable
        label="What to put right first"
        columns={COLUMNS}
        groups={stretches(list.pages, first.total)}
        idOf={({ row }) => row.id}
        textOf={({ row }) => row.name}
        onOpen={onOpen}
        begin={begin}
        onMore={list.more}
        isLoadingMore={list.isFetching}
        empty={<EmptyState title="Nothing is missing or old">Every open deal with a partner has what its motion asks for.</EmptyState>}
      />
    </>
  );
}

function Scores({ title, scores }: { title: string; scores: readonly HygieneScore[] }) {
  if (scores.length === 0) return null;
  return (
    <section aria-label={`Hygiene ${title.toLowerCase()}`}>
      <h2 className="t3 small">{title}</h2>
      <ul>
        {scores.map((score) => (
          <li key={score.key ?? ""}>
            <span className="cut" title={score.label}>
              {score.key === null ? "none" : (wordOf(score.label) ?? score.label)}
            </span>
            <HygieneCell percent={score.hygiene} />
            <span className="t3 small tn">{score.held > 0 ? `${formatCount(score.held)} of ${formatCount(score.deals)} held` : countOf(score.deals, "deal")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
