/** Connecting HubSpot: a token, and for experts another address (a sandbox) and a passphrase instead of the keyring. */
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import { useCommand } from "../../api/queries";
import { useJobs } from "../../api/events";
import { Button } from "../../components/Button";
import { Checkbox, TextField } from "../../components/Field";
import { ActionBar } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { StepHead } from "./Steps";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

/** The step. */
export function ConnectStep({ go }: { go: (step: Step) => void }) {
  const [token, setToken] = useState("");
  const [address, setAddress] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState(false);
  const connect = useCommand("connect", { quiet: true });
  const job = useJobs().at(-1);
  const missing = asked && token.trim() === "" ? "Paste the token of a private app, or a service key" : undefined;

  function submit() {
    setAsked(true);
    if (token.trim() === "" || connect.isPending) return;
    connect.mutate(
      {
        vendor: "hubspot",
        token: token.trim(),
        base_url: more && address.trim() !== "" ? address.trim() : null,
        passphrase: more && passphrase !== "" ? passphrase : null,
      },
      {
        onSuccess: () => {
          setToken("");
          setPassphrase("");
          go("fields");
        },
      },
    );
  }

  useActions([
    { id: "connect.submit", title: "Connect", keys: ["Enter", "Mod+Enter"], group: "Welcome", inFields: true, when: !connect.isPending, run: submit },
    { id: "connect.back", title: "Back", keys: "Escape", group: "Welcome", inFields: true, when: !connect.isPending, run: () => go("start") },
  ]);

  return (
    <div className={styles.page}>
      <StepHead step="connect" title="Connect HubSpot" meta={["Reads deals, companies, contacts and activities", "writes nothing until you have seen what"]} />
      <div className={styles.body}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <TextField label="Private-app token or service key" value={token} onChange={setToken} secret wide autoFocus error={missing} maxLength={2000} help="HubSpot: Settings, Integrations, Private apps or Service keys. It is kept in this computer’s keyring; without one, encrypted beside the store. It is never shown again." />
          <Checkbox value={more} onChange={setMore} note="for a sandbox, or a computer without a keyring">
            Another address, or a passphrase
          </Checkbox>
          {more && (
            <>
              <TextField label="Address of the CRM" value={address} onChange={setAddress} placeholder="https://api.hubapi.com" wide maxLength={500} />
              <TextField label="Passphrase for the workspace" value={passphrase} onChange={setPassphrase} secret wide maxLength={1024} help="A second way in, and the only one where there is no keyring. Nobody can recover it." />
            </>
          )}
          {connect.error && <ErrorNotice error={connect.error} title="HubSpot was not connected" />}
          {connect.isPending && <p className="t2" role="status">{job ? `${job.step} …` : "Asking HubSpot what this account has …"}</p>}
        </form>
        <div className={styles.beside}>
          <Section title="What the token needs" note="its scopes">
            <ul className={styles.scopes}>
              {[
                ["crm.objects.deals, companies, contacts", "read; write when decisions should go back. Notes, tasks, calls and meetings come with contacts"],
                ["crm.objects.custom", "read: registrations and certificates; write when decisions should go back"],
                ["crm.schemas.deals, companies, contacts, custom", "read; write only to create missing fields"],
                ["crm.objects.owners", "read: who “me” is"],
                ["sales-email-read", "what was mailed, and when a partner was last in touch"],
              ].map(([scope, why]) => (
                <li key={scope}>
                  <span className={styles.scope}>{scope}</span>
                  <span className="t3 small">{why}</span>
                </li>
              ))}
            </ul>
            <p className="t2 small">With fewer rights it still works: what cannot be read is said, and without writing the workspace is read only.</p>
          </Section>
        </div>
      </div>
      <ActionBar end="The network is used from here on, and only with this account">
        <Button kind="primary" keys="Enter" isDisabled={connect.isPending} onPress={submit}>
          Connect
        </Button>
        <Button keys="Escape" isDisabled={connect.isPending} onPress={() => go("start")}>
          Back
        </Button>
      </ActionBar>
    </div>
  );
}
