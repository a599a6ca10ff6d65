/**
 * The policy: read as a document, changed as a form or as the file, its versions and what differs between them, and what another
 * one would have decided. One draft is shared by the form, the file and the replay; nothing of it is in force until it is
 * saved with a reason and a day.
 *
 * The hard idea: whatever is changed is asked about as a whole (`checkPolicy`), so that the problems, the file and the differences
 * on screen are always those of the draft that would be saved.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { PolicyView } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar } from "../../components/ListDetail";
import { Screen } from "../../components/Screen";
import { ErrorNotice } from "../../components/Section";
import { Tabs } from "../../components/Tabs";
import { toast } from "../../components/toasts";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatDate } from "../../format/time";
import { DocumentTab } from "./DocumentTab";
import { draftRequest, emptyDraft, isChanged } from "./draft";
import type { Draft } from "./draft";
import { FileTab } from "./FileTab";
import styles from "./Policy.module.css";
import { TABS } from "./policy.search";
import type { PolicyTab } from "./policy.search";
import { PublishDialog } from "./PublishDialog";
import { ReplayTab } from "./ReplayTab";
import { SaveDialog } from "./SaveDialog";
import { SettingsTab } from "./SettingsTab";
import { useSettled } from "./useSettled";
import { VersionsTab } from "./VersionsTab";

const NAME: Record<PolicyTab, string> = { settings: "Settings", document: "Document", file: "File", versions: "Versions", replay: "Replay" };

/** The screen. */
export function PolicyScreen() {
  const now = useNow();
  const query = useOp("policy", {});
  const view = query.data;
  return (
    <Screen title="Policy" sub={view && `version ${view.version}, in force since ${formatDate(view.effective, now)}`}>
      {query.error && (
        <div className={styles.problem}>
          <ErrorNotice error={query.error} title="The policy could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
        </div>
      )}
      {!view && !query.error && <div aria-busy="true" />}
      {view && <Policy key={view.version} inForce={view} />}
    </Screen>
  );
}

/** The tabs over one draft; keyed by the version in force, so that a saved draft is a draft no more. */
function Policy({ inForce }: { inForce: PolicyView }) {
  const navigate = useNavigate({ from: "/policy" });
  const { tab = "settings" } = useSearch({ from: "/policy" });
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(inForce.version));
  const [dialog, setDialog] = useState<"save" | "publish" | null>(null);
  const base = useOp("policy", draft.version === inForce.version ? {} : { version: draft.version }, { keep: true });
  const from = base.data ?? inForce;
  const changed = isChanged(draft, inForce.version);
  const settled = useSettled(draft, 200);
  const check = useOp("checkPolicy", draftRequest(settled), { enabled: isChanged(settled, inForce.version), keep: true });
  const checked = changed ? check.data : undefined;
  const isFresh = settled === draft && !check.isPlaceholderData && check.data !== undefined;
  const problems = checked?.problems ?? [];
  const go = (to: PolicyTab) => void navigate({ to: "/policy", search: (old) => ({ ...old, tab: to }), replace: true });

  const save: Action = {
    id: "policy.save",
    title: "Save as the next version",
    keys: "Mod+S",
    group: "Policy",
    inFields: true,
    when: changed,
    run: () => {
      // What was typed last may still be on its way to be checked: the dialog waits for the answer to it.
      if (!isFresh || problems.length === 0) return setDialog("save");
      go("file");
      toast({ tone: "danger", title: "The draft is not saved", body: `It has ${countOf(problems.length, "problem")}. They are listed beside the file.` });
    },
  };
  const replay: Action = { id: "policy.replay", title: "See what it would have changed", keys: "Shift+R", group: "Policy", when: changed && problems.length === 0, run: () => go("replay") };
  const discard: Action = { id: "policy.discard", title: "Discard the draft", group: "Policy", when: changed, run: () => setDraft(emptyDraft(inForce.version)) };
  const publish: Action = { id: "policy.publish", title: "Publish as rules of engagement", keys: "Shift+P", group: "Policy", run: () => setDialog("publish") };
  useActions([
    ...TABS.map((one, n) => ({ id: `policy.tab.${one}`, title: `Policy: ${NAME[one]}`, keys: String(n + 1), group: "Policy", when: tab !== one, run: () => go(one) })),
    save,
    replay,
    discard,
    publish,
  ]);

  const changes = checked?.changes ?? [];
  return (
    <div className={styles.page}>
      <Tabs
        label="Forms of the policy"
        tabs={TABS.map((id) => ({ id, name: NAME[id], ...(id === "file" && problems.length > 0 ? { count: countOf(problems.length, "problem") } : id === "versions" ? { count: inForce.versions.length } : {}) }))}
        value={tab}
        onChange={go}
        trailing={<Button kind="quiet" action={publish}>Publish</Button>}
      >
        {tab === "settings" && <SettingsTab view={from} draft={draft} onDraft={setDraft} problems={problems} onFile={() => go("file")} />}
        {tab === "document" && <DocumentTab view={inForce} />}
        {tab === "file" && <FileTab draft={draft} original={from.text} checked={checked} onDraft={setDraft} />}
        {tab === "versions" && (
          <VersionsTab
            view={inForce}
            onStart={(version) => {
              setDraft(emptyDraft(version));
              go("settings");
            }}
          />
        )}
        {tab === "replay" && <ReplayTab view={inForce} draft={changed ? draft : null} />}
      </Tabs>
      {changed && (
        <ActionBar
          end={
            <span role="status" className={problems.length > 0 ? "danger medium" : ""}>
              {check.error
                ? check.error.message
                : problems.length > 0
                  ? `${countOf(problems.length, "problem")} to mend first`
                  : changes.length > 0
                    ? countOf(changes.length, "difference to the version in force", "differences to the version in force")
                    : isFresh
                      ? "says the same as the version in force"
                      : "checking"}
            </span>
          }
        >
          <Button kind="primary" action={save}>
            Save
          </Button>
          <Button action={replay}>Replay</Button>
          <Button kind="quiet" action={discard}>
            Discard
          </Button>
        </ActionBar>
      )}
      {dialog === "save" && isFresh && checked && <SaveDialog view={inForce} draft={draft} checked={checked} onClose={() => setDialog(null)} />}
      {dialog === "publish" && <PublishDialog view={inForce} onClose={() => setDialog(null)} />}
    </div>
  );
}
