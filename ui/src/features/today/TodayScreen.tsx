/** Today. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function TodayScreen() {
  return (
    <Screen title="Today">
      <EmptyState title="Nothing waits for you">What is new, due and promised will stand here after the first sync.</EmptyState>
    </Screen>
  );
}
