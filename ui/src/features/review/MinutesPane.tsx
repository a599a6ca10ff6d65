/** The minutes of a finished review as a page to read, with what is queued for the CRM, and Y to copy them as Markdown. */
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody } from "../../components/ListDetail";
import { ErrorNotice } from "../../components/Section";
import { toast } from "../../components/toasts";
import { countOf } from "../../format/number";
import { blocksOf } from "./markdown";
import type { Block } from "./markdown";
import styles from "./Review.module.css";

/** The pane. */
export function MinutesPane({ id }: { id: string }) {
  const query = useOp("minutes", id);
  const minutes = query.data;
  const copy: Action = {
    id: "review.copy",
    title: "Copy the minutes",
    keys: "y",
    group: "Minutes",
    when: minutes !== undefined,
    run: () =>
      void navigator.clipboard.writeText(minutes?.markdown ?? "").then(
        () => toast({ title: "Minutes copied, as Markdown" }),
        () => toast({ tone: "danger", title: "The minutes were not copied", body: "The clipboard is not open to the window. Select the text and copy it." }),
      ),
  };
  useActions([copy]);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The minutes could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!minutes) return <div aria-busy="true" />;
  return (
    <>
      <DetailBody>
        <article className={styles.minutes}>
          {blocksOf(minutes.markdown).map((block, n) => (
            // Blocks of a text that does not change; their place is their identity.
            // oxlint-disable-next-line react/no-array-index-key
            <Drawn key={n} block={block} />
          ))}
        </article>
      </DetailBody>
      <ActionBar end={minutes.queued === 0 ? "everything decided is in the CRM" : `${countOf(minutes.queued, "change")} queued for the CRM`}>
        <Button kind="primary" action={copy} />
      </ActionBar>
    </>
  );
}

function Drawn({ block }: { block: Block }) {
  switch (block.is) {
    case "heading":
      return block.level === 1 ? <h2 className={styles.minutesTitle}>{block.text}</h2> : <h3>{block.text}</h3>;
    case "list":
      return (
        <ul>
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      );
    case "table":
      return (
        <table>
          <thead>
            <tr>
              {block.head.map((cell) => (
                <th key={cell} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row) => (
              <tr key={row.join("|")}>
                {row.map((cell, n) => (
                  <td key={block.head[n] ?? cell}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case "text":
      return <p>{block.text}</p>;
  }
}
