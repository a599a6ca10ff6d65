/**
 * The query client: fresh only by events, never by time, never retried (the other end is this computer). How commands tell
 * their outcome is wired here, once for all: a toast with Undo when it went well and was asked for, a notice that stays when
 * it failed, saying what was kept and what to do.
 */
import { MutationCache, QueryClient } from "@tanstack/react-query";
import { endJobs } from "./api/events";
import type { CommandName, CommandOptions } from "./api/queries";
import { ApiError } from "./api/transport";
import { toast } from "./components/toasts";

/** A client; the window has one, a test its own. */
export function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: "always", staleTime: Infinity, gcTime: 10 * 60_000, refetchOnWindowFocus: false, refetchOnReconnect: false },
      // What was asked is not kept: it may have been a passphrase.
      mutations: { retry: false, networkMode: "always", gcTime: 0 },
    },
    mutationCache: new MutationCache({
      onSettled(_answer, _failure, _request, _context, mutation) {
        // Reading and saving an import are jobs whose end is their answer.
        if (String(mutation.options.mutationKey?.[0]).endsWith("Import")) endJobs("import");
      },
      onError(failure, _request, _context, mutation) {
        const { failed, quiet } = (mutation.meta ?? {}) as CommandOptions<CommandName>;
        const error = failure instanceof ApiError ? failure : null;
        if (quiet || error?.code === "cancelled") return;
        const rest = [failed === undefined ? null : failure.message, error?.kept, error?.next].filter(Boolean).join(". ");
        toast({ tone: "danger", title: failed ?? failure.message, body: rest === "" ? undefined : rest });
      },
      onSuccess(answer, _request, _context, mutation) {
        const { done, undo } = (mutation.meta ?? {}) as CommandOptions<CommandName>;
        if (done === undefined) return;
        toast({ title: typeof done === "string" ? done : done(answer as never), undo: undo ? () => undo(answer as never) : undefined });
      },
    }),
  });
}
