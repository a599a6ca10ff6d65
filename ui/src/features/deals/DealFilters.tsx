/**
 * What narrows the table: words, a chip for each filter with its cross (Backspace takes the last one away), and the dialog where filters
 * are chosen (F), for all of them or for one column with its order and whether it is shown.
 */
import { useState } from "react";
import type { ReactNode } from "react";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Checkbox, DateField, Segments, Select, TextField } from "../../components/Field";
import type { Option } from "../../components/Field";
import { CrossIcon, PlusIcon, SearchIcon } from "../../components/icons";
import { formatCount } from "../../format/number";
import { wordOf } from "../../format/words";
import { DEAL_COLUMNS, hiddenIn, hiddenText } from "./columns";
import type { DealColumn } from "./columns";
import { CREDITS, MOTIONS, OUTCOMES, SORTS } from "./deals.search";
import type { DealsSearch } from "./deals.search";
import styles from "./Deals.module.css";
import { FILTERS } from "./views";
import type { FilterName } from "./views";

const ANY = "";
const ORDERS = [
  { id: "kept", name: "As it is" },
  { id: "ascending", name: "Ascending" },
  { id: "descending", name: "Descending" },
] as const;
const LABEL: Record<FilterName, string> = {
  outcome: "Status",
  motion: "Motion",
  partner: "Partner",
  partnered: "Has a partner",
  stage: "Stage",
  owner: "Owner",
  from: "Closes from",
  to: "Closes until",
  min: "Amount from",
  max: "Amount up to",
  hygiene: "Hygiene up to",
  credit: "Credit",
};
/** What is typed as a whole number. */
const NUMBERS = ["min", "max", "hygiene"] as const satisfies readonly FilterName[];
const DAYS = ["from", "to"] as const satisfies readonly FilterName[];
type Chosen = Exclude<FilterName, (typeof NUMBERS)[number] | (typeof DAYS)[number]>;
const isNumeric = (name: FilterName): name is (typeof NUMBERS)[number] => NUMBERS.some((one) => one === name);
const isDayName = (name: FilterName): name is (typeof DAYS)[number] => DAYS.some((one) => one === name);

/** What can be chosen, by filter. */
function useOptions(enabled: boolean): Record<Chosen, Option[]> {
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
    credit: CREDITS.map((id) => ({ id, name: wordOf(id) })),
  };
}

/** The bar over the table. */
export function DealFilters({ search, onChange, order, view, onViews, dialog, onDialog }: { search: DealsSearch; onChange: (change: Partial<DealsSearch>) => void; order: ReactNode; view: string | undefined; onViews: () => void; dialog: "all" | DealColumn | null; onDialog: (dialog: "all" | null) => void }) {
  const set = FILTERS.filter((name) => search[name] !== undefined);
  const options = useOptions(dialog !== null || set.length > 0);
  const said = (name: FilterName) => {
    const value = search[name] ?? "";
    if (typeof value === "number") return formatCount(value);
    return isDayName(name) || isNumeric(name) ? value : (options[name].find((option) => option.id === value)?.name ?? value);
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
      <Button kind="quiet" icon={<PlusIcon size={14} />} keys="f" onPress={() => onDialog("all")}>
        Filter
      </Button>
      <Button kind="quiet" keys="v" onPress={onViews}>
        <span className="cut">{view ?? "Views"}</span>
      </Button>
      <span className={styles.order}>{order}</span>
      {dialog !== null && (
        <FilterDialog
          search={search}
          options={options}
          column={dialog === "all" ? null : dialog}
          onClose={() => onDialog(null)}
          onApply={(change) => {
            onDialog(null);
            onChange(change);
          }}
        />
      )}
    </div>
  );
}

type Draft = Partial<Record<FilterName, string | undefined>>;

/** What is wrong with a typed number; undefined where it may be asked. */
function wrongNumber(name: (typeof NUMBERS)[number], text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  const most = name === "hygiene" ? 100 : 4_000_000_000;
  return /^\d+$/.test(text) && Number(text) <= most ? undefined : `A whole number up to ${formatCount(most)}`;
}

/** All filters, or those of one column with its order and its place in the table. */
function FilterDialog({ search, options, column, onClose, onApply }: { search: DealsSearch; options: ReturnType<typeof useOptions>; column: DealColumn | null; onClose: () => void; onApply: (change: Partial<DealsSearch>) => void }) {
  const names = column === null ? FILTERS : column.filters;
  const [draft, setDraft] = useState<Draft>(() => Object.fromEntries(names.map((name) => [name, search[name] === undefined ? undefined : String(search[name])])));
  const sort = SORTS.find((one) => one === column?.id);
  const [order, setOrder] = useState<"kept" | "ascending" | "descending">("kept");
  const [hidden, setHidden] = useState(() => hiddenIn(search.hide));
  const [tried, setTried] = useState(false);
  const set = (name: FilterName, value: string | undefined) => setDraft({ ...draft, [name]: value });
  const apply = () => {
    setTried(true);
    if (NUMBERS.some((name) => wrongNumber(name, draft[name]) !== undefined)) return;
    const asked = Object.fromEntries(names.map((name) => [name, draft[name] === undefined || draft[name] === "" ? undefined : isNumeric(name) ? Number(draft[name]) : draft[name]]));
    onApply({ ...(asked as Partial<DealsSearch>), ...(sort === undefined || order === "kept" ? {} : { sort, direction: order }), hide: hiddenText(hidden) });
  };
  const show = (id: string, on: boolean) => setHidden(new Set(on ? [...hidden].filter((one) => one !== id) : [...hidden, id]));
  const control = (name: FilterName, first: boolean) => {
    if (isNumeric(name)) return <TextField key={name} label={LABEL[name]} value={draft[name] ?? ""} onChange={(value) => set(name, value)} error={tried ? wrongNumber(name, draft[name]) : undefined} maxLength={10} autoFocus={first} wide />;
    if (isDayName(name)) return <DateField key={name} label={LABEL[name]} value={draft[name] ?? null} onChange={(day) => set(name, day ?? undefined)} autoFocus={first} wide />;
    return <Select key={name} label={LABEL[name]} options={[{ id: ANY, name: "any" }, ...options[name]]} value={draft[name] ?? ANY} onChange={(value) => set(name, value === ANY ? undefined : value)} autoFocus={first} wide />;
  };
  const rest = DEAL_COLUMNS.slice(1).filter((one) => column === null || one.id === column.id);
  return (
    <Dialog
      open
      onClose={onClose}
      title={column === null ? "Filter deals" : column.title}
      {...(column === null ? {} : { note: "order, filters, place" })}
      onSubmit={apply}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" onPress={apply}>
            Apply
          </Button>
          <Button kind="quiet" onPress={() => setDraft({})}>
            {column === null ? "Clear all" : "Clear its filters"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {column !== null && sort !== undefined && <Segments label="Order" options={ORDERS} value={order} onChange={setOrder} />}
      <div className={styles.dialogGrid}>{names.map((name, n) => control(name, n === 0))}</div>
      {rest.length > 0 && (
        <div role="group" aria-label="Columns of the table" className={styles.shown}>
          {rest.map((one) => (
            <Checkbox key={one.id} value={!hidden.has(one.id)} onChange={(on) => show(one.id, on)}>
              {column === null ? one.title : "Shown in the table"}
            </Checkbox>
          ))}
        </div>
      )}
    </Dialog>
  );
}
