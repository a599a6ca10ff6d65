/** What narrows the channel conflicts: a button that says how many filters are on, and the dialog where they are chosen (F). */
import { useState } from "react";
import { labels } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextField } from "../../components/Field";
import { FilterIcon } from "../../components/icons";
import { FILTERS } from "./channel";
import styles from "./Channel.module.css";
import { KINDS, MOTIONS } from "../../channel/words";
import type { ConflictsSearch } from "./conflicts.search";

const ANY = "";

/** The button and its dialog. */
export function ChannelFilters({ search, open, onOpen, onChange }: { search: ConflictsSearch; open: boolean; onOpen: (open: boolean) => void; onChange: (change: Partial<ConflictsSearch>) => void }) {
  const on = FILTERS.filter((name) => search[name] !== undefined).length;
  return (
    <>
      <Button kind="quiet" icon={<FilterIcon size={14} />} keys="f" pressed={on > 0} onPress={() => onOpen(true)}>
        {on === 0 ? "Filter" : `Filter, ${on} on`}
      </Button>
      {open && (
        <FilterDialog
          search={search}
          onClose={() => onOpen(false)}
          onApply={(change) => {
            onOpen(false);
            onChange(change);
          }}
        />
      )}
    </>
  );
}

type Draft = Record<(typeof FILTERS)[number], string>;

function FilterDialog({ search, onClose, onApply }: { search: ConflictsSearch; onClose: () => void; onApply: (change: Partial<ConflictsSearch>) => void }) {
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }).data?.rows ?? [];
  const known = useOp("conflictFilters", undefined).data?.regions ?? [];
  // One that came with the address and no longer occurs is shown, so that it can be taken away.
  const regions = search.region === undefined || known.includes(search.region) ? known : [search.region, ...known];
  const [draft, setDraft] = useState<Draft>(() => ({ kind: search.kind ?? ANY, partner: search.partner ?? ANY, motion: search.motion ?? ANY, region: search.region ?? ANY, from: search.from === undefined ? ANY : String(search.from), text: search.text ?? ANY }));
  const [tried, setTried] = useState(false);
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const wrong = draft.from.trim() !== "" && !/^[1-9]\d{0,8}$/.test(draft.from.trim());
  const apply = () => {
    setTried(true);
    if (wrong) return;
    const word = (text: string) => (text.trim() === "" ? undefined : text.trim());
    onApply({
      kind: KINDS.find((kind) => kind === draft.kind),
      partner: word(draft.partner),
      motion: MOTIONS.find((motion) => motion === draft.motion),
      region: word(draft.region),
      from: draft.from.trim() === "" ? undefined : Number(draft.from),
      text: word(draft.text),
    });
  };
  const any = { id: ANY, name: "any" };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Filter channel conflicts"
      onSubmit={apply}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" onPress={apply}>
            Apply
          </Button>
          <Button kind="quiet" onPress={() => setDraft({ kind: ANY, partner: ANY, motion: ANY, region: ANY, from: ANY, text: ANY })}>
            Clear all
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <div className={styles.dialogGrid}>
        <Select label="Type" options={[any, ...KINDS.map((id) => ({ id, name: labels.ConflictKind[id] }))]} value={draft.kind} onChange={(kind) => set({ kind })} autoFocus wide />
        <Select label="Partner" options={[any, ...partners.map((partner) => ({ id: partner.id as string, name: partner.name }))]} value={draft.partner} onChange={(partner) => set({ partner })} wide />
        <Select label="Motion" options={[any, ...MOTIONS.map((id) => ({ id, name: labels.Motion[id] }))]} value={draft.motion} onChange={(motion) => set({ motion })} wide />
        <Select label="Region" options={[any, ...regions.map((region) => ({ id: region, name: region }))]} value={draft.region} onChange={(region) => set({ region })} wide />
        <TextField label="At stake from, whole units" value={draft.from} onChange={(from) => set({ from })} placeholder="any" maxLength={9} error={tried && wrong ? "A plain number: 50000" : undefined} wide />
        <TextField label="Words in the account or a party" value={draft.text} onChange={(text) => set({ text })} maxLength={200} wide />
      </div>
    </Dialog>
  );
}
