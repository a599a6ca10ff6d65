/**
 * A replay at a glance: how the decisions of the window divide, how many verdicts move from what to what, and which rules move
 * them. Each line is a button that leaves only its decisions in the list below; pressed again, or Esc, shows all.
 */
import type { ReactNode } from "react";
import type { Act, Money as Amount, PolicyReplay } from "../../api/api.gen";
import { SplitBar } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { formatMoney } from "../../format/money";
import { countOf, formatCount } from "../../format/number";
import { ACT, movesOf, moversOf, sameSums, sharesOf } from "./replay";
import type { Shown } from "./replay";
import styles from "./Replay.module.css";

/** The colour of a verdict. */
export const TONE = { approve: "ok", decline: "danger", ask: "warn" } as const satisfies Record<Act, string>;

/** Rules that are shown; the others are counted. */
const RULES = 4;

/** The strip. */
export function ReplaySummary({ replay, shown, onShow }: { replay: PolicyReplay; shown: Shown; onShow: (shown: Shown) => void }) {
  const { same, flipped, terms } = sharesOf(replay);
  const moves = movesOf(replay.decisions);
  const movers = moversOf(replay.decisions);
  const [most] = movers;
  const listed = movers.slice(0, RULES);
  return (
    <div className={styles.summary}>
      <section className={styles.total} aria-label="All decisions of the window">
        <p role="status">
          <b>{flipped === 0 ? "No verdict" : countOf(flipped, "verdict")}</b> of {formatCount(replay.judged)} would be another
        </p>
        <SplitBar
          label={`${formatCount(same)} the same, ${formatCount(flipped)} another verdict, ${formatCount(terms)} other terms only`}
          parts={[
            { id: "flipped", size: flipped, tone: "accent" },
            { id: "terms", size: terms, tone: "info" },
            { id: "same", size: same, tone: "neutral" },
          ]}
        />
        <p className={styles.legend}>
          {formatCount(same)} the same{terms > 0 && `, ${formatCount(terms)} with other terms only`}
        </p>
        <dl className={styles.sums}>
          <dt>Approved</dt>
          <dd>
            {sameSums(replay.protected_before, replay.protected_after) ? (
              `${sums(replay.protected_before)}, the same`
            ) : (
              <>
                {sums(replay.protected_before)} <span className="t3">→</span> <b>{sums(replay.protected_after)}</b>
              </>
            )}
          </dd>
          <Names title="Helped" names={replay.helped} />
          <Names title="Hurt" names={replay.hurt} />
        </dl>
      </section>
      {moves.length > 0 && (
        <Block title="Verdicts that move" label="Verdicts that move">
          {moves.map((move) => (
            <Choice key={move.id} pressed={shown.move === move.id} onPress={() => onShow(shown.move === move.id ? { rule: shown.rule } : { ...shown, move: move.id })}>
              <span className={styles.turn}>
                {ACT[move.before]} <span className="t3">→</span> <Tag tone={TONE[move.after]}>{ACT[move.after]}</Tag>
              </span>
              <span className="num">{formatCount(move.count)}</span>
            </Choice>
          ))}
        </Block>
      )}
      {most !== undefined && (
        <Block title="Rules that move them" label="Rules that move them" note={movers.length > RULES ? `the first ${RULES} of ${formatCount(movers.length)}` : undefined}>
          {listed.map((mover) => (
            <Choice key={mover.rule} pressed={shown.rule === mover.rule} onPress={() => onShow(shown.rule === mover.rule ? { move: shown.move } : { ...shown, rule: mover.rule })}>
              <span className={styles.rule}>{mover.rule}</span>
              <span className="cut" title={mover.name}>
                {mover.name}
              </span>
              <svg className={styles.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect width={Math.max(2, (100 * mover.count) / most.count)} height="4" rx="2" />
              </svg>
              <span className="num">{formatCount(mover.count)}</span>
            </Choice>
          ))}
        </Block>
      )}
    </div>
  );
}

function sums(amounts: readonly Amount[]): string {
  return amounts.length === 0 ? "none" : amounts.map((one) => formatMoney(one, "short")).join(", ");
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  const all = names.join(", ");
  return (
    <>
      <dt>{title}</dt>
      <dd className="cut" title={all}>
        {all}
      </dd>
    </>
  );
}

function Block({ title, label, note, children }: { title: string; label: string; note?: string | undefined; children: ReactNode }) {
  return (
    <section className={styles.block}>
      <h3 className={styles.heading}>
        {title}
        {note !== undefined && <span className="t3 small">{note}</span>}
      </h3>
      <div role="group" aria-label={label}>
        {children}
      </div>
    </section>
  );
}

function Choice({ pressed, onPress, children }: { pressed: boolean; onPress: () => void; children: ReactNode }) {
  return (
    <button type="button" className={styles.choice} aria-pressed={pressed} onClick={onPress}>
      {children}
    </button>
  );
}
