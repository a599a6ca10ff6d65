/** The audit trail: every act with who, when, why and the facts at the time, each covered by the hash of the next. V checks the whole chain and says how it came out. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { AuditRow, AuditVerdict } from "../../api/api.gen";
import { useOp, usePages } from "../../api/queries";
import { Button } from "../../components/Button";
import { TextField } from "../../components/Field";
import { SearchIcon } from "../../components/icons";
import { ActionBar, DetailBody, DetailHead, ListDetail } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice, FactGrid, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatExact, formatRelative } from "../../format/time";
import styles from "./Activity.module.css";
import type { ActivitySearch } from "./activity.search";
import { factsOf } from "./outbox";

/** The tab. */
export function AuditTab() {
  const navigate = useNavigate({ from: "/activity" });
  const search: ActivitySearch = useSearch({ from: "/activity" });
  const { text = "" } = search;
  const now = useNow();
  const [asked, setAsked] = useState(false);
  const pages = usePages("audit", (after) => ({ text: text === "" ? null : text, after, limit: 100 }));
  const verdict = useOp("verifyAudit", undefined, { enabled: asked });
  const go = (change: Partial<ActivitySearch>) => void navigate({ to: "/activity", search: (old) => ({ ...old, ...change }), replace: true });
  const open = pages.rows.find((row) => String(row.seq) === search.open) ?? pages.rows[0] ?? null;
  const verify: Action = {
    id: "audit.verify",
    title: verdict.isFetching ? "Checking …" : "Verify the chain",
    keys: "v",
    group: "Audit trail",
    when: !verdict.isFetching,
    run: () => (asked ? void verdict.refetch() : setAsked(true)),
  };
  useActions([verify]);

  return (
    <ListDetail
      open={search.open !== undefined}
      list={
        <>
          <div className={styles.bar}>
            <TextField label="Act, title or person" hideLabel placeholder="Act, title or person" icon={<SearchIcon size={14} />} value={text} onChange={(words) => go({ text: words === "" ? undefined : words, open: undefined })} maxLength={200} wide />
          </div>
          {pages.error ? (
            <ErrorNotice error={pages.error} title="The audit trail could not be read" />
          ) : (
            <RecordList
              label="Audit trail"
              groups={[{ id: "all", rows: pages.rows }]}
              idOf={(row) => String(row.seq)}
              textOf={(row) => row.title}
              row={(row) => <TwoLines name={row.title} end={<span className="t2">{formatRelative(row.at, now)}</span>} second={`${row.act} · ${row.actor}`} secondEnd={row.seq} />}
              selected={open === null ? null : String(open.seq)}
              onSelect={(id) => go({ open: id })}
              onOpen={(id) => go({ open: id })}
              onLeave={() => go({ open: undefined })}
              onMore={pages.more}
              isLoadingMore={pages.isFetching}
              empty={
                pages.isPending ? undefined : text === "" ? (
                  <EmptyState title="Nothing has been done yet">Every decision, override, export and sync is written here and cannot be changed unseen.</EmptyState>
                ) : (
                  <EmptyState title="Nothing matches" action={<Button onPress={() => go({ text: undefined })}>Clear the filter</Button>}>
                    No entry has these words in its act, title or person.
                  </EmptyState>
                )
              }
            />
          )}
        </>
      }
      detail={
        <>
          {(verdict.error || verdict.data) && (
            <div className={styles.verdict}>{verdict.error ? <ErrorNotice error={verdict.error} title="The chain was not checked" /> : verdict.data && <Verdict verdict={verdict.data} />}</div>
          )}
          {open === null ? <div className={styles.nothing}>Nothing is open</div> : <Entry row={open} />}
          <ActionBar end={pages.first ? countOf(pages.first.total, text === "" ? "entry" : "entry found", text === "" ? "entries" : "entries found") : undefined}>
            <Button kind="primary" action={verify} />
          </ActionBar>
        </>
      }
    />
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (verdict.intact) {
    return (
      <Notice tone="ok" title={`The chain holds: ${countOf(verdict.entries, "entry", "entries")} checked`}>
        <span className={styles.hash}>Last hash {verdict.head}</span>
      </Notice>
    );
  }
  return (
    <Notice tone="danger" title={`The chain is broken at entry ${verdict.broken_at ?? "?"}`}>
      {verdict.problem ?? "An entry is not what its successor says."} Entries before it hold. Keep this workspace as it is and compare it with a backup.
    </Notice>
  );
}

function Entry({ row }: { row: AuditRow }) {
  const now = useNow();
  const facts = factsOf(row.facts);
  return (
    <>
      <DetailHead rule title={row.title} tags={<Tag>{row.act}</Tag>} reference={`entry ${row.seq}`} meta={[row.actor, formatExact(row.at), formatRelative(row.at, now), row.policy === null ? null : `policy ${row.policy}`]} />
      <DetailBody>
        <div className={styles.paneBody}>
          <Section title="Why">{row.reason === null ? <p className="t2">No reason was given, none was needed.</p> : <p className={styles.sentence}>{row.reason}</p>}</Section>
          <Section title="Facts at the time" note={facts.length === 0 ? "none are kept with this act" : undefined}>
            {facts.length > 0 && <FactGrid columns={1} facts={facts} />}
          </Section>
          <Section title="Hash" note="covers this entry and all before it" end="G-01">
            <p className={styles.hash}>{row.hash}</p>
          </Section>
        </div>
      </DetailBody>
    </>
  );
}
