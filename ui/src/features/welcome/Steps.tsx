/** The head of a setup step: what it is, what it says, and where it stands among the steps. */
import type { ReactNode } from "react";
import { DetailHead } from "../../components/ListDetail";
import { CheckIcon } from "../../components/icons";
import type { Step } from "./welcome.search";
import styles from "./Welcome.module.css";

const NAMES: readonly { id: Step; name: string }[] = [
  { id: "connect", name: "Connect" },
  { id: "fields", name: "Fields" },
  { id: "create", name: "Create" },
  { id: "sync", name: "First sync" },
  { id: "ready", name: "Ready" },
];

/** Title, second line and the row of steps. */
export function StepHead({ step, title, meta }: { step: Step; title: string; meta: readonly ReactNode[] }) {
  const at = NAMES.findIndex((one) => one.id === step);
  return (
    <DetailHead
      rule
      title={title}
      meta={meta}
      end={
        <ol className={styles.steps} aria-label="Steps">
          {NAMES.map((one, n) => (
            <li key={one.id} className={n < at ? styles.done : ""} aria-current={n === at ? "step" : undefined}>
              {n < at && <CheckIcon size={12} />}
              {one.name}
            </li>
          ))}
        </ol>
      }
    />
  );
}
