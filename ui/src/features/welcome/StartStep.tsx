/** The first page: sample data, a CRM, or a workspace that is already on this computer; and three promises. */
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Vendor } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { EyeIcon, LinkIcon, LockIcon, UndoIcon } from "../../components/icons";
import { Button } from "../../components/Button";
import { Key } from "../../components/Key";
import { Notice } from "../../components/Section";
import { vendorName } from "../../format/vendor";
import { CRMS } from "./welcome.search";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

const HOW = {
  hubspot: "With a token or by signing in. Reading comes first; writing is shown before.",
  salesforce: "By signing in or with a token. Reading comes first; writing is shown before.",
};

/** The step. */
export function StartStep({ go, resume }: { go: (step: Step, vendor?: Vendor) => void; resume: boolean }) {
  const navigate = useNavigate();
  const sample = useCommand("openSample", { failed: "The sample did not open" });
  const openWorkspace = useCommand("openWorkspace", { failed: "The workspace did not open" });
  const repair = useCommand("repair", { failed: "The file was not repaired", done: (done) => done.text });
  const mend = () => repair.mutate({});
  const workspaces = useOp("workspaces", undefined).data ?? [];
  const busy = sample.isPending || openWorkspace.isPending || repair.isPending;

  const offers: (Action & { icon: ReactNode; text: string; keys?: string })[] = [
    {
      id: "welcome.sample",
      title: "Explore with sample data",
      text: "A made-up partner program in a CRM that runs inside Drumbeat. No account needed.",
      icon: <EyeIcon />,
      run: () => sample.mutate(undefined, { onSuccess: () => void navigate({ to: "/today" }) }),
    },
    ...(resume
      ? [{ id: "welcome.resume", title: "Go on setting up", text: "The connection stands; the fields come next.", icon: <LinkIcon />, run: () => go("fields") }]
      : []),
    ...CRMS.map((vendor) => ({
      id: `welcome.${vendor}`,
      title: `Connect ${vendorName(vendor)}`,
      text: HOW[vendor],
      icon: <LinkIcon />,
      run: () => go("connect", vendor),
    })),
    ...workspaces.map((one) => ({
      id: `welcome.open.${one.id}`,
      title: `Open ${one.name}`,
      text: `${vendorName(one.vendor)} workspace on this computer${one.passphrase ? ", opens with its passphrase" : ""}.`,
      icon: <LockIcon />,
      run: () => openWorkspace.mutate({ workspace: one.id }, { onSuccess: (status) => void navigate({ to: status.phase === "ready" ? "/today" : "/welcome" }) }),
    })),
  ].map((offer, n) => ({ ...offer, group: "Welcome", when: !busy, ...(n < 9 ? { keys: String(n + 1) } : {}) }));
  useActions(offers);

  return (
    <div className={styles.scroll}>
      <div className={styles.start}>
        <h2>The partner side of your CRM, on this laptop</h2>
        <p>Registrations, the weekly review and the QBR pack, also with the network off. Decisions go back to the CRM once you are online.</p>
        <ol className={styles.offers}>
          {offers.map((offer, n) => (
            <li key={offer.id}>
              <button
                type="button"
                className={styles.offer}
                disabled={busy}
                // The one thing most people want first; Enter takes it.
                autoFocus={n === 0}
                onClick={offer.run}
              >
                {offer.icon}
                <span className="grow">
                  <b>{offer.title}</b>
                  <span>{offer.text}</span>
                </span>
                {offer.keys !== undefined && <Key keys={offer.keys} />}
              </button>
            </li>
          ))}
        </ol>
        {openWorkspace.error?.code === "damaged" && !busy && (
          <div className={styles.busy}>
            <Notice tone="danger" title={openWorkspace.error.message} actions={<Button onPress={mend}>Repair it</Button>}>
              {openWorkspace.error.kept}. What can be read goes into a new file, and the damaged one is kept beside it.
            </Notice>
          </div>
        )}
        {busy && (
          <div className={styles.busy}>
            <Notice tone="info" title={sample.isPending ? "Opening the sample" : repair.isPending ? "Repairing the file" : "Opening the workspace"}>
              {sample.isPending ? "Its CRM starts and is synced; this takes a few seconds." : repair.isPending ? "What can be read goes into a new file." : "Its key is asked from the keyring, unless it has a passphrase."}
            </Notice>
          </div>
        )}
        <ul className={styles.promises}>
          <li>
            <LockIcon size={14} />
            <span>
              <b>Encrypted here</b>One encrypted file. Its key is in this computer’s keyring, or behind your passphrase.
            </span>
          </li>
          <li>
            <EyeIcon size={14} />
            <span>
              <b>Shown before it is written</b>You see what would be added, and every change before it is sent.
            </span>
          </li>
          <li>
            <UndoIcon size={14} />
            <span>
              <b>The CRM stays the truth</b>This is a copy. What was sent is in the CRM, whatever becomes of this laptop.
            </span>
          </li>
        </ul>
      </div>
    </div>
  );
}
