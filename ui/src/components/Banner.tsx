/**
 * A line across the place for what concerns everything below it: the copy and the CRM differ, an older copy is open. Red ones
 * interrupt a screen reader (alert), amber ones wait (status). It says what is so and leads to what can be done; it has no way to
 * be closed, because it goes when its reason goes. For one record there is Notice (Section), for one's own act the toast.
 */
import type { ReactNode } from "react";
import styles from "./Banner.module.css";
import { RefusedIcon, WarningIcon } from "./icons";

/** The line; `actions` are links or buttons at its end. */
export function Banner({ tone, title, children, actions }: { tone: "danger" | "warn"; title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  const Icon = tone === "danger" ? RefusedIcon : WarningIcon;
  return (
    <div className={`${styles.banner} ${styles[tone]}`} role={tone === "danger" ? "alert" : "status"}>
      <Icon size={14} />
      <p className="grow">
        <b>{title}</b> {children}
      </p>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
