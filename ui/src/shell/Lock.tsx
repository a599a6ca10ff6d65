/**
 * The lock: what stands in place of the screens while the workspace is locked, or closed because its file is exchanged. Nothing of
 * the data is in the page then. A file that turns out to be damaged can be repaired from here.
 */
import { useIsMutating } from "@tanstack/react-query";
import { useState } from "react";
import type { Status } from "../api/api.gen";
import { useCommand } from "../api/queries";
import { Button } from "../components/Button";
import { TextField } from "../components/Field";
import { LockIcon } from "../components/icons";
import { Notice } from "../components/Section";
import { Screen } from "../components/Screen";
import styles from "./Lock.module.css";

/** The lock screen; without a passphrase it opens with the key of the system's keyring. */
export function Lock({ status }: { status: Status }) {
  const [passphrase, setPassphrase] = useState("");
  const unlock = useCommand("unlock", { quiet: true });
  const repair = useCommand("repair", { failed: "The file was not repaired", done: (done) => done.text });
  const repairing = useIsMutating({ mutationKey: ["repair"] });
  const restoring = useIsMutating({ mutationKey: ["restoreBackup"] });
  if (repairing + restoring > 0) {
    return (
      <Screen title="Locked">
        <div className={styles.lock} role="status">
          <LockIcon />
          <h2>{repairing > 0 ? "The file is being repaired" : "The backup is being put back"}</h2>
          <p>The workspace opens again by itself. The file in use before is kept, and nothing is sent meanwhile.</p>
        </div>
      </Screen>
    );
  }
  const damaged = unlock.error?.code === "damaged";
  const mend = () => repair.mutate(passphrase === "" ? {} : { passphrase }, { onSettled: () => setPassphrase("") });
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
        <TextField label="Passphrase" value={passphrase} onChange={setPassphrase} secret wide autoFocus error={unlock.error && !damaged ? [unlock.error.message, unlock.error.next].filter(Boolean).join(". ") : undefined} maxLength={1024} />
        {damaged && (
          <Notice tone="danger" title={unlock.error?.message} actions={<Button onPress={mend}>Repair it</Button>}>
            {unlock.error?.kept}. What can be read goes into a new file, and the damaged one is kept beside it. Where it opens with a passphrase, type it once more first.
          </Notice>
        )}
        <Button kind="primary" keys="Enter" type="submit" isDisabled={unlock.isPending}>
          Unlock
        </Button>
      </form>
    </Screen>
  );
}
