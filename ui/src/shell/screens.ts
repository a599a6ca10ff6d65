/**
 * The screens of the window in the order of the rail: name, letter after `g`, icon, and the count that means work. One list
 * for the rail, the palette's "Go to", the jump keys and the key sheet. A screen that does not exist yet is not here.
 */
import type { Status } from "../api/api.gen";
import { ActivityIcon, ConflictsIcon, DealsIcon, InboxIcon, PacksIcon, PartnersIcon, PolicyIcon, ReviewIcon, SettingsIcon, TodayIcon } from "../components/icons";

/** One entry of the rail. */
export interface ScreenEntry {
  path: "/today" | "/inbox" | "/conflicts" | "/review" | "/deals" | "/partners" | "/packs" | "/policy" | "/activity" | "/settings";
  name: string;
  /** Pressed after g. */
  letter: string;
  Icon: typeof InboxIcon;
  /** How much work waits there; 0 draws nothing. */
  count?: (status: Status) => number;
  /** Drawn red: something is over. */
  late?: (status: Status) => boolean;
}

/** The groups of the rail; the last stands at the bottom. */
export const SCREENS: readonly (readonly ScreenEntry[])[] = [
  [
    { path: "/today", name: "Today", letter: "t", Icon: TodayIcon, count: (status) => status.counts.today },
    { path: "/inbox", name: "Inbox", letter: "i", Icon: InboxIcon, count: (status) => status.counts.inbox, late: (status) => status.counts.inbox_over > 0 },
    { path: "/conflicts", name: "Conflicts", letter: "c", Icon: ConflictsIcon, count: (status) => status.merge_conflicts + (status.held ?? 0) + (status.notices ?? 0) },
    { path: "/review", name: "Review", letter: "r", Icon: ReviewIcon, count: (status) => status.counts.review },
  ],
  [
    { path: "/deals", name: "Deals", letter: "d", Icon: DealsIcon },
    { path: "/partners", name: "Partners", letter: "p", Icon: PartnersIcon },
    { path: "/packs", name: "Packs", letter: "k", Icon: PacksIcon },
  ],
  [
    { path: "/policy", name: "Policy", letter: "y", Icon: PolicyIcon },
    { path: "/activity", name: "Activity", letter: "a", Icon: ActivityIcon },
  ],
  [{ path: "/settings", name: "Settings", letter: "s", Icon: SettingsIcon }],
];
