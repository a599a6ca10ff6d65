/** What the doctor finds: asked for on demand, because it reads the whole store. */
import type { CheckOutcome } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ErrorNotice, Section } from "../../components/Section";
import { Sign } from "../../components/Verdict";
import type { Outcome } from "../../components/Verdict";
import { countOf } from "../../format/number";
import { withoutShell } from "../../format/value";
import styles from "./Settings.module.css";

const SIGN: Record<CheckOutcome, Outcome> = { pass: "ok", warn: "warn", fail: "fail" };

/** The section. */
export function Health({ open, onOpen }: { open: boolean; onOpen: () => void }) {
  const doctor = useOp("doctor", undefined, { enabled: open });
  const findings = doctor.data;
  const bad = findings?.filter((one) => one.outcome !== "pass").length ?? 0;
  return (
    <Section title="Health" note={findings ? (bad === 0 ? "all is well" : `${countOf(bad, "finding")} to look at`) : "of the store, the key and the connection"}>
      {!open && (
        <Button keys="h" onPress={onOpen}>
          Check the health
        </Button>
      )}
      {open && doctor.isPending && (
        <p className="t3" role="status">
          Looking …
        </p>
      )}
      {doctor.error && <ErrorNotice error={doctor.error} title="The check did not finish" />}
      {findings && (
        <>
          <ul className={styles.findings}>
            {findings.map((one) => (
              <li key={`${one.check} ${one.text}`} className={styles.finding}>
                <span className={styles.sign}>
                  <Sign outcome={SIGN[one.outcome]} />
                </span>
                <span>
                  {withoutShell(one.text)}
                  {one.next !== null && <span className={styles.next}>{withoutShell(one.next)}</span>}
                </span>
              </li>
            ))}
          </ul>
          <Button isDisabled={doctor.isFetching} onPress={() => void doctor.refetch()}>
            Check again
          </Button>
        </>
      )}
    </Section>
  );
}
