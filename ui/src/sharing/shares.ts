/** Shares that were made, in words. Pure. */
import { labels } from "../api/api.gen";
import type { ShareRow } from "../api/api.gen";

/** "Web page, Excel". */
export function formatsOf(share: Pick<ShareRow, "formats">): string {
  return share.formats.map((format) => labels.ShareFormat[format]).join(", ");
}

/** Whether its last day is over, on this day. */
export function isOver(share: Pick<ShareRow, "until">, today: string): boolean {
  return share.until < today;
}

/** The folder of a file, on every system. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.search(/[\\/][^\\/]*$/)));
}
