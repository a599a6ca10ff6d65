/**
 * How packs look: two colours, a typeface, a logo. P changes it in a dialog that draws the slides as one types and says at once what
 * could not be read; nothing is kept before it is saved, and what was saved is taken back with Z. A picture is chosen in the system's
 * own dialog: this page never has its path.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { LookFinding, LookPart, PackLook } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { ErrorNotice, FactGrid, Section } from "../../components/Section";
import { toast } from "../../components/toasts";
import { formatBytes } from "../../format/number";
import { draftOf, findingOf, isOwn, lookOf } from "./look";
import type { LookDraft } from "./look";
import styles from "./Look.module.css";
import { LookPreview } from "./LookPreview";
import settings from "./Settings.module.css";

const OWN_FONT = "Arial";

/** The section. `vendor` is the name that stands on covers. */
export function Look({ vendor }: { vendor: string }) {
  const { data: look, error, refetch } = useOp("packLook", undefined);
  const save = useCommand("saveLook", { failed: "Packs look as they did" });
  const [editing, setEditing] = useState(false);
  const change: Action = { id: "settings.look", title: "Change how packs look", keys: "p", group: "Settings", when: look !== undefined, run: () => setEditing(true) };
  const own = look !== undefined && isOwn(look.chosen);
  const reset: Action = {
    id: "settings.look.reset",
    title: "Packs as Drumbeat has them",
    group: "Settings",
    when: own && !save.isPending,
    run: () => look && save.mutate({}, { onSuccess: () => toast({ title: "Packs look as Drumbeat has them", undo: () => save.mutate(look.chosen) }) }),
  };
  useActions([change, reset]);
  return (
    <Section title="Packs" note={own ? "colours, typeface and logo of your own" : "colours and typeface are Drumbeat’s own"}>
      {error && <ErrorNotice error={error} title="How packs look could not be read" actions={<Button onPress={() => void refetch()}>Try again</Button>} />}
      {look && (
        <>
          <div className={styles.kept}>
            <LookPreview accent={look.accent} second={look.second} font={look.chosen.font ?? null} logo={look.logo} vendor={vendor} label={`A cover and a chart in ${look.accent} and ${look.second}`} />
            <FactGrid
              columns={1}
              facts={[
                { label: "First colour", value: <Coloured colour={look.accent} />, title: look.accent },
                { label: "Second colour", value: <Coloured colour={look.second} />, title: look.second },
                { label: "Typeface", value: look.chosen.font ?? OWN_FONT, title: "of slides, pages and workbooks; PDFs carry Inter inside" },
                { label: "Logo", value: look.logo === null ? "none" : `${look.logo.width} × ${look.logo.height}, ${formatBytes(look.logo.bytes)}` },
              ]}
            />
          </div>
          <div className={settings.buttons}>
            <Button action={change}>Change the look</Button>
            {own && <Button kind="quiet" action={reset} />}
          </div>
          {editing && <LookDialog look={look} vendor={vendor} onClose={() => setEditing(false)} />}
        </>
      )}
    </Section>
  );
}

function Coloured({ colour }: { colour: string }) {
  return (
    <span className={styles.value}>
      <Swatch colour={colour} />
      {colour}
    </span>
  );
}

function Swatch({ colour }: { colour: string }) {
  return (
    <svg className={styles.swatch} viewBox="0 0 14 14" aria-hidden="true">
      <rect x="0.5" y="0.5" width="13" height="13" rx="2.500" fill={colour} />
    </svg>
  );
}

function LookDialog({ look, vendor, onClose }: { look: PackLook; vendor: string; onClose: () => void }) {
  const [draft, setDraft] = useState<LookDraft>(() => draftOf(look));
  const request = lookOf(draft);
  // The logo was checked when it was chosen.
  const checked = useOp("checkLook", { ...request, logo: null }, { keep: true }).data;
  const save = useCommand("saveLook", { quiet: true });
  const choose = useCommand("chooseLogo", { quiet: true });
  const found = checked?.found ?? [];
  const refused = found.some((one) => one.refused);
  const set = (change: Partial<LookDraft>) => setDraft({ ...draft, ...change });
  const pick = () =>
    choose.mutate(undefined, {
      onSuccess: ({ logo }) => {
        if (logo !== null) setDraft((now) => ({ ...now, logo }));
      },
    });
  const send = () => {
    if (refused || save.isPending || choose.isPending) return;
    save.mutate(request, {
      onSuccess: () => {
        onClose();
        toast({ title: "Packs look like this from now on", undo: () => save.mutate(look.chosen) });
      },
    });
  };
  const logo: Action = { id: "look.logo", title: draft.logo === null ? "Choose a logo" : "Choose another", keys: "Mod+O", inFields: true, when: !choose.isPending, run: pick };
  const accent = checked?.accent ?? look.accent;
  const second = checked?.second ?? look.second;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title="How packs look"
      note="every pack, status and share that is made from now on"
      onSubmit={send}
      actions={[logo]}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={refused || save.isPending || choose.isPending} disabledReason={refused ? "A colour or the typeface cannot be taken" : undefined} onPress={send}>
            Save
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className="end t3 small">what is left empty is as Drumbeat has it</span>
        </>
      }
    >
      {save.error && <ErrorNotice error={save.error} title="The look was not saved" />}
      <div className={styles.fields}>
        <div className={styles.column}>
          <Colour part="accent" label="First colour" own="#2F56C6" drawn={accent} found={found} value={draft.accent} onChange={(text) => set({ accent: text })} autoFocus help="titles, sourced bookings" />
          <Colour part="second" label="Second colour" own="#7590DE" drawn={second} found={found} value={draft.second} onChange={(text) => set({ second: text })} help="influenced bookings, smaller bars" />
          <TextField
            label="Typeface"
            wide
            placeholder={OWN_FONT}
            maxLength={40}
            value={draft.font}
            onChange={(font) => set({ font })}
            error={findingOf(found, "font")?.text}
            help="of slides, pages and workbooks; a reader without it sees their own. PDFs carry Inter inside"
          />
          <div className={styles.logo} role="group" aria-label="Logo">
            <span className="t3 small">Logo</span>
            {draft.logo !== null && <img className={styles.picture} src={draft.logo.picture} alt={`The logo, ${draft.logo.width} by ${draft.logo.height} pixels`} />}
            <div className={styles.verbs}>
              <Button action={logo} />
              {draft.logo !== null && (
                <Button kind="quiet" onPress={() => set({ logo: null })}>
                  Take it away
                </Button>
              )}
            </div>
            <span className="t3 small">a PNG of at most 256 KB and 4000 pixels a side</span>
            {choose.error && <ErrorNotice error={choose.error} title="The logo was not taken" />}
          </div>
        </div>
        <LookPreview accent={accent} second={second} font={refusedFont(found) ? null : request.font ?? null} logo={draft.logo} vendor={vendor} label={`A cover and a chart in ${accent} and ${second}`} />
      </div>
    </Dialog>
  );
}

function refusedFont(found: readonly LookFinding[]): boolean {
  return findingOf(found, "font") !== null;
}

interface ColourProps {
  part: LookPart;
  label: string;
  /** Drumbeat's own, in grey where nothing is typed. */
  own: string;
  /** What is drawn for it. */
  drawn: string;
  found: readonly LookFinding[];
  value: string;
  onChange: (text: string) => void;
  help: string;
  autoFocus?: boolean;
}

function Colour({ part, label, own, drawn, found, value, onChange, help, autoFocus }: ColourProps) {
  const finding = findingOf(found, part);
  const advice = finding !== null && !finding.refused;
  return (
    <TextField
      label={label}
      wide
      placeholder={own}
      maxLength={20}
      icon={<Swatch colour={drawn} />}
      value={value}
      onChange={onChange}
      error={finding?.refused ? finding.text : undefined}
      help={
        advice ? (
          <span className="warn" role="status">
            {finding.text}
          </span>
        ) : (
          help
        )
      }
      {...(autoFocus ? { autoFocus: true } : {})}
    />
  );
}
