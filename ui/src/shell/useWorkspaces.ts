/**
 * The other workspaces of this computer, one for each CRM account: going over to one, and connecting another account. Nothing
 * of the one that was open stays in the page: neither what was read nor what could be undone.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Action } from "../actions/registry";
import type { Status } from "../api/api.gen";
import { useCommand, useOp } from "../api/queries";
import { clearToasts } from "../components/toasts";

/** What every workspace has of its own in the page is forgotten; what is the program's stays. */
export const OF_THE_PROGRAM = ["status", "settings", "workspaces"];

/** The actions, for the palette. */
export function useWorkspaces(status: Status | undefined): Action[] {
  const client = useQueryClient();
  const navigate = useNavigate();
  const open = useCommand("openWorkspace", { failed: "The workspace did not open" });
  const all = useOp("workspaces", undefined, { enabled: status !== undefined }).data ?? [];
  const usable = status?.phase === "ready" || status?.phase === "connected";
  const others = all.filter((one) => one.id !== status?.workspace);
  return [
    ...others.map((one) => ({
      id: `workspace.${one.id}`,
      title: `Go over to ${one.name}`,
      group: "Workspaces",
      when: usable && !open.isPending,
      run: () => {
        clearToasts();
        open.mutate(
          { workspace: one.id },
          {
            onSuccess: (opened) => {
              client.removeQueries({ predicate: (read) => !OF_THE_PROGRAM.includes(String(read.queryKey[0])) });
              void navigate({ to: opened.phase === "ready" ? "/today" : "/welcome" });
            },
          },
        );
      },
    })),
    { id: "workspace.connect", title: "Connect another CRM account", group: "Workspaces", when: usable, run: () => void navigate({ to: "/welcome", search: { step: "start" } }) },
  ];
}
