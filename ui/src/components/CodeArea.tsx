/**
 * A text of many lines with their numbers: an editor for experts, without colours. Lines with something wrong are marked at their
 * number; `goTo` puts the cursor at a line and a column and scrolls there.
 *
 * The hard idea: it is a plain textarea, so that typing, undo, input methods and screen readers are the platform's own; the
 * numbers beside it are drawn apart and follow its scrolling. Lines never wrap, so a line's height is known. Tab leaves it, as it
 * leaves every field.
 */
import { useImperativeHandle, useRef } from "react";
import type { Ref } from "react";
import { offsetOf } from "../format/lines";
import styles from "./CodeArea.module.css";

/** What a caller may do with it. */
export interface CodeAreaHandle {
  /** Puts the cursor there; both from 1. */
  goTo: (line: number, column: number) => void;
}

const LINE = 20;

/** The editor. `marks` are the lines that are wrong, from 1. */
export function CodeArea({ label, value, onChange, marks, describedBy, readOnly = false, ref }: { label: string; value: string; onChange: (value: string) => void; marks: ReadonlySet<number>; describedBy?: string; readOnly?: boolean; ref?: Ref<CodeAreaHandle> }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const view = area.current;
      if (!view) return;
      const at = offsetOf(view.value, line, column);
      view.focus();
      view.setSelectionRange(at, at);
      view.scrollTop = Math.max(0, (line - 1) * LINE - view.clientHeight / 3);
    },
  }));
  const lines = value.split("\n");
  return (
    <div className={styles.box}>
      <div ref={numbers} className={styles.numbers} aria-hidden="true">
        {lines.map((_, n) => (
          // A line's number is what it is.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={n} className={marks.has(n + 1) ? styles.marked : ""}>
            {n + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        className={styles.area}
        aria-label={label}
        aria-invalid={marks.size > 0}
        {...(describedBy === undefined ? {} : { "aria-describedby": describedBy })}
        value={value}
        readOnly={readOnly}
        wrap="off"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
}
