/**
 * A name that says what it means: on hover, when the focus comes to it by key, and for a screen reader as its description. It covers
 * the place that it stands in (the nearest positioned one), so that a whole tile or row is pressed. Without anything to open a press
 * shows the words.
 */
import { useState } from "react";
import type { ReactNode } from "react";
import * as Aria from "react-aria-components";
import styles from "./Explained.module.css";

/** The name, as a button. */
export function Explained({ children, tip, onPress }: { children: ReactNode; tip: ReactNode; onPress?: (() => void) | undefined }) {
  const [open, setOpen] = useState(false);
  return (
    <Aria.TooltipTrigger delay={400} closeDelay={0} isOpen={open} onOpenChange={setOpen} shouldCloseOnPress={onPress !== undefined}>
      <Aria.Button className={styles.name ?? ""} onPress={onPress ?? (() => setOpen(true))}>
        {children}
      </Aria.Button>
      <Aria.Tooltip className={styles.tip ?? ""} offset={4} placement="bottom start">
        {tip}
      </Aria.Tooltip>
    </Aria.TooltipTrigger>
  );
}
