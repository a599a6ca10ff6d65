/**
 * A finished review: its minutes as a page to read, what moved up to it, and the mails that follow from it. Y copies the minutes as
 * Markdown, P saves them as PDF; the foot says how much of what was decided has landed in the CRM.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Minutes } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar, DetailBody } from "../../components/ListDetail";
import { ErrorNotice } from "../../components/Section";
import { Tabs } from "../../components/Tabs";
import { toast } from "../../components/toasts";
import { countOf } from "../../format/number";
import { Mails } from "./Mails";
import { blocksOf } from "./markdown";
import type { Block } from "./markdown";
import { MovementPage } from "./MovementPanel";
import styles from "./Review.module.css";
import { useSaveDocument } from "./useSaveDocument";

type Part = "minutes" | "movement" | "mails";
const PARTS: readonly { id: Part; name: string }[] = [
  { id: "minutes", name: "Minutes" },
  { id: "movement", name: "What moved" },
  { id: "mails", name: "Mails" },
];

/** How much of what was decided is in the CRM. */
export function landedWords({ landed, waiting, queued }: Pick<Minutes, "landed" | "waiting" | "queued">): string {
  const all = landed + waiting;
  const own = all === 0 ? "" : waiting === 0 ? "everything decided is in the CRM" : `${landed} of ${countOf(all, "decision")} in the CRM`;
  const rest = queued > 0 ? `${countOf(queued, "change")} queued for the CRM` : waiting > 0 ? `${countOf(waiting, "decision waits", "decisions wait")} for you` : "";
  return [own, rest].filter(Boolean).join(", ") || "nothing waits for the CRM";
}

/** The pane. */
export function MinutesPane({ id }: { id: string }) {
  const query = useOp("minutes", id);
  const minutes = query.data;
  const [part, setPart] = useState<Part>("minutes");
  const mails = useOp("reviewMails", id, { enabled: part === "mails" });
  const save = useSaveDocument({ review: id });
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
  const pdf: Action = { id: "review.pdf", title: "Save the minutes as PDF", keys: "p", group: "Minutes", when: minutes !== undefined && !save.isPending, run: () => save.as("pdf") };
  const markdown: Action = { id: "review.markdown", title: "Save the minutes as Markdown", keys: "Shift+P", group: "Minutes", when: minutes !== undefined && !save.isPending, run: () => save.as("markdown") };
  useActions([copy, pdf, markdown, ...PARTS.map((one, n) => ({ id: `review.part.${one.id}`, title: one.name, keys: String(n + 1), group: "Minutes", when: part !== one.id, run: () => setPart(one.id) }))]);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The minutes could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!minutes) return <div aria-busy="true" />;
  return (
    <Tabs label="Of this review" tabs={PARTS} value={part} onChange={setPart}>
      <DetailBody>
        {part === "minutes" && (
          <article className={styles.minutes}>
            {blocksOf(minutes.markdown).map((block, n) => (
              // Blocks of a text that does not change; their place is their identity.
              // oxlint-disable-next-line react/no-array-index-key
              <Drawn key={n} block={block} />
            ))}
          </article>
        )}
        {part === "movement" && <MovementPage review={id} />}
        {part === "mails" && (mails.error ? <ErrorNotice error={mails.error} title="The mails could not be drafted" /> : mails.data && <Mails mails={mails.data} />)}
      </DetailBody>
      <ActionBar end={landedWords(minutes)}>
        <Button kind="primary" action={copy} />
        <Button action={pdf}>Save as PDF</Button>
        <Button action={markdown}>Save as Markdown</Button>
      </ActionBar>
    </Tabs>
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
