/**
 * One registration and what can be done with it: the first decision (A, D, I), C, S and Z, and the acts of its later life that Rust
 * offers (extend, appeal, first meeting, ...), as actions (keys, palette), as the bar at the foot, and the rest in a menu.
 *
 * `A` is one key when the policy recommends to approve: the terms shown (protection, seller, deal) are what is sent. Otherwise it
 * asks for a reason first. After a decision the next row opens, and the toast offers Undo while nothing was sent. The
 * caller keys the pane by the registration, so terms and dialogs never leak from one claim to the next.
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { isAvailable } from "../../actions/registry";
import { useActions, useHold } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { ActState, Choice, ConflictDetail, DealRow, InboxRow, RegistrationDetail } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Menu } from "../../components/Dialog";
import { Select } from "../../components/Field";
import { MoreIcon, ShieldIcon } from "../../components/icons";
import { ActionBar, DetailHead } from "../../components/ListDetail";
import { ErrorNotice, Notice } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { toast } from "../../components/toasts";
import { Money, useNow, When } from "../../components/When";
import { formatMoney } from "../../format/money";
import { formatDate } from "../../format/time";
import { wordOf } from "../../format/words";
import { ActDialog } from "./ActDialog";
import { approveRequest, approvesAtOnce, canDecide, DEFAULT_TERMS } from "./decide";
import type { Terms } from "./decide";
import { ApproveDialog, AskDialog, DeclineDialog } from "./DecisionDialogs";
import styles from "./Inbox.module.css";
import { ACTS } from "./life";
import type { MoreAct } from "./life";
import { MessageDialog } from "./MessageDialog";
import { RegistrationBody } from "./RegistrationBody";
import { RegistrationClock } from "./RegistrationRow";
import { numberOf } from "./rows";
import { SettlingDialog } from "./SettlingDialog";
import { SnoozeDialog } from "./SnoozeDialog";
import { useStanding } from "./standing";

const DAY = 86_400_000;
const NEW_DEAL = "";

/** Props of RegistrationPane. */
export interface RegistrationPaneProps {
  id: string;
  me: string | null;
  /** Rows are marked: the letters belong to the selection, not to this claim. */
  bulk: boolean;
  /** Decided: open what comes next. */
  onDecided: () => void;
  /** Taken back: open it again. */
  onUndone: (id: string) => void;
}

/** The pane. */
export function RegistrationPane(props: RegistrationPaneProps) {
  const query = useOp("registration", props.id);
  useHold(query.isPending);
  if (query.error) {
    return (
      <div className={styles.terms}>
        <ErrorNotice error={query.error} title="The registration could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div className={styles.nothing} aria-busy="true" />;
  return <Registration {...props} detail={query.data} />;
}

function Registration({ detail, me, bulk, onDecided, onUndone }: RegistrationPaneProps & { detail: RegistrationDetail }) {
  const { row } = detail;
  const [terms, setTerms] = useState<Terms>(DEFAULT_TERMS);
  const [dialog, setDialog] = useState<"approve" | "decline" | "ask" | "snooze" | "message" | MoreAct | null>(null);
  const now = useNow();
  const takeBack = useCommand("undo", { done: `${row.company} waits again`, failed: "It could not be taken back" });
  const undo = (decided: { decision: string }) => {
    takeBack.mutate({ decision: decided.decision });
    // Not in the answer: by then this pane may show another claim.
    onUndone(row.id);
  };
  const told = { done: (decided: { title: string }) => decided.title, undo };
  const approve = useCommand("approve", { ...told, failed: "The approval was not saved" });
  const decline = useCommand("decline", { ...told, failed: "The decline was not saved" });
  const ask = useCommand("askInfo", { ...told, failed: "The question was not saved" });
  const claim = useCommand("claim", { ...told, failed: "The claim was not saved" });
  const snooze = useCommand("snooze", { failed: "It was not put aside" });
  const busy = snooze.isPending || approve.isPending || decline.isPending || ask.isPending || claim.isPending || takeBack.isPending;

  const open = canDecide(row);
  const against = useStanding(detail, open);
  // An approval decides them in the same act (C-08): until they are known, its key waits.
  useHold(against.isPending);
  const [settling, setSettling] = useState<readonly ConflictDetail[] | null>(null);
  const approveInWords = () => (against.conflicts.length > 0 ? setSettling(against.conflicts) : setDialog("approve"));
  const mine = row.claimed_by !== null && row.claimed_by === me;
  const days = terms.days ?? detail.protection_days;
  const until = formatDate(new Date(now + days * DAY).toISOString(), now);
  const landed = {
    onSuccess: () => {
      setDialog(null);
      onDecided();
    },
  };
  const undoable = row.decision !== null && row.decision.undoable && row.decision.status !== "withdrawn" ? row.decision : null;
  const may = open && !bulk && !busy;

  const aside = row.snoozed_until !== undefined;
  const putAside = (until: string, reason: string) =>
    snooze.mutate(
      { registration: row.id, until, ...(reason === "" ? {} : { reason }) },
      {
        onSuccess: () => {
          toast({ title: `${row.company} comes back ${formatDate(until, now)}`, undo: () => takeOut() });
          landed.onSuccess();
        },
      },
    );
  const takeOut = () => snooze.mutate({ registration: row.id }, { onSuccess: () => onUndone(row.id) });
  const life = detail.life?.acts.filter((one): one is ActState & { act: MoreAct } => one.act in ACTS) ?? [];
  const more: Action[] = life.map(({ act, against }) => {
    const { keys } = ACTS[act];
    return { id: `registration.${act}`, title: labels.LifeAct[act], ...(keys === undefined ? {} : { keys }), ...(against === null ? {} : { hint: "against a rule" }), group: "This registration", when: !bulk && !busy, run: () => setDialog(act) };
  });
  const asides: Action[] = [
    { id: "registration.snooze", title: aside ? "Take back from aside" : "Put aside", keys: "s", group: "This registration", when: (open || aside) && !bulk && !busy, run: () => (aside ? takeOut() : setDialog("snooze")) },
    { id: "registration.message", title: "Message to the partner", keys: "Shift+M", group: "This registration", when: !bulk, run: () => setDialog("message") },
  ];

  const actions: Action[] = [
    {
      id: "registration.approve",
      title: "Approve",
      keys: "a",
      group: "This registration",
      hint: `${days} days of protection`,
      when: may,
      run: () => (against.conflicts.length === 0 && approvesAtOnce(detail) ? approve.mutate(approveRequest(detail, terms), landed) : approveInWords()),
    },
    { id: "registration.approveWith", title: "Approve with a message", keys: "Shift+A", group: "This registration", when: may, run: approveInWords },
    { id: "registration.decline", title: "Decline", keys: "d", group: "This registration", when: may, run: () => setDialog("decline") },
    { id: "registration.ask", title: "Ask for info", keys: "i", group: "This registration", when: may, run: () => setDialog("ask") },
    {
      id: "registration.claim",
      title: mine ? "Give back" : "Claim",
      keys: "c",
      group: "This registration",
      when: may,
      run: () => claim.mutate({ registration: row.id, release: mine }),
    },
    { id: "registration.undo", title: "Undo this decision", keys: ["z", "Mod+Z"], group: "This registration", when: undoable !== null && !bulk && !busy, run: () => undoable && undo({ decision: undoable.id }) },
  ];
  useActions([...actions, ...more, ...asides]);
  // What a registration that is decided asks for comes first, the rest is in the menu.
  const shown = open ? [] : more.slice(0, 3);
  const rest = [...more.filter((one) => !shown.includes(one)), ...asides];
  const menu = rest.some(isAvailable) && <Menu label="More" icon={<MoreIcon size={14} />} actions={rest} />;
  const action = (id: string) => actions.find((one) => one.id === `registration.${id}`);
  const button = (id: string, primary: boolean) => {
    const found = action(id);
    return found && <Button kind={primary ? "primary" : "plain"} action={found} />;
  };
  const lifeAct = life.find((one) => one.act === dialog);
  const best = detail.recommendation?.act ?? "approve";
  const seller = detail.sellers.find((one) => one.value === (terms.seller ?? detail.seller));
  const link = detail.linkable.find((deal) => deal.id === terms.link);
  const said = `${days} days of protection, until ${until}. ${link ? `Links ${link.name}` : "Creates a new deal"}${seller ? `, seller ${seller.label}` : ""}.${detail.life?.conversion ? ` ${detail.life.conversion}` : ""}`;

  return (
    <>
      <DetailHead
        title={row.company}
        tags={<Tag>{labels.RegistrationKind[row.kind]}</Tag>}
        reference={numberOf(row) ?? undefined}
        meta={[
          row.partner ?? "no partner",
          wordOf(detail.partner?.tier),
          wordOf(row.motion),
          row.amount === null ? null : (
            <b key="amount">
              <Money value={row.amount} />
            </b>
          ),
          detail.submitted_at === null ? null : (
            <span key="sent">
              sent <When at={detail.submitted_at} as="both" />
              {detail.submitted_by === null ? "" : ` by ${detail.submitted_by}`}
            </span>
          ),
        ]}
        end={<RegistrationClock row={row} chip />}
      />
      <RegistrationBody
        detail={detail}
        standing={
          <>
            <Decision row={row} />
            <Against conflicts={against.conflicts} />
          </>
        }
        terms={open ? <ApprovalTerms detail={detail} terms={terms} onTerms={setTerms} /> : null}
      />
      {open ? (
        <ActionBar
          end={
            <>
              <ShieldIcon size={14} />
              <Select
                label="Protection"
                hideLabel
                options={detail.protection_choices.map((choice) => ({ id: String(choice), name: `${choice} days` }))}
                value={String(days)}
                onChange={(choice) => setTerms({ ...terms, days: Number(choice) })}
              />
              <span>until {until}</span>
            </>
          }
        >
          {button("approve", best === "approve")}
          {button("decline", best === "decline")}
          {button("ask", best === "ask")}
          {button("claim", false)}
          {menu}
        </ActionBar>
      ) : (
        (undoable || menu) && (
          <ActionBar end={undoable ? "Nothing of it has been sent yet" : undefined}>
            {undoable && button("undo", false)}
            {shown.map((one) => (
              <Button key={one.id} action={one} />
            ))}
            {menu}
          </ActionBar>
        )
      )}
      {settling !== null && (
        <SettlingDialog
          detail={detail}
          conflicts={settling}
          terms={terms}
          said={said}
          onDone={() => {
            setSettling(null);
            landed.onSuccess();
          }}
          onUndone={() => onUndone(row.id)}
          onClose={() => setSettling(null)}
        />
      )}
      {dialog === "approve" && (
        <ApproveDialog detail={detail} terms={terms} said={said} busy={busy} onSend={(request) => approve.mutate(request, landed)} onClose={() => setDialog(null)} />
      )}
      {dialog === "decline" && <DeclineDialog detail={detail} busy={busy} onSend={(request) => decline.mutate(request, landed)} onClose={() => setDialog(null)} />}
      {dialog === "snooze" && <SnoozeDialog what={row.company} busy={busy} onSend={putAside} onClose={() => setDialog(null)} />}
      {dialog === "message" && <MessageDialog detail={detail} onClose={() => setDialog(null)} />}
      {lifeAct && <ActDialog key={lifeAct.act} act={lifeAct.act} detail={detail} against={lifeAct.against} onUndo={undo} onDone={() => setDialog(null)} onClose={() => setDialog(null)} />}
      {dialog === "ask" && <AskDialog detail={detail} busy={busy} onSend={(request) => ask.mutate(request, landed)} onClose={() => setDialog(null)} />}
    </>
  );
}

/** What an approval takes besides the protection: who sells, and whether an open deal of the account is linked. */
function ApprovalTerms({ detail, terms, onTerms }: { detail: RegistrationDetail; terms: Terms; onTerms: (terms: Terms) => void }) {
  return (
    <div className={styles.terms} role="group" aria-label="On approval">
      <span className={styles.term}>
        <span>Seller</span>
        <Select
          label="Seller"
          hideLabel
          options={detail.sellers.map((one: Choice) => ({ id: one.value, name: one.label }))}
          value={terms.seller ?? detail.seller}
          onChange={(seller) => onTerms({ ...terms, seller })}
          placeholder="nobody yet"
        />
      </span>
      <span className={styles.term}>
        <span>Deal</span>
        {detail.linkable.length === 0 ? (
          <span className="t2">a new one is created; the account has no open deal</span>
        ) : (
          <Select
            label="Deal"
            hideLabel
            options={[
              { id: NEW_DEAL, name: "Create a new deal" },
              ...detail.linkable.map((deal: DealRow) => ({
                id: deal.id,
                name: `Link ${deal.name}`,
                hint: [deal.amount ? formatMoney(deal.amount) : null, deal.stage].filter(Boolean).join(", "),
              })),
            ]}
            value={terms.link ?? NEW_DEAL}
            onChange={(link) => onTerms({ ...terms, link: link === NEW_DEAL ? null : link })}
          />
        )}
      </span>
    </div>
  );
}

/** The open channel conflicts that an approval decides with it. */
function Against({ conflicts }: { conflicts: readonly ConflictDetail[] }) {
  const [first] = conflicts;
  if (!first) return null;
  return (
    <div className={styles.standing}>
      <Notice tone="warn" title={conflicts.length === 1 ? "A channel conflict on this account is open" : `${conflicts.length} channel conflicts on this account are open`}>
        {capital(first.row.text)}. An approval decides it in the same act (C-08).{" "}
        <Link to="/conflicts" search={{ tab: "channel", open: first.row.id }} className={styles.underlined}>
          Look at it
        </Link>
      </Notice>
    </div>
  );
}

/** The decision that was made here, how far it has come, and where to look when it is stuck. */
function Decision({ row }: { row: InboxRow }) {
  const { decision } = row;
  if (decision === null || decision.status === "withdrawn") {
    if (canDecide(row) || row.appealed === true) return null;
    return (
      <div className={styles.standing}>
        <Notice tone="info" title={wordOf(row.status)} />
      </div>
    );
  }
  const stuck = decision.status === "needs_you";
  const text = capital(decision.text);
  return (
    <div className={styles.standing}>
      <Notice tone={stuck ? "warn" : decision.status === "landed" ? "ok" : "info"} title={text}>
        {stuck ? (
          <>
            The CRM did not take a part of it. What you decided is kept. <Link to="/activity">Look at the outbox</Link>
          </>
        ) : decision.status === "landed" ? undefined : (
          "It is kept on this laptop and goes to the CRM with the next sync; the partner hears of it only then."
        )}
      </Notice>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
