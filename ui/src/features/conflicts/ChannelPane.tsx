/**
 * One channel conflict: what a person reads before settling it, and the acts by key. A award, S split, O joint roles, D dismiss,
 * C acknowledge, P plan, Q ask the seller, E escalate, Shift+A appeal, N evidence, Z takes back what nothing has been sent of.
 * Only what the program says can be done now is offered.
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { isAvailable } from "../../actions/registry";
import { useActions, useHold } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { ConflictAct, ConflictDetail, Settlement } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { chipOf } from "../../clocks/clocks";
import { Button } from "../../components/Button";
import { ClockChip } from "../../components/ClockChip";
import { Menu } from "../../components/Dialog";
import { MoreIcon } from "../../components/icons";
import { ActionBar, DetailHead } from "../../components/ListDetail";
import { ErrorNotice } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, When } from "../../components/When";
import { AppealDialog } from "./AppealDialog";
import { keyOf } from "../../channel/settle";
import { isAsked } from "./channel";
import styles from "./Channel.module.css";
import { ChannelBody } from "./ChannelBody";
import { clockWords, isOpen } from "../../channel/words";
import { DismissDialog } from "./DismissDialog";
import { EvidenceDialog } from "./EvidenceDialog";
import { SettleDialog } from "./SettleDialog";
import { STEPS } from "./step";
import type { Step } from "./step";
import { StepDialog } from "./StepDialog";
import { useStep } from "./useStep";

type Open = { settle: Exclude<Settlement, "dismissed"> } | { step: Step } | "dismiss" | "appeal" | "evidence" | null;

/** The pane; `bulk` while rows are marked: then letters are the selection's. */
export function ChannelPane({ id, bulk, onAnswered }: { id: string; bulk: boolean; onAnswered: () => void }) {
  const query = useOp("conflict", { conflict: id });
  useHold(query.isPending);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The channel conflict could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div className={styles.nothing} aria-busy="true" />;
  return <Loaded detail={query.data} bulk={bulk} onAnswered={onAnswered} />;
}

function Loaded({ detail, bulk, onAnswered }: { detail: ConflictDetail; bulk: boolean; onAnswered: () => void }) {
  const { row, verdict } = detail;
  const [dialog, setDialog] = useState<Open>(null);
  const close = () => setDialog(null);
  const seen = useStep("acknowledgeConflict", "It was not acknowledged");
  const ops = useOp("outbox", undefined, { enabled: Boolean(detail.decision) }).data?.filter((op) => op.decision === detail.decision) ?? [];
  const undo = useCommand("undo", { done: "Taken back; the channel conflict is open again", failed: "It could not be taken back" });
  const may = (act: ConflictAct) => !bulk && detail.acts.includes(act);
  const first = row.parties.find((party) => keyOf(party) === verdict.first);
  const unsent = ops.length > 0 && ops.every((op) => op.can_withdraw && op.attempt === 0);
  const asked = isAsked(detail);

  const group = "This channel conflict";
  const award: Action = { id: "channel.award", title: first ? `Award to ${first.name}` : "Award", keys: "a", group, when: may("award"), run: () => setDialog({ settle: "awarded" }) };
  const split: Action = { id: "channel.split", title: "Split", keys: "s", group, when: may("split"), run: () => setDialog({ settle: "split" }) };
  const joint: Action = { id: "channel.joint", title: "Joint roles", keys: "o", group, when: may("joint"), run: () => setDialog({ settle: "joint" }) };
  const dismiss: Action = { id: "channel.dismiss", title: "Dismiss", keys: "d", group, when: may("dismiss"), run: () => setDialog("dismiss") };
  const acknowledge: Action = { id: "channel.acknowledge", title: "Acknowledge", keys: "c", group, when: may("acknowledge") && !seen.busy, run: () => seen.send({ conflict: row.id }, () => {}) };
  const appeal: Action = { id: "channel.appeal", title: "Appeal", keys: "Shift+A", group, when: may("appeal"), run: () => setDialog("appeal") };
  const evidence: Action = { id: "channel.evidence", title: "Add evidence", keys: "n", group, when: !bulk && row.kind !== "sign" && row.parties.length > 0 && isOpen(row.state), run: () => setDialog("evidence") };
  const back: Action = { id: "channel.undo", title: "Take back", keys: ["z", "Mod+Z"], group, when: !bulk && unsent && !undo.isPending, run: () => detail.decision && undo.mutate({ decision: detail.decision }) };
  const steps = (["plan", "ask", "answer", "escalate", "refuse"] as const).map((step): Action => ({
    id: `channel.${step}`,
    title: STEPS[step].title,
    keys: STEPS[step].keys,
    group,
    when: may(STEPS[step].act) && (step !== "answer" || asked),
    run: () => setDialog({ step }),
  }));
  useActions([award, split, joint, dismiss, acknowledge, appeal, evidence, back, ...steps]);

  // What is settled shows its appeal and its way back; what is open the outcomes, and the rest in the menu.
  const main = [award, split, joint, dismiss, appeal, back].filter(isAvailable);
  const [refuse] = steps.slice(-1);
  const rest = [acknowledge, ...steps, evidence].filter((one) => one !== refuse || !isAvailable(one));
  const done = (): void => {
    close();
    onAnswered();
  };
  const clock = row.clock && (row.clock.state === "running" || row.clock.state === "over") ? row.clock : null;

  return (
    <>
      <DetailHead
        title={row.account}
        tags={
          <>
            <Tag>{labels.ConflictKind[row.kind]}</Tag>
            {row.state !== "open" && <Tag tone={row.state === "appealed" || row.state === "escalated" ? "warn" : row.state === "settled" ? "ok" : "neutral"}>{labels.ConflictState[row.state]}</Tag>}
          </>
        }
        meta={[
          row.value ? (
            <span key="value">
              <b>
                <Money value={row.value} />
              </b>{" "}
              at stake
            </span>
          ) : null,
          row.parties.map((party) => party.name).join(" and "),
          <span key="raised">
            raised <When at={row.raised_at} as="date" />
          </span>,
        ]}
        end={clock && <ClockChip {...chipOf(clock)} chip words={(span) => clockWords(clock.rule, span)} />}
      />
      <ChannelBody detail={detail} evidence={evidence} />
      {(main.length > 0 || rest.some(isAvailable)) && (
        <ActionBar end={unsent ? "nothing of it has been sent yet" : undefined}>
          {main.map((action, n) => (
            <Button key={action.id} kind={n === 0 && action === award ? "primary" : "plain"} action={action} />
          ))}
          {refuse && isAvailable(refuse) && <Button action={refuse} />}
          {isAvailable(acknowledge) && <Button action={acknowledge} />}
          {rest.some(isAvailable) && <Menu label="More" icon={<MoreIcon size={14} />} actions={rest} />}
        </ActionBar>
      )}
      {dialog !== null && typeof dialog === "object" && "settle" in dialog && <SettleDialog outcome={dialog.settle} detail={detail} onDone={done} onClose={close} />}
      {dialog !== null && typeof dialog === "object" && "step" in dialog && <StepDialog step={dialog.step} detail={detail} onDone={close} onClose={close} />}
      {dialog === "dismiss" && <DismissDialog rows={[row]} onDone={(ids) => (ids.length > 0 ? done() : close())} onClose={close} />}
      {dialog === "appeal" && <AppealDialog detail={detail} onDone={close} onClose={close} />}
      {dialog === "evidence" && <EvidenceDialog detail={detail} onDone={close} onClose={close} />}
    </>
  );
}
