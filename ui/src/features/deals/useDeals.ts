/**
 * The rows of a view. Flat views are one list read by keyset. "Open by motion" is one list per motion in a fixed order; a group
 * stands only when all before it are read to the end, so that the table grows at its end and never in its middle.
 */
import type { DealFilter, DealRow, DealSort, Direction, Motion } from "../../api/api.gen";
import { useOp, usePages } from "../../api/queries";
import { MOTIONS } from "./deals.search";

/** Rows of one motion, with what the motion has in all. */
export interface MotionRows {
  motion: Motion;
  rows: DealRow[];
}

const PAGE = 200;

function useMotion(motion: Motion, filter: DealFilter, sort: DealSort, direction: Direction, enabled: boolean) {
  return usePages("deals", (after) => ({ filter: { ...filter, motion }, sort, direction, after, limit: PAGE }), { enabled: enabled && (filter.motion ?? motion) === motion });
}

/** The rows of one view, flat or by motion. */
export function useDeals(filter: DealFilter, sort: DealSort, direction: Direction, byMotion: boolean) {
  const flat = usePages("deals", (after) => ({ filter, sort, direction, after, limit: PAGE }), { enabled: !byMotion });
  const lists = [
    useMotion("reseller", filter, sort, direction, byMotion),
    useMotion("services", filter, sort, direction, byMotion),
    useMotion("tech", filter, sort, direction, byMotion),
    useMotion("marketplace", filter, sort, direction, byMotion),
    useMotion("referral", filter, sort, direction, byMotion),
  ];
  if (!byMotion) return { rows: flat.rows, groups: null, pending: flat.isPending, fetching: flat.isFetching, error: flat.error, more: flat.more };

  const wanted = MOTIONS.map((motion, n) => ({ motion, list: lists[n] })).filter(({ motion }) => filter.motion === undefined || filter.motion === null || filter.motion === motion);
  const open = wanted.findIndex(({ list }) => list !== undefined && (list.isPending || list.rows.length < (list.first?.total ?? 0)));
  const shown = open < 0 ? wanted : wanted.slice(0, open + 1);
  const groups: MotionRows[] = shown.map(({ motion, list }) => ({ motion, rows: list?.rows ?? [] }));
  return {
    rows: groups.flatMap((group) => group.rows),
    groups,
    pending: wanted.some(({ list }) => list?.isPending),
    fetching: wanted.some(({ list }) => list?.isFetching),
    error: wanted.find(({ list }) => list?.error)?.list?.error ?? null,
    more: () => wanted[open]?.list?.more(),
  };
}

/** How many deals each motion has and their sums; asked only while the view is grouped. */
export function useMotionTotals(filter: DealFilter, enabled: boolean) {
  const reseller = useOp("dealTotals", { ...filter, motion: "reseller" }, { enabled, keep: true }).data;
  const services = useOp("dealTotals", { ...filter, motion: "services" }, { enabled, keep: true }).data;
  const tech = useOp("dealTotals", { ...filter, motion: "tech" }, { enabled, keep: true }).data;
  const marketplace = useOp("dealTotals", { ...filter, motion: "marketplace" }, { enabled, keep: true }).data;
  const referral = useOp("dealTotals", { ...filter, motion: "referral" }, { enabled, keep: true }).data;
  return { reseller, services, tech, marketplace, referral };
}
