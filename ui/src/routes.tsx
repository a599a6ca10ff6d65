/**
 * The whole route tree. A screen's state that should survive "back" (what is open, how it is sorted and filtered) is in its
 * search parameters, decoded by the screen's own `*.search.ts`: total, a bad value is the default.
 * The address is kept in the fragment, so the window needs nothing from whoever serves its files.
 *
 * Addresses come first and components are given to them afterwards: screens are typed by the addresses, and a component
 * inside the definition would make that a circle in which every search parameter is `any`. A screen reads its own with
 * `useSearch({ from: "/inbox" })` and changes them with `useNavigate({ from: "/inbox" })` and
 * `navigate({ to: ".", search: (old) => ({ ...old, open: id }) })`.
 */
import { createHashHistory, createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";
import { calmWindow } from "./address";
import { ActivityScreen } from "./features/activity/ActivityScreen";
import { activitySearch } from "./features/activity/activity.search";
import { ConflictsScreen } from "./features/conflicts/ConflictsScreen";
import { conflictsSearch } from "./features/conflicts/conflicts.search";
import { DealsScreen } from "./features/deals/DealsScreen";
import { dealsSearch } from "./features/deals/deals.search";
import { InboxScreen } from "./features/inbox/InboxScreen";
import { inboxSearch } from "./features/inbox/inbox.search";
import { IntakeScreen } from "./features/intake/IntakeScreen";
import { intakeSearch } from "./features/intake/intake.search";
import { MetricsScreen } from "./features/metrics/MetricsScreen";
import { metricsSearch } from "./features/metrics/metrics.search";
import { PacksScreen } from "./features/packs/PacksScreen";
import { packsSearch } from "./features/packs/packs.search";
import { PartnersScreen } from "./features/partners/PartnersScreen";
import { partnersSearch } from "./features/partners/partners.search";
import { PolicyScreen } from "./features/policy/PolicyScreen";
import { policySearch } from "./features/policy/policy.search";
import { PresentScreen } from "./features/present/PresentScreen";
import { presentSearch } from "./features/present/present.search";
import { ReviewScreen } from "./features/review/ReviewScreen";
import { reviewSearch } from "./features/review/review.search";
import { TodayScreen } from "./features/today/TodayScreen";
import { todaySearch } from "./features/today/today.search";
import { SettingsScreen } from "./features/settings/SettingsScreen";
import { WelcomeScreen } from "./features/welcome/WelcomeScreen";
import { welcomeSearch } from "./features/welcome/welcome.search";
import { Frame } from "./shell/Frame";
import { Failed, Lost } from "./shell/Lost";

const root = createRootRoute();
const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/today" });
  },
});
const today = createRoute({ getParentRoute: () => root, path: "/today", validateSearch: todaySearch });
const inbox = createRoute({ getParentRoute: () => root, path: "/inbox", validateSearch: inboxSearch });
const intake = createRoute({ getParentRoute: () => root, path: "/import", validateSearch: intakeSearch });
const conflicts = createRoute({ getParentRoute: () => root, path: "/conflicts", validateSearch: conflictsSearch });
const review = createRoute({ getParentRoute: () => root, path: "/review", validateSearch: reviewSearch });
const deals = createRoute({ getParentRoute: () => root, path: "/deals", validateSearch: dealsSearch });
const partners = createRoute({ getParentRoute: () => root, path: "/partners", validateSearch: partnersSearch });
const metrics = createRoute({ getParentRoute: () => root, path: "/metrics", validateSearch: metricsSearch });
const packs = createRoute({ getParentRoute: () => root, path: "/packs", validateSearch: packsSearch });
const policy = createRoute({ getParentRoute: () => root, path: "/policy", validateSearch: policySearch });
const activity = createRoute({ getParentRoute: () => root, path: "/activity", validateSearch: activitySearch });
const present = createRoute({ getParentRoute: () => root, path: "/present", validateSearch: presentSearch });
const settings = createRoute({ getParentRoute: () => root, path: "/settings" });
const welcome = createRoute({ getParentRoute: () => root, path: "/welcome", validateSearch: welcomeSearch });

const routeTree = root.addChildren([start, today, inbox, intake, conflicts, review, deals, partners, metrics, packs, policy, activity, present, settings, welcome]);

/** A router over the route tree; tests give their own history. */
export function makeRouter(history = createHashHistory({ window: calmWindow() })) {
  return createRouter({ routeTree, history, defaultPreload: false, scrollRestoration: false });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

root.update({ component: Frame, notFoundComponent: Lost, errorComponent: Failed });
today.update({ component: TodayScreen });
inbox.update({ component: InboxScreen });
intake.update({ component: IntakeScreen });
conflicts.update({ component: ConflictsScreen });
review.update({ component: ReviewScreen });
deals.update({ component: DealsScreen });
partners.update({ component: PartnersScreen });
metrics.update({ component: MetricsScreen });
packs.update({ component: PacksScreen });
policy.update({ component: PolicyScreen });
activity.update({ component: ActivityScreen });
present.update({ component: PresentScreen });
settings.update({ component: SettingsScreen });
welcome.update({ component: WelcomeScreen });
