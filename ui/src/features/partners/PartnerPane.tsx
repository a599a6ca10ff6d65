/**
 * One partner: its standing, what is open and what was won (one sum a currency), hygiene, clocks, certificates, deals, registrations and
 * touches. `O` opens the call sheet over it, `L` the quick log, `P` its QBR pack,
 * Shift+S shares the screen with it, Shift+F what it may see as files.
 */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import type { Certification, DealRow, InboxRow, PartnerDetail } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ExportIcon } from "../../components/icons";
import { DetailBody, DetailHead } from "../../components/ListDetail";
import { ErrorNotice, FactGrid, ProgressBar, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, useNow } from "../../components/When";
import { dealWords } from "../../format/deal";
import { countOf, formatPercent } from "../../format/number";
import { formatDay, formatRelative } from "../../format/time";
import { wordOf } from "../../format/words";
import { CallSheetPage } from "./CallSheet";
import { PartnerClocks } from "./PartnerClocks";
import styles from "./Partners.module.css";
import { QuickLogDialog } from "./QuickLogDialog";
import { Presenting } from "../../presenting/Presenting";
import { useSharing } from "../../sharing/Sharing";
import { SharesMade } from "../../sharing/SharesMade";
import { Touches } from "./Touches";
import { certificateName, certificateState, longTypeName, sumWords } from "./words";

/** The pane; keyed by the partner. */
export function PartnerPane({ id, calling, onCall }: { id: string; calling: boolean; onCall: (on: boolean) => void }) {
  const query = useOp("partner", id);
  if (query.error) {
    return (
      <div className={styles.problem}>
        <ErrorNotice error={query.error} title="The partner could not be read" actions={<Button onPress={() => void query.refetch()}>Try again</Button>} />
      </div>
    );
  }
  if (!query.data) return <div aria-busy="true" />;
  return <Partner detail={query.data} calling={calling} onCall={onCall} />;
}

function Partner({ detail, calling, onCall }: { detail: PartnerDetail; calling: boolean; onCall: (on: boolean) => void }) {
  const { row } = detail;
  const navigate = useNavigate();
  const now = useNow();
  const [logging, setLogging] = useState(false);
  const call: Action = { id: "partner.call", title: calling ? "Close the call sheet" : "Call sheet", keys: "o", group: "This partner", run: () => onCall(!calling) };
  const log: Action = { id: "partner.log", title: "Quick log", keys: "l", group: "This partner", run: () => setLogging(true) };
  const pack: Action = { id: "partner.pack", title: "Make pack", keys: "p", group: "This partner", run: () => void navigate({ to: "/packs", search: { partner: row.id } }) };
  const print: Action = { id: "partner.print", title: "Print the call sheet", keys: "Mod+P", group: "This partner", when: calling, run: () => window.print() };
  const leave: Action = { id: "partner.leaveCall", title: "Back to the partner", keys: "Escape", group: "This partner", sheetOnly: true, when: calling, run: () => onCall(false) };
  useActions([call, log, pack, print, leave]);
  const { share, dialog } = useSharing(row.id);

  return (
    <>
      <Presenting partner={row.id} />
      <DetailHead
        rule
        title={row.name}
        tags={
          <>
            {row.tier !== null && <Tag tone="accent">{row.tier_name ?? wordOf(row.tier)}</Tag>}
            {!calling && row.partner_type !== null && <Tag>{longTypeName(row.partner_type)}</Tag>}
            {row.status !== null && row.status !== "active" && <Tag tone={row.status === "at_risk" ? "warn" : "neutral"}>{wordOf(row.status)}</Tag>}
          </>
        }
        meta={[
          detail.partner_since === null ? wordOf(row.status) : `${wordOf(row.status) ?? "Partner"} since ${formatDay(detail.partner_since, now)}`,
          detail.country,
          detail.owner === null ? "no owner" : `owner ${detail.owner}`,
          row.last_touch === null ? "no touch yet" : `last touch ${formatRelative(row.last_touch, now)}`,
        ]}
        end={
          <>
            {calling && (
              <Button kind="quiet" action={print}>
                Print
              </Button>
            )}
            <Button pressed={calling} action={call}>
              Call sheet
            </Button>
            <Button action={log} />
            {!calling && <Button action={pack} />}
            {!calling && <Button kind="icon" label="Share as files" icon={<ExportIcon size={14} />} onPress={share.run} />}
          </>
        }
      />
      {calling ? (
        <CallSheetPage id={row.id} />
      ) : (
        <DetailBody
          aside={
            <>
              <PartnerClocks partner={row.id} />
              <Certificates certificates={detail.certifications} partner={row.name} now={now} />
              <SharesMade partner={row.id} />
              <Touches touches={detail.touches} />
            </>
          }
        >
          <Section title="Standing">
            <FactGrid
              facts={[
                { label: "Open", value: row.open_deals === 0 ? "no open deal" : `${sumWords(row.open_amounts)}, ${countOf(row.open_deals, "deal")}` },
                { label: "To decide", value: countOf(row.open_registrations, "registration") },
                { label: "Won, quarter", value: detail.won_quarter_count === 0 ? "none" : `${sumWords(detail.won_quarter)}, ${countOf(detail.won_quarter_count, "deal")}` },
                { label: "Won, a year", value: sumWords(detail.won_year) },
                { label: "Motions", value: detail.motions.length === 0 ? null : detail.motions.map((motion) => wordOf(motion)).join(", ") },
                { label: "Territories", value: detail.territories.length === 0 ? "everywhere" : detail.territories.join(", ") },
                { label: "Domain", value: detail.domain },
                { label: "Certified", value: `${countOf(row.certified, "valid certificate")}${row.expiring > 0 ? `, ${row.expiring} ending` : ""}` },
              ]}
            />
            <div className={styles.hygiene}>
              <ProgressBar
                share={detail.hygiene / 100}
                tone={detail.hygiene >= 85 ? "ok" : detail.hygiene >= 70 ? "neutral" : "danger"}
                label="Hygiene of the open deals"
                left="Hygiene of the open deals"
                right={row.open_deals === 0 ? "no open deal" : formatPercent(detail.hygiene)}
              />
            </div>
          </Section>
          <Deals deals={detail.deals} all={row.open_deals} now={now} />
          <Registrations rows={detail.registrations} now={now} />
        </DetailBody>
      )}
      {dialog}
      {logging && <QuickLogDialog partner={row.id} name={row.name} deals={detail.deals} onClose={() => setLogging(false)} />}
    </>
  );
}

function Deals({ deals, all, now }: { deals: readonly DealRow[]; all: number; now: number }) {
  return (
    <Section title="Open deals" note={all === 0 ? "none" : deals.length < all ? `${deals.length} of ${all}, closing first` : "closing first"}>
      {deals.length === 0 ? (
        <p className="t2">A deal that names this partner in the CRM stands here.</p>
      ) : (
        <ul className={styles.deals}>
          {deals.map((deal) => (
            <li key={deal.id}>
              <DealLink deal={deal} />
              <span className={`cut ${deal.stalled ? "warn" : "t2"}`} title={deal.stalled ? "over the days of its stage, or past its close date" : deal.name}>
                {deal.stage}
                {deal.stalled && ", stalled"}
              </span>
              <span className="num">
                <Money value={deal.amount} />
              </span>
              <span className="num t2">{deal.close_date === null ? <span className="t3">no close date</span> : formatDay(deal.close_date, now)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function DealLink({ deal }: { deal: DealRow }) {
  const { head, rest } = dealWords(deal);
  return (
    <Link to="/deals" search={{ open: deal.id }} className={styles.link} title={deal.name}>
      {head} {rest !== "" && <span className={styles.rest}>{rest}</span>}
    </Link>
  );
}

/** The day on which its clock began; a registration that never had one has its number. */
function sent(row: InboxRow, now: number): string {
  return row.clock === null ? row.number : formatDay(row.clock.started, now);
}

function Registrations({ rows, now }: { rows: readonly InboxRow[]; now: number }) {
  return (
    <Section title="Registrations" note={rows.length === 0 ? "none yet" : "latest first"}>
      <ul className={styles.deals}>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/inbox" search={{ open: row.id, show: "all" }} className={styles.link}>
              {row.company}
            </Link>
            <span className="t2 cut">{row.decision !== null && row.decision.status !== "withdrawn" ? row.decision.text : wordOf(row.status)}</span>
            <span className="num">{row.amount === null ? <span className="t3">{row.kind === "lead" ? "lead" : "no amount"}</span> : <Money value={row.amount} />}</span>
            <span className={styles.number} title={row.number}>
              {sent(row, now)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Certificates({ certificates, partner, now }: { certificates: readonly Certification[]; partner: string; now: number }) {
  return (
    <Section title="Certifications" note={certificates.length === 0 ? "none" : countOf(certificates.length, "certificate")} end="T-03">
      {certificates.length === 0 ? (
        <p className="t2">Certificates of this partner’s people stand here with their end.</p>
      ) : (
        <ul className={styles.certificates}>
          {certificates.map((one) => {
            const state = certificateState(one, now);
            return (
              <li key={one.id}>
                <span className="cut" title={one.holder ?? undefined}>
                  {one.holder ?? one.name}
                </span>
                <span className="t2 small cut" title={one.name}>
                  {[one.holder === null ? null : certificateName(one.name, partner), one.level].filter(Boolean).join(", ")}
                </span>
                <span className={`num small ${state === "ended" ? "danger" : state === "soon" ? "warn" : "t2"}`} title={one.expires === null ? undefined : formatRelative(one.expires, now)}>
                  {one.expires === null ? "no end" : `${state === "ended" ? "ended " : ""}${formatDay(one.expires, now)}`}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
