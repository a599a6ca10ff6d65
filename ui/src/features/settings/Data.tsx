/**
 * The workspace's data when something is wrong with them: a damaged file is repaired (R), a backup is put back (B), and what
 * either did is told. Nothing here is done by itself, the file that gives way is always kept, and nothing is sent before the CRM
 * was asked.
 *
 * The hard idea: the workspace is closed while its file is exchanged, so this screen gives way to the lock and comes back. What
 * was done is therefore kept beside the queries, until the workspace is locked again or the window closes.
 */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { BackupRow, Repaired, Restored } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextField } from "../../components/Field";
import { Notice, Section } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf, formatBytes } from "../../format/number";
import { formatMoment, formatRelative } from "../../format/time";
import styles from "./Settings.module.css";

/** Whether the key needs the passphrase to be typed: certainly, certainly not, or nobody knows before it is tried. */
export type Passphrase = "needed" | "none" | "perhaps";

/** The section. */
export function Data({ passphrase }: { passphrase: Passphrase }) {
  const now = useNow();
  const [asking, setAsking] = useState<"repair" | "restore" | null>(null);
  const backups = useOp("backups", undefined).data ?? [];
  const recovered = useOp("recovered", undefined).data?.length ?? 0;
  const [newest] = backups;
  const repair: Action = { id: "data.repair", title: "Repair the file", keys: "r", group: "Settings", run: () => setAsking("repair") };
  const restore: Action = { id: "data.restore", title: "Put a backup back", keys: "b", group: "Settings", when: newest !== undefined, run: () => setAsking("restore") };
  useActions([repair, restore]);
  return (
    <Section title="Data" note={newest === undefined ? "no backup yet; one is made every day after a sync" : `${countOf(backups.length, "backup")}, the newest ${formatRelative(newest.made_at, now)}`}>
      <Done />
      {recovered > 0 && (
        <div className={styles.told}>
          <Notice tone="warn" title={`${countOf(recovered, "decision was", "decisions were")} recovered`} actions={<Link to="/activity" search={{ show: "needs" }}>Look through them in the outbox</Link>}>
            Nothing of them is sent before you have confirmed them.
          </Notice>
        </div>
      )}
      <div className={styles.buttons}>
        <Button action={repair} />
        <Button action={restore} disabledReason={newest === undefined ? "There is no backup yet" : undefined} />
      </div>
      {asking === "repair" && <RepairDialog passphrase={passphrase} onClose={() => setAsking(null)} />}
      {asking === "restore" && <RestoreDialog backups={backups} passphrase={passphrase} onClose={() => setAsking(null)} />}
    </Section>
  );
}

const REPAIRED = ["done", "repair"] as const;
const RESTORED = ["done", "restore"] as const;

/** What the last repair and the last backup that was put back came to. */
function Done() {
  const repaired = useQuery<Repaired>({ queryKey: REPAIRED, queryFn: skipToken }).data;
  const restored = useQuery<Restored>({ queryKey: RESTORED, queryFn: skipToken }).data;
  return (
    <>
      {repaired && (
        <div className={styles.told}>
          <Notice tone={repaired.torn.length > 0 ? "warn" : "ok"} title={repaired.damaged ? "The file was repaired" : "The file is whole"}>
            {repaired.text}
          </Notice>
        </div>
      )}
      {restored && (
        <div className={styles.told}>
          <Notice tone={restored.recovered.length > 0 || restored.unread !== null ? "warn" : "ok"} title="The backup was put back">
            {restored.kept !== null && `The file in use before is kept as ${restored.kept}. `}
            {restored.unread !== null && `It could not be compared: ${restored.unread}. `}
            {restored.doubted > 0 && `${countOf(restored.doubted, "change is", "changes are")} looked for in the CRM before anything is sent.`}
          </Notice>
          <Titles title="Not in the backup; they wait for your word in the outbox" titles={restored.recovered} />
          <Titles title="Not in the backup, in the CRM already; the next sync reads them" titles={restored.landed} />
        </div>
      )}
    </>
  );
}

function Titles({ title, titles }: { title: string; titles: readonly string[] }) {
  if (titles.length === 0) return null;
  return (
    <>
      <p className="t2">{title}</p>
      <ul className={styles.titles} aria-label={title}>
        {titles.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}

function RepairDialog({ passphrase, onClose }: { passphrase: Passphrase; onClose: () => void }) {
  const client = useQueryClient();
  const [words, setWords] = useState("");
  const repair = useCommand("repair", { failed: "The file was not repaired", done: (done) => (done.damaged ? "The file was repaired; what was done is in Settings, Data" : done.text) });
  const free = !repair.isPending && (passphrase !== "needed" || words !== "");
  const submit = () => {
    if (!free) return;
    void repair.mutateAsync(words === "" ? {} : { passphrase: words }).then(
      (done) => client.setQueryData(REPAIRED, done),
      () => undefined, // Told by the command.
    );
    onClose();
  };
  return (
    <ActDialog title="Repair the file" verb="Repair" free={free} onSubmit={submit} onClose={onClose}>
      <ul className={styles.titles}>
        <li>A file that is whole is left as it is.</li>
        <li>What can be read of a damaged one goes into a new file; what its pages have lost comes from the journal and the newest backup.</li>
        <li>The damaged file is kept beside it.</li>
        <li>The CRM is asked before anything is sent; its records are read again by the next sync.</li>
      </ul>
      <PassphraseField passphrase={passphrase} value={words} onChange={setWords} />
    </ActDialog>
  );
}

function RestoreDialog({ backups, passphrase, onClose }: { backups: readonly BackupRow[]; passphrase: Passphrase; onClose: () => void }) {
  const now = useNow();
  const client = useQueryClient();
  const [name, setName] = useState(backups[0]?.name ?? null);
  const [words, setWords] = useState("");
  const restore = useCommand("restoreBackup", { failed: "The backup was not put back", done: "The backup was put back; what it lacks is in Settings, Data" });
  const free = name !== null && !restore.isPending && (passphrase !== "needed" || words !== "");
  const submit = () => {
    if (!free) return;
    void restore.mutateAsync({ name, ...(words === "" ? {} : { passphrase: words }) }).then(
      (done) => client.setQueryData(RESTORED, done),
      () => undefined, // Told by the command.
    );
    onClose();
  };
  return (
    <ActDialog title="Put a backup back" verb="Put it back" free={free} onSubmit={submit} onClose={onClose}>
      <Select
        label="Backup of"
        wide
        autoFocus
        options={backups.map((one) => ({ id: one.name, name: formatMoment(one.made_at, now), hint: `${one.name}, ${formatBytes(one.bytes)}` }))}
        value={name}
        onChange={setName}
      />
      <ul className={styles.titles}>
        <li>The file in use now is kept beside it.</li>
        <li>What the backup would send is looked for in the CRM first, so that nothing is sent twice.</li>
        <li>Decisions that it lacks are named; those that the CRM does not have wait for your word in the outbox.</li>
      </ul>
      <PassphraseField passphrase={passphrase} value={words} onChange={setWords} />
    </ActDialog>
  );
}

function PassphraseField({ passphrase, value, onChange }: { passphrase: Passphrase; value: string; onChange: (value: string) => void }) {
  if (passphrase === "none") return null;
  return <TextField label="Passphrase" secret wide value={value} onChange={onChange} maxLength={1024} {...(passphrase === "perhaps" ? { help: "Only where the keyring does not hold the key" } : {})} />;
}

function ActDialog({ title, verb, free, onSubmit, onClose, children }: { title: string; verb: string; free: boolean; onSubmit: () => void; onClose: () => void; children: ReactNode }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      note="the workspace is closed meanwhile"
      onSubmit={onSubmit}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={!free} onPress={onSubmit}>
            {verb}
          </Button>
          <Button keys="Escape" onPress={onClose}>
            Leave it
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
