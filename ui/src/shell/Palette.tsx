/**
 * The command palette (Mod+K) and the search (/): one field, every action by name with its key, and the records that the
 * search finds. It is a combobox by the book: the focus stays in the field, arrows move the active line, Enter runs it.
 * The same panel serves both; `mode` only says what comes first.
 */
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";
import * as Aria from "react-aria-components";
import { useActionList } from "../actions/useActions";
import type { SearchHit } from "../api/api.gen";
import { useOp } from "../api/queries";
import { DialogLayer } from "../components/Dialog";
import { Key } from "../components/Key";
import { SearchIcon } from "../components/icons";
import type { Range } from "../format/match";
import { paletteGroups } from "./palette";
import styles from "./Palette.module.css";

/** The palette; mounted while open. */
export function Palette({ mode, onClose, searchable }: { mode: "actions" | "search"; onClose: () => void; searchable: boolean }) {
  return (
    <Aria.ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} isDismissable className={styles.scrim ?? ""}>
      <Aria.Modal className={styles.panel ?? ""}>
        <Aria.Dialog aria-label={mode === "search" ? "Search" : "Command palette"} className={styles.inside ?? ""}>
          <DialogLayer>
            <Content mode={mode} onClose={onClose} searchable={searchable} />
          </DialogLayer>
        </Aria.Dialog>
      </Aria.Modal>
    </Aria.ModalOverlay>
  );
}

function Content({ mode, onClose, searchable }: { mode: "actions" | "search"; onClose: () => void; searchable: boolean }) {
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const actions = useActionList();
  const text = query.trim();
  const found = useOp("search", { text, limit: 8 }, { enabled: searchable && text.length >= 2, keep: true });
  const hits = searchable && text.length >= 2 ? (found.data ?? []) : [];

  function open(hit: SearchHit) {
    if (hit.kind === "registration") void navigate({ to: "/inbox", search: { open: hit.id } });
    else if (hit.kind === "company" && hit.is_partner) void navigate({ to: "/partners", search: { open: hit.id } });
    else if (hit.kind === "deal") void navigate({ to: "/deals", search: { open: hit.id } });
    else void navigate({ to: "/deals", search: { view: "all", text: hit.title } });
  }

  const groups = paletteGroups(
    actions,
    text,
    hits.map((hit) => ({ id: `${hit.kind} ${hit.id}`, title: hit.title, hint: hit.subtitle, run: () => open(hit) })),
    mode,
  );
  const rows = groups.flatMap((group) => group.rows);
  const active = rows[Math.min(at, rows.length - 1)];

  const activeId = active?.id;
  useEffect(() => {
    if (activeId !== undefined) document.getElementById(`palette-${activeId}`)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  function run(row: { run: () => void }) {
    onClose();
    // After the panel has gone, so that what runs can take the focus or open a dialog.
    queueMicrotask(row.run);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? (event.ctrlKey ? ({ n: 1, p: -1 }[event.key] ?? 0) : 0);
    if (step !== 0 && rows.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, rows.length - 1) + step + rows.length) % rows.length);
    } else if (event.key === "Enter" && active && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(active);
    }
  }

  return (
    <>
      <div className={styles.query}>
        <SearchIcon />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-label={mode === "search" ? "Search deals, partners, accounts" : "What do you want to do?"}
          aria-activedescendant={active ? `palette-${active.id}` : undefined}
          placeholder={mode === "search" ? "Search deals, partners, accounts" : "Type a command or a name"}
          value={query}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label="Offers" className={styles.list}>
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <div className={styles.group} aria-hidden="true">
              {group.title}
            </div>
            {group.rows.map((row) => (
              // Keys are handled in the field, which keeps the focus.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={row.id}
                id={`palette-${row.id}`}
                role="option"
                aria-selected={row === active}
                className={styles.row}
                onPointerMove={() => setAt(rows.indexOf(row))}
                onClick={() => run(row)}
              >
                <span className="cut">
                  <Found text={row.title} ranges={row.ranges} />
                </span>
                {row.hint !== undefined && <span className={styles.hint}>{row.hint}</span>}
                {row.keys !== undefined && (
                  <span className="end">
                    <Key keys={row.keys} />
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
        {rows.length === 0 && <p className={styles.none}>{text === "" ? "Nothing to do here yet." : `Nothing is called “${text}”.`}</p>}
      </div>
      <div className={styles.foot}>
        <span>
          <Key keys="ArrowUp" />
          <Key keys="ArrowDown" /> move
        </span>
        <span>
          <Key keys="Enter" /> run
        </span>
        <span className="end">
          <Key keys="Escape" /> close
        </span>
      </div>
    </>
  );
}

function Found({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  const parts: ReactNode[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    parts.push(text.slice(at, from), <b key={from}>{text.slice(from, to)}</b>);
    at = to;
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
