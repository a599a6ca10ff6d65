/** Activity. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function ActivityScreen() {
  return (
    <Screen title="Activity">
      <EmptyState title="Nothing has been done yet">Decisions and syncs are listed here.</EmptyState>
    </Screen>
  );
}
