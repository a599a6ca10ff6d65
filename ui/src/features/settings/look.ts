/** The look of packs as it is typed: a field that is empty takes what Drumbeat has. Pure. */
import type { LookFinding, LookPart, Logo, PackLook, SaveLook } from "../../api/api.gen";

/** What stands in the dialog. */
export interface LookDraft {
  accent: string;
  second: string;
  font: string;
  logo: Logo | null;
}

/** The dialog, filled with what is in force. */
export function draftOf(look: PackLook): LookDraft {
  const { accent, second, font } = look.chosen;
  return { accent: accent ?? "", second: second ?? "", font: font ?? "", logo: look.logo };
}

/** What is asked of a draft: spaces around it mean nothing. */
export function lookOf(draft: LookDraft): SaveLook {
  const said = (text: string) => (text.trim() === "" ? null : text.trim());
  return { accent: said(draft.accent), second: said(draft.second), font: said(draft.font), logo: draft.logo?.id ?? null };
}

/** What is wrong with a part, worst first, or nothing. */
export function findingOf(found: readonly LookFinding[], part: LookPart): LookFinding | null {
  return found.find((one) => one.part === part && one.refused) ?? found.find((one) => one.part === part) ?? null;
}

/** Whether anything of it was chosen. */
export function isOwn(look: SaveLook): boolean {
  return [look.accent, look.second, look.font, look.logo].some((part) => part !== null && part !== undefined);
}
