/**
 * What would be sent, before it is: every waiting change with what it was based on, what it wants and what the CRM has now, what
 * the CRM is known to refuse, and what taking it back exactly would do. One approval sends the batch. Looking sends nothing.
 */
import { useEffect, useEffectEvent } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { PreviewOp } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody, DetailHead, ListDetail, useLastOpen } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { EmptyState, ErrorNotice, Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { When } from "../../components/When";
import { countOf } from "../../format/number";
import { formatQuoted } from "../../format/value";
import { kindWord } from "../../format/words";
import styles from "./Activity.module.css";
import { previewGroups, previewWords, VERDICT_TONE } from "./preview";
import { Values } from "./Values";

const BLOCK = { ok: "ok", neutral: "info", accent: "info", info: "info", danger: "danger", warn: "warn" } as const;

/** The tab. */
export function PreviewTab({ open, onOpen }: { open: string | undefined; onOpen: (id: string | undefined) => void }) {
  const { mutate, data: preview, isPending, error } = useCommand("previewPush", { quiet: true });
  const last = useLastOpen(open);
  const offline = useOp("status", undefined).data?.offline_on_purpose ?? false;
  const sync = useCommand("sync", { done: "Sent; what came of each change is in the outbox", failed: "The sync did not finish" });
  const look = useEffectEvent(() => mutate(undefined));
  useEffect(() => look(), []);

  const again: Action = { id: "preview.again", title: isPending ? "Looking …" : "Look again", keys: "r", group: "What would be sent", when: !isPending && !sync.isPending, run: () => mutate(undefined) };
  const send: Action = {
    id: "preview.send",
    title: preview && preview.send > 0 ? `Send ${countOf(preview.send, "change")}` : "Send",
    keys: "Mod+Enter",
    group: "What would be sent",
    when: preview !== undefined && preview.send > 0 && !offline && !sync.isPending && !isPending,
    run: () => sync.mutate({ full: false, pull_only: false, push_only: false }, { onSettled: () => mutate(undefined) }),
  };
  useActions([again, send]);

  if (error && !preview) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={error} title="What would be sent could not be looked at" actions={<Button action={again} />} />
      </div>
    );
  }
  if (!preview) {
    return (
      <p className={`${styles.problem} t3`} role="status">
        Looking at every waiting change; nothing is sent …
      </p>
    );
  }
  const groups = previewGroups(preview.ops);
  const ops = groups.flatMap((group) => group.rows);
  const shown = ops.find((op) => op.op === last) ?? ops[0] ?? null;
  return (
    <ListDetail
      open={open !== undefined}
      list={
        <>
          {ops.length > 0 && (
            <div className={styles.bar}>
              <span className="cut grow" title={previewWords(preview)}>
                {previewWords(preview)}
              </span>
            </div>
          )}
          <RecordList
            label="What would be sent"
            groups={groups}
            idOf={(op) => op.op}
            textOf={(op) => `${op.what}, ${labels.PreviewVerdict[op.verdict]}`}
            row={(op) => <TwoLines name={op.what} end={<Verdict op={op} />} second={op.record.label} secondEnd={op.problems.length > 0 ? countOf(op.problems.length, "problem") : undefined} />}
            selected={shown?.op ?? null}
            onSelect={onOpen}
            onOpen={onOpen}
            onLeave={() => onOpen(undefined)}
            empty={<EmptyState title="Nothing would be sent" action={<Button action={again} />}>Every decision is in the CRM, waits for you, or was taken back.</EmptyState>}
          />
        </>
      }
      detail={
        <>
          {shown === null ? <div className={styles.nothing}>{preview.note}</div> : <Pane op={shown} note={preview.note} />}
          {ops.length > 0 && (
            <ActionBar
              end={
                <span>
                  {preview.fresh ? "the CRM was asked" : "as read last"} <When at={preview.at} />
                </span>
              }
            >
              <Button kind="primary" action={send} disabledReason={offline ? "Working offline on purpose" : undefined} />
              <Button action={again} />
            </ActionBar>
          )}
        </>
      }
    />
  );
}

function Verdict({ op }: { op: PreviewOp }) {
  const tone = VERDICT_TONE[op.verdict];
  return <span className={`${tone === "neutral" || tone === "accent" ? "t2" : tone} ${tone === "warn" || tone === "danger" ? "medium" : ""}`}>{labels.PreviewVerdict[op.verdict]}</span>;
}

function Pane({ op, note }: { op: PreviewOp; note: string | null }) {
  const tone = VERDICT_TONE[op.verdict];
  return (
    <>
      <DetailHead
        rule
        title={op.title}
        tags={<Tag tone={tone}>{labels.PreviewVerdict[op.verdict]}</Tag>}
        reference={op.what}
        meta={[`${kindWord(op.record.kind)} ${op.record.label}`, op.record.id.startsWith("local:") ? "not in the CRM yet" : op.record.id]}
      />
      <DetailBody>
        <div className={styles.paneBody}>
          {note !== null && <Notice tone="info" title={note} />}
          <Notice tone={BLOCK[tone]} title={formatQuoted(op.text)}>
            {op.problems.length > 0 ? formatQuoted(op.problems.join(". ")) : undefined}
          </Notice>
          {op.fields.length > 0 && (
            <Section title="Values" note={countOf(op.fields.length, "field")}>
              <Values fields={op.fields} />
            </Section>
          )}
          <Section title="Undo" note="what taking it back would do">
            <p className={styles.sentence}>{formatQuoted(op.undo)}</p>
          </Section>
        </div>
      </DetailBody>
    </>
  );
}
