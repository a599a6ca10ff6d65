/** Clocks that have not ended, each a way to its record: what is to be done, whose it is and by which rule, how much time is left. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { ClockLine } from "../api/api.gen";
import { ClockChip } from "../components/ClockChip";
import { chipOf } from "./clocks";
import styles from "./Clocks.module.css";

/** The list; `partner` says under each one whose it is, where that is not said by the place. */
export function ClockList({ label, rows, partner = false }: { label: string; rows: readonly ClockLine[]; partner?: boolean }) {
  return (
    <ul className={`${styles.list} ${partner ? styles.narrow : ""}`} aria-label={label}>
      {rows.map((row) => (
        <li key={`${row.clock.rule} ${row.opens.to} ${row.opens.id} ${row.clock.started}`}>
          <OpensLink opens={row.opens} title={row.title} />
          <span className={styles.rule}>{[row.clock.rule, partner ? row.partner : null].filter(Boolean).join(" · ")}</span>
          <span className={styles.chip}>{row.clock.state === "baseline" ? <span className="t3">before go-live</span> : <ClockChip {...chipOf(row.clock)} />}</span>
        </li>
      ))}
    </ul>
  );
}

function OpensLink({ opens, title }: { opens: ClockLine["opens"]; title: string }): ReactNode {
  const common = { className: styles.link ?? "", title };
  switch (opens.to) {
    case "registration":
      return (
        <Link to="/inbox" search={{ open: opens.id, show: "all" }} {...common}>
          {title}
        </Link>
      );
    case "deal":
      return (
        <Link to="/deals" search={{ open: opens.id }} {...common}>
          {title}
        </Link>
      );
    case "partner":
      return (
        <Link to="/partners" search={{ open: opens.id }} {...common}>
          {title}
        </Link>
      );
    case "outbox":
      return (
        <Link to="/activity" search={{ open: opens.id }} {...common}>
          {title}
        </Link>
      );
  }
}
