/**
 * Notices: what somebody should know of a change that is over. A value that was written over, because the CRM cannot refuse the
 * second of two writers, stands here with who had set it and when, and R writes it back; a value that changed again right after;
 * a write that the CRM shows twice. A puts one aside; it stays in the audit trail.
 */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { NoticeRow } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { toast } from "../../components/toasts";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead, ListDetail, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice, Notice, Section } from "../../components/Section";
import { useNow, When } from "../../components/When";
import { formatMoment, formatRelative } from "../../format/time";
import { formatQuoted, formatValue } from "../../format/value";
import { vendorName } from "../../format/vendor";
import { kindWord } from "../../format/words";
import { afterAnswer, noticeGroups, whoWhen } from "./conflicts";
import styles from "./Conflicts.module.css";
import { Contest } from "./Contest";

/** The tab. */
export function NoticesTab({ open, onOpen }: { open: string | undefined; onOpen: (id: string | undefined) => void }) {
  const notices = useOp("notices", undefined);
  const last = useLastOpen(open);
  const now = useNow();
  if (notices.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={notices.error} title="The notices could not be read" actions={<Button onPress={() => void notices.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!notices.data) return <div aria-busy="true" />;
  const groups = noticeGroups(notices.data, labels.NoticeAbout);
  const rows = groups.flatMap((group) => group.rows);
  const idOf = (row: NoticeRow) => String(row.id);
  const shown = rows.find((row) => idOf(row) === last) ?? rows[0] ?? null;
  return (
    <ListDetail
      open={open !== undefined}
      list={
        <RecordList
          label="Notices"
          groups={groups}
          idOf={idOf}
          textOf={(row) => `${row.record.label}: ${formatQuoted(row.text)}`}
          row={(row) => (
            <TwoLines
              name={row.record.label}
              end={<span className="t2">{formatRelative(row.at, now)}</span>}
              second={[row.label, row.theirs === null ? null : formatValue(row.theirs)].filter(Boolean).join(": ") || row.title}
              secondEnd={row.by ?? undefined}
            />
          )}
          selected={shown === null ? null : idOf(shown)}
          onSelect={onOpen}
          onOpen={onOpen}
          onLeave={() => onOpen(undefined)}
          empty={
            <EmptyState title="No notice">If a change of yours ever replaces a value that nobody here had seen, the lost value stands here with who had set it, and one key writes it back.</EmptyState>
          }
        />
      }
      detail={shown === null ? <div className={styles.nothing}>{rows.length > 0 && "Nothing is open"}</div> : <NoticePane key={shown.id} row={shown} onDone={() => onOpen(afterAnswer(rows, idOf, idOf(shown)))} />}
    />
  );
}

function NoticePane({ row, onDone }: { row: NoticeRow; onDone: () => void }) {
  const now = useNow();
  const crm = vendorName(useOp("status", undefined).data?.vendor);
  const undo = useCommand("undo", { done: "Taken back; the lost value is still here", failed: "It could not be taken back" });
  const restore = useCommand("restoreValue", { done: (decided) => decided.title, failed: "The value was not written back", undo: (decided) => undo.mutate({ decision: decided.decision }) });
  const aside = useCommand("putNoticeAside", { failed: "The notice stays" });
  const free = !restore.isPending && !aside.isPending;
  const back: Action = { id: "notice.restore", title: "Write theirs back", keys: "r", group: "This notice", when: free && row.can_restore, run: () => restore.mutate({ id: row.id }, { onSuccess: onDone }) };
  const away: Action = {
    id: "notice.aside",
    title: "Put aside",
    keys: "a",
    group: "This notice",
    when: free,
    run: () =>
      aside.mutate(
        { id: row.id },
        {
          onSuccess: () => {
            toast({ title: "Put aside; it stays in the audit trail" });
            onDone();
          },
        },
      ),
  };
  useActions([back, away]);
  const theirs = { name: row.about === "changed_after" ? "Theirs, after yours" : "Theirs, written over", value: formatValue(row.theirs), whose: whoWhen(row.by, row.theirs_at, now, `${crm} does not say who`), keys: row.can_restore ? "r" : undefined };
  const mine = { name: row.about === "changed_after" ? "Yours, which had landed" : `Yours, in ${crm} now`, value: formatValue(row.mine), whose: [row.title] };
  return (
    <>
      <DetailHead
        rule
        title={row.record.label}
        reference={`${kindWord(row.record.kind)} ${row.record.id}`}
        meta={[
          row.title,
          <span key="at">
            noticed <When at={row.at} as="both" />
          </span>,
        ]}
      />
      <DetailBody>
        <div className={styles.body}>
          <Notice tone={row.about === "repeated" ? "danger" : "warn"} title={labels.NoticeAbout[row.about]}>
            {formatQuoted(row.text)}
          </Notice>
          {row.label !== null && (
            <Section title={row.label} label={row.label} note={row.theirs_at === null ? undefined : `set ${formatMoment(row.theirs_at, now)}`}>
              <Contest sides={row.about === "changed_after" ? [{ ...mine, look: "past" }, theirs] : [theirs, { ...mine, look: "mine" }]} />
            </Section>
          )}
        </div>
      </DetailBody>
      <ActionBar end={row.can_restore ? "writing it back is a decision like any other" : undefined}>
        {row.can_restore && <Button kind="primary" action={back} />}
        <Button kind={row.can_restore ? "plain" : "primary"} action={away} />
      </ActionBar>
    </>
  );
}
