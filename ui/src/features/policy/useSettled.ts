/** A value once it has stood still: what is typed is asked about when the hand rests, not at each letter. */
import { useEffect, useState } from "react";

/** The value as it was `ms` ago, or as it is when it has not changed since. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
