/** The versions of the policy, latest first; the open one with who saved it and why, beside what differs from another. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { PolicyVersion, PolicyView } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Select } from "../../components/Field";
import { ActionBar, DetailBody, DetailHead, ListDetail } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { useNow, When } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDate } from "../../format/time";
import { Changes } from "./Changes";
import styles from "./Policy.module.css";

/** The tab; `onStart` makes a draft of a version. */
export function VersionsTab({ view, onStart }: { view: PolicyView; onStart: (version: number) => void }) {
  const navigate = useNavigate({ from: "/policy" });
  const search = useSearch({ from: "/policy" });
  const now = useNow();
  const open = view.versions.find((one) => one.version === search.version) ?? view.versions.find((one) => one.in_force) ?? view.versions[0];
  const go = (version: number | undefined) => void navigate({ to: "/policy", search: (old) => ({ ...old, version, against: undefined }), replace: true });
  return (
    <ListDetail
      narrow
      open={search.version !== undefined}
      list={
        <RecordList
          label="Versions of the policy"
          groups={[{ id: "all", rows: view.versions }]}
          idOf={(row) => String(row.version)}
          textOf={(row) => `Version ${row.version}`}
          row={(row) => <TwoLines name={`Version ${row.version}`} end={<State version={row} today={view.today} />} second={row.reason ?? (row.built_in ? "comes with Drumbeat" : "")} secondEnd={formatDate(row.effective, now)} />}
          selected={open === undefined ? null : String(open.version)}
          onSelect={(id) => go(Number(id))}
          onLeave={() => go(undefined)}
        />
      }
      detail={open && <Version key={open.version} version={open} view={view} onStart={onStart} />}
    />
  );
}

function State({ version, today }: { version: PolicyVersion; today: string }) {
  if (version.in_force) return <Tag tone="ok">in force</Tag>;
  return <Tag>{version.effective > today ? "to come" : version.until === null || version.until === undefined ? "never judged" : "past"}</Tag>;
}

function Version({ version, view, onStart }: { version: PolicyVersion; view: PolicyView; onStart: (version: number) => void }) {
  const navigate = useNavigate({ from: "/policy" });
  const { against } = useSearch({ from: "/policy" });
  const others = view.versions.filter((one) => one.version !== version.version);
  const before = others.find((one) => one.version === against) ?? others.find((one) => one.version < version.version) ?? others[0];
  const query = useOp("policyDifference", { before: before?.version ?? 0, after: version.version }, { enabled: before !== undefined });
  const start: Action = { id: "policy.start", title: version.in_force ? "Change it" : "Start from this version", keys: "e", group: "This version", run: () => onStart(version.version) };
  useActions([start]);
  return (
    <>
      <DetailHead
        rule
        title={`Version ${version.version}`}
        tags={<State version={version} today={view.today} />}
        meta={[
          <span key="from">
            judges from <When at={version.effective} as="date" />
            {version.until && (
              <>
                {" "}
                to <When at={version.until} as="date" />
              </>
            )}
          </span>,
          version.saved_at && (
            <span key="saved">
              saved <When at={version.saved_at} as="both" />
              {version.saved_by ? ` by ${version.saved_by}` : ""}
            </span>
          ),
          version.built_in && "comes with Drumbeat",
        ]}
      />
      <DetailBody label={`Version ${version.version}`}>
        {version.reason && (
          <Section title="Why">
            <p className={styles.reason}>{version.reason}</p>
          </Section>
        )}
        <Section
          title="Differences"
          note={query.data && countOf(query.data.length, "difference")}
          end={
            before && (
              <Select
                label="Compared with"
                hideLabel
                small
                options={others.map((one) => ({ id: String(one.version), name: `to version ${one.version}` }))}
                value={String(before.version)}
                onChange={(id) => void navigate({ to: "/policy", search: (old) => ({ ...old, version: version.version, against: Number(id) }), replace: true })}
              />
            )
          }
        >
          {before === undefined && <p className="t2 small">There is no other version yet.</p>}
          {query.error && <ErrorNotice error={query.error} title="The versions could not be compared" />}
          {query.data && <Changes changes={query.data} />}
        </Section>
        {version.in_force && version.saved_at && <Moved since={version.saved_at} />}
      </DetailBody>
      <ActionBar>
        <Button action={start} />
      </ActionBar>
    </>
  );
}

/** The channel conflicts whose verdict has moved since a version was saved: judged anew by it, or by new facts. */
function Moved({ since }: { since: string }) {
  const moved = useOp("verdictsMoved", { since });
  return (
    <Section title="Channel conflicts that were judged anew" note={moved.data && countOf(moved.data.length, "verdict that moved since", "verdicts that moved since")}>
      {moved.error && <ErrorNotice error={moved.error} title="The verdicts could not be read" />}
      {moved.data?.length === 0 && <p className="t2 small">Every verdict stands as it was.</p>}
      <ul className={styles.moved}>
        {moved.data?.map((one) => (
          <li key={`${one.conflict} ${one.at}`}>
            <Link to="/conflicts" search={{ tab: "channel", open: one.conflict, ...(one.is_open ? {} : { view: "closed" }) }}>
              {one.account}
            </Link>
            <span className="t2">{one.text}</span>
            <span className="t3 small">
              <When at={one.at} as="both" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
