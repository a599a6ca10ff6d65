/** How a pack is called, and its files by name, folder and hash. Pure. */
import type { PackMade } from "../../api/api.gen";

export { lastFinishedQuarter, quarterName, quartersOnOffer } from "../../format/quarter";

/** What a past pack is called in the address. */
export function packKey(pack: Pick<PackMade, "partner" | "quarter" | "edition" | "at">): string {
  return `${pack.at} ${pack.partner} ${pack.quarter} ${pack.edition}`;
}

/** The file's name without its folder. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

/** The folder of a file. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.length - fileName(path).length - 1));
}

/** "9f2c4e1b7a04": enough of a hash to compare by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
