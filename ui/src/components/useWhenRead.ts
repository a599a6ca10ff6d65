/**
 * A press that comes before what it is about has been read waits for the reading, and then acts. A person who knows the keys is faster
 * than a gate; their Mod+Enter is neither lost nor sent blind.
 *
 * The hard idea: what was meant is what stood there at the press. When it changes meanwhile (`subject`), the press is forgotten: nothing
 * is done that nobody has confirmed. What is acted on in the end is the caller's to judge again, now that it is read.
 */
import { useEffect, useEffectEvent, useState } from "react";

/** Whether a press waits, and the press. `subject`: what it is about, as text. */
export function useWhenRead(isReading: boolean, subject: string, act: () => void): { waits: boolean; press: () => void } {
  const [meant, setMeant] = useState<string | null>(null);
  const [due, setDue] = useState(0);
  if (meant !== null && (meant !== subject || !isReading)) {
    setMeant(null);
    if (meant === subject) setDue(due + 1);
  }
  const acted = useEffectEvent(act);
  useEffect(() => {
    if (due > 0) acted();
  }, [due]);
  return { waits: meant !== null, press: () => (isReading ? setMeant(subject) : act()) };
}
