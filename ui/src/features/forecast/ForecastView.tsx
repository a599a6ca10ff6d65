/**
 * The forecast: what the quarter comes to, won and expected, with the interval that holds eight times in ten; the deals that move it most,
 * each with its chance opened; and the forecast's own record beside it. Nothing is added up here.
 */
import { useState } from "react";
import type { Forecast, ForecastDeal, Motion } from "../../api/api.gen";
// oxlint-disable-next-line no-restricted-imports
import { labels } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Select } from "../../components/Field";
import { RecordTable } from "../../components/RecordTable";
import type { TableColumn } from "../../components/RecordTable";
import { EmptyState, ErrorNotice, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, useNow } from "../../components/When";
import { formatMoney } from "../../format/money";
import { countOf, formatCount } from "../../format/number";
import { formatDate } from "../../format/time";
import { DealChance } from "./DealChance";
import styles from "./Forecast.module.css";
import { asked, chanceText, UNTIL } from "./forecast";
import type { Until } from "./forecast";
import { Ranges } from "./Ranges";
import { TrackRecord } from "./TrackRecord";

const MOTIONS = [{ id: "all", name: "All motions" }, ...Object.entries(labels.Motion).map(([id, name]) => ({ id, name }))];

const COLUMNS: readonly TableColumn<ForecastDeal>[] = [
  { id: "name", title: "Deal", width: "2fr", minWidth: 180, cell: (row) => row.name },
  { id: "chance", title: "Chance", width: 76, align: "right", cell: (row) => chanceText(row.chance) },
  { id: "amount", title: "Amount", width: 116, align: "right", cell: (row) => (row.assumed_amount ? <span className="t3" title="The deal has no amount: the mean win stands for it">mean win</span> : <Money value={row.amount} />) },
  { id: "stage", title: "Stage", width: "1fr", minWidth: 110, cell: (row) => row.stage },
  { id: "credit", title: "Brought", width: "1fr", minWidth: 130, cell: (row) => labels.CreditClass[row.credit] },
  { id: "stalled", title: "Moves", width: 76, cell: (row) => (row.stalled ? <Tag tone="warn">stalled</Tag> : null) },
];

/** The view; `today` is the workspace's day, `open` the deal beside the list. */
export function ForecastView({ today, open, onOpen }: { today: string; open: string | undefined; onOpen: (deal: string | undefined) => void }) {
  const [until, setUntil] = useState<Until>("quarter");
  const [motion, setMotion] = useState("all");
  const now = useNow();
  const [currency, setCurrency] = useState<string | null>(null);
  const query = asked(until, motion === "all" ? null : (motion as Motion), today);
  const { data, error, refetch, isPlaceholderData } = useOp("forecast", query, { keep: true });
  if (error) return <ErrorNotice error={error} title="There is no forecast" actions={<Button onPress={() => void refetch()}>Try again</Button>} />;
  if (data === undefined) return <div aria-busy="true" />;
  const one = data.currencies.find((of) => of.currency === currency) ?? data.currencies[0];
  if (one === undefined || data.learnt_on === null || data.learnt_on === undefined) {
    return <EmptyState title="Nothing to forecast from">No deal has been closed yet: what chances open deals have is learnt from those that were.</EmptyState>;
  }
  const opened = data.deals.find((row) => row.deal === open);
  return (
    <div className={styles.page} aria-busy={isPlaceholderData}>
      <h2 className="sr">The forecast</h2>
      <div className={styles.panels}>
        <div className={styles.panel}>
          <Section
            title={`Forecast by ${formatDate(data.by, now)}`}
            note={`${countOf(data.open, "open deal")}, learnt from ${formatCount(data.learnt_from)} closed`}
            end={
              <span className={styles.asks}>
                {data.currencies.length > 1 && <Select label="Currency" hideLabel options={data.currencies.map((of) => ({ id: of.currency, name: of.currency }))} value={one.currency} onChange={setCurrency} />}
                <Select label="Motion" hideLabel options={MOTIONS} value={motion} onChange={setMotion} />
                <Select label="Until" hideLabel options={UNTIL} value={until} onChange={setUntil} />
              </span>
            }
          >
            <Headline data={data} currency={one.currency} />
            <Ranges one={one} target={data.target ?? null} />
            {data.notes.map((note) => (
              <p key={note} className={styles.small}>{note}</p>
            ))}
          </Section>
        </div>
        <div className={styles.panel}>
          <TrackRecord />
        </div>
      </div>
      <div className={styles.split}>
        <div className={styles.table}>
          <RecordTable
            label="Deals that move it most"
            columns={COLUMNS}
            groups={[{ id: "all", rows: data.deals }]}
            idOf={(row) => row.deal}
            textOf={(row) => row.name}
            onOpen={onOpen}
            {...(opened === undefined ? {} : { onCursor: onOpen, onLeave: () => onOpen(undefined) })}
            begin={open}
            empty={<EmptyState title="Nothing is open">What is won stands above.</EmptyState>}
          />
        </div>
        {opened !== undefined && <DealChance query={{ deal: opened.deal, by: query.by ?? null }} name={opened.name} onClose={() => onOpen(undefined)} />}
      </div>
    </div>
  );
}

/** The figure that is asked for first, and the target beside it. */
function Headline({ data, currency }: { data: Forecast; currency: string }) {
  const total = data.currencies.find((one) => one.currency === currency)?.total;
  if (total === undefined) return null;
  const { target } = data;
  return (
    <p className={styles.headline}>
      <b className={styles.figure}>{formatMoney(total.expected, "short")}</b>
      <span className="t2">
        expected, of it {formatMoney(total.won, "short")} won; eight times in ten {formatMoney(total.low, "short")} to {formatMoney(total.high, "short")}
      </span>
      {target !== null && target !== undefined && (
        <span className={styles.target}>
          target with partners {formatMoney(target.bookings, "short")}: <b>{chanceText(target.chance)}</b> to be met by what is there now
        </span>
      )}
    </p>
  );
}
