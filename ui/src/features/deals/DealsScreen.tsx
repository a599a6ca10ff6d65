/** Deals. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function DealsScreen() {
  return (
    <Screen title="Deals">
      <EmptyState title="No deals">Deals appear here after the first sync.</EmptyState>
    </Screen>
  );
}
