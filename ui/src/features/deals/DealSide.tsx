/** Beside the fields of a deal: how it is protected, why it ranks where it does, what happened with it. */
import type { DealDetail, DealField } from "../../api/api.gen";
import { ProtectionBlock } from "../../deal/ProtectionBlock";
import styles from "./Deals.module.css";
import { Movements, Timeline } from "./DealTimeline";

/** The second column. */
export function DealSide({ detail, fields }: { detail: DealDetail; fields: readonly DealField[] }) {
  return (
    <div className={styles.aside}>
      {detail.row.partner !== null && <ProtectionBlock fields={fields} />}
      <Timeline touches={detail.touches} />
      <Movements movements={detail.movements} fields={fields} />
    </div>
  );
}
