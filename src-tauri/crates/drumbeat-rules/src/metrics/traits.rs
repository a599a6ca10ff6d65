//! Numbers of closed deals by what they have in common: registered, with services, renewing, paid for (K-05, K-07 to K-09,
//! K-16, K-17).

use drumbeat_model::metrics::{DealTrait, MetricBy, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

use super::{Behind, Ledger, Part, Row, Stand, Sums, Told, average, cycle, percent, told, win_rate};

/// Whether one of these words stands in what a deal lists as its products, in any case.
#[must_use]
pub fn attaches(products: &str, words: &[String]) -> bool {
    let products = products.to_lowercase();
    words.iter().any(|word| products.contains(&word.to_lowercase()))
}

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "registered_conversion",
        rule: "K-07",
        name: "Registered deals won",
        definition: "Of the deals with a partner that had been registered and were closed in the quarter, those that were won, by number.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Registered, false),
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = registered(ledger);
            told(rate, closed, closed)
        },
        direct: None,
    },
    Row {
        id: "registered_difference",
        rule: "K-07",
        name: "Registered against not",
        definition: "The win rate of registered deals with a partner less that of the others with a partner, in percentage points.",
        unit: MetricUnit::Points,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Closed,
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = registered(ledger);
            let others = |stand, won| less(ledger.partnered(stand), ledger.having(DealTrait::Registered, won, true));
            let (other, rest) = win_rate(others(Stand::Won, true), others(Stand::Lost, false));
            told(rate.zip(other).map(|(ours, theirs)| ours - theirs), closed, closed + rest)
        },
        direct: None,
    },
    Row {
        id: "registered_average",
        rule: "K-07",
        name: "Average deal, registered",
        definition: "Amounts of the deals won in the quarter with a partner that had been registered, by those that have one.",
        unit: MetricUnit::Money,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Registered, true),
        is_of_now: false,
        tell: |ledger| average(ledger.having(DealTrait::Registered, true, true)),
        direct: None,
    },
    Row {
        id: "velocity",
        rule: "K-05",
        name: "Registration to close",
        definition: "Average days from the first day of protection to the closing of the registered deals that were won in the quarter with a partner.",
        unit: MetricUnit::Days,
        topic: MetricTopic::Registrations,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Registered, true),
        is_of_now: false,
        tell: |ledger| {
            let won = ledger.having(DealTrait::Registered, true, true);
            told(cycle(won), won.cycled, won.deals)
        },
        direct: None,
    },
    Row {
        id: "services_attached",
        rule: "K-08",
        name: "With services",
        definition: "Of the deals won in the quarter with a partner, those whose products name services in the policy's words. Bounds: those that name no product had none, or all had.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Services, true),
        is_of_now: false,
        tell: |ledger| attached(ledger, DealTrait::Services, true),
        direct: Some(|ledger| attached(ledger, DealTrait::Services, false).value),
    },
    Row {
        id: "integration_attached",
        rule: "K-08",
        name: "With an integration",
        definition: "Of the deals won in the quarter with a partner, those whose products name an integration in the policy's words. Bounds: those that name no product had none, or all had.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Integration, true),
        is_of_now: false,
        tell: |ledger| attached(ledger, DealTrait::Integration, true),
        direct: Some(|ledger| attached(ledger, DealTrait::Integration, false).value),
    },
    Row {
        id: "renewal_rate",
        rule: "K-09",
        name: "Renewals won",
        definition: "Of the renewals with a partner that were closed in the quarter, those that were won, by number. Bounds: lost deals that do not say whether they are new were renewals, or won ones were.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Renewal, false),
        is_of_now: false,
        tell: |ledger| renewed(ledger, true),
        direct: Some(|ledger| renewed(ledger, false).value),
    },
    Row {
        id: "expansion_share",
        rule: "K-09",
        name: "Expansion",
        definition: "Of the amounts won in the quarter with a partner, those of expansions. Bounds: deals that do not say whether they are new were none, or all were.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Expansion, true),
        is_of_now: false,
        tell: |ledger| expanded(ledger, true),
        direct: Some(|ledger| expanded(ledger, false).value),
    },
    Row {
        id: "annual_value",
        rule: "K-17",
        name: "Annual contract value",
        definition: "Annual contract values of the deals won in the quarter with a partner, of those that say it.",
        unit: MetricUnit::Money,
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Annual, true),
        is_of_now: false,
        tell: |ledger| annual(ledger, true),
        direct: Some(|ledger| annual(ledger, false).value),
    },
    Row {
        id: "incentive_cost",
        rule: "K-16",
        name: "Incentive cost",
        definition: "What was paid to partners for the deals won in the quarter, of those that say it.",
        unit: MetricUnit::Money,
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Incentive, true),
        is_of_now: false,
        tell: |ledger| {
            let paid = ledger.having(DealTrait::Incentive, true, true);
            told((paid.deals > 0).then_some(paid.amount), paid.deals, ledger.partnered(Stand::Won).deals)
        },
        direct: None,
    },
    Row {
        id: "incentive_return",
        rule: "K-16",
        name: "Return on incentives",
        definition: "Amounts of the deals won in the quarter that cost an incentive, for each 1 of it. How many of them would have been won without, nobody knows.",
        unit: MetricUnit::Ratio,
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        records: None,
        behind: Behind::Having(DealTrait::Incentive, true),
        is_of_now: false,
        tell: |ledger| {
            let (rewarded, paid) =
                (ledger.having(DealTrait::Rewarded, true, true), ledger.having(DealTrait::Incentive, true, true));
            let brought = rewarded.amount.checked_div(paid.amount).map(|times| times.round_dp(1));
            told(brought, rewarded.priced, ledger.partnered(Stand::Won).deals)
        },
        direct: None,
    },
];

/// Of what none says anything, nothing is told.
fn annual(ledger: &Ledger, partnered: bool) -> Told {
    let said = ledger.having(DealTrait::Annual, true, partnered);
    told((said.deals > 0).then_some(said.amount), said.deals, all_of(ledger, Stand::Won, partnered).deals)
}

fn registered(ledger: &Ledger) -> (Option<Decimal>, u32) {
    win_rate(ledger.having(DealTrait::Registered, true, true), ledger.having(DealTrait::Registered, false, true))
}

/// The deals of one that are not of the other.
fn less(all: Sums, some: Sums) -> Sums {
    Sums { deals: all.deals.saturating_sub(some.deals), ..Sums::default() }
}

fn all_of(ledger: &Ledger, stand: Stand, partnered: bool) -> Sums {
    if partnered { ledger.partnered(stand) } else { ledger.of(stand, Part::Direct) }
}

fn attached(ledger: &Ledger, what: DealTrait, partnered: bool) -> Told {
    let won = all_of(ledger, Stand::Won, partnered).deals;
    let named = ledger.having(DealTrait::Named, true, partnered).deals;
    let with = ledger.having(what, true, partnered).deals;
    let share = |of: u32, all: u32| percent(of.into(), all.into());
    let range = share(with, won).zip(share(with + won.saturating_sub(named), won));
    Told { value: share(with, named), known: named, of: won, range }
}

fn renewed(ledger: &Ledger, partnered: bool) -> Told {
    let count = |what, won| ledger.having(what, won, partnered).deals;
    let untold = |stand, won| all_of(ledger, stand, partnered).deals.saturating_sub(count(DealTrait::Kinded, won));
    let (won, lost) = (count(DealTrait::Renewal, true), count(DealTrait::Renewal, false));
    let (won_untold, lost_untold) = (untold(Stand::Won, true), untold(Stand::Lost, false));
    let rate = |won: u32, lost: u32| percent(won.into(), (won + lost).into());
    let known = count(DealTrait::Kinded, true) + count(DealTrait::Kinded, false);
    Told {
        value: rate(won, lost),
        known,
        of: known + won_untold + lost_untold,
        range: rate(won, lost + lost_untold).zip(rate(won + won_untold, lost)),
    }
}

fn expanded(ledger: &Ledger, partnered: bool) -> Told {
    let won = all_of(ledger, Stand::Won, partnered);
    let kinded = ledger.having(DealTrait::Kinded, true, partnered);
    let expansions = ledger.having(DealTrait::Expansion, true, partnered).amount;
    let untold = won.amount - kinded.amount;
    Told {
        value: percent(expansions, kinded.amount),
        known: kinded.deals,
        of: won.deals,
        range: percent(expansions, won.amount).zip(percent(expansions + untold, won.amount)),
    }
}
