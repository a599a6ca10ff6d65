/** Who the deal is: its name, what became of it, whose it is and how much, and where it stands in its motion. */
import { Link } from "@tanstack/react-router";
import type { DealDetail } from "../../api/api.gen";
import { DetailHead } from "../../components/ListDetail";
import { Tag } from "../../components/Tag";
import { Money, useNow } from "../../components/When";
import { wordOf } from "../../format/words";
import { StageCell } from "./Cells";
import { convertedText } from "./cellWords";

/** The head of the pane. */
export function DealHead({ detail }: { detail: DealDetail }) {
  const { row } = detail;
  const now = useNow();
  return (
    <DetailHead
      title={row.name}
      tags={
        <>
          {row.outcome !== "open" && <Tag tone={row.outcome === "won" ? "ok" : "neutral"}>{wordOf(row.outcome)}</Tag>}
          {row.pending && <Tag tone="info">not sent</Tag>}
        </>
      }
      meta={[
        // Most deals are called after their account.
        row.account !== null && row.name.startsWith(row.account) ? null : row.account,
        row.partner === null ? (
          "direct"
        ) : detail.partner_id === null ? (
          row.partner
        ) : (
          <Link key="partner" to="/partners" search={{ open: detail.partner_id }}>
            {row.partner}
          </Link>
        ),
        wordOf(row.motion),
        row.amount === null ? null : (
          <b key="amount">
            <Money value={row.amount} />
          </b>
        ),
        detail.converted === null ? null : convertedText(detail.converted, now),
        detail.owner,
      ]}
      end={<StageCell row={row} />}
    />
  );
}
