/** The lock: what stands in place of the screens while the workspace is locked. Nothing of the data is in the page then. */
import { useState } from "react";
import type { Status } from "../api/api.gen";
import { useCommand } from "../api/queries";
import { Button } from "../components/Button";
import { TextField } from "../components/Field";
import { LockIcon } from "../components/icons";
import { Screen } from "../components/Screen";
import styles from "./Lock.module.css";

/** The lock screen; without a passphrase it opens with the key of the system's keyring. */
export function Lock({ status }: { status: Status }) {
  const [passphrase, setPassphrase] = useState("");
  const unlock = useCommand("unlock", { quiet: true });
  const submit = () => {
    unlock.mutate(passphrase === "" ? {} : { passphrase }, { onSettled: () => setPassphrase("") });
  };
  return (
    <Screen title="Locked">
      <form
        className={styles.lock}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <LockIcon />
        <h2>{status.name || "This workspace"} is locked</h2>
        <p>Decisions that wait in the outbox are kept; they go to the CRM after you unlock. Leave the field empty when the key is in this computer’s keyring.</p>
        <TextField label="Passphrase" value={passphrase} onChange={setPassphrase} secret wide autoFocus error={unlock.error ? [unlock.error.message, unlock.error.next].filter(Boolean).join(". ") : undefined} maxLength={1024} />
        <Button kind="primary" keys="Enter" type="submit" isDisabled={unlock.isPending}>
          Unlock
        </Button>
      </form>
    </Screen>
  );
}
