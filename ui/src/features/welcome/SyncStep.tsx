/** The first sync: how far it is, how fast, how long still; it can be stopped and goes on from there. */
import { useActions } from "../../actions/useActions";
import { useJobs } from "../../api/events";
import type { Status } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar } from "../../components/ListDetail";
import { ErrorNotice, Notice, ProgressBar } from "../../components/Section";
import { countOf, formatCount } from "../../format/number";
import { formatSpan } from "../../format/time";
import { StepHead } from "./Steps";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

/** The step. */
export function SyncStep({ go, status }: { go: (step: Step) => void; status: Status }) {
  const sync = useCommand("sync", { quiet: true });
  const cancel = useCommand("cancelJob", { failed: "The sync did not stop" });
  const job = useJobs().at(-1) ?? status.job;
  const running = sync.isPending || status.job !== null;
  const stopped = sync.data?.cancelled === true;
  const start = () => {
    if (!running) sync.mutate({ full: false, pull_only: false, push_only: false }, { onSuccess: (summary) => !summary.cancelled && go("ready") });
  };
  const stop = () => job && cancel.mutate(job.id);

  useActions([
    { id: "first.start", title: stopped || sync.error ? "Go on" : "Start the first sync", keys: ["Enter", "Mod+Enter"], group: "Welcome", when: !running, run: start },
    { id: "first.stop", title: "Stop", keys: "Escape", group: "Welcome", when: running && job !== null, run: stop },
    { id: "first.back", title: "Back", keys: "Escape", group: "Welcome", when: !running, run: () => go("create") },
  ]);

  return (
    <div className={styles.page}>
      <StepHead step="sync" title="First sync" meta={[status.name, "everything once; later only what changed"]} />
      <div className={styles.centre}>
        <div className={styles.progress}>
          <h3>{running ? (job?.step ?? "Starting") : stopped ? "Stopped; what was read is kept" : "Ready to read the CRM"}</h3>
          <ProgressBar
            label="First sync"
            share={job?.total ? job.done / job.total : 0}
            left={job ? `${formatCount(job.done)}${job.total ? ` of ${formatCount(job.total)}` : ""} records` : running ? "asking how much there is" : "nothing read yet"}
            right={job && job.rate > 0 ? `${formatCount(job.rate)} a second${job.left === null ? "" : `, ${formatSpan(job.left * 1000)} left`}` : undefined}
          />
          <p className="t2">Deals, partners, accounts, registrations and what happened with them come into the encrypted workspace on this laptop. You can stop at any time; the next sync goes on where this one ended.</p>
          {sync.error && <ErrorNotice error={sync.error} title="The sync did not finish" />}
          {stopped && (
            <Notice tone="info" title={`${countOf(sync.data?.read ?? 0, "record")} read so far`}>
              Go on now, or later from the status bar.
            </Notice>
          )}
        </div>
      </div>
      <ActionBar>
        {running ? (
          <Button keys="Escape" isDisabled={job === null || cancel.isPending} onPress={stop}>
            Stop
          </Button>
        ) : (
          <>
            <Button kind="primary" keys="Enter" onPress={start}>
              {stopped || sync.error ? "Go on" : "Start the first sync"}
            </Button>
            <Button keys="Escape" onPress={() => go("create")}>
              Back
            </Button>
          </>
        )}
      </ActionBar>
    </div>
  );
}
