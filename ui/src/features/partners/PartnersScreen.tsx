/** Partners. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function PartnersScreen() {
  return (
    <Screen title="Partners">
      <EmptyState title="No partners">Partners appear here after the first sync.</EmptyState>
    </Screen>
  );
}
