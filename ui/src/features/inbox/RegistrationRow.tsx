/** A registration as two lines of the list, and its clock: company and time left; who, how much, and how the checks went. */
import type { InboxRow } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { ClockChip } from "../../components/ClockChip";
import { ArrowUpIcon, CheckIcon, CrossIcon, FlagIcon, LockIcon, PauseIcon, RefusedIcon, WarningIcon } from "../../components/icons";
import { Key } from "../../components/Key";
import { TwoLines } from "../../components/RecordList";
import { Money, When } from "../../components/When";
import { formatSpan, toMillis } from "../../format/time";
import { wordOf } from "../../format/words";
import styles from "./Inbox.module.css";

/** The row. `me` is the person at the window: a claim of somebody else greys the name and says who. */
export function RegistrationRow({ row, me }: { row: InboxRow; me: string | null }) {
  const theirs = row.claimed_by !== null && row.claimed_by !== me;
  const who = [row.partner ?? "no partner", wordOf(row.motion), row.kind === "lead" ? "Lead" : null].filter(Boolean).join(" · ");
  return <TwoLines name={theirs ? <span className="t3">{row.company}</span> : row.company} end={<Top row={row} theirs={theirs} />} second={who} secondEnd={<Bottom row={row} theirs={theirs} me={me} />} />;
}

function Top({ row, theirs }: { row: InboxRow; theirs: boolean }) {
  const { decision } = row;
  if (decision?.status === "needs_you") {
    return (
      <span className={`danger medium ${styles.tight}`}>
        <RefusedIcon size={12} />
        needs you
      </span>
    );
  }
  if (decision !== null && decision.status !== "withdrawn") {
    return (
      <span className={`t2 ${styles.tight}`}>
        {decision.status === "landed" ? <CheckIcon size={12} /> : <ArrowUpIcon size={12} />}
        {decision.text}
      </span>
    );
  }
  if (row.snoozed_until !== undefined) {
    return (
      <span className={`t2 ${styles.tight}`}>
        <PauseIcon size={12} />
        <span className="sr">put aside </span>
        until <When at={row.snoozed_until} as="day" />
      </span>
    );
  }
  if (row.appealed === true) {
    return (
      <span className={`warn medium ${styles.tight}`}>
        <FlagIcon size={12} />
        appeal waits
      </span>
    );
  }
  if (theirs) {
    return (
      <>
        <LockIcon size={12} />
        <RegistrationClock row={row} />
      </>
    );
  }
  return <RegistrationClock row={row} />;
}

function Bottom({ row, theirs, me }: { row: InboxRow; theirs: boolean; me: string | null }) {
  if (row.decision?.undoable && row.decision.status !== "withdrawn") {
    return (
      <>
        undo <Key keys="z" />
      </>
    );
  }
  if (theirs) return <span className="cut">claimed by {row.claimed_by}</span>;
  if (row.assigned !== undefined && row.claimed_by === null && row.assigned !== me) return <span className="cut">for {row.assigned}</span>;
  return (
    <>
      {row.amount !== null && <Money value={row.amount} />}
      <CheckCounts id={row.id} />
    </>
  );
}

/** How the checks went, asked for by the rows in sight; its place is kept while they run. */
function CheckCounts({ id }: { id: string }) {
  const counts = useOp("checkCounts", id).data;
  if (counts === undefined || counts === null) return <span className={styles.count} />;
  const { fails, warnings } = counts;
  if (fails > 0) {
    return (
      <span className={`danger medium ${styles.count}`} title={`${fails} ${fails === 1 ? "check fails" : "checks fail"}`}>
        <CrossIcon size={12} />
        {fails}
        <span className="sr"> {fails === 1 ? "check fails" : "checks fail"}</span>
      </span>
    );
  }
  if (warnings > 0) {
    return (
      <span className={`warn medium ${styles.count}`} title={`${warnings} to look at`}>
        <WarningIcon size={12} />
        {warnings}
        <span className="sr"> to look at</span>
      </span>
    );
  }
  return (
    <span className={styles.count} title="All checks pass">
      <CheckIcon size={12} />
      <span className="sr">all checks pass</span>
    </span>
  );
}

/** The clock of the decision (S-02): running, paused, met, missed, or from before the workspace went live. */
export function RegistrationClock({ row, chip = false }: { row: InboxRow; chip?: boolean }) {
  const { clock } = row;
  if (clock === null) return <span className="t3">{wordOf(row.status)}</span>;
  const took = clock.since === null ? undefined : formatSpan(toMillis(clock.since) - toMillis(clock.started));
  switch (clock.state) {
    case "running":
    case "over":
      return <ClockChip due={clock.due} start={clock.started} chip={chip} />;
    case "paused":
      return <ClockChip due={clock.due} state="paused" since={clock.since} chip={chip} />;
    case "met":
      return <ClockChip due={clock.due} state="met" {...(took === undefined ? {} : { took })} chip={chip} />;
    case "breached":
      return <span className="danger nowrap">late{took === undefined ? "" : `, ${took}`}</span>;
    case "baseline":
      return <span className="t3 nowrap">before go-live</span>;
  }
}
