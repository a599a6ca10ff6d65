/**
 * The window begins here: the query client (fresh only by events, never by time), how commands tell their outcome (once, for
 * all), events, router. Nothing else is global.
 */
import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { startEvents } from "./api/events";
import type { CommandOptions } from "./api/queries";
import type { CommandName } from "./api/queries";
import { ApiError } from "./api/transport";
import { toast } from "./components/toasts";
import { makeRouter } from "./routes";
import "./styles/tokens.css";
import "./styles/base.css";

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: false, networkMode: "always", staleTime: Infinity, gcTime: 10 * 60_000, refetchOnWindowFocus: false, refetchOnReconnect: false },
    mutations: { retry: false, networkMode: "always" },
  },
  mutationCache: new MutationCache({
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

startEvents(client);

const place = document.getElementById("root");
if (!place) throw new Error("index.html has no #root");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <I18nProvider locale="en-GB">
        <RouterProvider router={makeRouter()} />
      </I18nProvider>
    </QueryClientProvider>
  </StrictMode>,
);
