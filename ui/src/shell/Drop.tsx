/**
 * A file dropped on the window is read by the program itself; the window only says that it may be dropped, opens the import that came
 * of it, or says why none did. Heard on every screen, while a workspace is open.
 */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";
import { useDropped, useFileOver } from "../api/events";
import type { Dropped } from "../api/events";
import { toast } from "../components/toasts";
import { withoutShell } from "../format/value";
import styles from "./Drop.module.css";

/** The overlay, and what follows a drop. */
export function Drop() {
  const navigate = useNavigate();
  const isOver = useFileOver();
  const dropped = useDropped();
  // What was dropped before this was mounted has been answered.
  const [before] = useState(dropped);
  const answer = useEffectEvent((drop: Dropped) => {
    if (drop.event === "import_opened") void navigate({ to: "/import", search: { id: drop.is } });
    else toast({ tone: "danger", title: "The file was not read", body: [drop.is.message, drop.is.next === null ? null : withoutShell(drop.is.next)].filter(Boolean).join(". ") });
  });
  useEffect(() => {
    if (dropped !== null && dropped !== before) answer(dropped);
  }, [dropped, before]);
  if (!isOver) return null;
  return (
    <div className={styles.over} role="status">
      <p>
        <b>Drop it to read registrations from it</b>
        <span>A table (CSV) or a mail (.eml). Nothing is saved before you say so.</span>
      </p>
    </div>
  );
}
