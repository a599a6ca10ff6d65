/** Saves a document of a review where the person says; one that thinks better of it is told nothing. */
import type { ReviewFormat, SaveReviewDocument } from "../../api/api.gen";
import { useCommand } from "../../api/queries";

/** The minutes of a review, or a pre-read, as a file. */
export function useSaveDocument(what: Omit<SaveReviewDocument, "format">): { as: (format: ReviewFormat) => void; isPending: boolean } {
  const save = useCommand("saveReviewDocument", { failed: "The document was not saved", done: (saved) => (saved.file === "" ? "Nothing was saved" : `Saved as ${saved.file}`) });
  return { as: (format) => !save.isPending && save.mutate({ ...what, format }), isPending: save.isPending };
}
