/** Inbox. */
import { EmptyState } from "../../components/Section";
import { Screen } from "../../components/Screen";

/** The screen. */
export function InboxScreen() {
  return (
    <Screen title="Inbox">
      <EmptyState title="No registration is waiting">New claims appear here after a sync.</EmptyState>
    </Screen>
  );
}
