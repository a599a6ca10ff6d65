/**
 * What moved between two reviews: a waterfall of one motion and currency that adds up to the cent, and on a page of its own the deals by
 * what they did, those too that changed and went back. Without an earlier review it says that there is nothing to compare with.
 */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { labels } from "../../api/api.gen";
import type { AgendaItem, MovementGroup, ReviewMovement } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Waterfall } from "../../charts/Waterfall";
import { Select } from "../../components/Field";
import { ErrorNotice, Notice, Section } from "../../components/Section";
import { When, useNow } from "../../components/When";
import { labelOf } from "../../deal/labels";
import { formatMoney, withMoney } from "../../format/money";
import { countOf } from "../../format/number";
import { formatDate } from "../../format/time";
import styles from "./Movement.module.css";
import { barsOf, difference, nameOf, noteOf, signed, waterfallOf } from "./movement";

/** The waterfall that an item is part of, under it. */
export function MovementStrip({ movement, item }: { movement: ReviewMovement; item: AgendaItem }) {
  const chosen = waterfallOf(movement, item);
  if (movement.since === null || chosen === undefined) return null;
  return (
    <div className={styles.strip}>
      <Drawn movement={movement} name={nameOf(chosen)} />
    </div>
  );
}

function Drawn({ movement, name }: { movement: ReviewMovement; name: string }) {
  const now = useNow();
  const chosen = movement.waterfalls.find((one) => nameOf(one) === name);
  if (chosen === undefined) return null;
  const net = difference(chosen.then, chosen.now);
  return (
    <Waterfall
      title={`${name} since the last review`}
      bars={barsOf(chosen, movement, now)}
      note={(foot) => noteOf(chosen, foot)}
      end={net !== null && <span className={`tn ${net.amount.startsWith("-") ? "danger" : "ok"}`}>{signed(net)}</span>}
    />
  );
}

/** All of it, of a review; of the time since the last one without. */
export function MovementPage({ review }: { review: string | null }) {
  const query = useOp("reviewMovement", review === null ? {} : { review });
  const now = useNow();
  const [name, setName] = useState<string | null>(null);
  const movement = query.data;
  if (query.error) return <ErrorNotice error={query.error} title="What moved could not be read" />;
  if (!movement) return <div aria-busy="true" />;
  const { since, waterfalls, groups, adds_up: addsUp } = movement;
  if (since === null) return <p className={`t2 ${styles.none}`}>No earlier review has kept its pipeline, so there is nothing to compare with. The next one has.</p>;
  // What moved first, then what stands.
  const begin = waterfalls.find((one) => one.steps.length > 0) ?? waterfalls[0];
  const shown = name ?? (begin ? nameOf(begin) : null);
  return (
    <div className={styles.page}>
      {!addsUp && (
        <Notice tone="warn" title="The steps do not explain all of it">
          What is not explained stands with its waterfall; the totals are as they were counted.
        </Notice>
      )}
      {shown === null ? (
        <p className="t2">Nothing was open then, and nothing is now.</p>
      ) : (
        <>
          {waterfalls.length > 1 && (
            <div className={styles.choice}>
              <Select label="Motion and currency" hideLabel options={waterfalls.map((one) => ({ id: nameOf(one), name: nameOf(one), hint: formatMoney(one.now, "short") }))} value={shown} onChange={setName} />
            </div>
          )}
          <Drawn movement={movement} name={shown} />
        </>
      )}
      {groups.map((group) => (
        <Moved key={group.kind} group={group} />
      ))}
      {groups.length === 0 && <p className="t2">No deal has moved since {formatDate(since, now)}.</p>}
    </div>
  );
}

function Moved({ group: { kind, count, sums, deals } }: { group: MovementGroup }) {
  const [whole, said] = (labels.MoveKind[kind] ?? kind).split(": ");
  return (
    <Section title={whole} note={[countOf(count, "deal"), said].filter(Boolean).join(", ")} end={<span className="tn">{sums.map((sum) => signed(sum)).join(" · ")}</span>}>
      <ul className={styles.deals}>
        {deals.map((deal) => (
          <li key={deal.id}>
            <span className="cut" title={deal.name}>
              {deal.known ? (
                <Link to="/deals" search={{ open: deal.id }}>
                  {deal.name}
                </Link>
              ) : (
                deal.name
              )}
              {deal.partner !== null && <span className="t3"> {deal.partner}</span>}
            </span>
            <span className="cut t2" title={deal.what}>
              {withMoney(deal.what)}
            </span>
            <span className="num">{deal.amount === null ? "" : signed(deal.amount)}</span>
            {deal.changes.length > 0 && <Changes changes={deal.changes} />}
          </li>
        ))}
        {count > deals.length && <li className="t3 small">{countOf(count - deals.length, "more deal")} with less money</li>}
      </ul>
    </Section>
  );
}

function Changes({ changes }: { changes: MovementGroup["deals"][number]["changes"] }) {
  return (
    <details className={styles.changes}>
      <summary>{countOf(changes.length, "change")}</summary>
      <ul>
        {changes.map((change) => (
          <li key={`${change.at} ${change.field} ${change.after ?? ""}`} className="small">
            <span className="t3">
              <When at={change.at} as="date" /> {change.by ?? (change.ours ? "here" : "in the CRM")}:
            </span>{" "}
            {labelOf([], change.field)} {change.before ?? "missing"} <span className="t3">to</span> {change.after ?? "missing"}
          </li>
        ))}
      </ul>
    </details>
  );
}
