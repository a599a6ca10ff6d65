/**
 * The window begins here: query client, events, router. Nothing else is global.
 */
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { startEvents } from "./api/events";
import { makeClient } from "./client";
import { makeRouter } from "./routes";
import "./styles/tokens.css";
import "./styles/base.css";

const client = makeClient();
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
