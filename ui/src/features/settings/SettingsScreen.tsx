/** Settings. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function SettingsScreen() {
  return (
    <Screen title="Settings">
      <EmptyState title="Settings"></EmptyState>
    </Screen>
  );
}
