//! How business moves: from stage to stage (K-05), and how partners take part (K-11). Both are counted from what happened in
//! a quarter, when somebody looks, beside the numbers, which do not wait for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::deal::Motion;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::metrics::{Engagement, OfQuarter, PartnerEngagement, StageStep, StageSteps, StepNumbers};
use drumbeat_model::partner::PartnerStatus;
use drumbeat_model::time::{Instant, Quarter};
use drumbeat_store::steps::Steps;
use rust_decimal::Decimal;

use super::counting::midnight;
use crate::error::Answer;
use crate::workspace::Workspace;

/// Partners that are shown.
const SHOWN: usize = 100;

fn quarter(ws: &Workspace, query: &OfQuarter) -> Quarter {
    query.quarter.unwrap_or_else(|| ws.policy.calendar.fiscal_year().quarter_of(ws.clock.today()))
}

fn times(ws: &Workspace, quarter: Quarter) -> (Instant, Instant) {
    let year = ws.policy.calendar.fiscal_year();
    (midnight(year.first_day(quarter)), midnight(year.end(quarter)))
}

/// From stage to stage in a quarter, by motion.
///
/// # Errors
/// What the store says.
pub fn stage_steps(ws: &Arc<Workspace>, query: OfQuarter) -> Answer<StageSteps> {
    let quarter = quarter(ws, &query);
    let (from, to) = times(ws, quarter);
    let steps = ws.read(|r| r.steps(from, to))?;
    let mut stages: BTreeMap<(usize, u32, String), StageStep> = BTreeMap::new();
    for (left, counted) in steps {
        let place = Motion::ALL.iter().position(|motion| Some(*motion) == left.motion).unwrap_or(usize::MAX);
        let none = StepNumbers::default();
        let stage = stages.entry((place, left.position, left.stage.clone())).or_insert_with(|| StageStep {
            motion: left.motion,
            stage: left.stage.clone(),
            partner: none,
            direct: none,
        });
        *(if left.partnered { &mut stage.partner } else { &mut stage.direct }) = told(counted);
    }
    Ok(StageSteps { quarter, stages: stages.into_values().collect() })
}

/// To a tenth of a percent, and of a day.
fn told(steps: Steps) -> StepNumbers {
    let share = Decimal::from(steps.onward * 100).checked_div(steps.count.into());
    let days = Decimal::from(steps.timed.1).checked_div(steps.timed.0.into());
    let tenth = |value: Decimal| value.round_dp(1);
    StepNumbers { count: steps.count, onward: share.map(tenth), days: days.map(tenth), timed: steps.timed.0 }
}

/// How partners took part in a quarter, those with most open deals first.
///
/// # Errors
/// What the store says.
pub fn engagement(ws: &Arc<Workspace>, query: OfQuarter) -> Answer<Engagement> {
    let quarter = quarter(ws, &query);
    let ((from, to), ago) = (times(ws, quarter), times(ws, quarter.previous()));
    // A meeting that is planned has not been held.
    let now = (from, to.min(ws.clock.now()));
    ws.read(|r| {
        let (touched, before) = (r.touched_partners(now.0, now.1)?, r.touched_partners(ago.0, ago.1)?);
        let open = r.open_by_partner()?;
        let mut rows: Vec<PartnerEngagement> = Vec::new();
        for (id, place) in r.partner_places()? {
            if place.status == Some(PartnerStatus::Ended) {
                continue;
            }
            let (of, then) = (touched.get(&id), before.get(&id));
            let count = |of: Option<usize>| of.and_then(|count| u32::try_from(count).ok()).unwrap_or_default();
            rows.push(PartnerEngagement {
                name: place.name,
                touches: of.map_or(0, |of| of.touches),
                before: then.map_or(0, |then| then.touches),
                last: of.and_then(|of| of.last).or(then.and_then(|then| then.last)),
                open: open.get(&id).copied().unwrap_or_default(),
                engaged: count(of.map(|of| of.deals.len())),
                partner: PartnerId(id),
            });
        }
        rows.sort_by(|a, b| {
            b.open.cmp(&a.open).then_with(|| a.name.cmp(&b.name)).then_with(|| a.partner.cmp(&b.partner))
        });
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let (partners, more) = (number(rows.len()), number(rows.len().saturating_sub(SHOWN)));
        let with = number(rows.iter().filter(|row| row.touches > 0).count());
        let touches = rows.iter().map(|row| row.touches).sum();
        rows.truncate(SHOWN);
        Ok(Engagement { quarter, partners, touched: with, touches, rows, more })
    })
}
