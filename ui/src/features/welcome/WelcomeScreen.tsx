/**
 * Welcome: from nothing to a workspace. Sample data is one click; a CRM is connected in five steps: connect (by signing in with
 * the browser, or a token that goes to Rust and from there into the keyring; it is never sent back), fields (what was found, for review), create (what Drumbeat
 * would add to the CRM, shown first and skippable), first sync, ready.
 *
 * The step is in the address, so Back works and a restart comes back to the open step: a workspace that is connected but
 * not set up opens at the fields. Nothing here is needed again once a workspace is ready, but every step can be
 * opened again from Settings.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Vendor } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Screen } from "../../components/Screen";
import { ConnectStep } from "./ConnectStep";
import { CreateStep } from "./CreateStep";
import { FieldsStep } from "./FieldsStep";
import { ReadyStep } from "./ReadyStep";
import { StartStep } from "./StartStep";
import { SyncStep } from "./SyncStep";
import type { Step } from "./welcome.search";

/** The screen. */
export function WelcomeScreen() {
  const navigate = useNavigate();
  const { step, crm } = useSearch({ from: "/welcome" });
  const status = useOp("status", undefined).data;
  if (!status) return <Screen title="Welcome">{null}</Screen>;
  const go = (to: Step, vendor?: Vendor) => void navigate({ to: "/welcome", search: { step: to, ...(vendor ? { crm: vendor } : {}) } });
  const has = status.phase === "connected" || status.phase === "ready";
  const asked = step ?? (status.phase === "connected" ? "fields" : "start");
  const at = has || asked === "connect" ? asked : "start";
  return (
    <Screen title="Welcome">
      {at === "start" && <StartStep go={go} resume={status.phase === "connected"} />}
      {at === "connect" && <ConnectStep key={crm} vendor={crm ?? "hubspot"} go={go} />}
      {at === "fields" && <FieldsStep go={go} status={status} />}
      {at === "create" && <CreateStep go={go} status={status} />}
      {at === "sync" && <SyncStep go={go} status={status} />}
      {at === "ready" && <ReadyStep status={status} />}
    </Screen>
  );
}
