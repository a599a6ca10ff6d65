/**
 * One registration and the decisions on it: A, D, I, C and Z, as actions (keys, palette) and as the bar at the foot.
 *
 * `A` is one key when the policy recommends to approve: the terms shown (protection, seller, deal) are what is sent. Otherwise it
 * asks for a reason first. After a decision the next row opens, and the toast offers Undo while nothing was sent. The
 * caller keys the pane by the registration, so terms and dialogs never leak from one claim to the next.
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Choice, DealRow, InboxRow, RegistrationDetail } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Select } from "../../components/Field";
import { ActionBar, DetailHead } from "../../components/ListDetail";
import { ErrorNotice, Notice } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, useNow, When } from "../../components/When";
import { formatMoney } from "../../format/money";
import { formatDate } from "../../format/time";
import { wordOf } from "../../format/words";
import { approveRequest, approvesAtOnce, canDecide, DEFAULT_TERMS } from "./decide";
import type { Terms } from "./decide";
import { ApproveDialog, AskDialog, DeclineDialog } from "./DecisionDialogs";
import styles from "./Inbox.module.css";
import { RegistrationBody } from "./RegistrationBody";
import { RegistrationClock } from "./RegistrationRow";
import { numberOf } from "./rows";

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
  const [dialog, setDialog] = useState<"approve" | "decline" | "ask" | null>(null);
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
  const busy = approve.isPending || decline.isPending || ask.isPending || claim.isPending || takeBack.isPending;

  const open = canDecide(row);
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

  const actions: Action[] = [
    {
      id: "registration.approve",
      title: "Approve",
      keys: "a",
      group: "This registration",
      hint: `${days} days of protection`,
      when: may,
      run: () => (approvesAtOnce(detail) ? approve.mutate(approveRequest(detail, terms), landed) : setDialog("approve")),
    },
    { id: "registration.approveWith", title: "Approve with a message", keys: "Shift+A", group: "This registration", when: may, run: () => setDialog("approve") },
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
  useActions(actions);
  const action = (id: string) => actions.find((one) => one.id === `registration.${id}`);
  const button = (id: string, primary: boolean) => {
    const found = action(id);
    return found && <Button kind={primary ? "primary" : "plain"} action={found} />;
  };
  const best = detail.recommendation?.act ?? "approve";
  const seller = detail.sellers.find((one) => one.value === (terms.seller ?? detail.seller));
  const link = detail.linkable.find((deal) => deal.id === terms.link);
  const said = `${days} days of protection, until ${until}. ${link ? `Links ${link.name}` : "Creates a new deal"}${seller ? `, seller ${seller.label}` : ""}.`;

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
        standing={<Decision row={row} />}
        terms={open ? <ApprovalTerms detail={detail} terms={terms} onTerms={setTerms} /> : null}
      />
      {open ? (
        <ActionBar
          end={
            <>
              <span>Protection</span>
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
        </ActionBar>
      ) : (
        undoable && <ActionBar end="Nothing of it has been sent yet">{button("undo", false)}</ActionBar>
      )}
      {dialog === "approve" && (
        <ApproveDialog detail={detail} terms={terms} said={said} busy={busy} onSend={(request) => approve.mutate(request, landed)} onClose={() => setDialog(null)} />
      )}
      {dialog === "decline" && <DeclineDialog detail={detail} busy={busy} onSend={(request) => decline.mutate(request, landed)} onClose={() => setDialog(null)} />}
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

/** The decision that was made here, how far it has come, and where to look when it is stuck. */
function Decision({ row }: { row: InboxRow }) {
  const { decision } = row;
  if (decision === null || decision.status === "withdrawn") {
    if (canDecide(row)) return null;
    return (
      <div className={styles.standing}>
        <Notice tone="info" title={wordOf(row.status)} />
      </div>
    );
  }
  const stuck = decision.status === "needs_you";
  const text = decision.text.charAt(0).toUpperCase() + decision.text.slice(1);
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
