/**
 * The open row, ahead of the screen. A key moves it here and now; the screen, which may have much to draw for the record that opens,
 * hears of it when that is on the screen, and of the last one only where keys come as fast as from one that is held.
 *
 * The hard idea: while the row is ahead, the detail still shows the record before, so the keys that act on a record are kept
 * (`useHold`) until the screen says the same row. A row that the screen chose itself (a decision, the address) wins.
 */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useHold } from "../actions/useActions";

/** How long a screen may take to follow before its own word counts again, and how long one that says the same row already, ms. */
const PATIENCE = { behind: 2000, there: 250 };

/** The row as the eye sees it, and how to move it. `free` while acts are not the open record's, because rows are marked. */
export function useAhead(selected: string | null, onSelect: (id: string) => void, free: boolean): [open: string | null, move: (id: string) => void] {
  const [ahead, setAhead] = useState<string | null>(null);
  const [said, setSaid] = useState(selected);
  const [asked, setAsked] = useState<readonly string[]>([]);
  const next = useRef<string | null>(null);
  const isBehind = ahead !== null && ahead !== selected;
  if (selected !== said) {
    // What was asked for comes back, maybe an older of several; anything else is the screen's own word.
    setSaid(selected);
    if (ahead !== null && (selected === ahead || selected === null || !asked.includes(selected))) {
      setAhead(null);
      setAsked([]);
    }
  }

  const tell = useEffectEvent(() => {
    const id = next.current;
    next.current = null;
    if (id !== null) onSelect(id);
  });
  useEffect(() => {
    if (ahead === null) return;
    // The row is painted first: the second frame begins after the first has been shown.
    let after: ReturnType<typeof setTimeout> | undefined;
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        after = setTimeout(tell);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(after);
    };
  }, [ahead]);
  useEffect(() => {
    if (ahead === null) return;
    const over = setTimeout(() => setAhead(null), isBehind ? PATIENCE.behind : PATIENCE.there);
    return () => clearTimeout(over);
  }, [ahead, isBehind]);
  useHold(isBehind && !free);

  const move = (id: string) => {
    if (id === (ahead ?? selected)) return;
    next.current = id;
    setAsked(ahead === null ? [id] : [...asked, id]);
    setAhead(id);
  };
  return [ahead ?? selected, move];
}
