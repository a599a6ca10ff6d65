/** One import: how it is read, its rows, and what is done with them. The verbs stand in the bar below both tabs. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Import, ImportSaved } from "../../api/api.gen";
import { useJobs } from "../../api/events";
import { invalidateOps, useCommand } from "../../api/queries";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Dialog";
import { MoreIcon } from "../../components/icons";
import { ActionBar } from "../../components/ListDetail";
import { Notice, ProgressBar } from "../../components/Section";
import { Tabs } from "../../components/Tabs";
import { toast } from "../../components/toasts";
import { countOf, formatCount } from "../../format/number";
import { ColumnsTab } from "./ColumnsTab";
import { countWords, unmapped } from "./intake";
import styles from "./Intake.module.css";
import { RowsTab } from "./RowsTab";

const NOTHING: ReadonlySet<string> = new Set();

/** The view; keyed by the import. */
export function ImportView({ read }: { read: Import }) {
  const navigate = useNavigate({ from: "/import" });
  const client = useQueryClient();
  // As it was when it was opened: whoever maps the last column that is asked for stays where the other columns are.
  const [first] = useState<"columns" | "rows">(read.columns.length > 0 && unmapped(read).length > 0 ? "columns" : "rows");
  const { tab = first } = useSearch({ from: "/import" });
  const [marked, setMarked] = useState<ReadonlySet<string>>(NOTHING);
  const [last, setLast] = useState<ImportSaved | null>(null);
  const job = useJobs().findLast((one) => one.id.startsWith("import"));
  // An import is in the program's memory, not in the store: no event tells of it, so whoever changes it says so.
  const changed = () => invalidateOps(client, ["importDraft", "importRows"]);
  const undone = useCommand("undoImport", {
    failed: "The import was not taken back",
    done: (done) => `${countOf(done.taken_back, "registration")} taken back${done.sent > 0 ? `; ${formatCount(done.sent)} may have left and stay` : ""}`,
  });
  const save = useCommand("saveImport", { failed: "The rows were not saved" });
  const rejects = useCommand("writeRejects", { failed: "The rejects were not written", done: (done) => (done.file === null ? "No place was chosen" : `${countOf(done.rows, "row")} written to ${done.file}`) });
  const cancel = useCommand("cancelJob", { failed: "It could not be stopped" });
  const close = useCommand("closeImport", { failed: "The import is still open" });
  const undo = () => undone.mutate(read.id, { onSuccess: () => void changed() });
  const saveRows = (rows: number[] | null) =>
    save.mutate(
      { import: read.id, ...(rows === null ? {} : { rows }) },
      {
        onSuccess(done) {
          setMarked(NOTHING);
          setLast(done);
          void changed();
          toast({ title: `${countOf(done.saved, "registration")} saved${done.cancelled ? "; stopped" : ""}`, tone: done.refused.length > 0 ? "info" : "ok", undo: done.saved > 0 ? undo : undefined });
        },
      },
    );
  const leave = () => close.mutate(read.id, { onSettled: () => void navigate({ to: "/inbox" }) });

  const { counts } = read;
  const isRunning = save.isPending;
  const chosen = [...marked].map(Number).toSorted((a, b) => a - b);
  const all: Action = { id: "import.save", title: `Save ${countOf(counts.ok, "ready row")}`, keys: "Mod+Enter", group: "Import", inFields: true, when: counts.ok > 0 && chosen.length === 0 && !isRunning, run: () => saveRows(null) };
  const some: Action = { id: "import.saveSome", title: `Save the ${countOf(chosen.length, "selected row")}`, keys: "Mod+Enter", group: "Import", inFields: true, when: chosen.length > 0 && !isRunning, run: () => saveRows(chosen) };
  const write: Action = { id: "import.rejects", title: "Write the rejects to a file", keys: "r", group: "Import", when: counts.rejected + counts.incomplete + counts.duplicate > 0 && !rejects.isPending, run: () => rejects.mutate(read.id) };
  const back: Action = { id: "import.undo", title: "Take back what was saved", group: "Import", when: counts.saved > 0 && !isRunning && !undone.isPending, run: undo };
  const shut: Action = { id: "import.close", title: "Close the import", keys: "q", group: "Import", when: !isRunning, run: leave };
  const columns: Action = { id: "import.columns", title: "Show the columns", keys: "1", group: "Import", when: read.columns.length > 0 && tab !== "columns", run: () => void navigate({ search: (old) => ({ ...old, tab: "columns" }), replace: true }) };
  const rows: Action = { id: "import.rows", title: "Show the rows", keys: "2", group: "Import", when: tab !== "rows", run: () => void navigate({ search: (old) => ({ ...old, tab: "rows" }), replace: true }) };
  useActions([all, some, write, back, shut, columns, rows]);

  return (
    <div className={styles.page}>
      {read.notes.length > 0 && (
        <div className={styles.notes}>
          <Notice tone="info" title={read.read_as}>
            {read.notes.join(" ")}
          </Notice>
        </div>
      )}
      {last !== null && last.refused.length > 0 && (
        <div className={styles.notes}>
          <Notice tone="warn" title={`${countOf(last.refused.length, "row was", "rows were")} not saved`} actions={<Button onPress={() => setLast(null)}>I have read it</Button>}>
            {last.refused
              .slice(0, 5)
              .map((one) => `Row ${one.row}: ${one.why}.`)
              .join(" ")}
            {last.refused.length > 5 && ` And ${last.refused.length - 5} more.`}
          </Notice>
        </div>
      )}
      <Tabs
        label="The import"
        tabs={[...(read.columns.length > 0 ? [{ id: "columns" as const, name: "Columns", count: read.columns.length }] : []), { id: "rows" as const, name: "Rows", count: formatCount(counts.rows) }]}
        value={read.columns.length > 0 ? tab : "rows"}
        onChange={(to) => void navigate({ search: (old) => ({ ...old, tab: to }), replace: true })}
        trailing={<span className={`t3 small ${styles.said}`}>{read.notes.length > 0 ? countWords(counts) : `${read.read_as}; ${countWords(counts)}`}</span>}
      >
        {tab === "columns" && read.columns.length > 0 ? <ColumnsTab read={read} onChanged={() => void changed()} /> : <RowsTab read={read} marked={marked} onMark={setMarked} onChanged={() => void changed()} />}
      </Tabs>
      <ActionBar end={isRunning ? undefined : read.partner_name === null ? undefined : `on behalf of ${read.partner_name}`}>
        {isRunning ? (
          <>
            <ProgressBar label="Saving" share={job?.total ? job.done / job.total : 0} left={job ? `${formatCount(job.done)}${job.total === null ? "" : ` of ${formatCount(job.total)}`} saved` : "Saving"} />
            <Button isDisabled={job === undefined || cancel.isPending} onPress={() => job && cancel.mutate(job.id)}>
              Stop
            </Button>
          </>
        ) : (
          <>
            {chosen.length > 0 ? <Button kind="primary" action={some} /> : <Button kind="primary" action={all} disabledReason={counts.ok === 0 ? "No row is ready: mend the columns or a row, or select rows" : undefined} />}
            <Button action={write}>Rejects file</Button>
            <Button kind="quiet" action={shut}>
              Close
            </Button>
            {counts.saved > 0 && <Menu label="More" icon={<MoreIcon size={14} />} actions={[back]} />}
          </>
        )}
      </ActionBar>
    </div>
  );
}
