/**
 * Matching the fields: what was found in the CRM, with real values where some were read, each line open to change; who "me"
 * is, from which day clocks count, and which pipelines count. Saving rebuilds what is shown from the mirror.
 */
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import type { MappingView, Status } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Checkbox, DateField, Select } from "../../components/Field";
import { ActionBar } from "../../components/ListDetail";
import { ErrorNotice, Notice, Section } from "../../components/Section";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { vendorWords } from "../../format/vendor";
import { KIND_NAME, byKind, changedFields, keyOf, propertyOf, stateOf, tally } from "./mapping";
import type { Changes } from "./mapping";
import { StepHead } from "./Steps";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

const NONE = "";

/** The step. */
export function FieldsStep({ go, status }: { go: (step: Step) => void; status: Status }) {
  const mapping = useOp("mapping", undefined);
  if (mapping.error) {
    return (
      <div className={styles.page}>
        <StepHead step="fields" title="Match the fields" meta={[status.name]} />
        <div className={styles.notice}>
          <ErrorNotice error={mapping.error} title="The mapping could not be read" actions={<Button onPress={() => void mapping.refetch()}>Try again</Button>} />
        </div>
      </div>
    );
  }
  if (!mapping.data) return null;
  return <Fields go={go} status={status} view={mapping.data} />;
}

function Fields({ go, status, view }: { go: (step: Step) => void; status: Status; view: MappingView }) {
  const [changes, setChanges] = useState<Changes>({});
  const [me, setMe] = useState<string | null>(view.mapping.me);
  const [goLive, setGoLive] = useState<string | null>(view.go_live);
  const [counts, setCounts] = useState<Readonly<Record<string, boolean>>>({});
  const save = useCommand("saveMapping", { failed: "The mapping was not saved" });
  const words = vendorWords(status.vendor);
  const { matched, missing, unused } = tally(view.lines, changes);
  const pipelineCounts = (id: string, was: boolean) => counts[id] ?? was;

  function next() {
    if (save.isPending) return;
    save.mutate(
      {
        fields: changedFields(view.lines, changes),
        pipelines: view.pipelines.filter((one) => pipelineCounts(one.id, one.counts) !== one.counts).map((one) => ({ id: one.id, counts: !one.counts })),
        me,
        go_live: goLive,
      },
      { onSuccess: () => go("create") },
    );
  }

  useActions([
    { id: "fields.next", title: "See what will be created", keys: ["Enter", "Mod+Enter"], group: "Welcome", when: !save.isPending, run: next },
    { id: "fields.back", title: "Back", keys: "Escape", group: "Welcome", run: () => go("start") },
  ]);

  return (
    <div className={styles.page}>
      <StepHead step="fields" title="Match the fields" meta={[status.name, `${countOf(view.lines.length, "field")}`, `${matched} matched, ${missing} missing, ${unused} not used`]} />
      <div className={styles.body}>
        <div className={styles.table}>
          <table aria-label={`Fields of Drumbeat and ${words.property[1]} of the CRM`}>
            <thead>
              <tr>
                <th className={styles.wField}>Drumbeat</th>
                <th className={styles.wProperty}>{words.name} {words.property[0]}</th>
                <th>Values found</th>
                <th className={styles.wState}>State</th>
              </tr>
            </thead>
            {byKind(view.lines).map((group) => (
              <tbody key={group.kind}>
                <tr className={styles.kind}>
                  <th colSpan={4} scope="rowgroup">
                    {KIND_NAME[group.kind]}
                    <span className={styles.kindNote}>{group.lines.filter((line) => propertyOf(line, changes) !== null).length} of {group.lines.length} matched</span>
                  </th>
                </tr>
                {group.lines.map((line) => {
                  const property = propertyOf(line, changes);
                  const state = stateOf(line, changes);
                  const names = new Set([...(line.property === null ? [] : [line.property]), ...line.candidates]);
                  return (
                    <tr key={keyOf(line)}>
                      <td className="medium cut">{line.label}</td>
                      <td>
                        {names.size === 0 ? (
                          <span className="t3">none found</span>
                        ) : (
                          <Select
                            label={`${words.name} ${words.property[0]} for ${line.label}`}
                            hideLabel
                            small
                            wide
                            placeholder="none"
                            options={[...[...names].map((name) => ({ id: name, name })), { id: NONE, name: "none" }]}
                            value={property ?? NONE}
                            onChange={(name) => setChanges({ ...changes, [keyOf(line)]: name === NONE ? null : name })}
                          />
                        )}
                      </td>
                      <td className={`cut ${line.samples.length > 0 ? "t2" : "t3"}`} title={line.samples.join(", ")}>
                        {property === line.property && line.samples.length > 0 ? line.samples.join(", ") : property === null ? "not found" : "shown after the sync"}
                      </td>
                      <td>
                        <span className={`${styles.state} ${styles[state.outcome]}`}>
                          {state.outcome !== "none" && <Sign outcome={state.outcome} />}
                          {state.text}
                        </span>
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            ))}
          </table>
        </div>
        <div className={styles.beside}>
          <Section title="You" note="whose work “mine” is">
            <Select label="You in the CRM" hideLabel wide placeholder="choose a person" options={view.owners.map((one) => ({ id: one.id, name: one.name, hint: one.email }))} value={me} onChange={setMe} />
          </Section>
          <Section title="Counts from" note="older dates start no clock">
            <DateField label="Go-live day" hideLabel wide value={goLive} onChange={setGoLive} />
          </Section>
          <Section title="Pipelines" note="whose deals count">
            <div className={styles.pipelines}>
              {view.pipelines.map((one) => (
                <Checkbox
                  key={one.id}
                  value={pipelineCounts(one.id, one.counts)}
                  onChange={(value) => setCounts({ ...counts, [one.id]: value })}
                  note={`${countOf(one.stages.length, "stage")}: ${one.stages.map((stage) => stage.label).join(", ")}`}
                >
                  {one.label}
                </Checkbox>
              ))}
              {view.pipelines.length === 0 && <span className="t3">The CRM has no deal pipeline.</span>}
            </div>
          </Section>
          {status.read_only && (
            <Notice tone="warn" title="Read only">
              {status.read_only}
            </Notice>
          )}
        </div>
      </div>
      <ActionBar end="Nothing is created yet; all of this can be changed later">
        <Button kind="primary" keys="Enter" isDisabled={save.isPending} onPress={next}>
          See what will be created
        </Button>
        <Button keys="Escape" onPress={() => go("start")}>
          Back
        </Button>
      </ActionBar>
    </div>
  );
}
