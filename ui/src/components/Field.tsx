/**
 * Fields: label above (or `hideLabel` where the place says it), the control 28 px high, help or the error below. All are
 * React Aria parts in our dress, so labels, descriptions and errors reach a screen reader by themselves.
 *
 * TextField, TextArea, Select, Checkbox, DateField (days as YYYY-MM-DD, in the reader's order), Segments.
 * `error` turns the border red and says what is wrong; the typed value always stays.
 * Values are plain strings, numbers and booleans; none of these parts knows the program.
 */
import { CalendarDate, parseDate } from "@internationalized/date";
import type { ReactNode } from "react";
import * as Aria from "react-aria-components";
import styles from "./Field.module.css";
import { CalendarIcon, CheckIcon, ChevronDownIcon, ChevronRightIcon, MinusIcon } from "./icons";

/** What every field has. */
export interface FieldProps {
  label: string;
  hideLabel?: boolean;
  /** Grey words under the control. */
  help?: ReactNode;
  error?: string | undefined;
  isDisabled?: boolean;
  isRequired?: boolean;
  autoFocus?: boolean;
  name?: string;
  /** Takes the whole width of its place. */
  wide?: boolean;
}

function Frame({ label, hideLabel, help, error, children }: Pick<FieldProps, "label" | "hideLabel" | "help" | "error"> & { children: ReactNode }) {
  return (
    <>
      <Aria.Label className={hideLabel ? "sr" : styles.label}>{label}</Aria.Label>
      {children}
      {help !== undefined && error === undefined && (
        <Aria.Text slot="description" className={styles.help}>
          {help}
        </Aria.Text>
      )}
      <Aria.FieldError className={styles.error}>{error}</Aria.FieldError>
    </>
  );
}

function shared({ error, isDisabled = false, isRequired = false, autoFocus = false, name, wide }: FieldProps) {
  return {
    isInvalid: error !== undefined,
    isDisabled,
    isRequired,
    autoFocus,
    validationBehavior: "aria" as const,
    ...(name === undefined ? {} : { name }),
    className: `${styles.field} ${wide ? styles.wide : ""}`,
  };
}

/** One line of text. `secret` hides it and keeps it out of the browser's memory. */
export function TextField(
  props: FieldProps & {
    value: string;
    onChange: (value: string) => void;
    placeholder?: string;
    secret?: boolean;
    icon?: ReactNode;
    onEnter?: () => void;
    maxLength?: number;
  },
) {
  const { value, onChange, placeholder, secret, icon, onEnter, maxLength } = props;
  return (
    <Aria.TextField
      {...shared(props)}
      value={value}
      onChange={onChange}
      type={secret ? "password" : "text"}
      autoComplete="off"
      {...(maxLength === undefined ? {} : { maxLength })}
    >
      <Frame {...props}>
        <Aria.Group className={styles.input ?? ""}>
          {icon}
          <Aria.Input
            className={styles.bare ?? ""}
            placeholder={placeholder ?? ""}
            spellCheck={false}
            onKeyDown={(event) => {
              if (event.key === "Enter" && onEnter) onEnter();
            }}
          />
        </Aria.Group>
      </Frame>
    </Aria.TextField>
  );
}

/** Several lines; `rows` high. */
export function TextArea(props: FieldProps & { value: string; onChange: (value: string) => void; rows?: number; placeholder?: string; maxLength?: number }) {
  const { value, onChange, rows = 3, placeholder, maxLength } = props;
  return (
    <Aria.TextField {...shared(props)} value={value} onChange={onChange} {...(maxLength === undefined ? {} : { maxLength })}>
      <Frame {...props}>
        <Aria.TextArea className={styles.area ?? ""} rows={rows} placeholder={placeholder ?? ""} />
      </Frame>
    </Aria.TextField>
  );
}

/** One of several; `hint` stands grey beside an option. */
export interface Option<T extends string = string> {
  id: T;
  name: string;
  hint?: string;
}

/** A list to choose one from. `small` is 24 px, for table cells. */
export function Select<T extends string>(
  props: FieldProps & { options: readonly Option<T>[]; value: T | null; onChange: (value: T) => void; placeholder?: string; small?: boolean },
) {
  const { options, value, onChange, placeholder = "none", small } = props;
  return (
    <Aria.Select {...shared(props)} value={value} onChange={(key) => onChange(key as T)} placeholder={placeholder}>
      <Frame {...props}>
        <Aria.Button className={`${styles.select} ${small ? styles.small : ""}`}>
          <Aria.SelectValue className={styles.selectValue ?? ""}>
            {({ selectedText }) => (selectedText ? selectedText : <span className="t3">{placeholder}</span>)}
          </Aria.SelectValue>
          <ChevronDownIcon size={12} className={styles.chevron ?? ""} />
        </Aria.Button>
      </Frame>
      <Aria.Popover className={styles.popover ?? ""} offset={4}>
        <Aria.ListBox className={styles.options ?? ""} items={options}>
          {(option) => (
            <Aria.ListBoxItem id={option.id} textValue={option.name} className={styles.option ?? ""}>
              {({ isSelected }) => (
                <>
                  <span className="cut">{option.name}</span>
                  {option.hint !== undefined && <span className={styles.optionHint}>{option.hint}</span>}
                  <span className={styles.tick}>{isSelected && <CheckIcon size={14} />}</span>
                </>
              )}
            </Aria.ListBoxItem>
          )}
        </Aria.ListBox>
      </Aria.Popover>
    </Aria.Select>
  );
}

/** A box to tick, with its words and a grey note. */
export function Checkbox(props: { value: boolean; onChange: (value: boolean) => void; children: ReactNode; note?: ReactNode; isDisabled?: boolean; isIndeterminate?: boolean }) {
  const { value, onChange, children, note, isDisabled = false, isIndeterminate = false } = props;
  return (
    <Aria.Checkbox className={styles.checkbox ?? ""} isSelected={value} onChange={onChange} isDisabled={isDisabled} isIndeterminate={isIndeterminate}>
      <Box />
      <span>
        {children}
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </span>
    </Aria.Checkbox>
  );
}

/** The square of a checkbox; drawn from the state of the Aria.Checkbox around it. */
export function Box() {
  return (
    <span className={styles.box} data-box="">
      <CheckIcon size={12} className={styles.boxCheck ?? ""} />
      <MinusIcon size={12} className={styles.boxMinus ?? ""} />
    </span>
  );
}

function asDate(day: string | null): CalendarDate | null {
  if (!day) return null;
  try {
    return parseDate(day);
  } catch {
    return null;
  }
}

/** A day, typed part by part or picked from a calendar. */
export function DateField(props: FieldProps & { value: string | null; onChange: (day: string | null) => void; min?: string; max?: string }) {
  const { value, onChange, min, max } = props;
  return (
    <Aria.DatePicker
      {...shared(props)}
      value={asDate(value)}
      onChange={(date) => onChange(date ? date.toString() : null)}
      minValue={asDate(min ?? null)}
      maxValue={asDate(max ?? null)}
      shouldForceLeadingZeros={false}
    >
      <Frame {...props}>
        <Aria.Group className={`${styles.input} ${styles.dateBox}`}>
          <Aria.DateInput className={styles.date ?? ""}>{(segment) => <Aria.DateSegment segment={segment} className={styles.segment ?? ""} />}</Aria.DateInput>
          <Aria.Button className={styles.dateButton ?? ""} aria-label="Open calendar">
            <CalendarIcon size={14} />
          </Aria.Button>
        </Aria.Group>
      </Frame>
      <Aria.Popover className={styles.popover ?? ""} offset={4}>
        <Aria.Dialog className={styles.calendar ?? ""}>
          <Aria.Calendar>
            <header className={styles.calendarHead}>
              <Aria.Button slot="previous" className={`${styles.dateButton} ${styles.back}`}>
                <ChevronRightIcon size={14} />
              </Aria.Button>
              <Aria.Heading className={styles.month ?? ""} />
              <Aria.Button slot="next" className={styles.dateButton ?? ""}>
                <ChevronRightIcon size={14} />
              </Aria.Button>
            </header>
            <Aria.CalendarGrid weekdayStyle="short">
              <Aria.CalendarGridHeader>{(day) => <Aria.CalendarHeaderCell className={styles.weekday ?? ""}>{day}</Aria.CalendarHeaderCell>}</Aria.CalendarGridHeader>
              <Aria.CalendarGridBody>{(date) => <Aria.CalendarCell date={date} className={styles.day ?? ""} />}</Aria.CalendarGridBody>
            </Aria.CalendarGrid>
          </Aria.Calendar>
        </Aria.Dialog>
      </Aria.Popover>
    </Aria.DatePicker>
  );
}

/** A few choices side by side, one of them on. */
export function Segments<T extends string>({ label, options, value, onChange }: { label: string; options: readonly { id: T; name: ReactNode }[]; value: T; onChange: (value: T) => void }) {
  return (
    <Aria.ToggleButtonGroup
      className={styles.segments ?? ""}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [first] = keys;
        if (first !== undefined) onChange(first as T);
      }}
    >
      {options.map((option) => (
        <Aria.ToggleButton key={option.id} id={option.id} className={styles.segmentButton ?? ""}>
          {option.name}
        </Aria.ToggleButton>
      ))}
    </Aria.ToggleButtonGroup>
  );
}
