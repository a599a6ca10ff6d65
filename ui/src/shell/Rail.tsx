/** The rail: workspace, screens with the counts that mean work, Settings at the bottom. Icons only when narrow or collapsed. */
import { Link } from "@tanstack/react-router";
import type { Status } from "../api/api.gen";
import { Logo } from "../components/icons";
import { formatCount } from "../format/number";
import { vendorName } from "../format/vendor";
import styles from "./Rail.module.css";
import { SCREENS } from "./screens";

/** The rail. Without a workspace its entries are drawn but do nothing. */
export function Rail({ status, onToggle }: { status: Status | undefined; onToggle: () => void }) {
  const usable = status?.phase === "ready" || status?.phase === "connected";
  const ready = status?.phase === "ready";
  return (
    <nav className={styles.rail} aria-label="Screens">
      <button type="button" className={styles.workspace} onClick={onToggle} title="Collapse the rail ([)" aria-keyshortcuts="[">
        <span className={styles.mark}>
          <Logo />
        </span>
        <span className={styles.words}>
          <b className="cut">{usable && status.name ? status.name : "Drumbeat"}</b>
          <span className="cut">{usable ? place(status) : status?.phase === "locked" ? "Locked" : "No workspace yet"}</span>
        </span>
      </button>
      {SCREENS.map((group, n) => (
        <ul key={group[0]?.path} className={`${styles.group} ${n === SCREENS.length - 1 ? styles.bottom : ""}`}>
          {group.map(({ path, name, Icon, count, urgent }) => {
            const waiting = status && ready ? (count?.(status) ?? 0) : 0;
            const now = status && ready ? (urgent?.(status) ?? null) : null;
            const off = !ready && (path !== "/settings" || status?.phase === "locked");
            return (
              <li key={path}>
                {off ? (
                  <span className={`${styles.entry} ${styles.off}`} aria-disabled="true">
                    <Icon />
                    <span className={styles.name}>{name}</span>
                  </span>
                ) : (
                  <Link to={path} className={styles.entry} activeProps={{ "aria-current": "page" }} title={name}>
                    <Icon />
                    <span className={styles.name}>{name}</span>
                    {waiting > 0 && (
                      <span className={`${styles.count} ${now ? styles[now.tone] : ""}`} title={now?.words}>
                        {formatCount(waiting)}
                        <span className="sr">{now ? ` waiting, ${now.words}` : " waiting"}</span>
                      </span>
                    )}
                  </Link>
                )}
              </li>
            );
          })}
        </ul>
      ))}
    </nav>
  );
}

function place(status: Status): string {
  if (status.sample) return "Sample data";
  return status.vendor ? `${vendorName(status.vendor)} account` : "";
}
