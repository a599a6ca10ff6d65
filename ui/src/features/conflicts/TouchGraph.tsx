/**
 * Who touches the account: parties and people at the left, the account's records at the right, a line for each way (deal, registration,
 * incumbent solid; activity dashed, the heavier the more often). The same as a table, which is what a screen reader always has.
 */
import { useState } from "react";
import type { GraphEdge, Party } from "../../api/api.gen";
import { Segments } from "../../components/Field";
import { Section } from "../../components/Section";
import { countOf } from "../../format/number";
import { kindWord } from "../../format/words";
import { edgeWords, graphOf } from "./channel";
import type { GraphNode } from "./channel";
import styles from "./Channel.module.css";

/** Height of a knot's row, px. */
const ROW = 28;
const LOOKS = [
  { id: "drawing", name: "Drawing" },
  { id: "table", name: "Table" },
] as const;

/** The section; nothing where nobody touches it. */
export function TouchGraph({ edges, parties }: { edges: readonly GraphEdge[]; parties: readonly Party[] }) {
  const [look, setLook] = useState<"drawing" | "table">("drawing");
  const [over, setOver] = useState<string | null>(null);
  if (edges.length === 0) return null;
  const graph = graphOf(edges, parties, kindWord);
  const height = Math.max(graph.from.length, graph.to.length) * ROW;
  const at = (n: number, of: number) => (height / of) * (n + 0.5);
  const lit = (id: string) => (over === null ? "" : over === id ? styles.lit : "");
  const column = (nodes: readonly GraphNode[], where: string | undefined) => (
    <ul className={where}>
      {nodes.map((node) => (
        <li key={node.id} className={lit(node.id)} title={[node.label, node.note].filter(Boolean).join(", ")} onPointerEnter={() => setOver(node.id)} onPointerLeave={() => setOver(null)}>
          <span className={`cut ${node.note === "party" ? "medium" : ""}`}>{node.label}</span>
          {node.note !== "" && node.note !== "party" && <span className="t3 micro">{node.note}</span>}
        </li>
      ))}
    </ul>
  );
  return (
    <Section title="Who touches the account" note={graph.left > 0 && look === "drawing" ? `${countOf(graph.left, "more is", "more are")} in the table` : undefined} end={<Segments label="As" options={LOOKS} value={look} onChange={setLook} />}>
      {look === "drawing" && graph.lines.length > 0 && (
        <div className={styles.graph} aria-hidden="true">
          {column(graph.from, styles.from)}
          <svg className={styles.lines} viewBox={`0 0 100 ${height}`} height={height} preserveAspectRatio="none">
            {graph.lines.map(({ from, to, edge }) => {
              const [a, b] = [at(from, graph.from.length), at(to, graph.to.length)];
              const on = over === null || over === edge.from || over === `${edge.to.kind} ${edge.to.id}`;
              return <path key={`${edge.from} ${edge.to.kind} ${edge.to.id} ${edge.by}`} d={`M0 ${a}C50 ${a} 50 ${b} 100 ${b}`} className={`${styles.line} ${edge.by === "activity" ? styles.touch : styles.holds} ${on ? "" : styles.dim}`} strokeWidth={edge.by === "activity" ? Math.min(3, 1 + edge.times / 6) : 1.5} vectorEffect="non-scaling-stroke" />;
            })}
          </svg>
          {column(graph.to, styles.to)}
        </div>
      )}
      <div className={look === "table" ? styles.touches : "sr"}>
        <table aria-label="Who touches the account">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">By</th>
              <th scope="col">Record</th>
            </tr>
          </thead>
          <tbody>
            {edges.map((edge) => (
              <tr key={`${edge.from} ${edge.to.kind} ${edge.to.id} ${edge.by}`}>
                <th scope="row">{edge.from_label}</th>
                <td className="t2">{edgeWords(edge)}</td>
                <td>
                  {edge.to.label} <span className="t3">{kindWord(edge.to.kind).toLowerCase()}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
