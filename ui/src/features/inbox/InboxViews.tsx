/** The named views of the inbox, kept in this workspace. */
import type { InboxQuery, InboxView } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { ViewsDialog } from "../../components/ViewsDialog";
import { viewWords } from "./views";

/** The dialog; mounted while open. `current` is what is on screen. */
export function InboxViews({ views, current, onOpen, onClose }: { views: readonly InboxView[]; current: InboxQuery; onOpen: (view: InboxView) => void; onClose: () => void }) {
  const save = useCommand("saveInboxView", { done: "The view is kept", quiet: true });
  const forget = useCommand("forgetInboxView", { failed: "The view was not forgotten" });
  const open = (name: string) => {
    const view = views.find((one) => one.name === name);
    if (view) onOpen(view);
  };
  return (
    <ViewsDialog
      note="of the inbox"
      views={views.map((view) => ({ name: view.name, words: viewWords(view.query) }))}
      current={viewWords(current)}
      onOpen={open}
      onKeep={(name) => save.mutate({ name, query: current }, { onSuccess: onClose })}
      onForget={(name) => forget.mutate({ name })}
      isKeeping={save.isPending}
      isForgetting={forget.isPending}
      error={save.error}
      onClose={onClose}
    />
  );
}
