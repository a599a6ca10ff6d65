/** Beside the fields of a deal: how it is protected, why it ranks where it does, what happened with it. */
import type { DealDetail, DealField } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { ProtectionBlock } from "../../deal/ProtectionBlock";
import { SignalsBlock } from "../../deal/SignalsBlock";
import styles from "./Deals.module.css";
import { Movements, Timeline } from "./DealTimeline";

/** The second column. */
export function DealSide({ detail, fields }: { detail: DealDetail; fields: readonly DealField[] }) {
  const standing = useOp("dealStanding", detail.row.id).data;
  return (
    <div className={styles.aside}>
      {detail.row.partner !== null && <ProtectionBlock fields={fields} soon={standing?.protection?.state === "stale"} />}
      <SignalsBlock signals={standing?.signals ?? []} />
      <Timeline touches={detail.touches} />
      <Movements movements={detail.movements} fields={fields} />
    </div>
  );
}
