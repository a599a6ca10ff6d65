/**
 * Settings of this computer and of the workspace: colours and lock, who "me" is and who covers whom, the connection, what the
 * policy says about clocks (read here, changed in the policy), how packs look, the store, its repair and its backups, its key, and the health of
 * it all. Every change is saved at once and says so; there is no Save button to forget.
 */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ReactNode } from "react";
import { useActions } from "../../actions/useActions";
import type { SaveSettings, Settings, Status } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Checkbox, DateField, Segments, Select } from "../../components/Field";
import { DetailBody } from "../../components/ListDetail";
import { Screen } from "../../components/Screen";
import { ErrorNotice, FactGrid, Section } from "../../components/Section";
import { When } from "../../components/When";
import { formatBytes, formatCount } from "../../format/number";
import { vendorName } from "../../format/vendor";
import { Covers } from "./Covers";
import { Data } from "./Data";
import { Health } from "./Health";
import { Look } from "./Look";
import styles from "./Settings.module.css";

const KEY_IN: Record<string, string> = {
  keyring: "in this computer’s keyring",
  passphrase: "encrypted under your passphrase, which is kept nowhere",
  memory: "in memory only; the sample leaves nothing behind",
};
const TOKEN_IN: Record<string, string> = {
  keyring: "in this computer’s keyring",
  passphrase: "in this computer’s keyring; without one, encrypted beside the store",
  memory: "in memory only, with the key",
};
const LOCK_AFTER = [
  { id: "0", name: "never" },
  { id: "5", name: "5 minutes" },
  { id: "15", name: "15 minutes" },
  { id: "30", name: "30 minutes" },
  { id: "60", name: "an hour" },
];

/** The screen. */
export function SettingsScreen() {
  const settings = useOp("settings", undefined);
  const status = useOp("status", undefined).data;
  return (
    <Screen title="Settings" {...(settings.data?.account ? { sub: settings.data.account } : {})}>
      {settings.error && (
        <div className={styles.failure}>
          <ErrorNotice error={settings.error} title="The settings could not be read" actions={<Button onPress={() => void settings.refetch()}>Try again</Button>} />
        </div>
      )}
      {settings.data && status && <Sheet settings={settings.data} status={status} />}
    </Screen>
  );
}

function Sheet({ settings, status }: { settings: Settings; status: Status }) {
  const navigate = useNavigate();
  const [health, setHealth] = useState(false);
  const save = useCommand("saveSettings", { failed: "The setting was not saved", done: "Saved" });
  const sync = useCommand("sync", { failed: "The sync did not finish" });
  const lock = useCommand("lock", { failed: "The workspace was not locked" });
  const set = (change: SaveSettings) => save.mutate(change);
  const has = status.phase === "ready" || status.phase === "connected";
  const workspaces = useOp("workspaces", undefined, { enabled: !has }).data ?? [];
  const canSync = has && status.job === null && !status.offline_on_purpose && !sync.isPending;
  const full = () => sync.mutate({ full: true, pull_only: false, push_only: false });
  const mapping = () => void navigate({ to: "/welcome", search: { step: "fields" } });
  const another = () => void navigate({ to: "/welcome", search: { step: "start" } });
  useActions([
    { id: "settings.mapping", title: "Change the mapping", keys: "m", group: "Settings", when: has, run: mapping },
    { id: "settings.full", title: "Read everything again", group: "Settings", when: canSync, run: full },
    { id: "settings.health", title: "Check the health", keys: "h", group: "Settings", run: () => setHealth(true) },
    { id: "settings.workspaces", title: "Another workspace", keys: "w", group: "Settings", run: another },
  ]);

  return (
    <div className={styles.page}>
      <DetailBody
        label="Settings"
        aside={
          <>
            <Section title="About">
              <FactGrid
                columns={1}
                facts={[
                  { label: "Drumbeat", value: settings.version },
                  { label: "Policy", value: `version ${status.policy}` },
                  ...(has
                    ? [
                        { label: "On disk", value: formatBytes(settings.store_bytes) },
                        { label: "Folder", value: <span className={styles.path}>{settings.folder}</span>, title: settings.folder },
                      ]
                    : []),
                ]}
              />
            </Section>
            <Health open={health} onOpen={() => setHealth(true)} />
          </>
        }
      >
        <h2 className="sr">Settings of this computer and of the workspace</h2>
        <Section title="This computer">
          <Line name="Colours">
            <Segments
              label="Colours"
              options={[
                { id: "system", name: "System" },
                { id: "light", name: "Light" },
                { id: "dark", name: "Dark" },
              ]}
              value={settings.theme}
              onChange={(theme) => set({ theme })}
            />
          </Line>
          <Line name="Lock after" text="without a key or a click; the outbox is kept">
            <Select label="Lock after" hideLabel options={withCurrent(settings.lock_after)} value={String(settings.lock_after)} onChange={(minutes) => set({ lock_after: Number(minutes) })} />
            <Button keys="Mod+L" isDisabled={status.phase !== "ready" || lock.isPending} onPress={() => lock.mutate(undefined)}>
              Lock now
            </Button>
          </Line>
          {has && (
            <Line name="Offline" text="everything but pulling and pushing works">
              <Checkbox value={status.offline_on_purpose} onChange={(offline) => set({ offline })}>
                Work offline on purpose
              </Checkbox>
            </Line>
          )}
        </Section>

        {has && (
          <>
            <Section title="You" note="whose work “mine” is, and from when">
              <Line name="Person">
                <Select
                  label="You in the CRM"
                  hideLabel
                  placeholder="choose a person"
                  options={settings.owners.map((one) => ({ id: one.id, name: one.name, hint: one.email }))}
                  value={settings.me}
                  onChange={(me) => set({ me })}
                />
              </Line>
              <Line name="Go-live day" text="clocks, stale notes and signals count from this day (S-12)">
                <DateField label="Go-live day" hideLabel value={settings.go_live} onChange={(day) => day !== null && day !== settings.go_live && set({ go_live: day })} />
              </Line>
            </Section>

            <Covers owners={settings.owners} />

            <Section title="Connection" note={settings.vendor ? vendorName(settings.vendor) : undefined}>
              <div className={styles.facts}>
                <FactGrid
                  facts={[
                    { label: "Account", value: settings.account },
                    { label: "Account id", value: settings.account_id },
                    { label: "Address", value: settings.base_url },
                    { label: "Last sync", value: settings.last_sync ? <When at={settings.last_sync} as="both" /> : "none yet" },
                    { label: "Rights", value: status.read_only ? `read only: ${status.read_only}` : "reads and writes" },
                    { label: "Left today", value: settings.daily_left === null ? "not said by the CRM" : `${formatCount(settings.daily_left)} requests` },
                  ]}
                />
              </div>
              <div className={styles.buttons}>
                <Button keys="m" onPress={mapping}>
                  Mapping
                </Button>
                <Button isDisabled={!canSync} onPress={full}>
                  Read everything again
                </Button>
                <Button keys="w" onPress={another}>
                  Another workspace
                </Button>
              </div>
            </Section>

            <Look vendor={status.name ?? "Vendor"} />

            <Section title="Clocks" note="set by the policy, the same for everybody" end={`policy ${status.policy}`}>
              <div className={styles.facts}>
                <FactGrid
                  facts={[
                    { label: "Decide in", value: `${settings.decision_within} (S-02)` },
                    { label: "Protection", value: `${settings.protection_days} days (R-06)` },
                  ]}
                />
              </div>
            </Section>

            {!status.sample && <Data passphrase={settings.key_in === "passphrase" ? "needed" : "none"} />}

            <Section title="Security">
              <div className={styles.facts}>
                <FactGrid
                  columns={1}
                  facts={[
                    { label: "Encryption", value: "the whole store, with a random key of its own" },
                    { label: "The key is", value: KEY_IN[settings.key_in] ?? settings.key_in },
                    { label: "CRM token", value: `${TOKEN_IN[settings.key_in] ?? settings.key_in}; never shown, never in a log` },
                  ]}
                />
              </div>
            </Section>
          </>
        )}
        {!has && workspaces.length > 0 && <Data passphrase="perhaps" />}
      </DetailBody>
    </div>
  );
}

/** The minutes on offer, with the one in force even if it came from elsewhere. */
function withCurrent(minutes: number) {
  const id = String(minutes);
  return LOCK_AFTER.some((one) => one.id === id) ? LOCK_AFTER : [...LOCK_AFTER, { id, name: `${minutes} minutes` }];
}

function Line({ name, text, children }: { name: string; text?: string; children: ReactNode }) {
  return (
    <div className={styles.line}>
      <span className={styles.name}>{name}</span>
      <div className={styles.control}>{children}</div>
      {text !== undefined && <span className={styles.text}>{text}</span>}
    </div>
  );
}
