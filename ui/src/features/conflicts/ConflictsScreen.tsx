/**
 * Conflicts: what waits between deciding and landing until a person has looked. Merge conflicts (a field changed here and in the
 * CRM), decisions that are held back because facts have moved, and notices (a value written over, one that changed again at
 * once). Which tab and what is open stand in the address. Nothing here is answered by itself, and nothing by the newest.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import { useOp } from "../../api/queries";
import { Screen } from "../../components/Screen";
import { Tabs } from "../../components/Tabs";
import { formatCount } from "../../format/number";
import { TABS } from "./conflicts.search";
import type { ConflictsSearch, Tab } from "./conflicts.search";
import { HeldTab } from "./HeldTab";
import { MergesTab } from "./MergesTab";
import { NoticesTab } from "./NoticesTab";

const NAME: Record<Tab, string> = { merge: "Merge conflicts", held: "Held back", notices: "Notices" };

/** The screen. */
export function ConflictsScreen() {
  const navigate = useNavigate({ from: "/conflicts" });
  const search: ConflictsSearch = useSearch({ from: "/conflicts" });
  const tab = search.tab ?? "merge";
  const counts: Record<Tab, number | undefined> = {
    merge: useOp("merges", undefined).data?.length,
    held: useOp("held", undefined).data?.length,
    notices: useOp("notices", undefined).data?.length,
  };
  const go = (to: Tab) => void navigate({ to: "/conflicts", search: to === "merge" ? {} : { tab: to }, replace: true });
  const open = (id: string | undefined) => void navigate({ to: "/conflicts", search: (old) => ({ ...old, open: id }), replace: true });
  useActions(TABS.map((one, n) => ({ id: `conflicts.${one}`, title: `Show ${NAME[one].toLowerCase()}`, keys: String(n + 1), group: "Conflicts", when: tab !== one, run: () => go(one) })));

  const Content = { merge: MergesTab, held: HeldTab, notices: NoticesTab }[tab];
  const sum = Object.values(counts).every((count) => count !== undefined) ? Object.values(counts).reduce<number>((all, count) => all + (count ?? 0), 0) : undefined;
  return (
    <Screen title="Conflicts" sub={sum === undefined ? undefined : sum === 0 ? "nothing needs you" : `${formatCount(sum)} to look at`}>
      <Tabs label="Conflicts" tabs={TABS.map((id) => ({ id, name: NAME[id], ...(counts[id] ? { count: counts[id] } : {}) }))} value={tab} onChange={go}>
        <Content open={search.open} onOpen={open} />
      </Tabs>
    </Screen>
  );
}
