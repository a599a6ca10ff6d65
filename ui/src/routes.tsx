/**
 * The whole route tree. A screen's state that should survive "back" (what is open, how it is sorted and filtered) is in its
 * search parameters, decoded by the screen's own `*.search.ts`: total, a bad value is the default.
 * The address is kept in the fragment, so the window needs nothing from whoever serves its files.
 */
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { TodayScreen } from "./features/today/TodayScreen";
import { todaySearch } from "./features/today/today.search";
import { InboxScreen } from "./features/inbox/InboxScreen";
import { inboxSearch } from "./features/inbox/inbox.search";
import { ReviewScreen } from "./features/review/ReviewScreen";
import { reviewSearch } from "./features/review/review.search";
import { DealsScreen } from "./features/deals/DealsScreen";
import { dealsSearch } from "./features/deals/deals.search";
import { PartnersScreen } from "./features/partners/PartnersScreen";
import { partnersSearch } from "./features/partners/partners.search";
import { PacksScreen } from "./features/packs/PacksScreen";
import { packsSearch } from "./features/packs/packs.search";
import { ActivityScreen } from "./features/activity/ActivityScreen";
import { activitySearch } from "./features/activity/activity.search";
import { SettingsScreen } from "./features/settings/SettingsScreen";
import { WelcomeScreen } from "./features/welcome/WelcomeScreen";
import { welcomeSearch } from "./features/welcome/welcome.search";
import { Frame } from "./shell/Frame";
import { Failed, Lost } from "./shell/Lost";

const root = createRootRoute({ component: Frame, notFoundComponent: Lost, errorComponent: Failed });

const screens = root.addChildren([
  createRoute({
    getParentRoute: () => root,
    path: "/",
    beforeLoad: () => {
      throw redirect({ to: "/today" });
    },
  }),
  createRoute({ getParentRoute: () => root, path: "/today", validateSearch: todaySearch, component: TodayScreen }),
  createRoute({ getParentRoute: () => root, path: "/inbox", validateSearch: inboxSearch, component: InboxScreen }),
  createRoute({ getParentRoute: () => root, path: "/review", validateSearch: reviewSearch, component: ReviewScreen }),
  createRoute({ getParentRoute: () => root, path: "/deals", validateSearch: dealsSearch, component: DealsScreen }),
  createRoute({ getParentRoute: () => root, path: "/partners", validateSearch: partnersSearch, component: PartnersScreen }),
  createRoute({ getParentRoute: () => root, path: "/packs", validateSearch: packsSearch, component: PacksScreen }),
  createRoute({ getParentRoute: () => root, path: "/activity", validateSearch: activitySearch, component: ActivityScreen }),
  createRoute({ getParentRoute: () => root, path: "/settings", component: SettingsScreen }),
  createRoute({ getParentRoute: () => root, path: "/welcome", validateSearch: welcomeSearch, component: WelcomeScreen }),
]);

/** A router over the route tree; tests give their own history. */
export function makeRouter(history = createHashHistory()) {
  return createRouter({ routeTree: screens, history, defaultPreload: false, scrollRestoration: false, defaultErrorComponent: Failed });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
