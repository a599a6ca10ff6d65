/**
 * Tabs: words in a row with a count beside them, the chosen one underlined. `trailing` stands at the right (a view switch).
 * Controlled, because the chosen tab belongs to the URL. The panel is drawn by the caller below, inside `children`.
 */
import type { ReactNode } from "react";
import * as Aria from "react-aria-components";
import styles from "./Tabs.module.css";

/** One tab. */
export interface TabItem<T extends string> {
  id: T;
  name: string;
  count?: number | string | undefined;
}

/** A row of tabs and the panel of the chosen one. */
export function Tabs<T extends string>({ label, tabs, value, onChange, trailing, children }: { label: string; tabs: readonly TabItem<T>[]; value: T; onChange: (id: T) => void; trailing?: ReactNode; children: ReactNode }) {
  return (
    <Aria.Tabs className={styles.tabs ?? ""} selectedKey={value} onSelectionChange={(key) => onChange(key as T)}>
      <div className={styles.bar}>
        <Aria.TabList aria-label={label} className={styles.list ?? ""}>
          {tabs.map((tab) => (
            <Aria.Tab key={tab.id} id={tab.id} className={styles.tab ?? ""}>
              {tab.name}
              {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
            </Aria.Tab>
          ))}
        </Aria.TabList>
        {trailing !== undefined && <div className={styles.trailing}>{trailing}</div>}
      </div>
      <Aria.TabPanel key={value} id={value} className={styles.panel ?? ""}>
        {children}
      </Aria.TabPanel>
    </Aria.Tabs>
  );
}
