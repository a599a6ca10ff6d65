/**
 * Who stands in for whom while they are away: C adds a cover, each row is changed or taken away with its own buttons, and
 * what was taken away comes back with Z. The queue of somebody who is away shows under "mine" of who covers, from the first
 * day to the last; nothing of it is written to the CRM.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Cover, Settings } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Select } from "../../components/Field";
import { EmptyState, ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { dayOf, formatDate, formatRelative } from "../../format/time";
import { coverOf, inOrder, problemsOf, whenOf } from "./covers";
import type { CoverDraft, CoverWhen } from "./covers";
import styles from "./Settings.module.css";

type Owners = Settings["owners"];

/** The section. */
export function Covers({ owners }: { owners: Owners }) {
  const now = useNow();
  const today = dayOf(now);
  const { data, error, refetch } = useOp("covers", undefined);
  const save = useCommand("saveCovers", { failed: "Who covers whom is as it was" });
  const [editing, setEditing] = useState<Cover | "new" | null>(null);
  const nameOf = (id: string) => owners.find((one) => one.id === id)?.name ?? id;
  const before = data ?? [];
  const covers = inOrder(before, today);
  const put = (next: readonly Cover[], said: string) =>
    save.mutate(
      { covers: [...next] },
      {
        onSuccess: () => {
          setEditing(null);
          toast({ title: said, undo: () => save.mutate({ covers: before }) });
        },
      },
    );
  const without = (cover: Cover) => before.filter((one) => one !== cover);
  const canAdd = owners.length > 1;
  const add: Action = { id: "settings.cover", title: "Add a cover", keys: "c", group: "Settings", when: canAdd && data !== undefined && !save.isPending, run: () => setEditing("new") };
  useActions([add]);
  const inForce = covers.filter((one) => whenOf(one, today) === "now").length;

  return (
    <Section title="Cover while away" note={inForce === 0 ? "whose queue goes to whom (R-15)" : `${countOf(inForce, "cover")} in force`}>
      {error && <ErrorNotice error={error} title="Who covers whom could not be read" actions={<Button onPress={() => void refetch()}>Try again</Button>} />}
      {data && covers.length === 0 && (
        <EmptyState title="Nobody stands in for anybody" action={<Button action={add} disabledReason={canAdd ? undefined : "The CRM has no second person"} />}>
          While somebody is away, their queue can show under “mine” of somebody else, from a day to a day.
        </EmptyState>
      )}
      {covers.length > 0 && (
        <>
          <ul className={styles.covers} aria-label="Covers">
            {covers.map((cover) => (
              <Row
                key={`${cover.away} ${cover.from} ${cover.by}`}
                cover={cover}
                words={`${nameOf(cover.by)} covers ${nameOf(cover.away)}`}
                when={whenOf(cover, today)}
                now={now}
                busy={save.isPending}
                onChange={() => setEditing(cover)}
                onRemove={() => put(without(cover), `Taken away: ${nameOf(cover.by)} covers ${nameOf(cover.away)}`)}
              />
            ))}
          </ul>
          <div className={styles.buttons}>
            <Button action={add} />
          </div>
        </>
      )}
      {editing !== null && (
        <CoverDialog
          cover={editing === "new" ? null : editing}
          others={editing === "new" ? before : without(editing)}
          owners={owners}
          nameOf={nameOf}
          now={now}
          busy={save.isPending}
          onSave={(cover) => put([...(editing === "new" ? before : without(editing)), cover], `${nameOf(cover.by)} covers ${nameOf(cover.away)}`)}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  );
}

interface RowProps {
  cover: Cover;
  words: string;
  when: CoverWhen;
  now: number;
  busy: boolean;
  onChange: () => void;
  onRemove: () => void;
}

function Row({ cover, words, when, now, busy, onChange, onRemove }: RowProps) {
  return (
    <li className={styles.cover}>
      <span className={styles.coverWords}>
        <span className={`cut ${when === "over" ? "t3" : "medium"}`} title={words}>
          {words}
        </span>
        <span className="t3 small tn">
          {formatDate(cover.from, now)} to {formatDate(cover.to, now)}
        </span>
      </span>
      <span>{when === "now" ? <Tag tone="ok">in force</Tag> : <Tag>{when === "over" ? "over" : formatRelative(cover.from, now)}</Tag>}</span>
      <span className={styles.coverVerbs}>
        <Button kind="quiet" isDisabled={busy} aria-label={`Change: ${words}`} onPress={onChange}>
          Change
        </Button>
        <Button kind="quiet" isDisabled={busy} aria-label={`Take away: ${words}`} onPress={onRemove}>
          Take away
        </Button>
      </span>
    </li>
  );
}

interface CoverDialogProps {
  /** The one that is changed; null for a new one. */
  cover: Cover | null;
  others: readonly Cover[];
  owners: Owners;
  nameOf: (id: string) => string;
  now: number;
  busy: boolean;
  onSave: (cover: Cover) => void;
  onClose: () => void;
}

function CoverDialog({ cover, others, owners, nameOf, now, busy, onSave, onClose }: CoverDialogProps) {
  const [draft, setDraft] = useState<CoverDraft>(cover ?? { away: null, by: null, from: dayOf(now), to: null });
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft, others, nameOf, now);
  const of = (field: keyof Cover) => (tried ? problems[field] : undefined);
  const set = (change: Partial<CoverDraft>) => setDraft({ ...draft, ...change });
  const options = owners.map((one) => ({ id: one.id, name: one.name, hint: one.email }));
  const send = () => {
    setTried(true);
    const made = coverOf(draft);
    if (made !== null && Object.keys(problems).length === 0 && !busy) onSave(made);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={cover === null ? "Add a cover" : "Change the cover"}
      note="kept in this workspace, not in the CRM"
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={busy} onPress={send}>
            {cover === null ? "Add" : "Save"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <div className={styles.coverFields}>
        <Select label="Who is away" wide autoFocus placeholder="choose a person" options={options} value={draft.away} onChange={(away) => set({ away })} error={of("away")} />
        <Select label="Who covers" wide placeholder="choose a person" options={options} value={draft.by} onChange={(by) => set({ by })} error={of("by")} />
        <DateField label="First day" wide value={draft.from} onChange={(from) => set({ from })} error={of("from")} />
        <DateField label="Last day" wide value={draft.to} onChange={(to) => set({ to })} error={of("to")} help="included" />
      </div>
    </Dialog>
  );
}
