/** Where registrations come from: a file that is chosen or dropped, or text that is pasted; and how partners can send them by themselves. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { TextArea } from "../../components/Field";
import { ExportIcon } from "../../components/icons";
import { DetailBody } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { GuideDialog } from "./GuideDialog";
import styles from "./Intake.module.css";

/** The first step. */
export function Source() {
  const navigate = useNavigate({ from: "/import" });
  const [text, setText] = useState("");
  const [guide, setGuide] = useState(false);
  const choose = useCommand("openImport", { quiet: true });
  const paste = useCommand("pasteImport", { quiet: true });
  const open = (id: string) => void navigate({ to: "/import", search: { id } });
  const busy = choose.isPending || paste.isPending;
  const file: Action = { id: "import.choose", title: "Choose a file", keys: "o", group: "Import", when: !busy, run: () => choose.mutate(undefined, { onSuccess: (done) => done.import && open(done.import.id) }) };
  const read: Action = { id: "import.paste", title: "Read the text", keys: "Mod+Enter", group: "Import", inFields: true, when: !busy && text.trim() !== "", run: () => paste.mutate({ text }, { onSuccess: (made) => open(made.id) }) };
  const admin: Action = { id: "import.guide", title: "How partners register by themselves", keys: "h", group: "Import", run: () => setGuide(true) };
  useActions([file, read, admin]);
  const error = choose.error ?? paste.error;
  return (
    <div className={styles.sheet}>
      <DetailBody
        label="Where registrations come from"
        aside={
          <Section title="How it goes on">
            <ol className={styles.steps}>
              <li>Every value is shown with the place where it was found. What cannot be read for certain is a problem of its row, never a guess.</li>
              <li>Each row is compared with the accounts, deals and registrations that are there, and with the rows before it.</li>
              <li>You choose what is saved. Each row becomes a registration of its own, goes to the CRM with the next sync, and can be taken back.</li>
            </ol>
            <div className={styles.buttons}>
              <Button kind="quiet" action={admin} />
            </div>
          </Section>
        }
      >
        <h2 className="sr">Where registrations come from</h2>
        {error && (
          <div className={styles.told}>
            <ErrorNotice error={error} title="It was not read" />
          </div>
        )}
        <Section title="A file" note="CSV, or a mail saved as .eml">
          <div className={styles.drop}>
            <ExportIcon />
            <p>
              <b>Drop a file anywhere on this window</b>
              <span className="t3 small">a table with one registration a line, or one mail</span>
            </p>
            <Button kind="primary" action={file}>
              {choose.isPending ? "Reading" : "Choose a file"}
            </Button>
          </div>
        </Section>
        <Section title="Text" note="a table, a mail or a filled form">
          <TextArea label="Pasted text" hideLabel value={text} onChange={setText} rows={10} maxLength={2_000_000} placeholder="Paste it here" wide />
          <div className={styles.buttons}>
            <Button action={read}>{paste.isPending ? "Reading" : "Read the text"}</Button>
          </div>
        </Section>
      </DetailBody>
      {guide && <GuideDialog onClose={() => setGuide(false)} />}
    </div>
  );
}
