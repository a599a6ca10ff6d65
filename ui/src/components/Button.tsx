/**
 * Buttons, 28 px high, with their key printed inside at the right.
 *
 * `kind`: primary (one a screen), plain (hairline, the default), quiet (no border), icon (28 px square; then `label` is
 * what a screen reader hears and the tooltip says).
 * Give `action` to take title, key, availability and run from an action, so that a button can never disagree with the
 * palette; give `keys` alone to print a key that something else handles (Enter in a form).
 * `disabledReason` disables and says why on hover.
 */
import type { ReactNode } from "react";
import { Button as AriaButton, Tooltip, TooltipTrigger } from "react-aria-components";
import type { ButtonProps as AriaButtonProps } from "react-aria-components";
import { ariaKeys } from "../actions/keys";
import { isAvailable, keysOf } from "../actions/registry";
import type { Action } from "../actions/registry";
import styles from "./Button.module.css";
import { Key } from "./Key";

/** Props of Button; everything React Aria's button takes besides. */
export interface ButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  kind?: "primary" | "plain" | "quiet" | "icon" | "danger";
  children?: ReactNode;
  icon?: ReactNode;
  /** Name for screen readers and tooltip; needed for kind="icon". */
  label?: string;
  keys?: string;
  action?: Action;
  disabledReason?: string | undefined;
  /** Drawn as pressed (a chosen view). */
  pressed?: boolean;
}

/** A button. */
export function Button(props: ButtonProps) {
  const { kind = "plain", children, icon, label, keys, action, disabledReason, pressed, isDisabled, onPress, ...rest } = props;
  const shortcut = keys ?? (action && keysOf(action)[0]);
  const disabled = isDisabled || disabledReason !== undefined || (action !== undefined && !isAvailable(action));
  const text = children ?? (kind === "icon" ? undefined : action?.title);
  const name = label ?? (kind === "icon" ? action?.title : undefined);
  const run = onPress ?? (action ? () => action.run() : undefined);
  const button = (
    <AriaButton
      {...rest}
      {...(name === undefined ? {} : { "aria-label": name })}
      {...(shortcut === undefined ? {} : { "aria-keyshortcuts": ariaKeys(shortcut) })}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      {...(run === undefined ? {} : { onPress: run })}
      isDisabled={disabled}
      className={`${styles.button} ${styles[kind]} ${pressed ? styles.pressed : ""} ${shortcut && kind !== "icon" ? styles.keyed : ""}`}
    >
      {icon}
      {text}
      {shortcut !== undefined && kind !== "icon" && <Key keys={shortcut} />}
    </AriaButton>
  );
  const tip = disabledReason ?? (kind === "icon" ? name : undefined);
  if (tip === undefined) return button;
  return (
    <TooltipTrigger delay={500}>
      {button}
      <Tooltip className={styles.tip} offset={6}>
        {tip}
        {kind === "icon" && shortcut !== undefined && <Key keys={shortcut} />}
      </Tooltip>
    </TooltipTrigger>
  );
}
