/**
 * Who stands on a deal: partners with their roles and shares, since when the credit is locked, how it was amended and why, and the
 * influence that was noted with its evidence. `P` edits; a locked credit asks for a reason and keeps both values on record (F-04).
 */
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { DealPartner, DealPartners as Partners, Proof } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Select, TextArea, TextField } from "../../components/Field";
import { ArrowUpIcon, CrossIcon, LockIcon, PlusIcon } from "../../components/icons";
import { ErrorNotice, Notice, Section, SplitBar } from "../../components/Section";
import { Tag } from "../../components/Tag";
import type { Tone } from "../../components/Tag";
import { useNow, When } from "../../components/When";
import { isProof } from "../../deal/confirms";
import { ProofFields } from "../../evidence/ProofFields";
import { countOf } from "../../format/number";
import { sumOf } from "../../format/points";
import { dayOf } from "../../format/time";
import { optionsOf, wordOf } from "../../format/words";
import styles from "./Deals.module.css";
import { shareDrafts, shareProblems, shareRequest, toTop } from "./shares";
import type { ShareDraft } from "./shares";

const TONES: readonly Tone[] = ["accent", "info", "ok", "warn"];
const ATTRIBUTIONS = optionsOf(labels.Attribution);

/** The sections; nothing is drawn for a deal without a partner. */
export function DealPartners({ deal, partnered, onUndo }: { deal: string; partnered: boolean; onUndo: (decided: { decision: string }) => void }) {
  const query = useOp("dealPartners", deal);
  const [dialog, setDialog] = useState<"shares" | "influence" | null>(null);
  const may = query.data !== undefined && !query.data.unread;
  const edit: Action = { id: "deal.partners", title: "Partners and credit", keys: "p", group: "This deal", when: may, run: () => setDialog("shares") };
  const note: Action = { id: "deal.influence", title: "Note influence", keys: "Shift+P", group: "This deal", when: may && partnered, run: () => setDialog("influence") };
  useActions([edit, note]);
  if (query.error) return <ErrorNotice error={query.error} title="The partners of the deal could not be read" />;
  const data = query.data;
  if (!data || (data.partners.length === 0 && data.influences.length === 0 && !partnered)) return dialog === "shares" && data ? <SharesDialog data={data} onUndo={onUndo} onClose={() => setDialog(null)} /> : null;
  const named = (share: Pick<DealPartner, "partner">) => data.partners.find((one) => one.share.partner === share.partner)?.name ?? share.partner;
  return (
    <>
      <Section
        title="Partners and credit"
        note={
          data.locked ? (
            <span className={styles.locked}>
              <LockIcon size={12} />
              locked since <When at={data.locked.at} as="date" /> by {data.locked.by}
            </span>
          ) : (
            "not locked yet"
          )
        }
        end={
          <Button kind="quiet" action={edit}>
            {data.locked ? "Amend" : "Edit"}
          </Button>
        }
      >
        {data.unread && (
          <Notice tone="danger" title="Drumbeat’s own record of this deal does not read">
            Nothing is written over it. Look at the field “Drumbeat record” in the CRM.
          </Notice>
        )}
        {data.partners.length === 0 ? (
          <p className="t2 small">The deal’s own fields say it all: one partner, one credit.</p>
        ) : (
          <>
            <div className={styles.shareBar}>
              <SplitBar label={`Shares: ${data.partners.map(({ name, share }) => `${name} ${share.pct} %`).join(", ")}`} parts={[...data.partners.map(({ share }, n) => ({ id: `${share.partner} ${share.role}`, size: share.pct, tone: TONES[n % TONES.length] ?? "accent" })), { id: "free", size: data.free_pct, tone: "neutral" }]} />
            </div>
            <ul className={styles.shares}>
              {data.partners.map(({ share, name }, n) => (
                <li key={`${share.partner} ${share.role}`}>
                  <span className="cut">
                    <span className="medium">{name}</span>
                    {n === 0 && <span className="t3 small"> of record</span>}
                    {share.part !== null && <span className="t3 small"> · {share.part}</span>}
                  </span>
                  <span className="t2">{labels.PartnerRole[share.role]}</span>
                  <Tag tone={share.attribution === "sourced" ? "accent" : "neutral"}>{wordOf(share.attribution)}</Tag>
                  <span className="num">{share.pct} %</span>
                </li>
              ))}
              {data.free_pct > 0 && (
                <li className="t3">
                  <span>nobody’s</span>
                  <span />
                  <span />
                  <span className="num">{data.free_pct} %</span>
                </li>
              )}
            </ul>
          </>
        )}
      </Section>
      {data.influences.length > 0 && (
        <Section title="Influence" note={countOf(data.influences.length, "entry", "entries")} end="F-04">
          <ol className={styles.lines}>
            {data.influences.toReversed().map((one) => (
              <li key={`${one.noted_at} ${one.partner}`}>
                <span className="t2 small">
                  <When at={one.proof.day} as="date" />
                </span>
                <span className="cut" title={one.proof.text}>
                  <span className="medium">{named(one)}</span> {labels.ProofKind[one.proof.kind].toLowerCase()} in {one.stage}: <span className="t2">{one.proof.text}</span>
                </span>
                <span className="t3 small cut">{one.by}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {data.amendments.length > 0 && (
        <Section title="Amendments" note="both values stay on record" end="F-04">
          <ol className={styles.lines}>
            {data.amendments.toReversed().map((one) => (
              <li key={one.at}>
                <span className="t2 small">
                  <When at={one.at} as="date" />
                </span>
                <span>
                  <span className="t3">{one.from.map((share) => `${named(share)} ${share.pct} %`).join(", ") || "nobody"}</span> → {one.to.map((share) => `${named(share)} ${share.pct} %`).join(", ") || "nobody"}
                  <span className="t2">: {one.reason}</span>
                </span>
                <span className="t3 small cut">{one.by}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {dialog === "shares" && <SharesDialog data={data} onUndo={onUndo} onClose={() => setDialog(null)} />}
      {dialog === "influence" && <InfluenceDialog data={data} onUndo={onUndo} onClose={() => setDialog(null)} />}
    </>
  );
}

interface DialogProps {
  data: Partners;
  onUndo: (decided: { decision: string }) => void;
  onClose: () => void;
}

function usePartnerOptions() {
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 }).data?.rows ?? [];
  return partners.map((one) => ({ id: one.id, name: one.name }));
}

/** The editor: one line a partner, the sum beside it. */
function SharesDialog({ data, onUndo, onClose }: DialogProps) {
  const options = usePartnerOptions();
  const roles = optionsOf(labels.PartnerRole).filter((role) => data.roles.length === 0 || data.roles.includes(role.id));
  const [drafts, setDrafts] = useState<ShareDraft[]>(() => shareDrafts(data.partners.map((one) => one.share)));
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const save = useCommand("setPartners", { done: (done) => done.title, undo: onUndo, quiet: true });
  const locked = data.locked !== null;
  const problems = shareProblems(drafts, locked, reason);
  const set = (at: number, change: Partial<ShareDraft>) => setDrafts(drafts.map((draft, n) => (n === at ? { ...draft, ...change } : draft)));
  const add = () => setDrafts([...drafts, { partner: null, role: roles[0]?.id ?? "resale", attribution: drafts.some((draft) => draft.attribution === "sourced") ? "influenced" : "sourced", pct: String(Math.max(0, 100 - sumOf(drafts))), part: "" }]);
  const send = () => {
    setTried(true);
    if (problems.length === 0 && !save.isPending) save.mutate(shareRequest(data.deal, drafts, reason), { onSuccess: onClose });
  };
  const sum = sumOf(drafts);
  return (
    <Dialog
      open
      onClose={onClose}
      title={locked ? "Amend the credit" : "Partners and credit"}
      note={locked ? "it is locked; both values stay on record (F-04)" : "the first is the partner of record"}
      width="wide"
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={send}>
            {locked ? "Amend" : "Save"}
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className={`end tn ${sum > 100 ? "danger medium" : "t2"}`} role="status">
            {sum} % given, {sum > 100 ? `${sum - 100} % too much` : `${100 - sum} % free`}
          </span>
        </>
      }
    >
      {save.error && <ErrorNotice error={save.error} title="The partners were not saved" />}
      {tried && problems.length > 0 && (
        <Notice tone="danger" title="This cannot be saved yet">
          {problems.join(" ")}
        </Notice>
      )}
      {drafts.map((draft, n) => (
        // A line has no name before its partner is chosen; its place is its identity.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={n} className={styles.share} role="group" aria-label={`Partner ${n + 1}`}>
          <Select label={n === 0 ? "Partner of record" : "Partner"} options={options} value={draft.partner} onChange={(partner) => set(n, { partner })} placeholder="choose" autoFocus={n === 0} />
          <Select label="Role" options={roles} value={draft.role} onChange={(role) => set(n, { role })} />
          <Select label="Credit" options={ATTRIBUTIONS} value={draft.attribution} onChange={(attribution) => set(n, { attribution })} />
          <TextField label="Share, %" value={draft.pct} onChange={(pct) => set(n, { pct })} maxLength={3} />
          <TextField label="Part (optional)" value={draft.part} onChange={(part) => set(n, { part })} maxLength={120} />
          <Button kind="icon" label="Make it the partner of record" icon={<ArrowUpIcon size={12} />} isDisabled={n === 0} onPress={() => setDrafts(toTop(drafts, n))} />
          <Button kind="icon" label={`Remove partner ${n + 1}`} icon={<CrossIcon size={12} />} onPress={() => setDrafts(drafts.filter((_, other) => other !== n))} />
        </div>
      ))}
      <div>
        <Button icon={<PlusIcon size={14} />} autoFocus={drafts.length === 0} onPress={add}>
          Add a partner
        </Button>
      </div>
      {locked && <TextArea label="Why it is amended, kept on record" value={reason} onChange={setReason} rows={2} maxLength={4000} isRequired wide />}
    </Dialog>
  );
}

/** One entry of influence: who, when, what shows it, and which stage it helped. */
function InfluenceDialog({ data, onUndo, onClose }: DialogProps) {
  const options = usePartnerOptions();
  const today = dayOf(useNow());
  const [partner, setPartner] = useState<string | null>(data.partners[0]?.share.partner ?? null);
  const [stage, setStage] = useState("");
  const [proof, setProof] = useState<Proof>({ kind: "meeting", day: today, text: "" });
  const [tried, setTried] = useState(false);
  const add = useCommand("addInfluence", { done: (done) => done.title, undo: onUndo, quiet: true });
  const send = () => {
    setTried(true);
    if (partner === null || !isProof(proof) || add.isPending) return;
    add.mutate({ deal: data.deal, partner, proof: { ...proof, text: proof.text.trim() }, ...(stage.trim() === "" ? {} : { stage: stage.trim() }) }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Note influence"
      note="dated, with evidence (F-04)"
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={add.isPending} onPress={send}>
            Note it
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {add.error && <ErrorNotice error={add.error} title="It was not noted" />}
      <Select label="Partner" options={options} value={partner} onChange={setPartner} placeholder="choose" error={tried && partner === null ? "Choose the partner" : undefined} wide />
      <ProofFields proof={proof} today={today} tried={tried} onChange={setProof} autoFocus>
        <TextField label="Stage" value={stage} onChange={setStage} placeholder="the present one" maxLength={120} />
      </ProofFields>
    </Dialog>
  );
}
