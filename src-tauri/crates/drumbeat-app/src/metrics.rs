//! The numbers of the program, from the sums that the store keeps: the program, its groups, six quarters.
//!
//! The hard idea: nothing here counts deals. The store answers with a few hundred sums, they are put into a ledger for
//! each group and quarter, and the table of the rules makes every number of them. So a million deals cost what a
//! hundred do, and a group's numbers are made by the same functions as the program's.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{Attribution, DealFilter, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::metrics::{Metric, MetricBy, MetricGroup, MetricsQuery, MetricsReport, QuarterNumbers, Target};
use drumbeat_model::time::{FiscalYear, Quarter};
use drumbeat_rules::metrics::{Ledger, Part, Row, Stand, Sums, TABLE};
use drumbeat_store::companies::PartnerPlace;
use drumbeat_store::tally::{Counted, CountedBy};
use drumbeat_store::{Reader, StoreError};
use rust_decimal::Decimal;

use crate::error::Answer;
use crate::targets;
use crate::workspace::{Scene, Workspace};

/// Quarters that are looked at: the one asked for and the five before.
const QUARTERS: u32 = 6;
/// The place of the quarter that was asked for, and of the one before and a year before.
const NOW: u32 = QUARTERS - 1;
const BEFORE: u32 = NOW - 1;
const YEAR_AGO: u32 = NOW - 4;

/// Ledgers of a group by quarter.
type Ledgers = BTreeMap<u32, Ledger>;

/// The program in numbers.
///
/// # Errors
/// While the first sync is under way, or what the store says.
pub fn metrics(ws: &Arc<Workspace>, query: MetricsQuery) -> Answer<MetricsReport> {
    let limit = if query.limit == 0 { 50 } else { query.limit.min(500) } as usize;
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let year = ws.policy.calendar.fiscal_year();
        let quarter = query.quarter.unwrap_or(year.quarter_of(scene.today));
        let first = (1..QUARTERS).fold(quarter, |of, _| of.previous());
        let counting = Counting { r, scene: &scene, year, first, targets: targets::all(r)? };
        let program = counting.program()?;
        let (groups, more) = match query.by {
            Some(by) => groups(ws, &counting, &program, by, quarter, limit)?,
            None => (Vec::new(), 0),
        };
        Ok(MetricsReport {
            now: scene.now,
            quarter,
            currency: r.main_currency()?,
            counts: counts(&scene.mapping),
            definitions: TABLE.iter().map(Row::definition).collect(),
            program: numbers(&program, (year, quarter), NOW, &DealFilter::default()),
            groups,
            more,
            trend: trend(&program, first),
            pending: r.outbox_counts()?.0,
        })
    })
}

/// Where sums are read.
struct Counting<'a> {
    r: &'a Reader<'a>,
    scene: &'a Scene,
    year: FiscalYear,
    first: Quarter,
    targets: Vec<Target>,
}

impl Counting<'_> {
    /// The whole program's.
    fn program(&self) -> drumbeat_store::Result<Ledgers> {
        let mut ledgers = self.ledgers(CountedBy::All, |_| String::new())?.remove("").unwrap_or_default();
        self.aim(&mut ledgers, |quarter| targets::of_program(&self.targets, quarter));
        Ok(ledgers)
    }

    /// Puts the targets of each quarter into the ledgers.
    fn aim(&self, ledgers: &mut Ledgers, target: impl Fn(Quarter) -> Option<Decimal>) {
        let mut quarter = self.first;
        for at in 0..QUARTERS {
            if let Some(target) = target(quarter) {
                ledgers.entry(at).or_default().target = Some(target);
            }
            quarter = quarter.next();
        }
    }

    /// Ledgers by what `group` makes of each key, and by quarter.
    fn ledgers(
        &self,
        by: CountedBy,
        group: impl Fn(&str) -> String,
    ) -> drumbeat_store::Result<BTreeMap<String, Ledgers>> {
        let stages = self.scene.mapping.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let chances = stages.map(|stage| (stage.id.clone(), stage.probability)).collect();
        let counted = self.r.counted(by, self.year.first_day(self.first), QUARTERS, &chances)?;
        let counted = counted.ok_or_else(|| {
            StoreError::NotPossible("the first sync is not over: its deals are not counted yet".into())
        })?;
        let mut all: BTreeMap<String, Ledgers> = BTreeMap::new();
        for one in &counted {
            let ledgers = all.entry(group(&one.key)).or_default();
            // What is open is open now, whichever quarter is looked at.
            let quarter = if one.outcome == Some(Outcome::Open) { NOW } else { one.quarter };
            let (stand, part, sums) = entry(one);
            ledgers.entry(quarter).or_default().add(stand, part, sums);
        }
        Ok(all)
    }
}

fn entry(one: &Counted) -> (Stand, Part, Sums) {
    let stand = match one.outcome {
        Some(Outcome::Open) => Stand::Open,
        Some(Outcome::Won) => Stand::Won,
        Some(Outcome::Lost) => Stand::Lost,
        None => Stand::Created,
    };
    let part = match (one.partnered, one.attribution) {
        (false, _) => Part::Direct,
        (true, Some(Attribution::Sourced)) => Part::Sourced,
        (true, Some(Attribution::Influenced)) => Part::Influenced,
        (true, None) => Part::Untold,
    };
    let sums = Sums {
        deals: one.deals,
        priced: one.homed.0,
        amount: one.homed.1,
        weighed: one.shared.0,
        share: one.shared.1,
        expected: one.expected,
        cycled: one.cycled.0,
        cycle_days: one.cycled.1,
    };
    (stand, part, sums)
}

/// The numbers at one of the quarters, with the deals that they are of.
fn numbers(ledgers: &Ledgers, of_quarter: (FiscalYear, Quarter), at: u32, of: &DealFilter) -> Vec<Metric> {
    let none = Ledger::default();
    let then = |ago: u32| at.checked_sub(ago).map(|at| ledgers.get(&at).unwrap_or(&none));
    let (before, year_ago) = (then(NOW - BEFORE), then(NOW - YEAR_AGO));
    let now = ledgers.get(&at).unwrap_or(&none);
    let number = |row: &Row| Metric { records: records(row, of_quarter, of), ..row.metric(now, before, year_ago) };
    TABLE.iter().map(number).collect()
}

/// The deals that a number is counted from, as their list is asked.
fn records(row: &Row, (year, quarter): (FiscalYear, Quarter), of: &DealFilter) -> Option<DealFilter> {
    let records = row.records?;
    let closed = records.outcome != Some(Outcome::Open);
    Some(DealFilter {
        outcome: records.outcome,
        partnered: Some(records.partnered),
        attribution: records.attribution,
        closes_from: closed.then(|| year.first_day(quarter)),
        closes_to: closed.then(|| year.last_day(quarter)),
        ..of.clone()
    })
}

fn groups(
    ws: &Workspace,
    counting: &Counting<'_>,
    program: &Ledgers,
    by: MetricBy,
    quarter: Quarter,
    limit: usize,
) -> drumbeat_store::Result<(Vec<MetricGroup>, u32)> {
    if by == MetricBy::Quarter {
        let mut of = counting.first;
        let mut all = Vec::new();
        for at in 0..QUARTERS {
            let metrics = numbers(program, (counting.year, of), at, &DealFilter::default());
            all.push(MetricGroup { key: of.to_string(), label: counting.year.label(of), metrics });
            of = of.next();
        }
        return Ok((all, 0));
    }
    let places = match by {
        MetricBy::Partner | MetricBy::Tier | MetricBy::Type | MetricBy::Region => counting.r.partner_places()?,
        MetricBy::Motion | MetricBy::Owner | MetricBy::Quarter => BTreeMap::new(),
    };
    let of_partner =
        |id: &str, read: &dyn Fn(&PartnerPlace) -> Option<String>| places.get(id).and_then(read).unwrap_or_default();
    let mut ledgers = match by {
        MetricBy::Motion | MetricBy::Quarter => counting.ledgers(CountedBy::Motion, str::to_owned)?,
        MetricBy::Owner => counting.ledgers(CountedBy::Owner, str::to_owned)?,
        MetricBy::Partner => counting.ledgers(CountedBy::Partner, str::to_owned)?,
        MetricBy::Tier => counting
            .ledgers(CountedBy::Partner, |id| of_partner(id, &|place| place.tier.map(|tier| tier.name().to_owned())))?,
        MetricBy::Type => counting
            .ledgers(CountedBy::Partner, |id| of_partner(id, &|place| place.kind.map(|kind| kind.name().to_owned())))?,
        MetricBy::Region => counting.ledgers(CountedBy::Partner, |id| of_partner(id, &|place| place.region.clone()))?,
    };
    for (key, ledgers) in &mut ledgers {
        counting.aim(ledgers, |quarter| match by {
            MetricBy::Motion => targets::of_motion(&counting.targets, quarter, Motion::from_name(key)?),
            MetricBy::Partner => targets::of_partner(&counting.targets, quarter, key),
            _ => None,
        });
    }
    if by == MetricBy::Partner {
        // Direct business is nobody's.
        ledgers.remove("");
    }
    let weight = |ledgers: &Ledgers| {
        let now = ledgers.get(&NOW).cloned().unwrap_or_default();
        now.partnered(Stand::Won).amount + now.partnered(Stand::Open).amount
    };
    let mut all: Vec<(String, Ledgers)> = ledgers.into_iter().collect();
    all.sort_by(|(a, of_a), (b, of_b)| weight(of_b).cmp(&weight(of_a)).then_with(|| a.cmp(b)));
    let more = u32::try_from(all.len().saturating_sub(limit)).unwrap_or(u32::MAX);
    all.truncate(limit);
    let group = |(key, ledgers): (String, Ledgers)| {
        let filter = match by {
            MetricBy::Motion => {
                Motion::from_name(&key).map(|motion| DealFilter { motion: Some(motion), ..DealFilter::default() })
            }
            MetricBy::Owner if !key.is_empty() => {
                Some(DealFilter { owner: Some(OwnerId(key.clone())), ..DealFilter::default() })
            }
            MetricBy::Partner => Some(DealFilter { partner: Some(PartnerId(key.clone())), ..DealFilter::default() }),
            _ => None,
        };
        let mut metrics =
            numbers(&ledgers, (counting.year, quarter), NOW, filter.as_ref().unwrap_or(&DealFilter::default()));
        if filter.is_none() {
            // No list of deals can be asked for these.
            metrics.iter_mut().for_each(|metric| metric.records = None);
        }
        MetricGroup { label: label(ws, counting.scene, by, &key, &places), key, metrics }
    };
    Ok((all.into_iter().map(group).collect(), more))
}

fn label(ws: &Workspace, scene: &Scene, by: MetricBy, key: &str, places: &BTreeMap<String, PartnerPlace>) -> String {
    if key.is_empty() {
        return format!("No {}", by.label().to_lowercase());
    }
    let found = match by {
        MetricBy::Motion => Motion::from_name(key).map(|motion| motion.label().to_owned()),
        MetricBy::Owner => scene.names.of(Some(&OwnerId(key.to_owned()))),
        MetricBy::Partner => places.get(key).map(|place| place.name.clone()),
        MetricBy::Tier => drumbeat_model::partner::Tier::from_name(key).map(|tier| ws.policy.tier(tier).name.clone()),
        MetricBy::Type => drumbeat_model::partner::PartnerType::from_name(key).map(|kind| kind.label().to_owned()),
        MetricBy::Region | MetricBy::Quarter => None,
    };
    found.unwrap_or_else(|| key.to_owned())
}

fn trend(ledgers: &Ledgers, first: Quarter) -> Vec<QuarterNumbers> {
    let mut quarter = first;
    let mut all = Vec::new();
    for at in 0..QUARTERS {
        let ledger = ledgers.get(&at).cloned().unwrap_or_default();
        let won = |part| ledger.of(Stand::Won, part);
        let direct = won(Part::Direct).deals;
        all.push(QuarterNumbers {
            quarter,
            sourced: won(Part::Sourced).amount,
            influenced: won(Part::Influenced).amount,
            untold: won(Part::Untold).amount,
            direct: won(Part::Direct).amount,
            won: ledger.partnered(Stand::Won).deals + direct,
            lost: ledger.partnered(Stand::Lost).deals + ledger.of(Stand::Lost, Part::Direct).deals,
        });
        quarter = quarter.next();
    }
    all
}

/// Which deals and which money count, in a sentence (K-19).
fn counts(mapping: &Mapping) -> String {
    let (counted, left): (Vec<_>, Vec<_>) = mapping.pipelines.iter().partition(|pipeline| pipeline.counts);
    let names = |of: &[&drumbeat_model::mapping::PipelineMapping]| {
        of.iter().map(|pipeline| pipeline.label.as_str()).collect::<Vec<_>>().join(", ")
    };
    let money = mapping.property(ObjectKind::Deal, Field::Amount).unwrap_or("nothing");
    let which = if left.is_empty() { "all pipelines".to_owned() } else { names(&counted) };
    format!("Deals of {which}; money is the property \"{money}\", in other currencies as the CRM converts it")
}
