/** Packs. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function PacksScreen() {
  return (
    <Screen title="Packs">
      <EmptyState title="No pack has been made">Choose a partner and a quarter to make one.</EmptyState>
    </Screen>
  );
}
