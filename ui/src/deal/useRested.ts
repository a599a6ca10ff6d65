/** What is typed, once the typing rests: what is asked of Rust follows that, not every letter. */
import { useEffect, useState } from "react";

/** A pause in typing, ms. */
const PAUSE = 250;

/** The value as it was when the typing rested, compared as JSON; the first one is there at once. */
export function useRested<T>(value: T): T {
  const wanted = JSON.stringify(value);
  const [rested, setRested] = useState(wanted);
  useEffect(() => {
    const rest = setTimeout(() => setRested(wanted), PAUSE);
    return () => clearTimeout(rest);
  }, [wanted]);
  return JSON.parse(rested) as T;
}
