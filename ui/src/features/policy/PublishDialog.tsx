/** Publishing the policy in force as rules of engagement: in which forms, where they were written, with their fingerprints (G-04). */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { PolicyFormat, PolicyView } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Checkbox } from "../../components/Field";
import { ErrorNotice, Notice } from "../../components/Section";
import { formatBytes } from "../../format/number";
import { optionsOf } from "../../format/words";
import styles from "./Policy.module.css";

const FORMATS = optionsOf(labels.PolicyFormat);

/** The dialog; mounted while open. */
export function PublishDialog({ view, onClose }: { view: PolicyView; onClose: () => void }) {
  const [formats, setFormats] = useState<ReadonlySet<PolicyFormat>>(new Set<PolicyFormat>(["pdf"]));
  const publish = useCommand("publishPolicy", { quiet: true });
  const done = publish.data;
  const send = () => {
    if (formats.size > 0 && !publish.isPending) publish.mutate({ formats: FORMATS.map((one) => one.id).filter((id) => formats.has(id)) });
  };
  const toggle = (id: PolicyFormat, on: boolean) => {
    const next = new Set(formats);
    if (on) next.add(id);
    else next.delete(id);
    setFormats(next);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Publish the rules of engagement"
      note={`version ${view.version}`}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={formats.size === 0 || publish.isPending} onPress={send}>
            {publish.isPending ? "Writing" : "Publish"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            {done ? "Close" : "Cancel"}
          </Button>
        </>
      }
    >
      <p className="t2">A document for partners and sellers: every rule in words, its number, the version and its day. It holds nothing about any partner.</p>
      <div className={styles.list} role="group" aria-label="In which forms">
        {FORMATS.map((one) => (
          <Checkbox key={one.id} value={formats.has(one.id)} onChange={(on) => toggle(one.id, on)}>
            {one.name}
          </Checkbox>
        ))}
      </div>
      {publish.error && <ErrorNotice error={publish.error} title="The rules were not published" />}
      {done && (
        <Notice tone="ok" title={done.files.length === 0 ? "Nothing was written" : `Version ${done.version} is published`}>
          {done.files.length === 0
            ? "No place was chosen."
            : done.files.map((file) => (
                <span key={file.path} className={styles.path}>
                  {file.path}, {formatBytes(file.bytes)}
                  <span className="t3 micro"> SHA-256 {file.sha256.slice(0, 16)}…</span>
                </span>
              ))}
        </Notice>
      )}
    </Dialog>
  );
}
