/** What Drumbeat would add to the CRM, shown before it is done; it can be skipped, and the workspace is then of less use. */
import { useEffect, useRef } from "react";
import { useActions } from "../../actions/useActions";
import type { ProvisionItem, ProvisionPlan, Status } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar } from "../../components/ListDetail";
import { EmptyState, ErrorNotice, Notice } from "../../components/Section";
import { CheckIcon, PlusIcon } from "../../components/icons";
import { Tag } from "../../components/Tag";
import { groupBy } from "../../format/group";
import { countOf } from "../../format/number";
import { vendorWords } from "../../format/vendor";
import { KIND_NAME } from "./mapping";
import { StepHead } from "./Steps";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

/** The step. */
export function CreateStep({ go, status }: { go: (step: Step) => void; status: Status }) {
  const ask = useCommand("provisionPlan", { quiet: true });
  const create = useCommand("provision", { quiet: true });
  const asked = useRef(false);
  const { mutate } = ask;
  useEffect(() => {
    // Asking twice would only cost requests; the CRM is asked once for each visit.
    if (asked.current) return;
    asked.current = true;
    mutate(undefined);
  }, [mutate, asked]);

  const plan = create.data ?? ask.data;
  const words = vendorWords(status.vendor);
  const missing = plan?.missing ?? 0;
  const busy = ask.isPending || create.isPending;
  const canCreate = plan !== undefined && missing > 0 && plan.refused === null && !busy;
  const next = () => go("sync");
  const takesPackage = status.vendor === "salesforce" && missing > 0;
  const save = useCommand("saveAdminPackage", { failed: "The package was not saved", done: (saved) => `Saved as ${saved.file}` });
  const savePackage = () => save.mutate(undefined);
  const run = () => (canCreate ? create.mutate(undefined, { onSuccess: (answer) => answer.missing === 0 && next() }) : next());

  useActions([
    { id: "create.run", title: canCreate ? "Create them" : "Go on to the first sync", keys: ["Enter", "Mod+Enter"], group: "Welcome", when: !busy, run },
    { id: "create.skip", title: "Skip, create nothing", keys: "s", group: "Welcome", when: canCreate, run: next },
    { id: "create.package", title: "Save the package for the admin", keys: "p", group: "Welcome", when: takesPackage && !busy && !save.isPending, run: savePackage },
    { id: "create.back", title: "Back", keys: "Escape", group: "Welcome", when: !busy, run: () => go("fields") },
  ]);

  return (
    <div className={styles.page}>
      <StepHead step="create" title="What would be created" meta={[status.name, plan ? `${countOf(missing, ...words.property)} missing, ${plan.items.length - missing} already there` : "asking the CRM"]} />
      <div className={styles.rows}>
        {ask.error && (
          <div className={styles.notice}>
            <ErrorNotice error={ask.error} title="The CRM did not say what it has" actions={<Button onPress={() => mutate(undefined)}>Ask again</Button>} />
          </div>
        )}
        {create.error && (
          <div className={styles.notice}>
            <ErrorNotice error={create.error} title="Not everything was created" />
          </div>
        )}
        {plan?.refused && (
          <div className={styles.notice}>
            <Notice tone="warn" title="This cannot be created from here">
              {plan.refused} Drumbeat works without it; what has no place in the CRM is then kept as a note or not at all.
            </Notice>
          </div>
        )}
        {plan && plan.items.length === 0 && <EmptyState title="Nothing has to be created">The CRM has a place for every field that Drumbeat writes.</EmptyState>}
        {plan && plan.items.length > 0 && <Plan plan={plan} label={`What Drumbeat would create: ${words.property[1]}`} />}
      </div>
      <ActionBar end={canCreate ? words.added : undefined}>
        {canCreate ? (
          <Button kind="primary" keys="Enter" onPress={run}>
            Create {countOf(missing, ...words.property)}
          </Button>
        ) : (
          <Button kind="primary" keys="Enter" isDisabled={busy} onPress={next}>
            {create.isPending ? "Creating" : "Go on to the first sync"}
          </Button>
        )}
        {canCreate && (
          <Button keys="s" onPress={next}>
            Skip
          </Button>
        )}
        {takesPackage && (
          <Button keys="p" isDisabled={busy || save.isPending} onPress={savePackage}>
            Save the package for the admin
          </Button>
        )}
        <Button keys="Escape" isDisabled={busy} onPress={() => go("fields")}>
          Back
        </Button>
      </ActionBar>
    </div>
  );
}

function Plan({ plan, label }: { plan: ProvisionPlan; label: string }) {
  const groups = groupBy(plan.items, (item) => item.object);
  return (
    <div className={styles.table}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th className={styles.wField}>Label</th>
            <th className={styles.wProperty}>Name in the CRM</th>
            <th>Why</th>
            <th className={styles.wState}>State</th>
          </tr>
        </thead>
        {[...groups].map(([kind, items]) => (
          <tbody key={kind}>
            <tr className={styles.kind}>
              <th colSpan={4} scope="rowgroup">
                {KIND_NAME[kind]}
                <span className={styles.kindNote}>{items[0]?.object_name}</span>
              </th>
            </tr>
            {items.map((item) => (
              <Item key={item.property} item={item} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Item({ item }: { item: ProvisionItem }) {
  return (
    <tr>
      <td className="medium cut">{item.label}</td>
      <td className="cut">
        {item.property} {item.unique && <Tag>unique</Tag>}
      </td>
      <td className="cut t2" title={item.why}>
        {item.why}
      </td>
      <td>
        <span className={`${styles.state} ${item.present ? styles.ok : styles.info}`}>
          {item.present ? <CheckIcon size={14} /> : <PlusIcon size={14} />}
          {item.present ? "Already there" : "Will be created"}
        </span>
      </td>
    </tr>
  );
}
