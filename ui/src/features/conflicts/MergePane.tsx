/**
 * One merge conflict: each contested field as it was, as you have it (on which computer, when) and as the CRM has it (who, when).
 * M keeps yours, T takes theirs, E writes another value; nothing is sent until one of them is chosen. `S` gives the same answer
 * to all that have the same fields with the same three values; it is offered only where the program says that there are any.
 */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { MergeAnswer, MergeField, MergeRow, Movement } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Checkbox } from "../../components/Field";
import { Key } from "../../components/Key";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { Notice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { useNow, When } from "../../components/When";
import { NO_EDITS, withEdit } from "../../deal/edits";
import type { Edits } from "../../deal/edits";
import { FieldControl, LONG } from "../../deal/FieldControls";
import { countOf } from "../../format/number";
import { formatMoment } from "../../format/time";
import { formatQuoted, formatValue } from "../../format/value";
import { vendorName } from "../../format/vendor";
import { kindWord } from "../../format/words";
import { answerRequest, editableFields, sameWords, uncontested, whoWhen } from "./conflicts";
import styles from "./Conflicts.module.css";
import { Contest } from "./Contest";

const KEYS: Record<MergeAnswer, string> = { keep_mine: "m", take_theirs: "t", edit: "e", keep_note: "n" };

/** The pane; keyed by the op. */
export function MergePane({ row, onAnswered }: { row: MergeRow; onAnswered: () => void }) {
  const now = useNow();
  const navigate = useNavigate();
  const [edits, setEdits] = useState<Edits | null>(null);
  const [same, setSame] = useState(false);
  const crm = vendorName(useOp("status", undefined).data?.vendor);
  const resolve = useCommand("resolveMerge", { done: (answer) => answer.text, failed: "The merge conflict is as it was" });
  const sameLabel = sameWords(row);
  const all = same ? row.same_as + 1 : 1;
  const free = !resolve.isPending;

  const answer = (to: MergeAnswer) => {
    const request = answerRequest(row, to, edits ?? NO_EDITS, same);
    if (request) resolve.mutate(request, { onSuccess: onAnswered });
  };
  const verbs: Action[] = row.answers.map((one) => ({
    id: `merge.${one}`,
    title: one === "edit" || all === 1 ? labels.MergeAnswer[one] : `${labels.MergeAnswer[one]} for ${all}`,
    keys: KEYS[one],
    group: "This merge conflict",
    when: free && edits === null,
    run: () => (one === "edit" ? setEdits(NO_EDITS) : answer(one)),
  }));
  const use: Action = {
    id: "merge.use",
    title: all === 1 ? "Use this" : `Use this for ${all}`,
    keys: "Mod+Enter",
    group: "This merge conflict",
    inFields: true,
    when: free && edits !== null && answerRequest(row, "edit", edits, same) !== null,
    run: () => answer("edit"),
  };
  const cancel: Action = { id: "merge.cancel", title: "Leave the edit", keys: "Escape", group: "This merge conflict", inFields: true, when: edits !== null, run: () => setEdits(null) };
  const alike: Action = { id: "merge.same", title: sameLabel ?? "", keys: "s", group: "This merge conflict", when: sameLabel !== null && free && edits === null, run: () => setSame(!same) };
  const receipt: Action = { id: "merge.receipt", title: "Show it in the outbox", keys: "o", group: "This merge conflict", when: edits === null, run: () => void navigate({ to: "/activity", search: { open: row.op } }) };
  useActions([...verbs, use, cancel, alike, receipt]);

  const first = editableFields(row)[0]?.property;
  return (
    <>
      <DetailHead
        rule
        title={row.record.label}
        tags={<Tag tone="warn">Merge conflict</Tag>}
        reference={`${kindWord(row.record.kind)} ${row.record.id.startsWith("local:") ? "" : row.record.id}`}
        meta={[
          row.title,
          <span key="seen">
            seen <When at={row.seen_at} />
          </span>,
        ]}
      />
      <DetailBody>
        <div className={styles.body}>
          {row.kind !== "changed" && (
            <Notice tone="warn" title={labels.MergeKind[row.kind]}>
              {formatQuoted(row.text)}. What you typed is kept here.
            </Notice>
          )}
          {row.fields.map((field) => (
            <Field
              key={field.property}
              field={field}
              row={row}
              crm={crm}
              now={now}
              edit={edits !== null && !field.guard ? { value: edits.has(field.property) ? (edits.get(field.property) ?? null) : field.mine_raw, changed: edits.has(field.property), focus: field.property === first, set: (value) => setEdits(withEdit(edits, { property: field.property, raw: field.mine_raw }, value)) } : null}
            />
          ))}
          <Uncontested row={row} crm={crm} />
          <History row={row} />
        </div>
      </DetailBody>
      <ActionBar
        end={
          sameLabel === null ? (
            edits === null ? (
              "nothing is sent until you choose"
            ) : (
              "fields that you leave keep yours"
            )
          ) : (
            <>
              <Checkbox value={same} onChange={setSame} isDisabled={!free}>
                {sameLabel}
              </Checkbox>
              {edits === null && <Key keys="s" />}
            </>
          )
        }
      >
        {edits === null ? (
          verbs.map((one, n) => <Button key={one.id} kind={n === 0 ? "primary" : "plain"} action={one} />)
        ) : (
          <>
            <Button kind="primary" action={use} />
            <Button kind="quiet" action={cancel}>
              Cancel
            </Button>
          </>
        )}
      </ActionBar>
    </>
  );
}

interface Editing {
  value: string | null;
  changed: boolean;
  focus: boolean;
  set: (value: string | null) => void;
}

function Field({ field, row, crm, now, edit }: { field: MergeField; row: MergeRow; crm: string; now: number; edit: Editing | null }) {
  const open = (one: MergeAnswer) => (row.answers.includes(one) && edit === null ? KEYS[one] : undefined);
  const theirs = whoWhen(field.their_who, field.their_when, now, `in ${crm}, seen ${formatMoment(row.seen_at, now)}`);
  return (
    <Section title={field.label} label={field.label} note={field.guard ? "your decision rests on it" : row.kind === "changed" ? `you and ${crm} changed it` : undefined}>
      <Contest
        sides={
          field.guard
            ? [
                { name: "When it was decided", value: formatValue(field.base), whose: [row.mine_by, formatMoment(row.mine_at, now)], look: "past" },
                { name: `In ${crm} now`, value: formatValue(field.theirs), whose: theirs },
              ]
            : [
                { name: "Was", value: formatValue(field.base), whose: ["both started from this"], look: "past" },
                { name: "Yours", value: formatValue(field.mine), whose: [`${row.mine_by}, on ${row.device}`, formatMoment(row.mine_at, now)], keys: open("keep_mine"), look: "mine" },
                { name: "Theirs", value: formatValue(field.theirs), whose: theirs, keys: open("take_theirs") },
              ]
        }
      />
      {edit !== null && (
        <div className={`${styles.edit} ${field.field !== null && LONG.has(field.field) ? styles.long : ""}`}>
          <FieldControl
            field={{ field: field.field, label: `Another value for ${field.label.toLowerCase()}`, value: field.mine_raw, shown: formatValue(field.mine), holds: field.holds, options: field.options }}
            value={edit.value}
            changed={edit.changed}
            autoFocus={edit.focus}
            onChange={edit.set}
          />
        </div>
      )}
    </Section>
  );
}

/** What else the change writes, which hangs on the answer. */
function Uncontested({ row, crm }: { row: MergeRow; crm: string }) {
  const change = useOp("outbox", undefined).data?.find((one) => one.id === row.op);
  const fields = uncontested(row, change);
  if (fields.length === 0) return null;
  return (
    <Section title="Same change, no contest" note={`goes to ${crm} with yours, is given up with theirs`}>
      <div className={styles.facts}>
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">In {crm}</th>
              <th scope="col">After your change</th>
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => (
              <tr key={field.label}>
                <th scope="row">{field.label}</th>
                <td className="t2">{formatValue(field.theirs)}</td>
                <td className="medium">{formatValue(field.mine)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** How the contested fields of a deal came to be what they are. */
function History({ row }: { row: MergeRow }) {
  const isDeal = row.record.kind === "deal" && !row.record.id.startsWith("local:");
  const deal = useOp("deal", row.record.id, { enabled: isDeal }).data;
  const names = new Map(row.fields.flatMap((field) => (field.field === null ? [] : [[field.field, field.label] as const])));
  const moves: Movement[] = deal?.movements.filter((one) => names.has(one.field)) ?? [];
  if (!isDeal || moves.length === 0) return null;
  return (
    <Section
      title={names.size === 1 ? "History of this field" : "History of these fields"}
      note={`${countOf(moves.length, "change")} seen`}
      end={
        <Link to="/deals" search={{ open: row.record.id }}>
          Open the deal
        </Link>
      }
    >
      <ol className={styles.moves}>
        {moves.map((one) => (
          <li key={`${one.at} ${one.field} ${one.after ?? ""}`}>
            <span className="t2 small">
              <When at={one.at} as="both" />
            </span>
            <span className="cut">
              {names.size > 1 && <span className="t3">{names.get(one.field)} </span>}
              {formatValue(one.before)} <span className="t3">to</span> <span className="medium">{formatValue(one.after)}</span>
            </span>
            <span className="t3 small nowrap">{one.by ?? (one.ours ? "here" : "in the CRM")}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
