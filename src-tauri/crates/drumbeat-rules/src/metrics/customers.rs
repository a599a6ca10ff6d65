//! Numbers of joint customers: how much they renew, how satisfied they are, how many use the integration (K-17). Whoever
//! has no such field in the CRM is told nothing.

use drumbeat_model::metrics::{MetricBy, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

use super::{Behind, Ledger, Row, Told, percent, told};

/// Counts and sums of some customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Customers of which any of it is known.
    pub customers: u32,
    /// Those whose net revenue retention is known, and its percentages.
    pub retention: (u32, Decimal),
    /// Those whose satisfaction is known, and its points.
    pub satisfaction: (u32, Decimal),
    /// Those of which it is known whether they use the integration, and those that do.
    pub integrated: (u32, u32),
}

impl Kept {
    /// Adds a customer.
    pub fn add(&mut self, retention: Option<Decimal>, satisfaction: Option<Decimal>, integrated: Option<bool>) {
        self.customers += 1;
        if let Some(percentage) = retention {
            self.retention = (self.retention.0 + 1, self.retention.1 + percentage);
        }
        if let Some(points) = satisfaction {
            self.satisfaction = (self.satisfaction.0 + 1, self.satisfaction.1 + points);
        }
        if let Some(uses) = integrated {
            self.integrated = (self.integrated.0 + 1, self.integrated.1 + u32::from(uses));
        }
    }
}

/// Customers with which a deal was won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Customers {
    /// With a partner.
    pub joint: Kept,
    /// Without one, ever.
    pub direct: Kept,
}

const BY: &[MetricBy] = &[MetricBy::Partner, MetricBy::Tier, MetricBy::Type, MetricBy::Region];

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "retention",
        rule: "K-17",
        name: "Net revenue retention",
        definition: "Average net revenue retention, as the CRM says it now, of the customers with which a deal was won with a partner; against those that were won without one alone.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Customers,
        by: BY,
        records: None,
        behind: Behind::Customers,
        is_of_now: true,
        tell: |ledger| of(ledger, |all| average(all.joint.retention, all.joint.customers)),
        direct: Some(|ledger| of(ledger, |all| average(all.direct.retention, all.direct.customers)).value),
    },
    Row {
        id: "satisfaction",
        rule: "K-17",
        name: "Customer satisfaction",
        definition: "Average satisfaction, on the CRM's own scale and as it says it now, of the customers with which a deal was won with a partner; against those that were won without one alone.",
        unit: MetricUnit::Score,
        topic: MetricTopic::Customers,
        by: BY,
        records: None,
        behind: Behind::Customers,
        is_of_now: true,
        tell: |ledger| of(ledger, |all| average(all.joint.satisfaction, all.joint.customers)),
        direct: Some(|ledger| of(ledger, |all| average(all.direct.satisfaction, all.direct.customers)).value),
    },
    Row {
        id: "integration_used",
        rule: "K-17",
        name: "Integration in use",
        definition: "Of the customers with which a deal was won with a partner, those that use the integration now. Bounds: those that do not say it do not, or all do.",
        unit: MetricUnit::Percent,
        topic: MetricTopic::Customers,
        by: BY,
        records: None,
        behind: Behind::Customers,
        is_of_now: true,
        tell: |ledger| of(ledger, |all| using(all.joint)),
        direct: Some(|ledger| of(ledger, |all| using(all.direct)).value),
    },
];

fn of(ledger: &Ledger, tell: impl Fn(Customers) -> Told) -> Told {
    ledger.customers.map_or_else(Told::default, tell)
}

/// To a tenth, of those that say it.
fn average((known, sum): (u32, Decimal), of: u32) -> Told {
    told(sum.checked_div(known.into()).map(|value| value.round_dp(1)), known, of)
}

fn using(kept: Kept) -> Told {
    let (known, uses) = kept.integrated;
    let share = |of: u32, all: u32| percent(of.into(), all.into());
    let range = share(uses, kept.customers).zip(share(uses + kept.customers - known, kept.customers));
    Told { value: share(uses, known), known, of: kept.customers, range: range.filter(|_| known > 0) }
}
