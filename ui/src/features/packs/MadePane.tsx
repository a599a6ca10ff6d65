/** A pack that was made: its files with size and hash, and Y to copy names and hashes (what a recipient compares with). */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { PackMade } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { DocIcon, TableIcon } from "../../components/icons";
import { ActionBar, DetailBody, DetailHead } from "../../components/ListDetail";
import { Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { When } from "../../components/When";
import { countOf, formatBytes } from "../../format/number";
import styles from "./Packs.module.css";
import { fileName, folderOf, quarterName, shortHash } from "./quarters";

/** The pane. */
export function MadePane({ pack }: { pack: PackMade }) {
  const [first] = pack.files;
  const copy: Action = {
    id: "packs.copy",
    title: "Copy names and hashes",
    keys: "y",
    group: "Pack",
    run: () =>
      void navigator.clipboard.writeText(pack.files.map((file) => `${file.sha256}  ${file.path}`).join("\n")).then(
        () => toast({ title: "Names and hashes copied" }),
        () => toast({ tone: "danger", title: "Nothing was copied", body: "The clipboard is not open to the window. Select the lines and copy them." }),
      ),
  };
  useActions([copy]);
  return (
    <>
      <DetailHead
        rule
        title={`${pack.partner_name}, ${quarterName(pack.quarter)}`}
        tags={<Tag tone={pack.edition === "partner" ? "accent" : "neutral"}>{pack.edition === "partner" ? "For the partner" : "Internal"}</Tag>}
        meta={[
          <span key="at">
            written <When at={pack.at} as="both" />
          </span>,
          countOf(pack.files.length, "file"),
        ]}
      />
      <DetailBody>
        <Section title="Files" note={first === undefined ? undefined : `in ${folderOf(first.path)}`} end="SHA-256">
          <ul className={styles.files}>
            {pack.files.map((file) => (
              <li key={file.path}>
                {file.format === "xlsx" ? <TableIcon size={14} /> : <DocIcon size={14} />}
                <span className="medium cut" title={file.path}>
                  {fileName(file.path)}
                </span>
                <span className="t2 num">{formatBytes(file.bytes)}</span>
                <span className={styles.hash} title={file.sha256}>
                  {shortHash(file.sha256)}
                </span>
              </li>
            ))}
          </ul>
        </Section>
        <p className={styles.note}>{pack.edition === "partner" ? "Built from the safelist alone and searched for withheld words before it was saved. Who made it, when, and the hashes are in the audit trail." : "An internal edition: it holds what a partner may not see. Who made it, when, and the hashes are in the audit trail."}</p>
      </DetailBody>
      <ActionBar>
        <Button action={copy} />
      </ActionBar>
    </>
  );
}
