/** Where a screen could not be drawn: what happened, what was kept, and the way back. */
import { Link } from "@tanstack/react-router";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "../components/Button";
import { EmptyState, ErrorNotice } from "../components/Section";
import { Screen } from "../components/Screen";
import styles from "./Lost.module.css";

/** For a screen that failed while drawing. */
export function Failed({ error, reset }: ErrorComponentProps) {
  return (
    <Screen title="This screen failed">
      <div className={styles.failed}>
        <ErrorNotice
          title="This screen could not be drawn"
          error={{ message: error instanceof Error ? error.message : String(error), kept: "Decisions are kept; nothing was lost." }}
          actions={<Button onPress={reset}>Try again</Button>}
        />
      </div>
    </Screen>
  );
}

/** For an address that leads nowhere. */
export function Lost() {
  return (
    <Screen title="Not here">
      <EmptyState title="There is no such screen" action={<Link to="/today">Today</Link>}>
        The address may come from another version.
      </EmptyState>
    </Screen>
  );
}
