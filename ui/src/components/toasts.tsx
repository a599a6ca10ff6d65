/**
 * Toasts, bottom left: the answer to one's own act, for 6 seconds, with `Undo Z` where it can be taken back. A failure stays
 * until it is closed, because it needs a person. Hovering holds the clock.
 *
 * `toast({...})` may be called from anywhere; `<Toasts>` is mounted once by the frame. `undoLast` runs the newest undo even
 * after its toast has gone, as long as nothing newer was done.
 */
import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "./Button";
import { CheckIcon, CrossIcon, InfoIcon, RefusedIcon } from "./icons";
import styles from "./toasts.module.css";

/** What is said. */
export interface ToastMessage {
  tone?: "ok" | "info" | "danger";
  title: string;
  /** Second line: what was kept and what to do. */
  body?: string | undefined;
  undo?: (() => void) | undefined;
}

interface Shown extends ToastMessage {
  id: number;
}

const LIFE_MS = 6000;
let shown: readonly Shown[] = [];
let nextId = 1;
let lastUndo: (() => void) | null = null;
const watchers = new Set<() => void>();

function set(next: readonly Shown[]) {
  shown = next;
  for (const watcher of watchers) watcher();
}

/** Says something; at most three stand at once. */
export function toast(message: ToastMessage): void {
  const id = nextId;
  nextId += 1;
  if (message.undo) lastUndo = message.undo;
  set([...shown.slice(-2), { ...message, id }]);
}

/** Takes the last act back. False when there is none. */
export function undoLast(): boolean {
  const undo = lastUndo;
  lastUndo = null;
  if (!undo) return false;
  set(shown.filter((one) => one.undo !== undo));
  undo();
  return true;
}

/** Whether there is an act to take back. */
export function canUndo(): boolean {
  return lastUndo !== null;
}

/** Says no more of what was done, and lets none of it be taken back: it was in another workspace. */
export function clearToasts(): void {
  lastUndo = null;
  set([]);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Where toasts stand. */
export function Toasts() {
  const list = useSyncExternalStore(watch, () => shown);
  return (
    <div className={styles.region} role="region" aria-label="Notices">
      <div aria-live="polite" className={styles.stack}>
        {list.map((one) => (
          <Toast key={one.id} toast={one} />
        ))}
      </div>
    </div>
  );
}

const ICON = { ok: CheckIcon, info: InfoIcon, danger: RefusedIcon };

function Toast({ toast: one }: { toast: Shown }) {
  const { id, tone = "ok", title, body, undo } = one;
  const [held, hold] = useState(false);
  const Icon = ICON[tone];
  const stays = tone === "danger" || held;
  useEffect(() => {
    if (stays) return;
    const timer = setTimeout(() => set(shown.filter((other) => other.id !== id)), LIFE_MS);
    return () => clearTimeout(timer);
  }, [id, stays]);
  return (
    <div className={`${styles.toast} ${styles[tone]}`} role={tone === "danger" ? "alert" : undefined} onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
      <Icon size={14} />
      <div className={styles.words}>
        <span>{title}</span>
        {body !== undefined && <span className={styles.body}>{body}</span>}
      </div>
      {undo !== undefined && (
        <Button kind="quiet" keys="z" onPress={() => undoLast()}>
          Undo
        </Button>
      )}
      {stays && <Button kind="icon" label="Close" icon={<CrossIcon size={12} />} onPress={() => set(shown.filter((other) => other.id !== id))} />}
    </div>
  );
}
