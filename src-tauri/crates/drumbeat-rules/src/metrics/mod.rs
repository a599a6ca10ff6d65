//! The numbers of the program (K-01 to K-17): one table of definitions over what was counted.
//!
//! The hard idea: a number is a pure function of a [`Ledger`], what was counted of one group in one period: deals, kept
//! apart by who brought them, registrations, partners, certificates, channel conflicts. Each noun has a file beside, with
//! its counts and its rows of the table. A number says what it rests on as well: how many records have what it needs, and between
//! which bounds it would lie if those that lack it went either way (B13). The same functions make the program's figures,
//! each group's and each earlier quarter's; callers add up ledgers and ask the table. Money is exact and in one currency.

mod conflicts;
mod customers;
mod deals;
mod partners;
mod registrations;
#[cfg(test)]
mod tests;
mod traits;

use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::metrics::{DealTrait, Metric, MetricBy, MetricDefinition, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

pub use conflicts::Conflicts;
pub use customers::{Customers, Kept};
pub use partners::{Certified, Partners};
pub use registrations::Claims;
pub use traits::attaches;

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

/// What was counted of one group in one period, and what is to be won in it. What could not be counted for the group is
/// not there, and numbers that need it say nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    sums: [[Sums; 4]; 4],
    traits: BTreeMap<(DealTrait, bool, bool), Sums>,
    /// Registrations.
    pub claims: Option<Claims>,
    /// Partners.
    pub partners: Option<Partners>,
    /// Certificates.
    pub certified: Option<Certified>,
    /// Channel conflicts.
    pub conflicts: Option<Conflicts>,
    /// Customers.
    pub customers: Option<Customers>,
    /// Bookings with partners that are aimed at, where somebody has said it (K-18).
    pub target: Option<Decimal>,
}

impl Ledger {
    /// Adds deals.
    pub fn add(&mut self, stand: Stand, part: Part, sums: Sums) {
        self.sums[stand as usize][part as usize] += sums;
    }

    /// Adds deals that were closed in the period and have a trait.
    pub fn add_trait(&mut self, what: DealTrait, won: bool, partnered: bool, sums: Sums) {
        *self.traits.entry((what, won, partnered)).or_default() += sums;
    }

    /// The deals with a trait that were closed in the period.
    #[must_use]
    pub fn having(&self, what: DealTrait, won: bool, partnered: bool) -> Sums {
        self.traits.get(&(what, won, partnered)).copied().unwrap_or_default()
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

/// The records that a number is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// The deals of its [`Records`], for which there is a list.
    Deals,
    /// Deals with a partner that were closed in the period.
    Closed,
    /// Deals with a partner that were created in it.
    Created,
    /// Deals with a partner and this trait that were closed in it; the won ones alone, or lost ones as well.
    Having(DealTrait, bool),
    /// Registrations submitted in it.
    Submitted,
    /// Registrations decided in it.
    Decided,
    /// Registrations whose protection ended in it.
    Ended,
    /// Partners whose partnership is not over.
    Partners,
    /// Partners that won something in it.
    Winners,
    /// Partners that won their first deal in it.
    First,
    /// Certificates in force at its end, or now.
    Certificates,
    /// Those of them that end soon.
    Ending,
    /// Channel conflicts raised in it.
    Conflicts,
    /// Channel conflicts that people settled in it.
    Settled,
    /// Channel conflicts with an appeal that was answered in it.
    Appeals,
    /// Customers of which the CRM knows what they are worth.
    Customers,
}

/// One row of the table.
pub struct Row {
    id: &'static str,
    rule: &'static str,
    name: &'static str,
    definition: &'static str,
    unit: MetricUnit,
    topic: MetricTopic,
    /// What it can be laid out by.
    pub by: &'static [MetricBy],
    /// The deals to look at.
    pub records: Option<Records>,
    /// The records to look at.
    pub behind: Behind,
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
pub fn table() -> impl Iterator<Item = &'static Row> {
    [deals::ROWS, traits::ROWS, registrations::ROWS, partners::ROWS, customers::ROWS, conflicts::ROWS]
        .into_iter()
        .flatten()
}

impl Row {
    /// The number with this id.
    #[must_use]
    pub fn of(id: &str) -> Option<&'static Row> {
        table().find(|row| row.id == id)
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is.
    #[must_use]
    pub fn definition(&self) -> MetricDefinition {
        MetricDefinition {
            id: self.id.to_owned(),
            rule: self.rule.to_owned(),
            name: self.name.to_owned(),
            definition: self.definition.to_owned(),
            unit: self.unit,
            topic: self.topic,
            by: self.by.to_vec(),
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

/// The told percentages of influenced deals; at most the whole amounts of all of them while one is not told, and those of
/// deals whose partner's part is not told.
fn weighted(ledger: &Ledger) -> Told {
    let (won, untold) = (ledger.of(Stand::Won, Part::Influenced), ledger.of(Stand::Won, Part::Untold));
    // Which amounts are without a percentage is not kept: whole amounts are the bound.
    let most = if won.weighed < won.deals { won.amount } else { won.share };
    let of = won.deals + untold.deals;
    let range = (won.weighed < of).then_some((won.share, most + untold.amount));
    Told { value: Some(won.share), known: won.weighed, of, range }
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
