/**
 * The status bar: online or not and the switch, the last sync and its age (or the running one with rate, time left and
 * cancel), pending changes, merge conflicts, and the next SLA. Each opens its place. The newest progress comes from
 * events; what the status query says is the state at the last change.
 */
import { Link } from "@tanstack/react-router";
import { useJobs, useSyncEnd } from "../api/events";
import type { ApiError, Status } from "../api/api.gen";
import { useCommand } from "../api/queries";
import { ClockChip } from "../components/ClockChip";
import { CheckIcon, FlipIcon, OfflineIcon, OnlineIcon, RefusedIcon, SyncIcon, WarningIcon } from "../components/icons";
import { useNow } from "../components/When";
import { countOf, formatCount } from "../format/number";
import { formatClock, formatDay, formatExact, formatSpan, toMillis } from "../format/time";
import { withoutShell } from "../format/value";
import styles from "./StatusBar.module.css";
import { useSync } from "./useSync";

/** The bar. */
export function StatusBar({ status, onOffline }: { status: Status | undefined; onOffline: () => void }) {
  const jobs = useJobs();
  const now = useNow();
  const sync = useSync();
  const end = useSyncEnd();
  const failed = end?.event === "sync_failed" && end.is.code !== "cancelled" ? end.is : null;
  if (!status || status.phase === "none" || status.phase === "locked") {
    return (
      <footer className={styles.bar}>
        <span className={styles.item}>{status?.phase === "locked" ? "Locked" : "No workspace on this laptop"}</span>
        <span className={`${styles.item} ${styles.end} t3`}>Drumbeat</span>
      </footer>
    );
  }
  const job = jobs.at(-1) ?? status.job;
  const needsYou = status.merge_conflicts + (status.held ?? 0) + (status.notices ?? 0);
  const online = status.online && !status.offline_on_purpose;
  return (
    <footer className={styles.bar}>
      <button
        type="button"
        className={styles.item}
        onClick={onOffline}
        aria-pressed={status.offline_on_purpose}
        title={status.offline_on_purpose ? "Working offline on purpose: go online" : "Work offline on purpose"}
      >
        {online ? <OnlineIcon size={14} /> : <OfflineIcon size={14} />}
        {online ? "Online" : status.offline_on_purpose ? "Offline on purpose" : "Offline"}
      </button>
      {job ? (
        <Progress job={job} />
      ) : (
        <button
          type="button"
          className={styles.item}
          disabled={sync.isPending || status.offline_on_purpose}
          onClick={sync.start}
          title={syncTitle(failed, status.last_sync)}
        >
          {failed ? <RefusedIcon size={14} /> : <SyncIcon size={14} />}
          {failed && <span className="danger">Sync failed;</span>}
          {status.last_sync ? `${failed ? "last one" : "Synced"} ${syncedAt(status.last_sync, now)}` : "Not synced yet"}
        </button>
      )}
      <Link to="/activity" className={styles.item} title="The outbox">
        <b>{formatCount(status.pending)}</b> pending {status.pending === 1 ? "change" : "changes"}
      </Link>
      {needsYou > 0 && (
        <Link to="/conflicts" search={status.merge_conflicts > 0 ? { tab: "merge" } : status.held ? { tab: "held" } : { tab: "notices" }} className={styles.item} title={needsTitle(status)}>
          <FlipIcon size={14} className={styles.warnIcon ?? ""} />
          <b>{formatCount(needsYou)}</b> {needsYou === 1 ? "needs" : "need"} you
        </Link>
      )}
      {status.read_only && (
        <span className={`${styles.item} warn`} title={status.read_only}>
          Read only
        </span>
      )}
      {status.warning && (
        <Link to="/activity" className={`${styles.item} ${styles.sentence} warn`} title={withoutShell(status.warning)}>
          <WarningIcon size={14} />
          <span className="cut">{withoutShell(status.warning)}</span>
        </Link>
      )}
      {status.differs && (
        <span className={`${styles.item} ${styles.sentence} danger`} title={status.differs}>
          <WarningIcon size={14} />
          <span className="cut">{status.differs}</span>
        </span>
      )}
      <span className={`${styles.item} ${styles.end} t3`}>Policy {status.policy}</span>
      {status.next_sla ? (
        <Link to="/inbox" search={{ open: status.next_sla.registration }} className={`${styles.item} ${styles.sla}`}>
          <ClockChip due={status.next_sla.due} words={(span) => `Next SLA: ${status.next_sla?.company ?? ""}, ${span}`} />
        </Link>
      ) : (
        <span className={`${styles.item} t3`}>
          <CheckIcon size={14} /> No SLA running
        </span>
      )}
    </footer>
  );
}

function needsTitle(status: Status): string {
  const parts = [
    status.merge_conflicts > 0 ? `${countOf(status.merge_conflicts, "change")} to settle` : "",
    status.held ? `${countOf(status.held, "decision")} held back` : "",
    status.notices ? countOf(status.notices, "notice") : "",
  ];
  return `${parts.filter(Boolean).join(", ")}: a person chooses`;
}

function syncTitle(failed: ApiError | null, lastSync: string | null): string {
  if (failed) return [failed.message, failed.kept, failed.next].filter(Boolean).join(". ");
  return lastSync ? `Last sync ${formatExact(lastSync)}. Click to sync now.` : "Sync now";
}

function syncedAt(at: string, now: number): string {
  const age = now - toMillis(at);
  if (age < 60_000) return "just now";
  const sameDay = formatDay(at, now) === formatDay(new Date(now).toISOString(), now);
  return `${sameDay ? formatClock(at) : formatDay(at, now)}, ${formatSpan(age)} ago`;
}

function Progress({ job }: { job: NonNullable<Status["job"]> }) {
  const cancel = useCommand("cancelJob", { failed: "The job did not stop" });
  const share = job.total ? Math.min(1, job.done / job.total) : 0;
  return (
    <span className={styles.item} role="status" aria-label={job.total ? `${job.step}: ${job.done} of ${job.total}` : job.done > 0 ? `${job.step}: ${job.done}` : job.step}>
      <SyncIcon size={14} className={styles.turning ?? ""} />
      <span>
        {job.step}
        {job.total ? ` ${formatCount(job.done)} of ${formatCount(job.total)}` : job.done > 0 ? ` ${formatCount(job.done)}` : ""}
      </span>
      {job.total !== null && (
        <svg className={styles.progress} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect width="100" height="4" className={styles.track} />
          <rect width={share * 100} height="4" className={styles.fill} />
        </svg>
      )}
      {job.rate > 0 && <span className="t3">{formatCount(job.rate)} a second</span>}
      {job.left !== null && <span className="t3">{formatSpan(job.left * 1000)} left</span>}
      <button type="button" className={styles.cancel} disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
        Cancel
      </button>
    </span>
  );
}
