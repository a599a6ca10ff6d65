//! The records behind a number: what it was counted from, by the same times and the same groups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::metrics::{
    MetricBy, MetricGroupKey, MetricRecord, MetricRecordKind, MetricRecords, MetricRecordsQuery,
};
use drumbeat_model::money::Money;
use drumbeat_model::partner::PartnerStatus;
use drumbeat_model::time::{Day, FiscalYear, Instant, Quarter};
use drumbeat_rules::metrics::{Behind as From, Row};
use drumbeat_store::behind::{Among, Behind, Claimed, Dealt, Disputed};
use drumbeat_store::companies::PartnerPlace;
use drumbeat_store::{Reader, Result};
use rust_decimal::Decimal;

use super::counting::midnight;
use super::place_key;
use crate::channel;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::{Scene, Workspace};

/// Records that are shown.
const SHOWN: usize = 200;
const CLOSED: [Outcome; 2] = [Outcome::Won, Outcome::Lost];

struct Asked<'a> {
    ws: &'a Workspace,
    r: &'a Reader<'a>,
    scene: Scene,
    year: FiscalYear,
    quarter: Quarter,
    among: Among,
    /// Partners of the program, by id.
    places: BTreeMap<String, PartnerPlace>,
}

/// What a number is counted from, at most 200 records.
///
/// # Errors
/// When there is no such number, or what the store says.
pub fn metric_records(ws: &Arc<Workspace>, query: MetricRecordsQuery) -> Answer<MetricRecords> {
    let Some(row) = Row::of(&query.id) else {
        return Err(ApiError::new(Code::NotFound, "metrics.unknown", format!("There is no number {}", query.id)));
    };
    let mut rows = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let year = ws.policy.calendar.fiscal_year();
        let (group, quarter) = match query.group {
            // A group of quarters is a quarter.
            Some(MetricGroupKey { by: MetricBy::Quarter, key }) => (None, Quarter::parse(&key).ok()),
            group => (group, query.quarter),
        };
        let quarter = quarter.unwrap_or_else(|| year.quarter_of(scene.today));
        let places = r.partner_places()?;
        let among = group.map(|group| among(group, &places)).unwrap_or_default();
        Asked { ws, r, scene, year, quarter, among, places }.records(row)
    })?;
    let more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    Ok(MetricRecords { name: row.name().to_owned(), rows, more })
}

fn among(MetricGroupKey { by, key }: MetricGroupKey, places: &BTreeMap<String, PartnerPlace>) -> Among {
    match by {
        MetricBy::Motion => Among { motion: Some(key), ..Among::default() },
        MetricBy::Owner => Among { owner: Some(key), ..Among::default() },
        MetricBy::Partner => Among { partners: Some(vec![key]), ..Among::default() },
        MetricBy::Tier | MetricBy::Type | MetricBy::Region => {
            let of_group = |(_, place): &(&String, &PartnerPlace)| place_key(by, place) == key;
            Among {
                partners: Some(places.iter().filter(of_group).map(|(id, _)| id.clone()).collect()),
                ..Among::default()
            }
        }
        MetricBy::Quarter => Among::default(),
    }
}

impl Asked<'_> {
    fn records(&self, row: &Row) -> Result<Vec<MetricRecord>> {
        let (from, to) = (self.year.first_day(self.quarter), self.year.end(self.quarter));
        let (days, times) = ((from, to), (midnight(from), midnight(to)));
        let limit = u32::try_from(SHOWN + 1).unwrap_or(u32::MAX);
        let deals = |which: Dealt| self.r.behind_deals(&self.among, &which, limit);
        let closed = Dealt { outcomes: CLOSED.to_vec(), closed: Some(days), ..Dealt::default() };
        let found = match row.behind {
            From::Deals => {
                let of = row.records;
                let outcome = of.and_then(|of| of.outcome).unwrap_or(Outcome::Won);
                deals(Dealt {
                    outcomes: vec![outcome],
                    closed: (outcome != Outcome::Open).then_some(days),
                    attribution: of.and_then(|of| of.attribution),
                    having: None,
                })?
            }
            From::Closed => deals(closed)?,
            From::Having(what, won) => {
                let outcomes = if won { vec![Outcome::Won] } else { CLOSED.to_vec() };
                deals(Dealt { outcomes, having: Some(what), ..closed })?
            }
            From::Created => self.r.behind_created(&self.among, days, limit)?,
            From::Submitted => self.r.behind_claims(&self.among, Claimed::Submitted, times, limit)?,
            From::Decided => self.r.behind_claims(&self.among, Claimed::Decided, times, limit)?,
            From::Ended => self.r.behind_ended(&self.among, (from, to.min(self.scene.today)), limit)?,
            From::Certificates | From::Ending => {
                let on = self.year.last_day(self.quarter).min(self.scene.today);
                let by = self.ws.policy.after(on, self.ws.policy.clocks.certification_expires);
                let by = (row.behind == From::Ending).then_some(by);
                self.r.behind_certificates(&self.among, on, by, limit)?
            }
            From::Partners => return self.at_work(days, times),
            From::Winners => return self.winners(from),
            From::First => return self.first_winners(),
            From::Customers => return self.customers(),
            From::Conflicts => return self.conflicts(Disputed::Raised, times, limit),
            From::Settled => return self.conflicts(Disputed::Settled, times, limit),
            From::Appeals => return self.conflicts(Disputed::Appealed, times, limit),
        };
        Ok(found.into_iter().map(shown).collect())
    }

    /// The partners of the group whose partnership is not over.
    fn partners(&self) -> impl Iterator<Item = (&String, &PartnerPlace)> {
        let among = self.among.partners.as_ref();
        let of_group = move |id: &String| among.is_none_or(|partners| partners.contains(id));
        self.places.iter().filter(move |(id, _)| of_group(id))
    }

    fn partner(&self, id: &str, note: String, on: Option<Day>, amount: Option<Money>) -> MetricRecord {
        let title = self.places.get(id).map_or_else(|| id.to_owned(), |place| place.name.clone());
        MetricRecord { opens: MetricRecordKind::Partner, id: id.to_owned(), title, note, on, amount }
    }

    fn at_work(&self, (from, _): (Day, Day), times: (Instant, Instant)) -> Result<Vec<MetricRecord>> {
        let mut at_work = self.r.partners_at_work(from)?;
        at_work.extend(self.r.partners_submitting(times.0, times.1)?);
        let mut rows: Vec<(bool, MetricRecord)> = self
            .partners()
            .filter(|(_, place)| place.status != Some(PartnerStatus::Ended))
            .map(|(id, _)| {
                let works = at_work.contains(id);
                let note = if works { "at work in the quarter" } else { "nothing in the quarter" };
                (works, self.partner(id, note.to_owned(), None, None))
            })
            .collect();
        rows.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.title.cmp(&other.title)));
        Ok(rows.into_iter().map(|(_, row)| row).take(SHOWN + 1).collect())
    }

    fn winners(&self, from: Day) -> Result<Vec<MetricRecord>> {
        let currency = self.r.main_currency()?;
        let of_group: BTreeSet<&String> = self.partners().map(|(id, _)| id).collect();
        let mut won = self.r.won_by_partner(from)?;
        won.retain(|(id, amount)| *amount > Decimal::ZERO && (self.among.partners.is_none() || of_group.contains(id)));
        won.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        let row = |(id, amount): (String, Decimal)| {
            self.partner(
                &id,
                "won in the quarter".to_owned(),
                None,
                Some(Money::new(amount.normalize(), currency.clone())),
            )
        };
        Ok(won.into_iter().take(SHOWN + 1).map(row).collect())
    }

    fn first_winners(&self) -> Result<Vec<MetricRecord>> {
        let of_group: BTreeSet<&String> = self.partners().map(|(id, _)| id).collect();
        let mut rows = Vec::new();
        for start in self.r.partner_starts()? {
            let Some(won) = start.first_won.filter(|day| self.year.quarter_of(*day) == self.quarter) else { continue };
            if of_group.contains(&start.partner) {
                let note = match start.since.filter(|since| *since <= won) {
                    Some(since) => format!("{} days a partner", (won - since).num_days()),
                    None => "not known since when it is a partner".to_owned(),
                };
                rows.push(self.partner(&start.partner, note, Some(won), None));
            }
        }
        rows.sort_by(|one, other| other.on.cmp(&one.on).then_with(|| one.title.cmp(&other.title)));
        rows.truncate(SHOWN + 1);
        Ok(rows)
    }

    fn customers(&self) -> Result<Vec<MetricRecord>> {
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for one in self.r.customers_worth()? {
            let of_group = self.among.partners.as_ref().is_none_or(|partners| partners.contains(&one.partner));
            if !of_group || !seen.insert(one.account.clone()) {
                continue;
            }
            let retention = one.retention.map(|percent| format!("retention {} %", percent.normalize()));
            let satisfaction = one.satisfaction.map(|points| format!("satisfaction {}", points.normalize()));
            let uses =
                one.integrated.map(|uses| if uses { "uses the integration" } else { "no integration" }.to_owned());
            let note: Vec<String> = [retention, satisfaction, uses].into_iter().flatten().collect();
            let title = self.r.name_of_company(&one.account)?.unwrap_or_else(|| one.account.clone());
            let opens = MetricRecordKind::Customer;
            rows.push(MetricRecord { opens, id: one.account, title, note: note.join(", "), on: None, amount: None });
        }
        rows.sort_by(|one, other| one.title.cmp(&other.title));
        rows.truncate(SHOWN + 1);
        Ok(rows)
    }

    fn conflicts(&self, which: Disputed, times: (Instant, Instant), limit: u32) -> Result<Vec<MetricRecord>> {
        let kept = self.r.behind_conflicts(which, times, limit)?;
        let row = |kept| {
            let row = channel::shown(self.ws, &self.scene, kept);
            let note = [row.kind.label().to_owned(), row.state.label().to_lowercase()].join(", ");
            MetricRecord {
                opens: MetricRecordKind::Conflict,
                id: row.id,
                title: row.account,
                note,
                on: Some(row.raised_at.date_naive()),
                amount: row.value,
            }
        };
        Ok(kept.iter().map(row).collect())
    }
}

fn shown(of: Behind) -> MetricRecord {
    let opens = match of.kind {
        ObjectKind::Registration => MetricRecordKind::Registration,
        ObjectKind::Certification => MetricRecordKind::Partner,
        _ => MetricRecordKind::Deal,
    };
    MetricRecord { opens, id: of.id, title: of.title, note: of.note, on: of.on, amount: of.amount }
}
