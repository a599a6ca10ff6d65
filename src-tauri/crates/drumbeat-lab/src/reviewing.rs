//! How long a review takes the program on a large book: its agenda, an item, logging, finishing, what moved.
//!
//! Between two reviews 500 of the largest open deals change as a sync would change them: amounts, stages and
//! close dates, every tenth one back again. Callers get one JSON document; nothing is asserted here but that
//! every waterfall adds up.

use std::sync::Arc;
use std::time::Instant as Clock;

use drumbeat_app::api::ReviewItem;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::review;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::crm::{ObjectKind, Record};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OwnerId;
use drumbeat_model::movement::MovementQuery;
use drumbeat_model::review::{ClearRest, ItemVerdict, LogItem, PreReadRequest, Review, ReviewTemplate, StartReview};
use drumbeat_store::Why;
use serde_json::{Value, json};

/// Deals that change between two reviews.
const CHANGES: u32 = 500;

/// Measures `times` reviews after each other in a workspace that is synced; times in milliseconds.
///
/// # Errors
/// What the workspace says, or a waterfall that does not add up.
pub fn measure(ws: &Arc<Workspace>, times: u32) -> Answer<Value> {
    let mut took: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut note = |name: &'static str, began: Clock| {
        let millis = began.elapsed().as_secs_f64() * 1000.0;
        match took.iter_mut().find(|(known, _)| *known == name) {
            Some((_, all)) => all.push(millis),
            None => took.push((name, vec![millis])),
        }
    };
    let mut last = json!({});
    for round in 0..times.max(1) {
        let began = Clock::now();
        let request = PreReadRequest { template: ReviewTemplate::Weekly, order: None, day: None };
        review::pre_read(ws, request)?;
        note("pre_read_ms", began);
        let began = Clock::now();
        let weekly = StartReview { template: ReviewTemplate::Weekly, attendees: Vec::new(), order: None };
        let held = review::start_review(ws, weekly)?;
        note("start_ms", began);
        for item in held.items.iter().filter(|item| item.discussed) {
            let began = Clock::now();
            review::review_item(ws, ReviewItem { review: held.id.clone(), item: item.id.clone() })?;
            note("item_ms", began);
            let began = Clock::now();
            log(ws, &held, item)?;
            note("log_ms", began);
        }
        let began = Clock::now();
        review::clear_rest(ws, ClearRest { review: held.id.clone(), items: Vec::new() })?;
        note("clear_ms", began);
        let began = Clock::now();
        review::finish_review(ws, held.id.clone())?;
        note("finish_ms", began);
        change(ws, round)?;
        let began = Clock::now();
        let moved = review::review_movement(ws, MovementQuery { review: None })?;
        note("movement_ms", began);
        if !moved.adds_up {
            return Err(ApiError::new(Code::Bug, "bench.waterfall", "A waterfall does not add up"));
        }
        let kinds: Vec<Value> =
            moved.groups.iter().map(|group| json!({ "kind": group.kind, "deals": group.count })).collect();
        last = json!({ "items": held.items.len(), "waterfalls": moved.waterfalls.len(), "groups": kinds });
    }
    let mut report = json!({ "bench": "review", "reviews": times, "changes_between": CHANGES, "last": last });
    for (name, mut all) in took {
        all.sort_by(f64::total_cmp);
        let at = |part: usize| all.get((all.len() * part / 100).min(all.len().saturating_sub(1))).copied();
        report[name] = json!({ "median": at(50), "p95": at(95), "most": at(100), "times": all.len() });
    }
    Ok(report)
}

fn log(ws: &Arc<Workspace>, held: &Review, item: &drumbeat_model::review::AgendaItem) -> Answer<()> {
    let owner = ws.me()?.map_or_else(|| OwnerId("1".to_owned()), |me| OwnerId(me.id));
    let request = LogItem {
        review: held.id.clone(),
        item: item.id.clone(),
        verdict: ItemVerdict::ChangePlan,
        text: "Looked at".to_owned(),
        next_step: Some("Call the sponsor".to_owned()),
        owner: Some(owner),
        due: Some(ws.clock.today()),
        edits: Vec::new(),
        override_reason: None,
        confirm: Vec::new(),
    };
    review::log_item(ws, request).map(drop)
}

/// Somebody changes deals in the CRM, and a sync reads them.
///
/// # Errors
/// What the store says.
pub fn change(ws: &Workspace, round: u32) -> Answer<()> {
    let mapping = ws.read(|r| r.mapping())?;
    let name = |field, otherwise: &str| mapping.property(ObjectKind::Deal, field).unwrap_or(otherwise).to_owned();
    let (amount, close) = (name(Field::Amount, "amount"), name(Field::CloseDate, "closedate"));
    let records = ws.read(|r| {
        let mut records = Vec::new();
        for (place, id) in r.review_candidates(CHANGES, 0, ws.clock.today())?.iter().take(CHANGES as usize).enumerate()
        {
            let Some(known) = r.mirrored(ObjectKind::Deal, id.as_str())? else { continue };
            let mut properties = known.properties.clone();
            properties.insert(amount.clone(), format!("{}.{:02}", 10_000 + place * 7 + round as usize, place % 100));
            properties.insert(close.clone(), format!("2027-0{}-15", 1 + (place + round as usize) % 9));
            let record = |properties| Record {
                kind: ObjectKind::Deal,
                id: id.0.clone(),
                properties,
                updated_at: Some(ws.clock.now()),
                archived: false,
                merged: Vec::new(),
                links: None,
            };
            records.push(record(properties));
            if place % 10 == 0 {
                records.push(record(known.properties));
            }
        }
        Ok(records)
    })?;
    let now = ws.clock.now();
    ws.store.write(Why::Mirror { at: now }, |w| w.apply_records(ObjectKind::Deal, &records, now))?;
    Ok(())
}
