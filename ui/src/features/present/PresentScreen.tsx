/**
 * The presenter view: one partner's records as that partner may see them, for a shared screen (W-09). Rust sends nothing else, so there is
 * nothing here to hide; what the safelist leaves out has no column and no row. The frame draws neither rail nor status bar round it, and
 * no key but its own is heard: `j` and `k` go from deal to deal, Esc leaves.
 */
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Presented, PresentedDeal } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { PartnersIcon } from "../../components/icons";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice, FactGrid, Section } from "../../components/Section";
import { Tag } from "../../components/Tag";
import { Money, When } from "../../components/When";
import { countOf } from "../../format/number";
import { wordOf } from "../../format/words";
import styles from "./Present.module.css";
import { columnsOf, creditWords, titleOf } from "./present";

/** The screen. */
export function PresentScreen() {
  const { partner, deal } = useSearch({ from: "/present" });
  const navigate = useNavigate({ from: "/present" });
  const { history } = useRouter();
  const query = useOp("presented", { partner: partner ?? "" }, { enabled: partner !== undefined });
  const seen = query.data;
  const open = seen?.deals.find((one) => one.id === deal);
  const at = seen === undefined || open === undefined ? -1 : seen.deals.indexOf(open);
  const show = (id: string | undefined) => void navigate({ search: { partner, ...(id === undefined ? {} : { deal: id }) }, replace: true });
  const leave: Action = {
    id: "present.leave",
    title: "Leave the presenter view",
    keys: "Escape",
    group: "Presenter view",
    run: () => (history.canGoBack() ? history.back() : void navigate({ to: "/partners", search: partner === undefined ? {} : { open: partner } })),
  };
  const step = (by: 1 | -1) => show(seen?.deals[at + by]?.id ?? open?.id);
  useActions([
    leave,
    { id: "present.next", title: "Next deal", keys: ["j", "ArrowDown"], group: "Presenter view", when: (seen?.deals.length ?? 0) > 0, run: () => step(1) },
    { id: "present.before", title: "Deal before", keys: ["k", "ArrowUp"], group: "Presenter view", when: at > 0, run: () => step(-1) },
    { id: "present.all", title: "All deals", keys: "a", group: "Presenter view", when: open !== undefined, run: () => show(undefined) },
  ]);

  return (
    <Screen title={seen === undefined ? "Presenter view" : `${seen.name}, presenter view`}>
      <div className={styles.screen}>
        <div className={styles.banner} role="status">
          <PartnersIcon size={14} />
          <p className="grow cut">
            <b>Presenter view</b> {seen !== undefined && `for ${seen.name}: only what its safelist allows`}
          </p>
          <Button action={leave}>Leave</Button>
        </div>
        {query.error && (
          <div className={styles.problem}>
            <ErrorNotice error={query.error} title="The presenter view could not be read" />
          </div>
        )}
        {partner === undefined && <EmptyState title="No partner looks on">Open a partner, a deal or an item of the review and press Shift S.</EmptyState>}
        {seen !== undefined && (
          <div className={styles.page}>
            <div className={styles.inside}>
              <div className={styles.head}>
                <h1>{seen.name}</h1>
                {seen.tier !== null && <Tag tone="accent">{seen.tier}</Tag>}
                <span className="end t2 small">
                  {seen.contact === "" ? seen.vendor : `Your contact at ${seen.vendor}: ${seen.contact}`}, as of <When at={seen.as_of} as="both" />
                </span>
              </div>
              {open === undefined ? <All seen={seen} onOpen={show} /> : <One deal={open} words={`deal ${at + 1} of ${seen.deals.length}`} onAll={() => show(undefined)} />}
            </div>
          </div>
        )}
      </div>
    </Screen>
  );
}

/** One deal, large enough to be talked about. */
function One({ deal, words, onAll }: { deal: PresentedDeal; words: string; onAll: () => void }) {
  const facts = [
    deal.amount && { label: "Amount", value: <Money value={deal.amount} /> },
    deal.close && { label: deal.outcome === "open" ? "Expected close" : "Closed", value: <When at={deal.close} as="date" /> },
    deal.motion && { label: "Motion", value: wordOf(deal.motion) },
    deal.attribution && { label: "Credit", value: creditWords(deal) },
    deal.protection_end && { label: "Protected until", value: <When at={deal.protection_end} as="date" /> },
    deal.account && { label: "Account", value: deal.account },
  ].filter((fact) => typeof fact === "object" && fact !== null);
  return (
    <section aria-label={titleOf(deal)} className={styles.one}>
      <div className={styles.oneHead}>
        <h2>{titleOf(deal)}</h2>
        {deal.outcome !== "open" && <Tag tone={deal.outcome === "won" ? "ok" : "neutral"}>{wordOf(deal.outcome)}</Tag>}
        <span className="end">
          <span className="t3 small">{words}</span>{" "}
          <Button kind="quiet" keys="a" onPress={onAll}>
            All deals
          </Button>
        </span>
      </div>
      <ol className={styles.way} aria-label={`Stage: ${deal.stage}`}>
        {[1, 2, 3, 4, 5].map((n) => (
          <li key={n} className={n < deal.position ? styles.done : n === deal.position ? styles.here : ""} aria-current={n === deal.position ? "step" : undefined}>
            {n === deal.position ? deal.stage : <span className="sr">{`stage ${n}`}</span>}
          </li>
        ))}
      </ol>
      <FactGrid facts={facts} />
      {deal.next_step !== null && (
        <div className={styles.next}>
          <span className="t3 small">
            Next step{deal.next_step_due !== null && ", by "}
            {deal.next_step_due !== null && <When at={deal.next_step_due} as="date" />}
          </span>
          <p>{deal.next_step}</p>
        </div>
      )}
    </section>
  );
}

function All({ seen, onOpen }: { seen: Presented; onOpen: (id: string) => void }) {
  const columns = columnsOf(seen.deals);
  const sides = (["we", "partner"] as const).map((side) => ({ side, owed: seen.owed.filter((one) => one.side === side) }));
  return (
    <>
      <h2 className="sr">Where we stand</h2>
      {seen.owed.length > 0 && (
        <div className={styles.two}>
          {sides.map(({ side, owed }) => (
            <Section key={side} title={side === "we" ? `${seen.vendor} owes` : `${seen.name} owes`} note={owed.length === 0 ? "nothing" : countOf(owed.length, "thing")}>
              <ul className={styles.lines}>
                {owed.map((one) => (
                  <li key={`${one.text} ${one.due ?? ""}`}>
                    <span>{one.text}</span>
                    {one.due !== null && <span className="t2 small nowrap">by <When at={one.due} as="day" /></span>}
                  </li>
                ))}
              </ul>
            </Section>
          ))}
        </div>
      )}
      <Section title="Deals" note={seen.deals.length === 0 ? "none" : countOf(seen.deals.length, "deal")}>
        {seen.deals.length > 0 && (
          <table className={styles.table} aria-label="Deals">
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column.id} scope="col" className={column.right ? "num" : ""}>
                    {column.title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {seen.deals.map((deal) => (
                <tr key={deal.id}>
                  {columns.map((column) => (
                    <td key={column.id} className={column.right ? "num" : ""}>
                      {column.id === "name" ? (
                        <button type="button" className={styles.open} onClick={() => onOpen(deal.id)}>
                          {titleOf(deal)}
                        </button>
                      ) : (
                        <Cell id={column.id} deal={deal} />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Section>
      {seen.registrations.length > 0 && (
        <Section title="Registrations" note={countOf(seen.registrations.length, "registration")}>
          <ul className={styles.lines}>
            {seen.registrations.map((claim) => (
              <li key={claim.id}>
                <span className="medium">{claim.company ?? "Registration"}</span>
                <span className="t2">{labels.RegistrationStatus[claim.status]}</span>
                <span className="t2 small nowrap end">
                  {claim.protection_end !== null ? (
                    <>
                      protected until <When at={claim.protection_end} as="day" />
                    </>
                  ) : (
                    claim.submitted !== null && (
                      <>
                        submitted <When at={claim.submitted} as="day" />
                      </>
                    )
                  )}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {seen.certificates.some((one) => one.name !== null) && (
        <Section title="Certificates" note={countOf(seen.certificates.length, "certificate")}>
          <ul className={styles.lines}>
            {seen.certificates.map((one) => (
              <li key={`${one.name} ${one.holder} ${one.expires}`}>
                <span className="medium">{one.name}</span>
                <span className="t2">{one.holder}</span>
                {one.expires !== null && <span className="t2 small nowrap end">until <When at={one.expires} as="day" /></span>}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Cell({ id, deal }: { id: ReturnType<typeof columnsOf>[number]["id"]; deal: PresentedDeal }) {
  switch (id) {
    case "name":
      return titleOf(deal);
    case "stage":
      return <>{deal.outcome === "open" ? deal.stage : wordOf(deal.outcome)}</>;
    case "amount":
      return <Money value={deal.amount} missing="" />;
    case "close":
      return <When at={deal.close} as="day" missing="" />;
    case "protection":
      return <When at={deal.protection_end} as="day" missing="" />;
    case "next":
      return <span className={styles.words}>{deal.next_step}</span>;
  }
}
