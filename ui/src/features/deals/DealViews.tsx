/** The named views of deals, kept in this workspace: the tab that one begins from, what the person has narrowed, the order. */
import type { DealView } from "../../api/api.gen";
import { useCommand } from "../../api/queries";
import { ViewsDialog } from "../../components/ViewsDialog";
import { viewWords } from "./views";

/** The dialog; mounted while open. `current` is what is on screen. */
export function DealViews({ views, current, onOpen, onClose }: { views: readonly DealView[]; current: Omit<DealView, "name">; onOpen: (view: DealView) => void; onClose: () => void }) {
  const save = useCommand("saveDealView", { done: "The view is kept", quiet: true });
  const forget = useCommand("forgetDealView", { failed: "The view was not forgotten" });
  const open = (name: string) => {
    const view = views.find((one) => one.name === name);
    if (view) onOpen(view);
  };
  return (
    <ViewsDialog
      note="of deals"
      views={views.map((view) => ({ name: view.name, words: viewWords(view) }))}
      current={viewWords(current)}
      onOpen={open}
      onKeep={(name) => save.mutate({ ...current, name }, { onSuccess: onClose })}
      onForget={(name) => forget.mutate({ name })}
      isKeeping={save.isPending}
      isForgetting={forget.isPending}
      error={save.error}
      onClose={onClose}
    />
  );
}
