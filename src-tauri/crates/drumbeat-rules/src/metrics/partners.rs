//! Numbers of partners and of what they have learnt: who is at work, on how few it rests, how soon they win (K-10 to K-12, K-15).

use drumbeat_model::metrics::{MetricBy, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

use super::{Behind, Ledger, Row, Stand, Told, percent, told};

/// Counts of the partners of one group in one period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partners {
    /// Partners, without those whose partnership is over.
    pub all: u32,
    /// Those of them that submitted a registration, or won, lost or got a deal in the period.
    pub at_work: u32,
    /// What each has won in the period, in the account's own currency, largest first.
    pub won: Vec<Decimal>,
    /// Those whose first deal was won in the period.
    pub first_won: u32,
    /// Those of them that say since when they are partners, and the days from then to that deal.
    pub started: (u32, i64),
}

/// Counts of certificates at the partners of one group at the end of a period, or now while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Certified {
    /// Certificates in force.
    pub valid: u32,
    /// Those of them that say who holds them.
    pub held: u32,
    /// People who hold one.
    pub people: u32,
    /// Those of the certificates in force that end in the time in which one is reminded (S-11).
    pub ending: u32,
}

impl std::ops::AddAssign for Certified {
    fn add_assign(&mut self, other: Self) {
        self.valid += other.valid;
        self.held += other.held;
        self.people += other.people;
        self.ending += other.ending;
    }
}

/// What has partners and no deals of its own.
const GATHERED: &[MetricBy] = &[MetricBy::Tier, MetricBy::Type, MetricBy::Region, MetricBy::Quarter];
const TAUGHT: &[MetricBy] = &[MetricBy::Partner, MetricBy::Tier, MetricBy::Type, MetricBy::Region, MetricBy::Quarter];

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "active_partners",
        rule: "K-15",
        name: "Active partners",
        definition: "Of the partners whose partnership is not over, those that submitted a registration, or won, lost or got a deal in the quarter (K-11).",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Partners,
        by: GATHERED,
        records: None,
        behind: Behind::Partners,
        is_of_now: false,
        tell: |ledger| {
            of(ledger, |partners| {
                told(percent(partners.at_work.into(), partners.all.into()), partners.all, partners.all)
            })
        },
        direct: None,
    },
    Row {
        id: "top_partner",
        rule: "K-15",
        name: "Largest partner",
        definition: "Of the amounts won in the quarter with a partner, those of the one with most.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Partners,
        by: GATHERED,
        records: None,
        behind: Behind::Winners,
        is_of_now: false,
        tell: |ledger| concentration(ledger, 1),
        direct: None,
    },
    Row {
        id: "top_five",
        rule: "K-15",
        name: "Largest five",
        definition: "Of the amounts won in the quarter with a partner, those of the five with most.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Partners,
        by: GATHERED,
        records: None,
        behind: Behind::Winners,
        is_of_now: false,
        tell: |ledger| concentration(ledger, 5),
        direct: None,
    },
    Row {
        id: "first_deal",
        rule: "K-10",
        name: "Time to first deal",
        definition: "Average days from becoming a partner to the first deal won, of the partners that won their first in the quarter.",
        unit: MetricUnit::Days,
        topic: MetricTopic::Partners,
        by: GATHERED,
        records: None,
        behind: Behind::First,
        is_of_now: false,
        tell: |ledger| {
            of(ledger, |partners| {
                let (known, days) = partners.started;
                let average = Decimal::from(days).checked_div(known.into()).map(|days| days.round_dp(1));
                told(average, known, partners.first_won)
            })
        },
        direct: None,
    },
    Row {
        id: "certified_people",
        rule: "K-12",
        name: "Certified people",
        definition: "People at partners who hold a certificate in force at the end of the quarter, or now while it runs. At most: each certificate without a holder is of one more.",
        unit: MetricUnit::Count,
        topic: MetricTopic::Enablement,
        by: TAUGHT,
        records: None,
        behind: Behind::Certificates,
        is_of_now: false,
        tell: |ledger| {
            taught(ledger, |certified| Told {
                value: Some(certified.people.into()),
                known: certified.held,
                of: certified.valid,
                range: Some((certified.people.into(), (certified.people + certified.valid - certified.held).into())),
            })
        },
        direct: None,
    },
    Row {
        id: "certificates",
        rule: "K-12",
        name: "Certificates in force",
        definition: "Certificates of partners in force at the end of the quarter, or now while it runs.",
        unit: MetricUnit::Count,
        topic: MetricTopic::Enablement,
        by: TAUGHT,
        records: None,
        behind: Behind::Certificates,
        is_of_now: false,
        tell: |ledger| taught(ledger, |certified| told(Some(certified.valid.into()), certified.valid, certified.valid)),
        direct: None,
    },
    Row {
        id: "certificates_ending",
        rule: "K-12",
        name: "Certificates that end soon",
        definition: "Of the certificates in force, those that end in the time in which one is reminded (S-11).",
        unit: MetricUnit::Count,
        topic: MetricTopic::Enablement,
        by: TAUGHT,
        records: None,
        behind: Behind::Ending,
        is_of_now: false,
        tell: |ledger| {
            taught(ledger, |certified| told(Some(certified.ending.into()), certified.valid, certified.valid))
        },
        direct: None,
    },
];

fn of(ledger: &Ledger, tell: impl Fn(&Partners) -> Told) -> Told {
    ledger.partners.as_ref().map_or_else(Told::default, tell)
}

fn taught(ledger: &Ledger, tell: impl Fn(Certified) -> Told) -> Told {
    ledger.certified.map_or_else(Told::default, tell)
}

/// What the first so many bring of all.
fn concentration(ledger: &Ledger, count: usize) -> Told {
    of(ledger, |partners| {
        let (first, all): (Decimal, Decimal) = (partners.won.iter().take(count).sum(), partners.won.iter().sum());
        let won = ledger.partnered(Stand::Won);
        told(percent(first, all), won.priced, won.deals)
    })
}
