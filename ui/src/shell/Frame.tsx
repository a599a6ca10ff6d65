/**
 * The frame around every screen: rail, top bar with search and Actions, status bar, palette, key sheet, toasts. It decides
 * from the status what may be shown at all: nothing but Welcome without a workspace, nothing but the lock while locked.
 * It owns the keys that work everywhere (g and a letter, /, Mod+K, ?, z); screens add theirs through useActions. Round the presenter view
 * it draws nothing.
 */
import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { Action } from "../actions/registry";
import { useActions, useHotkeys } from "../actions/useActions";
import { useOp, useCommand } from "../api/queries";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { ErrorNotice } from "../components/Section";
import { Key } from "../components/Key";
import { SearchIcon } from "../components/icons";
import { FrameContext } from "../components/Screen";
import { setClock } from "../components/When";
import { Toasts, canUndo, undoLast } from "../components/toasts";
import { startYearsIn } from "../format/quarter";
import { toMillis } from "../format/time";
import { titleAndRest } from "../format/value";
import { Clockwork } from "./Clockwork";
import { Drop } from "./Drop";
import styles from "./Frame.module.css";
import { isReviewing, watchIdle } from "./idle";
import { KeySheet } from "./KeySheet";
import { Lock } from "./Lock";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { SCREENS } from "./screens";
import { StatusBar } from "./StatusBar";
import { useSync } from "./useSync";
import { OF_THE_PROGRAM, useWorkspaces } from "./useWorkspaces";

type Over = { kind: "none" } | { kind: "palette"; mode: "actions" | "search" } | { kind: "keys" };

/** The frame; the root route's component. */
export function Frame() {
  useHotkeys();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [titleSlot, setTitleSlot] = useState<HTMLElement | null>(null);
  const [toolsSlot, setToolsSlot] = useState<HTMLElement | null>(null);
  const [collapsed, setCollapsed] = useState(false);
  const [over, setOver] = useState<Over>({ kind: "none" });
  const query = useOp("status", undefined);
  const status = query.data;
  const settings = useOp("settings", undefined, { enabled: status !== undefined });
  const sync = useSync();
  const saveSettings = useCommand("saveSettings", { failed: "The setting was not saved" });
  const workspaces = useWorkspaces(status);
  const lock = useCommand("lock", { failed: "The workspace was not locked" });
  // Before the screens are drawn, which name quarters by it.
  if (status) startYearsIn(status.fiscal_year_starts);
  const phase = status?.phase;
  const ready = phase === "ready";

  const client = useQueryClient();
  useEffect(() => {
    // What was read must not outlive the lock: only what the lock itself needs stays in the page.
    if (phase === "locked") client.removeQueries({ predicate: (one) => !OF_THE_PROGRAM.includes(String(one.queryKey[0])) });
  }, [phase, client]);

  useTheme(settings.data?.theme);
  const reviews = useOp("reviews", undefined, { enabled: ready });
  useIdleLock(
    ready && !status?.sample ? (settings.data?.lock_after ?? 0) : 0,
    // The program's clock, as far as it has gone on since it was asked.
    () => isReviewing(reviews.data, status ? toMillis(status.now) + Date.now() - query.dataUpdatedAt : 0),
    () => lock.mutate(undefined),
  );
  useEffect(() => {
    if (status) setClock(status.now);
  }, [status]);
  const bareWelcome = useRouterState({ select: ({ location }) => location.pathname === "/welcome" && location.searchStr === "" });
  useEffect(() => {
    // A workspace that opens while the window starts (the sample, say) was not set up here: there is nothing to welcome to.
    // Whoever is being welcomed is at one of its steps, and whoever comes back to it asks for one.
    if (phase === "ready" && bareWelcome) void navigate({ to: "/today", replace: true });
  }, [phase, bareWelcome, navigate]);
  useEffect(() => {
    const setup = phase === "none" || phase === "connected";
    if (setup && path !== "/welcome" && path !== "/settings") void navigate({ to: "/welcome", replace: true });
  }, [phase, path, navigate]);

  const actions: Action[] = [
    { id: "frame.palette", title: "All actions", keys: "Mod+K", group: "Drumbeat", inFields: true, sheetOnly: true, run: () => setOver({ kind: "palette", mode: "actions" }) },
    { id: "frame.search", title: "Search", keys: "/", group: "Drumbeat", when: ready, run: () => setOver({ kind: "palette", mode: "search" }) },
    { id: "frame.keys", title: "Keys of this screen", keys: "?", group: "Drumbeat", run: () => setOver({ kind: "keys" }) },
    { id: "frame.undo", title: "Undo the last decision", keys: ["z", "Mod+Z"], group: "Drumbeat", when: canUndo, run: () => void undoLast() },
    { id: "frame.sync", title: "Sync now", group: "Drumbeat", when: ready && !status?.offline_on_purpose && !status?.job, run: sync.start },
    {
      id: "frame.offline",
      title: status?.offline_on_purpose ? "Go online" : "Work offline on purpose",
      group: "Drumbeat",
      when: ready,
      run: () => saveSettings.mutate({ offline: !status?.offline_on_purpose }),
    },
    { id: "frame.lock", title: "Lock the workspace", keys: "Mod+L", group: "Drumbeat", when: ready, run: () => lock.mutate(undefined) },
    { id: "frame.rail", title: collapsed ? "Show the rail" : "Collapse the rail", keys: "[", group: "Drumbeat", run: () => setCollapsed(!collapsed) },
    { id: "frame.theme.light", title: "Light colours", group: "Drumbeat", when: settings.data !== undefined && settings.data.theme !== "light", run: () => saveSettings.mutate({ theme: "light" }) },
    { id: "frame.theme.dark", title: "Dark colours", group: "Drumbeat", when: settings.data !== undefined && settings.data.theme !== "dark", run: () => saveSettings.mutate({ theme: "dark" }) },
    { id: "frame.theme.system", title: "Colours of the system", group: "Drumbeat", when: settings.data !== undefined && settings.data.theme !== "system", run: () => saveSettings.mutate({ theme: "system" }) },
    ...workspaces,
    ...SCREENS.flat().map((screen) => ({
      id: `go${screen.path}`,
      title: screen.name,
      keys: `g ${screen.letter}`,
      group: "Go to",
      when: ready || (screen.path === "/settings" && phase !== "locked"),
      run: () => void navigate({ to: screen.path }),
    })),
  ];
  // While the screen is shared with a partner nothing of the frame is there to be seen or called up: no count, no search, no notice.
  const presenting = path === "/present" && phase !== "locked";
  useActions(presenting ? actions.filter((action) => action.id === "frame.lock") : actions, true);

  const close = () => setOver({ kind: "none" });
  if (presenting) {
    return (
      <FrameContext value={{ title: null, tools: null }}>
        <main className={styles.presented}>{status && <Outlet />}</main>
      </FrameContext>
    );
  }
  return (
    <FrameContext value={{ title: titleSlot, tools: toolsSlot }}>
      <div className={`${styles.app} ${collapsed ? styles.collapsed : ""}`}>
        <Rail status={status} onToggle={() => setCollapsed(!collapsed)} />
        <header className={styles.top}>
          <div ref={setTitleSlot} className={styles.title} />
          <button type="button" className={styles.search} disabled={!ready} aria-keyshortcuts="/" onClick={() => setOver({ kind: "palette", mode: "search" })}>
            <SearchIcon size={14} />
            <span className="cut">Search deals, partners, accounts</span>
            <Key keys="/" />
          </button>
          <Button keys="Mod+K" onPress={() => setOver({ kind: "palette", mode: "actions" })}>
            Actions
          </Button>
          <div ref={setToolsSlot} className={styles.tools} />
        </header>
        <main className={styles.work}>
          {query.error && (
            <div className={styles.failure}>
              <ErrorNotice error={query.error} title="The workspace could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
            </div>
          )}
          {status?.differs !== undefined && <Differs text={status.differs} />}
          <div className={styles.screen}>{status && (phase === "locked" ? <Lock status={status} /> : <Outlet />)}</div>
        </main>
        <StatusBar status={status} onOffline={() => saveSettings.mutate({ offline: !status?.offline_on_purpose })} />
      </div>
      {ready && <Drop />}
      <Clockwork due={status?.next_sla?.due} />
      <Toasts />
      {over.kind === "palette" && <Palette mode={over.mode} onClose={close} searchable={ready} />}
      {over.kind === "keys" && <KeySheet onClose={close} screen={SCREENS.flat().find((screen) => path.startsWith(screen.path))?.name ?? "Welcome"} />}
    </FrameContext>
  );
}

/** What the sanity check found, in red over every screen for as long as it is so. */
function Differs({ text }: { text: string }) {
  const { title, rest } = titleAndRest(text);
  return (
    <Banner tone="danger" title={rest === undefined ? title : `${title}:`}>
      {rest}
    </Banner>
  );
}

function useTheme(theme: "system" | "light" | "dark" | undefined) {
  useEffect(() => {
    const root = document.documentElement;
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }, [theme]);
}

/** Locks after so many minutes without a key or a click; 0 never. */
function useIdleLock(minutes: number, held: () => boolean, lock: () => void) {
  const latest = useRef({ held, lock });
  useEffect(() => {
    latest.current = { held, lock };
  });
  // Not again with every drawing: what is drawn anew by itself is not somebody who is there.
  useEffect(() => watchIdle(minutes, () => latest.current.held(), () => latest.current.lock()), [minutes]);
}
