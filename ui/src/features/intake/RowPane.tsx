/** One row before it becomes a registration: what is wrong, what it looks like, every value with the place where it was found. E edits. */
import { Link } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Field, Import, IntakeDuplicate, IntakeRow } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { CodeArea } from "../../components/CodeArea";
import type { CodeAreaHandle } from "../../components/CodeArea";
import { Dialog } from "../../components/Dialog";
import { TextArea, TextField } from "../../components/Field";
import { DetailBody, DetailHead } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Sign } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { formatValue } from "../../format/value";
import { CONFIDENCE_SIGN, rowEdits, VERDICT_SIGN } from "./intake";
import styles from "./Intake.module.css";

const TONE = { ok: "ok", warn: "warn", fail: "danger", info: "info" } as const;
const NO_MARKS: ReadonlySet<number> = new Set();
const LONG: ReadonlySet<Field> = new Set<Field>(["problem", "proof_of_work", "competitors"]);

/** The pane; keyed by the row. */
export function RowPane({ read, row, onChanged }: { read: Import; row: IntakeRow; onChanged: () => void }) {
  const [editing, setEditing] = useState(false);
  const edit: Action = { id: "row.edit", title: "Edit this row", keys: "e", group: "This row", when: row.verdict !== "saved", run: () => setEditing(true) };
  const source = useRef<CodeAreaHandle>(null);
  useActions([edit]);
  return (
    <>
      <DetailHead
        rule
        title={row.company ?? "No company"}
        tags={<Tag tone={TONE[VERDICT_SIGN[row.verdict]]}>{labels.RowVerdict[row.verdict]}</Tag>}
        reference={row.at}
        meta={[row.partner ?? "no partner", labels.RegistrationKind[row.kind], row.why]}
        end={<Button action={edit}>Edit</Button>}
      />
      <DetailBody
        label={`Row ${row.number}`}
        {...(read.text === null
          ? {}
          : {
              aside: (
                <Section title="As it came" note="lines are numbered">
                  <div className={styles.source}>
                    <CodeArea ref={source} label="The text as it came" value={read.text} onChange={() => {}} marks={NO_MARKS} readOnly />
                  </div>
                </Section>
              ),
            })}
      >
        {row.registration !== null && (
          <p className={styles.told}>
            It became a registration: <Link to="/inbox" search={{ open: row.registration }}>open it in the inbox</Link>
          </p>
        )}
        {row.problems.length + row.missing.length > 0 && (
          <Section title="To mend" note={countOf(row.problems.length + row.missing.length, "thing")}>
            <ul className={styles.lines}>
              {row.problems.map((problem) => (
                <li key={`${problem.field ?? ""} ${problem.text}`}>
                  <Sign outcome={problem.rejects ? "fail" : "warn"} size={12} />
                  <span>{problem.text}</span>
                  <span className="t3 small">{problem.found}</span>
                </li>
              ))}
              {row.missing.map((label) => (
                <li key={label}>
                  <Sign outcome="warn" size={12} />
                  <span>{label} is missing; the policy asks for it</span>
                  <span />
                </li>
              ))}
            </ul>
          </Section>
        )}
        {row.duplicates.length > 0 && (
          <Section title="Looks like" note={countOf(row.duplicates.length, "record")}>
            <ul className={styles.lines}>
              {row.duplicates.map((one) => (
                <li key={`${one.record?.id ?? ""} ${one.row ?? ""} ${one.title}`}>
                  <Sign outcome={one.is_open ? "warn" : "info"} size={12} />
                  <span>
                    <DuplicateName one={one} />
                    <span className="t2">, {one.why}</span>
                  </span>
                  <span className="t3 small">{one.is_open ? "open" : "ended"}</span>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title="What it says" note="as it would be saved">
          <table className={styles.values} aria-label="Values, and where each was found">
            <tbody>
              {row.values.map((value) => {
                const sign = CONFIDENCE_SIGN[value.confidence];
                return (
                  <tr key={value.field}>
                    <th scope="row">{value.label}</th>
                    <td>
                      {formatValue(value.value)}
                      {value.raw !== null && <span className="t3 small"> from “{value.raw}”</span>}
                    </td>
                    <td className="t3 small" title={labels.Confidence[value.confidence]}>
                      {sign !== null && <Sign outcome={sign} size={12} />} <Place found={value.found} onGo={read.text === null ? undefined : (line) => source.current?.goTo(line, 1)} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </Section>
      </DetailBody>
      {editing && <EditDialog read={read} row={row} onChanged={onChanged} onClose={() => setEditing(false)} />}
    </>
  );
}

/** Where a value was found; a line of the text leads there. */
function Place({ found, onGo }: { found: string; onGo: ((line: number) => void) | undefined }) {
  const line = /^line (\d+)/.exec(found)?.[1];
  if (line === undefined || onGo === undefined) return found;
  return (
    <button type="button" className={styles.place} onClick={() => onGo(Number(line))}>
      {found}
    </button>
  );
}

function DuplicateName({ one }: { one: IntakeDuplicate }) {
  const { record } = one;
  if (record?.kind === "registration") return <Link to="/inbox" search={{ open: record.id }}>{one.title}</Link>;
  if (record?.kind === "deal") return <Link to="/deals" search={{ open: record.id }}>{one.title}</Link>;
  return <span className="medium">{one.title}</span>;
}

/** Every field of the row to type in; only what is changed is sent, one value after the other. */
function EditDialog({ read, row, onChanged, onClose }: { read: Import; row: IntakeRow; onChanged: () => void; onClose: () => void }) {
  const [typed, setTyped] = useState<ReadonlyMap<Field, string>>(new Map());
  const edit = useCommand("editImportRow", { quiet: true });
  const edits = rowEdits(row, typed);
  const before = new Map(row.values.map((one) => [one.field, one.raw ?? one.value]));
  const wrong = new Map(row.problems.flatMap((one) => (one.field === null ? [] : [[one.field, one.text] as const])));
  const first = row.problems.find((one) => one.field !== null)?.field ?? read.fields[0]?.field;
  const send = async () => {
    if (edit.isPending) return;
    try {
      // One after the other: each value is read with what the ones before it say.
      // oxlint-disable-next-line no-await-in-loop
      for (const { field, value } of edits) await edit.mutateAsync({ import: read.id, row: row.number, field, value });
      onClose();
    } catch {
      // Told above the fields; what was read before it stays read.
    } finally {
      if (edits.length > 0) onChanged();
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Edit row ${row.number}`}
      note={row.at}
      width="wide"
      onSubmit={() => void send()}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={edit.isPending} onPress={() => void send()}>
            {edits.length === 0 ? "Done" : `Change ${countOf(edits.length, "value")}`}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {edit.error && <ErrorNotice error={edit.error} title="The row is as it was" />}
      <div className={styles.editGrid}>
        {read.fields.map((field) => {
          const shared = {
            label: field.required ? `${field.label} (asked for)` : field.label,
            value: typed.get(field.field) ?? before.get(field.field) ?? "",
            onChange: (value: string) => setTyped(new Map(typed).set(field.field, value)),
            maxLength: 4000,
            autoFocus: field.field === first,
            wide: true,
            ...(wrong.has(field.field) && !typed.has(field.field) ? { error: wrong.get(field.field) } : {}),
          };
          return LONG.has(field.field) ? <TextArea key={field.field} rows={2} {...shared} /> : <TextField key={field.field} {...shared} />;
        })}
      </div>
    </Dialog>
  );
}
