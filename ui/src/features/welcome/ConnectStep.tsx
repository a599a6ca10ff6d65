/**
 * Connecting a CRM: by signing in with the browser, or with a token; for experts another address (a sandbox, a test
 * organisation), a callback port, and a passphrase instead of the keyring. Secrets go to Rust and never come back.
 */
import { useState } from "react";
import { useActions } from "../../actions/useActions";
import { useCommand } from "../../api/queries";
import { useJobs } from "../../api/events";
import type { Vendor } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { Checkbox, Segments, TextField } from "../../components/Field";
import { ActionBar } from "../../components/ListDetail";
import { ErrorNotice, Section } from "../../components/Section";
import { vendorName } from "../../format/vendor";
import { ASKED } from "./vendors";
import { StepHead } from "./Steps";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

type Way = "token" | "browser";
const WAYS = [
  { id: "browser", name: "Sign in with the browser" },
  { id: "token", name: "Paste a token" },
] as const;

/** The step. */
export function ConnectStep({ vendor, go }: { vendor: Vendor; go: (step: Step) => void }) {
  const asks = ASKED[vendor];
  const name = vendorName(vendor);
  const [way, setWay] = useState<Way>(vendor === "hubspot" ? "token" : "browser");
  const [token, setToken] = useState("");
  const [client, setClient] = useState("");
  const [secret, setSecret] = useState("");
  const [address, setAddress] = useState("");
  const [port, setPort] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [more, setMore] = useState(false);
  const [asked, setAsked] = useState(false);
  const connect = useCommand("connect", { quiet: true });
  const signIn = useCommand("signIn", { quiet: true });
  const stop = useCommand("stopSignIn", { quiet: true });
  const job = useJobs().at(-1);
  const pending = connect.isPending || signIn.isPending;
  const error = way === "token" ? connect.error : signIn.error;

  const shown = more || (way === "token" && asks.addressNeeded);
  const given = (text: string) => (shown && text.trim() !== "" ? text.trim() : null);
  const noToken = way === "token" && token.trim() === "" ? `Paste ${vendor === "hubspot" ? "the token of a private app, or a service key" : "an access token"}` : undefined;
  const noClient = way === "browser" && client.trim() === "" ? "Your CRM’s admin has it" : undefined;
  const noAddress = way === "token" && asks.addressNeeded && address.trim() === "" ? "An account has an address of its own" : undefined;
  const wrongPort = way === "browser" && more && port !== "" && !/^[1-9]\d{0,4}$/.test(port) ? "A number, or nothing" : undefined;

  function submit() {
    setAsked(true);
    if ((noToken ?? noClient ?? noAddress ?? wrongPort) !== undefined || pending) return;
    const done = {
      onSuccess: () => {
        setToken("");
        setSecret("");
        setPassphrase("");
        go("fields");
      },
    };
    const behind = given(passphrase) === null ? null : passphrase;
    if (way === "token") connect.mutate({ vendor, token: token.trim(), base_url: given(address), passphrase: behind }, done);
    else
      signIn.mutate(
        { vendor, client_id: client.trim(), client_secret: secret === "" ? null : secret, login: given(address), port: more && port !== "" ? Number(port) : null, passphrase: behind },
        done,
      );
  }
  const back = () => (signIn.isPending ? stop.mutate(undefined) : go("start"));

  useActions([
    { id: "connect.submit", title: way === "token" ? "Connect" : "Sign in", keys: ["Enter", "Mod+Enter"], group: "Welcome", inFields: true, when: !pending, run: submit },
    { id: "connect.back", title: signIn.isPending ? "Stop signing in" : "Back", keys: "Escape", group: "Welcome", inFields: true, when: !connect.isPending, run: back },
  ]);

  return (
    <div className={styles.page}>
      <StepHead step="connect" title={`Connect ${name}`} meta={["Reads deals, companies, contacts and activities", "writes nothing until you have seen what"]} />
      <div className={styles.body}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Segments label="How" options={WAYS} value={way} onChange={setWay} />
          {way === "token" ? (
            <TextField
              key="token"
              label={asks.token}
              value={token}
              onChange={setToken}
              secret
              wide
              autoFocus
              error={asked ? noToken : undefined}
              maxLength={2000}
              help={`${asks.tokenHelp} It is kept in this computer’s keyring; without one, encrypted beside the store. It is never shown again.`}
            />
          ) : (
            <>
              <TextField key="client" label={asks.client} value={client} onChange={setClient} wide autoFocus error={asked ? noClient : undefined} maxLength={500} help={`${asks.clientHelp} ${name} opens in your browser, and what it gives is kept in this computer’s keyring.`} />
              {asks.secret && <TextField label="Its client secret" value={secret} onChange={setSecret} secret wide maxLength={500} help={`${name} asks for it; it is kept where the tokens are.`} />}
            </>
          )}
          <Checkbox value={more} onChange={setMore} note="for a sandbox, or a computer without a keyring">
            Another address, or a passphrase
          </Checkbox>
          {shown && <TextField label={way === "token" ? "Address of the CRM" : "Where you sign in"} value={address} onChange={setAddress} placeholder={way === "token" ? asks.address : asks.login} wide error={asked ? noAddress : undefined} maxLength={500} />}
          {more && way === "browser" && <TextField label="Port of the callback address" value={port} onChange={setPort} placeholder="any free one" error={asked ? wrongPort : undefined} maxLength={5} help="Where the app’s callback is registered with a port: http://127.0.0.1:PORT/signed-in" />}
          {more && <TextField label="Passphrase for the workspace" value={passphrase} onChange={setPassphrase} secret wide maxLength={1024} help="A second way in, and the only one where there is no keyring. Nobody can recover it." />}
          {error && <ErrorNotice error={error} title={`${name} was not connected`} />}
          {pending && (
            <p className="t2" role="status">
              {job ? `${job.step} …` : signIn.isPending ? "Waiting for your browser, two minutes at most …" : `Asking ${name} what this account has …`}
            </p>
          )}
        </form>
        <div className={styles.beside}>
          <Section title={way === "token" ? "What the token needs" : "What the app asks for"} note="its rights">
            <ul className={styles.scopes}>
              {asks.rights.map(([right, why]) => (
                <li key={right}>
                  <span className={styles.scope}>{right}</span>
                  <span className="t3 small">{why}</span>
                </li>
              ))}
            </ul>
            <p className="t2 small">With fewer rights it still works: what cannot be read is said, and without writing the workspace is read only.</p>
          </Section>
        </div>
      </div>
      <ActionBar end="The network is used from here on, and only with this account">
        <Button kind="primary" keys="Enter" isDisabled={pending} onPress={submit}>
          {way === "token" ? "Connect" : "Sign in"}
        </Button>
        <Button keys="Escape" isDisabled={connect.isPending} onPress={back}>
          {signIn.isPending ? "Stop" : "Back"}
        </Button>
      </ActionBar>
    </div>
  );
}
