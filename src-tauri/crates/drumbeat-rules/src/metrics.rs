//! The numbers of the program (K-01 to K-06, K-15): one table of definitions over counted deals.
//!
//! The hard idea: a number is a pure function of a [`Ledger`], the counts and sums of one group's deals in one period,
//! kept apart by who brought them. It says what it rests on as well: how many records have what it needs, and between
//! which bounds it would lie if those that lack it went either way (B13). The same functions make the program's figures,
//! each group's and each earlier quarter's; callers add up ledgers and ask the table. Money is exact and in one currency.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::metrics::{Metric, MetricDefinition, MetricUnit};
use rust_decimal::Decimal;

/// Counts and sums of some deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Deals.
    pub deals: u32,
    /// Those whose amount is known in the account's own currency.
    pub priced: u32,
    /// What they add up to.
    pub amount: Decimal,
    /// Those whose attribution percentage is known.
    pub weighed: u32,
    /// The percentages of the amounts.
    pub share: Decimal,
    /// The amounts by the chance of their stage; of open deals alone.
    pub expected: Decimal,
    /// Those whose days from creation to closing are known.
    pub cycled: u32,
    /// Those days.
    pub cycle_days: i64,
}

impl std::ops::AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.deals += other.deals;
        self.priced += other.priced;
        self.amount += other.amount;
        self.weighed += other.weighed;
        self.share += other.share;
        self.expected += other.expected;
        self.cycled += other.cycled;
        self.cycle_days += other.cycle_days;
    }
}

impl std::ops::Add for Sums {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

/// Who brought a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A partner that sourced it.
    Sourced,
    /// A partner that influenced it.
    Influenced,
    /// A partner whose part is not told.
    Untold,
    /// No partner.
    Direct,
}

/// How deals stand, or that they were created in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stand {
    /// Open now, whatever the period.
    Open,
    /// Won in the period.
    Won,
    /// Lost in the period.
    Lost,
    /// Created in the period.
    Created,
}

/// The deals of one group in one period, and what is to be won in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    sums: [[Sums; 4]; 4],
    /// Bookings with partners that are aimed at, where somebody has said it (K-18).
    pub target: Option<Decimal>,
}

impl Ledger {
    /// Adds deals.
    pub fn add(&mut self, stand: Stand, part: Part, sums: Sums) {
        self.sums[stand as usize][part as usize] += sums;
    }

    /// The deals that stand so and were brought so.
    #[must_use]
    pub fn of(&self, stand: Stand, part: Part) -> Sums {
        self.sums[stand as usize][part as usize]
    }

    /// Those with a partner.
    #[must_use]
    pub fn partnered(&self, stand: Stand) -> Sums {
        self.of(stand, Part::Sourced) + self.of(stand, Part::Influenced) + self.of(stand, Part::Untold)
    }
}

/// A number with what it rests on, as one ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Told {
    value: Option<Decimal>,
    known: u32,
    of: u32,
    range: Option<(Decimal, Decimal)>,
}

/// Which deals a number is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Records {
    /// With this outcome; all that were created in the period when absent.
    pub outcome: Option<Outcome>,
    /// With a partner.
    pub partnered: bool,
    /// Brought so by the partner.
    pub attribution: Option<Attribution>,
}

/// One row of the table.
pub struct Row {
    id: &'static str,
    rule: &'static str,
    name: &'static str,
    definition: &'static str,
    unit: MetricUnit,
    /// The deals to look at.
    pub records: Option<Records>,
    /// It is known of now alone, not of a quarter that is over.
    pub is_of_now: bool,
    tell: fn(&Ledger) -> Told,
    direct: Option<fn(&Ledger) -> Option<Decimal>>,
}

const OPEN: Option<Records> = by(Outcome::Open, None);
const WON: Option<Records> = by(Outcome::Won, None);

/// Deals of partners with an outcome, brought so.
const fn by(outcome: Outcome, attribution: Option<Attribution>) -> Option<Records> {
    Some(Records { outcome: Some(outcome), partnered: true, attribution })
}

/// All numbers, in the order in which they are shown.
pub const TABLE: &[Row] = &[
    Row {
        id: "sourced_revenue",
        rule: "K-01",
        name: "Sourced revenue",
        definition: "Amounts of deals won in the quarter that a partner sourced. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Sourced)),
        is_of_now: false,
        tell: |ledger| part_of(ledger, Stand::Won, Part::Sourced),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).amount)),
    },
    Row {
        id: "influenced_revenue",
        rule: "K-01",
        name: "Influenced revenue",
        definition: "Amounts of deals won in the quarter that a partner influenced, each whole. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Influenced)),
        is_of_now: false,
        tell: |ledger| part_of(ledger, Stand::Won, Part::Influenced),
        direct: None,
    },
    Row {
        id: "influenced_weighted",
        rule: "K-01",
        name: "Influenced, weighted",
        definition: "The attribution percentage of each influenced deal won in the quarter. At most: their whole amounts, while some tell no percentage.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Influenced)),
        is_of_now: false,
        tell: weighted,
        direct: None,
    },
    Row {
        id: "revenue",
        rule: "K-02",
        name: "Partner revenue",
        definition: "Amounts of all deals with a partner that were won in the quarter.",
        unit: MetricUnit::Money,
        records: WON,
        is_of_now: false,
        tell: |ledger| sum(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).amount)),
    },
    Row {
        id: "won",
        rule: "K-02",
        name: "Deals won",
        definition: "Deals with a partner that were won in the quarter.",
        unit: MetricUnit::Count,
        records: WON,
        is_of_now: false,
        tell: |ledger| count(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).deals.into())),
    },
    Row {
        id: "win_rate",
        rule: "K-03",
        name: "Win rate",
        definition: "Deals won of deals won and lost in the quarter, by number, with a partner.",
        unit: MetricUnit::Percent,
        records: WON,
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = win_rate(ledger.partnered(Stand::Won), ledger.partnered(Stand::Lost));
            told(rate, closed, closed)
        },
        direct: Some(direct_win_rate),
    },
    Row {
        id: "win_rate_difference",
        rule: "K-03",
        name: "Win rate against direct",
        definition: "The win rate with a partner less that without one, in percentage points.",
        unit: MetricUnit::Points,
        records: None,
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = win_rate(ledger.partnered(Stand::Won), ledger.partnered(Stand::Lost));
            told(rate.zip(direct_win_rate(ledger)).map(|(ours, theirs)| ours - theirs), closed, closed)
        },
        direct: None,
    },
    Row {
        id: "average_won",
        rule: "K-02",
        name: "Average deal, won",
        definition: "Amounts of the deals won in the quarter with a partner, by those that have one.",
        unit: MetricUnit::Money,
        records: WON,
        is_of_now: false,
        tell: |ledger| average(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| average(ledger.of(Stand::Won, Part::Direct)).value),
    },
    Row {
        id: "average_closed",
        rule: "K-02",
        name: "Average deal, won and lost",
        definition: "Amounts of all deals closed in the quarter with a partner, won or lost, by those that have one.",
        unit: MetricUnit::Money,
        records: None,
        is_of_now: false,
        tell: |ledger| average(ledger.partnered(Stand::Won) + ledger.partnered(Stand::Lost)),
        direct: Some(|ledger| {
            average(ledger.of(Stand::Won, Part::Direct) + ledger.of(Stand::Lost, Part::Direct)).value
        }),
    },
    Row {
        id: "cycle",
        rule: "K-04",
        name: "Sales cycle",
        definition: "Average days from creation to closing of the deals won in the quarter with a partner.",
        unit: MetricUnit::Days,
        records: WON,
        is_of_now: false,
        tell: |ledger| {
            let won = ledger.partnered(Stand::Won);
            told(cycle(won), won.cycled, won.deals)
        },
        direct: Some(|ledger| cycle(ledger.of(Stand::Won, Part::Direct))),
    },
    Row {
        id: "created",
        rule: "K-01",
        name: "Pipeline created",
        definition: "Amounts of the deals with a partner that were created in the quarter, as they are now.",
        unit: MetricUnit::Money,
        records: None,
        is_of_now: false,
        tell: |ledger| sum(ledger.partnered(Stand::Created)),
        direct: Some(|ledger| Some(ledger.of(Stand::Created, Part::Direct).amount)),
    },
    Row {
        id: "sourced_pipeline",
        rule: "K-01",
        name: "Sourced pipeline",
        definition: "Amounts of open deals that a partner sourced. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Open, Some(Attribution::Sourced)),
        is_of_now: true,
        tell: |ledger| part_of(ledger, Stand::Open, Part::Sourced),
        direct: Some(|ledger| Some(ledger.of(Stand::Open, Part::Direct).amount)),
    },
    Row {
        id: "influenced_pipeline",
        rule: "K-01",
        name: "Influenced pipeline",
        definition: "Amounts of open deals that a partner influenced, each whole. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Open, Some(Attribution::Influenced)),
        is_of_now: true,
        tell: |ledger| part_of(ledger, Stand::Open, Part::Influenced),
        direct: None,
    },
    Row {
        id: "weighted_pipeline",
        rule: "K-02",
        name: "Weighted pipeline",
        definition: "Amounts of open deals with a partner, each by the chance of its stage in the CRM.",
        unit: MetricUnit::Money,
        records: OPEN,
        is_of_now: true,
        tell: |ledger| {
            let open = ledger.partnered(Stand::Open);
            told(Some(open.expected), open.priced, open.deals)
        },
        direct: Some(|ledger| Some(ledger.of(Stand::Open, Part::Direct).expected)),
    },
    Row {
        id: "target",
        rule: "K-18",
        name: "Target met",
        definition: "Partner revenue of the quarter of its target.",
        unit: MetricUnit::Percent,
        records: WON,
        is_of_now: false,
        tell: |ledger| {
            let won = ledger.partnered(Stand::Won);
            told(ledger.target.and_then(|target| percent(won.amount, target)), won.priced, won.deals)
        },
        direct: None,
    },
    Row {
        id: "coverage",
        rule: "K-06",
        name: "Pipeline coverage",
        definition: "Open pipeline with partners by what is left of the quarter's target.",
        unit: MetricUnit::Ratio,
        records: OPEN,
        is_of_now: true,
        tell: |ledger| {
            let open = ledger.partnered(Stand::Open);
            let left = ledger.target.map(|target| target - ledger.partnered(Stand::Won).amount);
            let times = left.filter(|left| *left > Decimal::ZERO).and_then(|left| open.amount.checked_div(left));
            told(times.map(|times| times.round_dp(1)), open.priced, open.deals)
        },
        direct: None,
    },
    Row {
        id: "touched",
        rule: "K-01",
        name: "Touched by partners",
        definition: "Of the amounts created in the quarter, those with a partner.",
        unit: MetricUnit::Percent,
        records: None,
        is_of_now: false,
        tell: |ledger| {
            let (ours, direct) = (ledger.partnered(Stand::Created), ledger.of(Stand::Created, Part::Direct));
            let all = ours + direct;
            told(percent(ours.amount, all.amount), all.priced, all.deals)
        },
        direct: None,
    },
];

impl Row {
    /// What it is.
    #[must_use]
    pub fn definition(&self) -> MetricDefinition {
        MetricDefinition {
            id: self.id.to_owned(),
            rule: self.rule.to_owned(),
            name: self.name.to_owned(),
            definition: self.definition.to_owned(),
            unit: self.unit,
        }
    }

    /// The number of a ledger, beside the ones of a quarter and a year before.
    #[must_use]
    pub fn metric(&self, now: &Ledger, before: Option<&Ledger>, year_ago: Option<&Ledger>) -> Metric {
        let of_then = |then: Option<&Ledger>| then.filter(|_| !self.is_of_now).and_then(|then| (self.tell)(then).value);
        let told = (self.tell)(now);
        Metric {
            value: told.value,
            before: of_then(before),
            year_ago: of_then(year_ago),
            direct: self.direct.and_then(|direct| direct(now)),
            known: told.known,
            of: told.of,
            range: told.range.filter(|(least, most)| least != most),
            records: None,
        }
    }
}

fn told(value: Option<Decimal>, known: u32, of: u32) -> Told {
    Told { value, known, of, range: None }
}

fn sum(of: Sums) -> Told {
    told(Some(of.amount), of.priced, of.deals)
}

fn count(of: Sums) -> Told {
    told(Some(of.deals.into()), of.deals, of.deals)
}

/// What one part brought; at most what is not told as well. Known are the deals whose part is told and that have an amount.
fn part_of(ledger: &Ledger, stand: Stand, part: Part) -> Told {
    let (is, untold, all) = (ledger.of(stand, part), ledger.of(stand, Part::Untold), ledger.partnered(stand));
    Told {
        value: Some(is.amount),
        known: all.priced - untold.priced,
        of: all.deals,
        range: Some((is.amount, is.amount + untold.amount)),
    }
}

/// The told percentages of influenced deals, and all of those where none is told.
fn weighted(ledger: &Ledger) -> Told {
    let won = ledger.of(Stand::Won, Part::Influenced);
    // Which amounts are without a percentage is not kept: whole amounts are the bound.
    let range = (won.weighed < won.deals).then_some((won.share, won.amount));
    Told { value: Some(won.share), known: won.weighed, of: won.deals, range }
}

/// To the cent.
fn average(of: Sums) -> Told {
    told(of.amount.checked_div(of.priced.into()).map(|value| value.round_dp(2)), of.priced, of.deals)
}

/// To a tenth of a percent.
fn percent(part: Decimal, of: Decimal) -> Option<Decimal> {
    (part * Decimal::ONE_HUNDRED).checked_div(of).map(|value| value.round_dp(1))
}

/// To a tenth of a day.
fn cycle(of: Sums) -> Option<Decimal> {
    Decimal::from(of.cycle_days).checked_div(of.cycled.into()).map(|value| value.round_dp(1))
}

/// Won of won and lost by number, and how many that is.
fn win_rate(won: Sums, lost: Sums) -> (Option<Decimal>, u32) {
    let closed = won.deals + lost.deals;
    (percent(won.deals.into(), closed.into()), closed)
}

fn direct_win_rate(ledger: &Ledger) -> Option<Decimal> {
    win_rate(ledger.of(Stand::Won, Part::Direct), ledger.of(Stand::Lost, Part::Direct)).0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sums(deals: u32, amount: i64) -> Sums {
        Sums { deals, priced: deals, amount: amount.into(), ..Sums::default() }
    }

    fn number(ledger: &Ledger, id: &str) -> Metric {
        TABLE.iter().find(|row| row.id == id).unwrap().metric(ledger, None, None)
    }

    /// Eight deals that a person can add up.
    fn quarter() -> Ledger {
        let mut ledger = Ledger::default();
        let days = |mut of: Sums, cycled, cycle_days| {
            (of.cycled, of.cycle_days) = (cycled, cycle_days);
            of
        };
        ledger.add(Stand::Won, Part::Sourced, days(sums(2, 30_000), 2, 90));
        let influenced = Sums { weighed: 1, share: Decimal::from(2_500), ..days(sums(2, 20_000), 1, 31) };
        ledger.add(Stand::Won, Part::Influenced, influenced);
        ledger.add(Stand::Won, Part::Untold, sums(1, 7_000));
        ledger.add(Stand::Won, Part::Direct, sums(1, 99_000));
        ledger.add(Stand::Lost, Part::Sourced, sums(3, 9_000));
        ledger.add(Stand::Lost, Part::Direct, sums(3, 1_000));
        ledger
    }

    #[test]
    fn every_number_is_the_one_that_a_person_adds_up_by_hand() {
        let ledger = quarter();
        for (id, value, direct) in [
            ("sourced_revenue", "30000", Some("99000")),
            ("influenced_revenue", "20000", None),
            ("influenced_weighted", "2500", None),
            ("revenue", "57000", Some("99000")),
            ("won", "5", Some("1")),
            // 5 of 8, and 1 of 4.
            ("win_rate", "62.5", Some("25")),
            ("win_rate_difference", "37.5", None),
            ("average_won", "11400", Some("99000")),
            // 66,000 of 8 deals, and 100,000 of 4.
            ("average_closed", "8250", Some("25000")),
            // 121 days of the three that have both.
            ("cycle", "40.3", None),
        ] {
            let metric = number(&ledger, id);
            let text = |of: Option<Decimal>| of.map(|of| of.normalize().to_string());
            assert_eq!(text(metric.value).as_deref(), Some(value), "{id}");
            assert_eq!(text(metric.direct).as_deref(), direct, "{id}");
        }
    }

    #[test]
    fn what_is_missing_is_told_and_bounds_the_number() {
        let ledger = quarter();
        let sourced = number(&ledger, "sourced_revenue");
        assert_eq!((sourced.known, sourced.of), (4, 5), "one deal does not tell its partner's part");
        assert_eq!(sourced.range, Some((30_000.into(), 37_000.into())));
        let weighted = number(&ledger, "influenced_weighted");
        assert_eq!((weighted.known, weighted.of, weighted.range), (1, 2, Some((2_500.into(), 20_000.into()))));
        let cycle = number(&ledger, "cycle");
        assert_eq!((cycle.known, cycle.of), (3, 5));
        assert_eq!(number(&ledger, "won").range, None);
        let aimed = Ledger { target: Some(76_000.into()), ..quarter() };
        assert_eq!(number(&aimed, "target").value, Some(75.into()), "57,000 of 76,000");
        assert_eq!(number(&ledger, "target").value, None, "nobody has said a target");
        let nothing = number(&Ledger::default(), "win_rate");
        assert_eq!((nothing.value, nothing.direct), (None, None), "nothing closed is no rate");
    }

    #[test]
    fn every_number_has_a_name_of_its_own_and_says_how_it_is_counted() {
        let mut ids: Vec<&str> = TABLE.iter().map(|row| row.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), TABLE.len());
        assert!(TABLE.iter().all(|row| row.rule.starts_with("K-") && row.definition.ends_with('.')));
    }
}
