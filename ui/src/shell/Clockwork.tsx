/**
 * What the passing of time alone makes stale: Rust, not the window, says what is over, due today or gone, so the window asks again
 * when the next clock runs out, and when time did not pass as usual (a sleep, a moved clock, another day or zone).
 * It draws nothing and is drawn again by itself, so that the frame is not.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { invalidateKinds } from "../api/queries";
import { onJump, useNow } from "../components/When";
import { toMillis } from "../format/time";

/** `due` is when the next clock of a registration runs out. */
export function Clockwork({ due }: { due: string | undefined }) {
  const client = useQueryClient();
  const now = useNow();
  const over = due !== undefined && toMillis(due) <= now;
  const running = useRef<string>(undefined);
  useEffect(() => onJump(() => void invalidateKinds(client, null)), [client]);
  useEffect(() => {
    if (!over) {
      running.current = due;
    } else if (running.current === due) {
      // Once, when it runs out; what was over already when it was read has been counted.
      running.current = undefined;
      void invalidateKinds(client, ["registration"]);
    }
  }, [over, due, client]);
  return null;
}
