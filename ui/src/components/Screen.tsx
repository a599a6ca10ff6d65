/**
 * A screen inside the frame: it says its title, the grey words after it and its own buttons of the top bar, and fills
 * the work area. The frame (shell/Frame) owns the bar; the screen's words are drawn into it through slots, so a feature never
 * imports the shell. The title is also the window's title for screen readers and the task switcher.
 */
import { createContext, useContext, useEffect } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import styles from "./Screen.module.css";

/** Where the frame lets a screen draw in the top bar. */
export interface FrameSlots {
  title: HTMLElement | null;
  tools: HTMLElement | null;
}

/** Given by the frame. */
export const FrameContext = createContext<FrameSlots>({ title: null, tools: null });

/** The screen's words in the top bar, and its content below. */
export function Screen({ title, sub, tools, children }: { title: string; sub?: ReactNode; tools?: ReactNode; children: ReactNode }) {
  const slots = useContext(FrameContext);
  useEffect(() => {
    document.title = `${title} · Drumbeat`;
  }, [title]);
  return (
    <>
      {slots.title &&
        createPortal(
          <>
            <h1 className={styles.title}>{title}</h1>
            {sub !== undefined && <span className={styles.sub}>{sub}</span>}
          </>,
          slots.title,
        )}
      {slots.tools && tools !== undefined && createPortal(tools, slots.tools)}
      {children}
    </>
  );
}
