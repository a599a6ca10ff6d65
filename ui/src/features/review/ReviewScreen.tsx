/** Review. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function ReviewScreen() {
  return (
    <Screen title="Review">
      <EmptyState title="No review has been started">A review builds its agenda from the data of the last sync.</EmptyState>
    </Screen>
  );
}
