/**
 * What is decided and still wants a look, by reason: appeals and extensions that wait for an answer, leads without a first meeting,
 * protections that nobody touched, that end soon or have ended. Rust says the group, the sentence and the order.
 */
import { labels } from "../../api/api.gen";
import type { ProtectionGroup, ProtectionRow } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { RecordList, TwoLines } from "../../components/RecordList";
import type { RecordGroup } from "../../components/RecordList";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { When } from "../../components/When";
import { groupBy } from "../../format/group";

/** The groups of the list, in the order they came. */
export function protectionGroups(rows: readonly ProtectionRow[]): RecordGroup<ProtectionRow>[] {
  return [...groupBy(rows, (row) => row.group)].map(([id, inside]) => ({ id, title: labels.ProtectionGroup[id as ProtectionGroup], count: inside.length, tone: id === "appeals" || id === "extensions" ? "warn" : undefined, rows: inside }));
}

/** The list; the open one is shown by the same pane as a claim that waits. */
export function ProtectionsList({ partner, selected, onSelect, onLeave }: { partner: string | undefined; selected: string | null; onSelect: (id: string) => void; onLeave: () => void }) {
  const query = useOp("protections", partner === undefined ? {} : { partner });
  if (query.error) return <ErrorNotice error={query.error} title="The protections could not be read" />;
  return (
    <RecordList
      label="Protections"
      groups={protectionGroups(query.data ?? [])}
      idOf={(row) => row.id}
      textOf={(row) => `${row.company}: ${row.text}`}
      row={(row) => (
        <TwoLines
          name={row.company}
          end={<Until row={row} />}
          second={<span title={row.text}>{row.text}</span>}
          secondEnd={row.partner ?? "no partner"}
        />
      )}
      selected={selected}
      onSelect={onSelect}
      onOpen={onSelect}
      onLeave={onLeave}
      empty={query.isPending ? undefined : <EmptyState title="Nothing wants a look">Appeals and extensions that wait, leads without a first meeting, and protections that nobody touched or that end soon stand here.</EmptyState>}
    />
  );
}

/** What is due first: the partner's wait, a day of its own, or the end of the protection. */
function Until({ row }: { row: ProtectionRow }) {
  if (row.waits_since !== null) {
    return (
      <span className="warn">
        waits since <When at={row.waits_since} as="day" />
      </span>
    );
  }
  const day = row.due ?? row.protection_end;
  const isPast = row.days_left !== null && row.days_left < 0 && day === row.protection_end;
  return day === null ? null : (
    <span className={isPast ? "danger medium" : "t2"}>
      {isPast ? "ended " : "by "}
      <When at={day} as="day" />
    </span>
  );
}
