/**
 * The screens of the window in the order of the rail: name, letter after `g`, icon, and the count that means work. One list
 * for the rail, the palette's "Go to", the jump keys and the key sheet. A screen that does not exist yet is not here.
 */
import type { Status } from "../api/api.gen";
import { ActivityIcon, ConflictsIcon, DealsIcon, InboxIcon, MetricsIcon, PacksIcon, PartnersIcon, PolicyIcon, ReviewIcon, SettingsIcon, TodayIcon } from "../components/icons";
import { countOf, formatCount } from "../format/number";

/** One entry of the rail. */
export interface ScreenEntry {
  path: "/today" | "/inbox" | "/conflicts" | "/review" | "/deals" | "/partners" | "/metrics" | "/packs" | "/policy" | "/activity" | "/settings";
  name: string;
  /** Pressed after g. */
  letter: string;
  Icon: typeof InboxIcon;
  /** How much work waits there; 0 draws nothing. */
  count?: (status: Status) => number;
  /** Why the count is drawn in a colour, which never says it alone; null or left out = grey. */
  urgent?: (status: Status) => Urgent | null;
}

/** What of the count cannot wait. */
export interface Urgent {
  tone: "danger" | "warn";
  /** Follows the count for a screen reader and stands on hover: "9 over their time". */
  words: string;
}

function overTime({ counts }: Status): Urgent | null {
  return counts.inbox_over > 0 ? { tone: "danger", words: `${formatCount(counts.inbox_over)} over their time` } : null;
}

/** Open channel conflicts are work as merge conflicts are; the colour is that of the most severe. */
function channelUrgent({ counts: { channel } }: Status): Urgent | null {
  if (channel.high > 0) return { tone: "danger", words: `${countOf(channel.high, "channel conflict")} of high severity` };
  if (channel.medium > 0) return { tone: "warn", words: `${countOf(channel.medium, "channel conflict")} of medium severity` };
  return null;
}

function conflicts({ merge_conflicts, held, notices, counts: { channel } }: Status): number {
  return merge_conflicts + (held ?? 0) + (notices ?? 0) + channel.high + channel.medium + channel.low;
}

/** The groups of the rail; the last stands at the bottom. */
export const SCREENS: readonly (readonly ScreenEntry[])[] = [
  [
    { path: "/today", name: "Today", letter: "t", Icon: TodayIcon, count: (status) => status.counts.today },
    { path: "/inbox", name: "Inbox", letter: "i", Icon: InboxIcon, count: (status) => status.counts.inbox, urgent: overTime },
    { path: "/conflicts", name: "Conflicts", letter: "c", Icon: ConflictsIcon, count: conflicts, urgent: channelUrgent },
    { path: "/review", name: "Review", letter: "r", Icon: ReviewIcon, count: (status) => status.counts.review },
  ],
  [
    { path: "/deals", name: "Deals", letter: "d", Icon: DealsIcon },
    { path: "/partners", name: "Partners", letter: "p", Icon: PartnersIcon },
    { path: "/metrics", name: "Metrics", letter: "m", Icon: MetricsIcon },
    { path: "/packs", name: "Packs", letter: "k", Icon: PacksIcon },
  ],
  [
    { path: "/policy", name: "Policy", letter: "y", Icon: PolicyIcon },
    { path: "/activity", name: "Activity", letter: "a", Icon: ActivityIcon },
  ],
  [{ path: "/settings", name: "Settings", letter: "s", Icon: SettingsIcon }],
];
