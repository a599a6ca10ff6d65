/** The open channel conflicts that a deal is in (C), the most severe first, each with its place on the Conflicts screen; nothing where it is in none. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Severity } from "../../channel/Severity";
import { ErrorNotice, Section } from "../../components/Section";
import { countOf } from "../../format/number";
import styles from "./Deals.module.css";

/** The section. */
export function DealConflicts({ deal }: { deal: string }) {
  const navigate = useNavigate();
  const query = useOp("dealConflicts", deal);
  const rows = query.data ?? [];
  const [first] = rows;
  useActions([{ id: "deal.conflict", title: "Open its channel conflict", keys: "Shift+C", group: "This deal", hint: countOf(rows.length, "channel conflict"), when: first !== undefined, run: () => first && void navigate({ to: "/conflicts", search: { tab: "channel", open: first.id } }) }]);
  if (query.error) return <ErrorNotice error={query.error} title="Its channel conflicts could not be read" />;
  if (rows.length === 0) return null;
  return (
    <Section title="Channel conflicts" note={`${rows.length} open`} end="C">
      <ul className={styles.conflicts} aria-label="Open channel conflicts">
        {rows.map((row) => (
          <li key={row.id}>
            <Severity band={row.band} value={row.severity} />
            <Link to="/conflicts" search={{ tab: "channel", open: row.id }} className="cut">
              {labels.ConflictKind[row.kind]}: {row.parties.map((party) => party.name).join(" and ")}
            </Link>
            <span className="t3 small nowrap">{labels.ConflictState[row.state].toLowerCase()}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
