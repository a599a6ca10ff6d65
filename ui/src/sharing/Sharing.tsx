/**
 * A partner's pipeline as files that can be sent, from any screen that is about one partner: what is in them and what is not stands there
 * first (V-03), with for whom, until when and the mark; then the system's own dialog asks for the folder, the files are written and
 * it is logged (V-02). Draws nothing until Shift+F is pressed.
 */
import { useState } from "react";
import type { Action } from "../actions/registry";
import { useActions } from "../actions/useActions";
import { labels } from "../api/api.gen";
import type { ShareContents, ShareFormat } from "../api/api.gen";
import { useCommand, useOp } from "../api/queries";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { Checkbox, DateField } from "../components/Field";
import { ErrorNotice, Notice } from "../components/Section";
import { toast } from "../components/toasts";
import { useWhenRead } from "../components/useWhenRead";
import { useNow } from "../components/When";
import { countOf } from "../format/number";
import { dayOf, formatDate } from "../format/time";
import { optionsOf } from "../format/words";
import styles from "./Sharing.module.css";
import { folderOf } from "./shares";

const FORMATS = optionsOf(labels.ShareFormat);

/** Offers it for a partner; the button of a screen may take the same action. */
export function useSharing(partner: string | null) {
  const [asking, setAsking] = useState(false);
  const share: Action = { id: "partner.share", title: "Share as files", keys: "Shift+F", group: "This partner", hint: "what the partner may see", when: partner !== null, run: () => setAsking(true) };
  useActions([share]);
  const dialog = asking && partner !== null ? <ShareDialog key={partner} partner={partner} onClose={() => setAsking(false)} /> : null;
  return { share, dialog };
}

/** Offers it where no button is drawn. */
export function Sharing({ partner }: { partner: string | null }) {
  return useSharing(partner).dialog;
}

function ShareDialog({ partner, onClose }: { partner: string; onClose: () => void }) {
  const now = useNow();
  const [formats, setFormats] = useState<ReadonlySet<ShareFormat>>(new Set<ShareFormat>(["html", "xlsx"]));
  const [expires, setExpires] = useState<string | null>(null);
  const query = useOp("shareContents", { partner, formats: [], expires }, { keep: true });
  const share = useCommand("share", { quiet: true });
  const contents = query.data;
  const chosen = FORMATS.filter((one) => formats.has(one.id)).map((one) => one.id);
  const free = contents !== undefined && query.error === null && chosen.length > 0 && !share.isPending;
  const { waits, press } = useWhenRead(query.isPending || query.isPlaceholderData, `${partner} ${expires ?? ""}`, () => {
    if (!free) return;
    share.mutate(
      { partner, formats: chosen, expires: expires ?? contents.until },
      {
        onSuccess({ made }) {
          // The folder was not chosen: everything stands as it was.
          if (made === null) return;
          onClose();
          toast({ title: `${countOf(made.files.length, "file")} for ${made.contents.partner_name} written`, body: `${folderOf(made.files[0]?.path ?? "")}; logged in Activity` });
        },
      },
    );
  });
  const toggle = (format: ShareFormat, on: boolean) => {
    const next = new Set(formats);
    if (on) next.add(format);
    else next.delete(format);
    setFormats(next);
  };
  const error = share.error ?? query.error;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={contents === undefined ? "Share as files" : `Share with ${contents.partner_name}`}
      note="its own pipeline, through its safelist"
      onSubmit={press}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={share.isPending || chosen.length === 0} disabledReason={chosen.length === 0 ? "Choose at least one kind of file" : undefined} onPress={press}>
            {share.isPending ? "Writing …" : "Choose a folder and write"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className="end t3 small" role="status">
            {waits ? "goes on as soon as it is read" : "logged in Activity"}
          </span>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="The share was not written" />}
      <div className={styles.asked}>
        <div className={styles.formats} role="group" aria-label="Files">
          {FORMATS.map((one) => (
            <Checkbox key={one.id} value={formats.has(one.id)} onChange={(on) => toggle(one.id, on)}>
              {one.name}
            </Checkbox>
          ))}
        </div>
        <DateField label="Last day" value={expires ?? contents?.until ?? null} min={dayOf(now)} onChange={setExpires} />
      </div>
      {contents !== undefined && <Contents contents={contents} now={now} />}
    </Dialog>
  );
}

function Contents({ contents, now }: { contents: ShareContents; now: number }) {
  const rows = contents.sections.reduce((all, section) => all + section.rows, 0);
  return (
    <>
      {contents.pending > 0 && (
        <Notice tone="info" title={`${countOf(contents.pending, "change")} not in the CRM yet`}>
          The files say what stands here, which the CRM has not taken yet.
        </Notice>
      )}
      <section aria-label="What is in it">
        <p className={styles.head}>
          <span className="strong">In it</span> <span className="t3">{rows === 0 ? "nothing but its name" : countOf(rows, "row")}</span>
        </p>
        <ul className={styles.sections}>
          {contents.sections.map((section) => (
            <li key={section.key}>
              <span>{section.title}</span>
              <span className="num t2">{countOf(section.rows, "row")}</span>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="What is not in it">
        <p className={styles.head}>
          <span className="strong">Not in it</span> <span className="t3">{countOf(contents.withheld.length, "field")}, and every other partner</span>
        </p>
        <ul className={styles.withheld}>
          {contents.withheld.map((field) => (
            <li key={field}>{field}</li>
          ))}
        </ul>
      </section>
      <p className="t2">
        Every page says that it is for {contents.partner_name}, that it holds until {formatDate(contents.until, now)}, and carries a number of its own by which a copy is known again. The day is said; a file cannot end itself.
      </p>
    </>
  );
}
