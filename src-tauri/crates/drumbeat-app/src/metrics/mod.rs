//! The numbers of the program, from the sums that the store keeps: the program, its groups, six quarters.
//!
//! The hard idea: nothing here counts deals. The store answers with sums that it keeps of deals and counts of what there
//! is less of, they are put into a ledger for each group and quarter (`counting`), and the table of the rules makes every
//! number of them. So a million deals cost what a hundred do, and a group's numbers are made by the same functions as the
//! program's.

mod behind;
mod counting;
mod pace;
mod table;

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{DealFilter, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::metrics::{
    DeclineCount, Metric, MetricBy, MetricGroup, MetricsQuery, MetricsReport, QuarterNumbers,
};
use drumbeat_model::time::{FiscalYear, Quarter};
use drumbeat_rules::metrics::{Ledger, Part, Row, Stand, table};
use drumbeat_store::companies::PartnerPlace;
use drumbeat_store::counted::CountedBy;

pub use self::behind::metric_records;
use self::counting::{Counting, Ledgers};
pub use self::pace::{engagement, stage_steps};
pub use self::table::{export_metrics, export_metrics_to, metrics_table};
use crate::error::Answer;
use crate::workspace::{Scene, Workspace};

/// Quarters that are looked at: the one asked for and the five before.
const QUARTERS: u32 = 6;
/// The place of the quarter that was asked for, and of the one before and a year before.
const NOW: u32 = QUARTERS - 1;
const BEFORE: u32 = NOW - 1;
const YEAR_AGO: u32 = NOW - 4;

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
        let counting = Counting::new(ws, r, &scene, first, query.by)?;
        let program = counting.program()?;
        let (groups, more) = match query.by {
            Some(by) => groups(ws, &counting, &program, by, quarter, limit)?,
            None => (Vec::new(), 0),
        };
        Ok(MetricsReport {
            now: scene.now,
            quarter,
            currency: r.main_currency()?,
            counts: counts(&scene.mapping, r.has_other_currencies()?, r.rates()?.is_some()),
            definitions: table().map(Row::definition).collect(),
            program: numbers(&program, None, (year, quarter), NOW, &DealFilter::default()),
            groups,
            more,
            trend: trend(&program, first),
            declines: declines(&program),
            pending: r.outbox_counts()?.0,
        })
    })
}

/// The numbers at one of the quarters, with the deals that they are of; laid out by something, those that can be.
fn numbers(
    ledgers: &Ledgers,
    by: Option<MetricBy>,
    of_quarter: (FiscalYear, Quarter),
    at: u32,
    of: &DealFilter,
) -> Vec<Metric> {
    let none = Ledger::default();
    let then = |ago: u32| at.checked_sub(ago).map(|at| ledgers.get(&at).unwrap_or(&none));
    let (before, year_ago) = (then(NOW - BEFORE), then(NOW - YEAR_AGO));
    let now = ledgers.get(&at).unwrap_or(&none);
    let number = |row: &Row| {
        // What is known of now alone was another in a quarter that is over, and nobody knows which.
        if by.is_some_and(|by| !row.by.contains(&by)) || row.is_of_now && at != NOW {
            return Metric::default();
        }
        Metric { records: records(row, of_quarter, of), ..row.metric(now, before, year_ago) }
    };
    table().map(number).collect()
}

/// Why registrations were declined, most frequent first.
fn declines(ledgers: &Ledgers) -> Vec<DeclineCount> {
    let reasons = ledgers.get(&NOW).and_then(|ledger| ledger.claims.as_ref()).map(|claims| &claims.reasons);
    let mut all: Vec<DeclineCount> =
        reasons.into_iter().flatten().map(|(reason, count)| DeclineCount { reason: *reason, count: *count }).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.count));
    all
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
            let metrics = numbers(program, Some(by), (counting.year, of), at, &DealFilter::default());
            all.push(MetricGroup { key: of.to_string(), label: counting.year.label(of), metrics });
            of = of.next();
        }
        return Ok((all, 0));
    }
    let places = &counting.places;
    let itself = |key: &str| key.to_owned();
    let by_place = |id: &str| places.get(id).map(|place| place_key(by, place)).unwrap_or_default();
    let mut ledgers = match by {
        MetricBy::Motion | MetricBy::Quarter => counting.deals(CountedBy::Motion, &itself)?,
        MetricBy::Owner => counting.deals(CountedBy::Owner, &itself)?,
        MetricBy::Partner => counting.with_partners(CountedBy::Partner, &itself)?,
        MetricBy::Tier | MetricBy::Type | MetricBy::Region => counting.with_partners(CountedBy::Partner, &by_place)?,
    };
    match by {
        MetricBy::Partner => counting.customers(&itself, &mut ledgers)?,
        MetricBy::Tier | MetricBy::Type | MetricBy::Region => counting.customers(&by_place, &mut ledgers)?,
        MetricBy::Motion | MetricBy::Owner | MetricBy::Quarter => {}
    }
    for (key, ledgers) in &mut ledgers {
        counting.aim_group(by, key, ledgers);
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
        let mut metrics = numbers(
            &ledgers,
            Some(by),
            (counting.year, quarter),
            NOW,
            filter.as_ref().unwrap_or(&DealFilter::default()),
        );
        if filter.is_none() {
            // No list of deals can be asked for these.
            metrics.iter_mut().for_each(|metric| metric.records = None);
        }
        MetricGroup { label: label(ws, counting.scene, by, &key, places), key, metrics }
    };
    Ok((all.into_iter().map(group).collect(), more))
}

/// The group of a partner by its place in the program; empty where nothing is said.
fn place_key(by: MetricBy, place: &PartnerPlace) -> String {
    let key = match by {
        MetricBy::Tier => place.tier.map(|tier| tier.name().to_owned()),
        MetricBy::Type => place.kind.map(|kind| kind.name().to_owned()),
        MetricBy::Region => place.region.clone(),
        MetricBy::Motion | MetricBy::Partner | MetricBy::Owner | MetricBy::Quarter => None,
    };
    key.unwrap_or_default()
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

/// Which deals and which money count, in a sentence (K-19). Of other currencies only where a deal is in one.
fn counts(mapping: &Mapping, has_others: bool, has_rates: bool) -> String {
    let (counted, left): (Vec<_>, Vec<_>) = mapping.pipelines.iter().partition(|pipeline| pipeline.counts);
    let names = |of: &[&drumbeat_model::mapping::PipelineMapping]| {
        of.iter().map(|pipeline| pipeline.label.as_str()).collect::<Vec<_>>().join(", ")
    };
    let which = if left.is_empty() { "all pipelines".to_owned() } else { names(&counted) };
    let money = match mapping.property(ObjectKind::Deal, Field::Amount) {
        Some(property) => format!("at their “{property}” in the CRM"),
        None => "without money, because no field of the CRM is their amount".to_owned(),
    };
    let others = match (mapping.property(ObjectKind::Deal, Field::HomeAmount), has_rates) {
        _ if !has_others => "",
        (None, false) => "; those in other currencies are left out, because the CRM tells no rates",
        (None, true) => "; those in other currencies by the CRM's rates",
        (Some(_), _) => "; those in other currencies as the CRM converts them",
    };
    format!("Deals of {which}, {money}{others}")
}
