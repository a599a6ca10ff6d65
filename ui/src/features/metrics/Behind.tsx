/** What a number is counted from, where that is not a list of deals: its records, newest first, each opening where it lives. */
import { Link } from "@tanstack/react-router";
import type { MetricGroupKey, MetricRecord } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { formatMoney } from "../../format/money";
import { countOf, formatCount } from "../../format/number";
import { formatDay } from "../../format/time";
import styles from "./Metrics.module.css";

/** The dialog; mounted while open. */
export function Behind({ id, quarter, group, onClose }: { id: string; quarter: string | null; group: MetricGroupKey | null; onClose: () => void }) {
  const query = useOp("metricRecords", { id, quarter, group });
  const found = query.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={found?.name ?? "Records"}
      note={found === undefined ? undefined : found.more ? `the first ${formatCount(found.rows.length)} of its records` : countOf(found.rows.length, "record")}
      width="wide"
      foot={
        <Button kind="quiet" keys="Escape" onPress={onClose}>
          Close
        </Button>
      }
    >
      {query.error ? (
        <ErrorNotice error={query.error} title="The records could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      ) : found === undefined ? (
        <div aria-busy="true" className={styles.waiting} />
      ) : found.rows.length === 0 ? (
        <EmptyState title="Nothing is behind it">No record counts for it in this quarter.</EmptyState>
      ) : (
        <table className={styles.records}>
          <caption className="sr">{found.name}, the records that it is counted from</caption>
          <thead>
            <tr>
              <th scope="col">Record</th>
              <th scope="col">What it is</th>
              <th scope="col" className="num">
                Day
              </th>
              <th scope="col" className="num">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {found.rows.map((row, n) => (
              // A partner has a row for each of its certificates.
              <Row key={`${row.opens} ${row.id} ${String(n)}`} row={row} onClose={onClose} />
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

function Row({ row, onClose }: { row: MetricRecord; onClose: () => void }) {
  const now = useNow();
  return (
    <tr>
      <th scope="row" className="cut" title={row.title}>
        <Opening row={row} onClose={onClose} />
      </th>
      <td className="t2 cut" title={row.note}>
        {row.note}
      </td>
      <td className={`num ${row.on === null ? "t3" : ""}`}>{row.on === null ? "–" : formatDay(row.on, now)}</td>
      <td className={`num ${row.amount === null ? "t3" : ""}`}>{row.amount === null ? "–" : formatMoney(row.amount, "whole")}</td>
    </tr>
  );
}

function Opening({ row: { opens, id, title }, onClose }: { row: MetricRecord; onClose: () => void }) {
  switch (opens) {
    case "deal":
      return (
        <Link to="/deals" search={{ view: "all", open: id }} onClick={onClose}>
          {title}
        </Link>
      );
    case "registration":
      return (
        <Link to="/inbox" search={{ open: id }} onClick={onClose}>
          {title}
        </Link>
      );
    case "partner":
      return (
        <Link to="/partners" search={{ open: id }} onClick={onClose}>
          {title}
        </Link>
      );
    case "conflict":
      return (
        <Link to="/conflicts" search={{ open: id }} onClick={onClose}>
          {title}
        </Link>
      );
    case "customer":
      return (
        <Link to="/deals" search={{ view: "all", text: title }} onClick={onClose}>
          {title}
        </Link>
      );
  }
}
