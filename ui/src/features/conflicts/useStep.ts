/** A step on a channel conflict: told when it is saved, with a way back where the CRM is told of it and has not been yet. */
import { useCommand } from "../../api/queries";
import type { CommandName, RequestOf } from "../../api/queries";
import type { ConflictStepped } from "../../api/api.gen";
import { toast } from "../../components/toasts";

/** The step by its operation; its dialog shows a refusal in place. `failed` tells one that has no dialog. */
export function useStep(name: CommandName, failed?: string) {
  const undo = useCommand("undo", { done: "Taken back; the channel conflict is as it was", failed: "It could not be taken back" });
  const command = useCommand(name, failed === undefined ? { quiet: true } : { failed });
  const send = (request: RequestOf<CommandName>, onDone: () => void) => {
    if (command.isPending) return;
    command.mutate(request, {
      onSuccess(answer) {
        const { title, decision } = answer as ConflictStepped;
        toast({ title, ...(decision ? { undo: () => undo.mutate({ decision }) } : {}) });
        onDone();
      },
    });
  };
  return { send, busy: command.isPending, error: command.error };
}
