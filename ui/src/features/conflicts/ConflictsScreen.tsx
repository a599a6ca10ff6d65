/**
 * Conflicts: channel conflicts (two parties, one account), and what waits between deciding and landing until a person has looked:
 * merge conflicts (a field changed here and in the CRM), decisions that are held back because facts have moved, and notices (a
 * value written over, one that changed again at once). Which tab and what is open stand in the address. Without a tab the screen
 * opens with merge conflicts while there are any, because they keep changes from the CRM, else with channel conflicts; it stays
 * there when the last one is answered. Nothing here is answered by itself, and nothing by the newest.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import { useOp } from "../../api/queries";
import { Screen } from "../../components/Screen";
import { Tabs } from "../../components/Tabs";
import { formatCount } from "../../format/number";
import { ChannelTab } from "./ChannelTab";
import { TABS } from "./conflicts.search";
import type { ConflictsSearch, Tab } from "./conflicts.search";
import { HeldTab } from "./HeldTab";
import { MergesTab } from "./MergesTab";
import { NoticesTab } from "./NoticesTab";

const NAME: Record<Tab, string> = { channel: "Channel conflicts", merge: "Merge conflicts", held: "Held back", notices: "Notices" };

/** The screen. */
export function ConflictsScreen() {
  const navigate = useNavigate({ from: "/conflicts" });
  const search: ConflictsSearch = useSearch({ from: "/conflicts" });
  const status = useOp("status", undefined).data;
  const [first, setFirst] = useState<Tab | null>(null);
  if (first === null && status) setFirst(status.merge_conflicts > 0 ? "merge" : "channel");
  const tab = search.tab ?? first ?? "channel";
  const counts: Record<Tab, number | undefined> = {
    channel: useOp("conflictViews", undefined, { keep: true }).data?.find((view) => view.name === "open")?.count,
    merge: useOp("merges", undefined).data?.length,
    held: useOp("held", undefined).data?.length,
    notices: useOp("notices", undefined).data?.length,
  };
  const go = (to: Tab) => void navigate({ to: "/conflicts", search: { tab: to }, replace: true });
  const open = (id: string | undefined) => void navigate({ to: "/conflicts", search: (old) => ({ ...old, tab, open: id }), replace: true });
  useActions(TABS.map((one, n) => ({ id: `conflicts.${one}`, title: `Show ${NAME[one].toLowerCase()}`, keys: String(n + 1), group: "Conflicts", when: tab !== one, run: () => go(one) })));

  const Content = { channel: ChannelTab, merge: MergesTab, held: HeldTab, notices: NoticesTab }[tab];
  const others = [counts.merge, counts.held, counts.notices];
  const parts = [counts.channel ? `${formatCount(counts.channel)} channel` : "", ...others.map((count, n) => (count ? `${formatCount(count)} ${["merge", "held back", countWord(count)][n]}` : ""))].filter(Boolean);
  const known = counts.channel !== undefined && others.every((count) => count !== undefined);
  return (
    <Screen title="Conflicts" sub={parts.length > 0 ? parts.join(", ") : known ? "nothing needs you" : undefined}>
      <Tabs label="Conflicts" tabs={TABS.map((id) => ({ id, name: NAME[id], ...(counts[id] ? { count: counts[id] } : {}) }))} value={tab} onChange={go}>
        <Content open={search.open} onOpen={open} />
      </Tabs>
    </Screen>
  );
}

function countWord(count: number): string {
  return count === 1 ? "notice" : "notices";
}
