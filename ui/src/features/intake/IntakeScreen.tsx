/**
 * Registrations that come from outside the CRM: a file that is chosen or dropped on the window, a mail, pasted text. First where it comes
 * from, then how it is read (columns), then row by row what would be saved. Nothing is saved before a person says so.
 *
 * An import lives in the program's memory under an id that stands in the address; a file dropped anywhere opens this screen.
 */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Screen } from "../../components/Screen";
import { ErrorNotice } from "../../components/Section";
import { ImportView } from "./ImportView";
import styles from "./Intake.module.css";
import { Source } from "./Source";

/** The screen. */
export function IntakeScreen() {
  const { id } = useSearch({ from: "/import" });
  return id === undefined ? (
    <Screen title="Import registrations" sub="from a file, a mail or pasted text">
      <Source />
    </Screen>
  ) : (
    <Read key={id} id={id} />
  );
}

function Read({ id }: { id: string }) {
  const navigate = useNavigate({ from: "/import" });
  const query = useOp("importDraft", id);
  return (
    <Screen title="Import registrations" sub={query.data?.name}>
      {query.error && (
        <div className={styles.problem}>
          <ErrorNotice error={query.error} title="This import is not open any more" actions={<Button onPress={() => void navigate({ to: "/import", search: {} })}>Start again</Button>} />
        </div>
      )}
      {query.data ? <ImportView read={query.data} /> : !query.error && <div aria-busy="true" />}
    </Screen>
  );
}
