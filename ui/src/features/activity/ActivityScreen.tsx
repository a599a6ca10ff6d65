/**
 * Activity: the outbox (what was decided here and how far it has come in the CRM), what would be sent (the same before it goes),
 * and the audit trail (who did what and why, chained by hashes). Which tab, which filter and what is open stand in the address.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import { useOp } from "../../api/queries";
import { Screen } from "../../components/Screen";
import { Tabs } from "../../components/Tabs";
import { countOf } from "../../format/number";
import type { ActivitySearch } from "./activity.search";
import { AuditTab } from "./AuditTab";
import { OutboxTab } from "./OutboxTab";
import { PreviewTab } from "./PreviewTab";

/** The screen. */
export function ActivityScreen() {
  const navigate = useNavigate({ from: "/activity" });
  const search: ActivitySearch = useSearch({ from: "/activity" });
  const status = useOp("status", undefined).data;
  const tab = search.tab ?? "outbox";
  const go = (to: "outbox" | "preview" | "audit") => void navigate({ to: "/activity", search: to === "outbox" ? {} : { tab: to }, replace: true });
  useActions([
    { id: "activity.outbox", title: "Show the outbox", keys: "1", group: "Activity", when: tab !== "outbox", run: () => go("outbox") },
    { id: "activity.preview", title: "Show what would be sent", keys: "2", group: "Activity", when: tab !== "preview", run: () => go("preview") },
    { id: "activity.audit", title: "Show the audit trail", keys: "3", group: "Activity", when: tab !== "audit", run: () => go("audit") },
  ]);
  return (
    <Screen title="Activity" sub={status && (status.pending === 0 ? "everything is in the CRM" : `${countOf(status.pending, "change")} pending`)}>
      <Tabs
        label="Activity"
        tabs={[
          { id: "outbox", name: "Outbox", count: status && status.merge_conflicts > 0 ? `${status.merge_conflicts} ${status.merge_conflicts === 1 ? "needs" : "need"} you` : undefined },
          { id: "preview", name: "What would be sent" },
          { id: "audit", name: "Audit trail" },
        ]}
        value={tab}
        onChange={go}
      >
        {tab === "outbox" ? <OutboxTab /> : tab === "audit" ? <AuditTab /> : <PreviewTab open={search.open} onOpen={(open) => void navigate({ to: "/activity", search: (old) => ({ ...old, open }), replace: true })} />}
      </Tabs>
    </Screen>
  );
}
