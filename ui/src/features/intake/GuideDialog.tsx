/**
 * How partners register by themselves: the CRM's forms, and the page for its admin, to be copied and sent; where
 * the CRM takes one, the package that brings all of it at once.
 */
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { Forms } from "./Forms";
import styles from "./Intake.module.css";

/** The dialog; mounted while open. */
export function GuideDialog({ onClose }: { onClose: () => void }) {
  const guide = useOp("adminGuide", undefined);
  const text = guide.data?.text ?? "";
  const takesPackage = useOp("status", undefined).data?.vendor === "salesforce";
  const save = useCommand("saveAdminPackage", { failed: "The package was not saved", done: (saved) => `Saved as ${saved.file}` });
  const copy = () => {
    if (text === "") return;
    void navigator.clipboard.writeText(text).then(
      () => toast({ title: "The page is copied" }),
      () => toast({ tone: "danger", title: "The page was not copied", body: "The clipboard is not open to the window. Select the text and copy it." }),
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="How partners register by themselves"
      note="one page for the CRM’s admin"
      width="wide"
      onSubmit={copy}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={text === ""} onPress={copy}>
            Copy the page
          </Button>
          {takesPackage && (
            <Button isDisabled={save.isPending} onPress={() => save.mutate(undefined)}>
              Save the package
            </Button>
          )}
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      {guide.error && <ErrorNotice error={guide.error} title="The page could not be written" />}
      <Forms />
      {/* What scrolls must be reachable without a pointer. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles.guide} tabIndex={0}>
        {text}
      </pre>
    </Dialog>
  );
}
