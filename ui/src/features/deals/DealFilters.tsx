/** What narrows the table: words, a chip for each filter with its cross, and the dialog where filters are chosen (F). */
import { useState } from "react";
import type { ReactNode } from "react";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, Select, TextField } from "../../components/Field";
import type { Option } from "../../components/Field";
import { CrossIcon, PlusIcon, SearchIcon } from "../../components/icons";
import { wordOf } from "../../format/words";
import { MOTIONS, OUTCOMES } from "./deals.search";
import type { DealsSearch } from "./deals.search";
import styles from "./Deals.module.css";
import { FILTERS } from "./views";
import type { FilterName } from "./views";

const ANY = "";
const LABEL: Record<FilterName, string> = {
  outcome: "Status",
  motion: "Motion",
  partner: "Partner",
  partnered: "Has a partner",
  stage: "Stage",
  owner: "Owner",
  from: "Closes from",
  to: "Closes until",
};

/** What can be chosen, by filter. */
function useOptions(enabled: boolean): Record<Exclude<FilterName, "from" | "to">, Option[]> {
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }, { enabled }).data?.rows ?? [];
  const pipelines = useOp("mapping", undefined, { enabled }).data?.pipelines ?? [];
  const owners = useOp("settings", undefined, { enabled }).data?.owners ?? [];
  return {
    outcome: OUTCOMES.map((id) => ({ id, name: wordOf(id) })),
    motion: MOTIONS.map((id) => ({ id, name: wordOf(id) })),
    partner: partners.map((partner) => ({ id: partner.id, name: partner.name })),
    partnered: [
      { id: "yes", name: "Yes" },
      { id: "no", name: "No, direct" },
    ],
    stage: pipelines.filter((pipeline) => pipeline.counts).flatMap((pipeline) => pipeline.stages.map((stage) => ({ id: stage.id, name: stage.label, hint: pipeline.label }))),
    owner: owners.map((owner) => ({ id: owner.id, name: owner.name })),
  };
}

/** The bar over the table. */
export function DealFilters({ search, onChange, order, view, onViews, dialog, onDialog }: { search: DealsSearch; onChange: (change: Partial<DealsSearch>) => void; order: ReactNode; view: string | undefined; onViews: () => void; dialog: boolean; onDialog: (open: boolean) => void }) {
  const set = FILTERS.filter((name) => search[name] !== undefined);
  const options = useOptions(dialog || set.length > 0);
  const said = (name: FilterName) => {
    const value = search[name] ?? "";
    return name === "from" || name === "to" ? value : (options[name].find((option) => option.id === value)?.name ?? value);
  };
  return (
    <div className={styles.filters} role="toolbar" aria-label="Filters">
      <div className={styles.words}>
        <TextField label="Words in deal, account or partner" hideLabel placeholder="Deal, account, partner" icon={<SearchIcon size={14} />} value={search.text ?? ""} onChange={(text) => onChange({ text: text === "" ? undefined : text })} maxLength={200} wide />
      </div>
      {set.map((name) => (
        <span key={name} className={styles.chip}>
          {LABEL[name]} <b>{said(name).toLowerCase() === "yes" ? "yes" : said(name)}</b>
          <button type="button" aria-label={`Remove the filter ${LABEL[name]}`} onClick={() => onChange({ [name]: undefined })}>
            <CrossIcon size={12} />
          </button>
        </span>
      ))}
      <Button kind="quiet" icon={<PlusIcon size={14} />} keys="f" onPress={() => onDialog(true)}>
        Filter
      </Button>
      <Button kind="quiet" keys="v" onPress={onViews}>
        <span className="cut">{view ?? "Views"}</span>
      </Button>
      <span className={styles.order}>{order}</span>
      {dialog && (
        <FilterDialog
          search={search}
          options={options}
          onClose={() => onDialog(false)}
          onApply={(change) => {
            onDialog(false);
            onChange(change);
          }}
        />
      )}
    </div>
  );
}

type Draft = Partial<Record<FilterName, string | undefined>>;

function FilterDialog({ search, options, onClose, onApply }: { search: DealsSearch; options: ReturnType<typeof useOptions>; onClose: () => void; onApply: (change: Partial<DealsSearch>) => void }) {
  const [draft, setDraft] = useState<Draft>(() => Object.fromEntries(FILTERS.map((name) => [name, search[name]])));
  const apply = () => onApply(draft as Partial<DealsSearch>);
  const choose = (name: Exclude<FilterName, "from" | "to">, first = false) => (
    <Select
      label={LABEL[name]}
      options={[{ id: ANY, name: "any" }, ...options[name]]}
      value={draft[name] ?? ANY}
      onChange={(value) => setDraft({ ...draft, [name]: value === ANY ? undefined : value })}
      autoFocus={first}
      wide
    />
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Filter deals"
      onSubmit={apply}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" onPress={apply}>
            Apply
          </Button>
          <Button kind="quiet" onPress={() => setDraft({})}>
            Clear all
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      <div className={styles.dialogGrid}>
        {choose("motion", true)}
        {choose("outcome")}
        {choose("partner")}
        {choose("partnered")}
        {choose("stage")}
        {choose("owner")}
        <DateField label={LABEL.from} value={draft.from ?? null} onChange={(day) => setDraft({ ...draft, from: day ?? undefined })} wide />
        <DateField label={LABEL.to} value={draft.to ?? null} onChange={(day) => setDraft({ ...draft, to: day ?? undefined })} wide />
      </div>
    </Dialog>
  );
}
