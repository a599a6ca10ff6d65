/**
 * One of a short list by its number: a reason, a day. Each choice carries its digit as a key cap; the digit chooses it wherever the
 * focus is outside of a text, the arrows move, and `onEnter` hears the Enter that follows. A radio group for screen readers.
 *
 * Callers rely on: digits are heard in the layer it stands in (a dialog's own), so two of them never share a layer; from the
 * tenth on a choice has no digit.
 */
import * as Aria from "react-aria-components";
import type { Action } from "../actions/registry";
import { useActions } from "../actions/useActions";
import styles from "./NumberedChoice.module.css";
import { CheckIcon } from "./icons";
import { Key } from "./Key";

/** Props of NumberedChoice. */
export interface NumberedChoiceProps<T extends string> {
  label: string;
  options: readonly { id: T; name: string; hint?: string }[];
  value: T | null;
  onChange: (value: T) => void;
  error?: string | undefined;
  autoFocus?: boolean;
  onEnter?: () => void;
}

/** The list. */
export function NumberedChoice<T extends string>({ label, options, value, onChange, error, autoFocus = false, onEnter }: NumberedChoiceProps<T>) {
  const digits: Action[] = options.slice(0, 9).map((option, n) => ({ id: `choice.${option.id}`, title: option.name, keys: String(n + 1), group: label, sheetOnly: true, run: () => onChange(option.id) }));
  useActions(onEnter === undefined ? digits : [...digits, { id: "choice.enter", title: "Confirm", keys: "Enter", group: label, sheetOnly: true, run: onEnter }]);
  const first = value ?? options[0]?.id;
  return (
    <Aria.RadioGroup className={styles.field ?? ""} value={value} onChange={(id) => onChange(id as T)} isInvalid={error !== undefined}>
      <Aria.Label className={styles.label ?? ""}>{label}</Aria.Label>
      {/* A radio keeps Enter to itself; here it confirms. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={styles.list}
        onKeyDownCapture={(event) => {
          if (event.key !== "Enter" || event.ctrlKey || event.metaKey || onEnter === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          onEnter();
        }}
      >
        {options.map((option, n) => (
          <Aria.Radio key={option.id} value={option.id} autoFocus={autoFocus && option.id === first} className={styles.option ?? ""} {...(n < 9 ? { "aria-keyshortcuts": String(n + 1) } : {})}>
            {({ isSelected }) => (
              <>
                {n < 9 && <Key keys={String(n + 1)} />}
                <span className="cut">{option.name}</span>
                {option.hint !== undefined && <span className={styles.hint}>{option.hint}</span>}
                <span className={styles.tick}>{isSelected && <CheckIcon size={14} />}</span>
              </>
            )}
          </Aria.Radio>
        ))}
      </div>
      <Aria.FieldError className={styles.error ?? ""}>{error}</Aria.FieldError>
    </Aria.RadioGroup>
  );
}
