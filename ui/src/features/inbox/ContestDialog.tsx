/**
 * Several marked claims on one company answered in one act: one of them wins and the others are declined, or each holds a part of the
 * company with its share. Either lands whole or waits whole, and is taken back whole.
 */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { InboxRow } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Segments, Select, TextArea, TextField } from "../../components/Field";
import { NumberedChoice } from "../../components/NumberedChoice";
import { ErrorNotice, Notice } from "../../components/Section";
import { equalShares, sumOf } from "../../format/points";
import { optionsOf } from "../../format/words";
import { awardRequest, splitProblems, splitRequest } from "./contest";
import type { PartDraft } from "./contest";
import styles from "./Inbox.module.css";

const ROLES = optionsOf(labels.PartnerRole);
const WAYS = [
  { id: "award" as const, name: "One wins" },
  { id: "split" as const, name: "Each a part" },
];

/** The dialog; `first` is the open claim. */
export function ContestDialog({ rows, first, onUndo, onDone, onClose }: { rows: readonly InboxRow[]; first: string | null; onUndo: (decided: { decision: string }) => void; onDone: (ids: ReadonlySet<string>) => void; onClose: () => void }) {
  const [claims] = useState(() => rows.toSorted((a, b) => Number(b.id === first) - Number(a.id === first)));
  const [way, setWay] = useState<"award" | "split">("award");
  const [winner, setWinner] = useState(claims[0]?.id ?? "");
  const [parts, setParts] = useState<PartDraft[]>(() => claims.map((row, n) => ({ registration: row.id, part: "", role: n === 0 ? "resale" : "services", pct: String(equalShares(claims.length)[n] ?? 0) })));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const told = { done: (done: { title: string }) => done.title, undo: onUndo, quiet: true };
  const award = useCommand("award", told);
  const split = useCommand("splitClaims", told);
  const busy = award.isPending || split.isPending;
  const problems = way === "split" ? splitProblems(parts, reason) : [];
  const ids = new Set(claims.map((row) => row.id));
  const send = () => {
    setTried(true);
    if (busy || problems.length > 0) return;
    if (way === "award") award.mutate(awardRequest(winner, [...ids], reason), { onSuccess: () => onDone(ids) });
    else split.mutate(splitRequest(parts, reason), { onSuccess: () => onDone(ids) });
  };
  const set = (id: string, change: Partial<PartDraft>) => setParts(parts.map((one) => (one.registration === id ? { ...one, ...change } : one)));
  const error = award.error ?? split.error;
  const companies = new Set(claims.map((row) => row.company.toLowerCase()));
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Decide between ${claims.length} claims`}
      note="one act: it lands whole or waits whole (R-13)"
      width="wide"
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={send}>
            {way === "award" ? "Approve one, decline the others" : "Approve all, each its part"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          {way === "split" && (
            <span className={`end tn ${sumOf(parts) > 100 ? "danger medium" : "t2"}`} role="status">
              {sumOf(parts)} % given
            </span>
          )}
        </>
      }
    >
      {error && <ErrorNotice error={error} title="Nothing was decided" />}
      {companies.size > 1 && (
        <Notice tone="warn" title="The claims name different companies">
          Make sure that they are about the same one before you decide between them.
        </Notice>
      )}
      {tried && problems.length > 0 && (
        <Notice tone="danger" title="This cannot be decided yet">
          {problems.join(" ")}
        </Notice>
      )}
      <div>
        <Segments label="How" options={WAYS} value={way} onChange={setWay} />
      </div>
      {way === "award" ? (
        <NumberedChoice label="Who wins" options={claims.map((row) => ({ id: row.id, name: row.partner ?? "no partner", hint: `${row.company}, ${row.number}` }))} value={winner} onChange={setWinner} onEnter={send} autoFocus />
      ) : (
        claims.map((row, n) => {
          const draft = parts[n];
          return (
            draft && (
              <div key={row.id} className={styles.part} role="group" aria-label={row.partner ?? row.company}>
                <span className={`medium cut ${styles.claimant}`}>{row.partner ?? row.company}</span>
                <Select label="Role" options={ROLES} value={draft.role} onChange={(role) => set(row.id, { role })} />
                <TextField label="Holds which part" value={draft.part} onChange={(part) => set(row.id, { part })} maxLength={200} wide />
                <TextField label="Share, %" value={draft.pct} onChange={(pct) => set(row.id, { pct })} maxLength={3} />
              </div>
            )
          );
        })
      )}
      <TextArea label={way === "award" ? "Why (the rule that separates them when left empty)" : "Why, kept with the decision"} value={reason} onChange={setReason} rows={2} maxLength={4000} isRequired={way === "split"} wide />
    </Dialog>
  );
}
