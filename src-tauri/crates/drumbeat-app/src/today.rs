//! Today (W-10): what needs you, what is due, what was promised and is late, what is new. And search.

use std::sync::Arc;

use chrono::{Datelike, Days, Duration, Months, Weekday};
use drumbeat_model::change::OpState;
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{DealFilter, DealRow};
use drumbeat_model::inbox::{InboxGroup, InboxQuery, InboxRow, InboxShow};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::{
    BlockCount, ClockReport, ClockRow, NextCall, SearchHit, SearchQuery, Today, TodayBlock, TodayLine, TodayTarget,
};
use drumbeat_model::verdict::ClockState;
use drumbeat_rules::clocks::Rule;
use drumbeat_rules::policy::Rhythm;
use drumbeat_rules::{calendar, clocks};
use drumbeat_store::clocks::Stretch;
use drumbeat_store::registrations::{Delivery, Whose};
use drumbeat_store::{Reader, Result};

use crate::api::Nothing;
use crate::clocks::Gather;
use crate::error::Answer;
use crate::inbox::waiting_row;
use crate::workspace::{Scene, Workspace};

/// Lines of one block that are shown.
const SHOWN: usize = 20;
/// Lines of one block that are looked for.
const LOOKED: u32 = 200;

/// What waits today.
///
/// # Errors
/// What the store says.
pub fn today(ws: &Arc<Workspace>, _: Nothing) -> Answer<Today> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let reviews = r.reviews()?;
        let since = since(r, &scene)?;
        let mut lines = needs_you(r)?;
        let queue = queue(ws, r, &scene)?;
        let steps = r.next_steps_due(scene.today, LOOKED, scene.today)?;
        lines.extend(due(ws, r, &scene, &queue, &steps)?);
        lines.extend(late(&scene, &steps));
        lines.extend(new(&queue, since));
        let counts = TodayBlock::ALL
            .iter()
            .map(|block| BlockCount {
                block: *block,
                count: u32::try_from(lines.iter().filter(|line| line.block == *block).count()).unwrap_or(u32::MAX),
            })
            .collect();
        let next_call = next_call(r, &scene, &queue)?;
        let mut shown = Vec::new();
        for block in TodayBlock::ALL {
            shown.extend(lines.iter().filter(|line| line.block == *block).take(SHOWN).cloned());
        }
        let decided = decided(ws, r, &scene, scene.now - Duration::days(30))?;
        let rhythm = ws.policy.review.rhythm;
        let last = reviews.iter().find(|row| row.template.name() == rhythm.name() && row.finished_at.is_some());
        Ok(Today {
            next_review: Some(next_review(scene.today, last.map(|row| row.started_at.date_naive()), rhythm)),
            review: reviews.iter().find(|row| row.finished_at.is_none()).or(reviews.first()).cloned(),
            pipeline: r
                .deal_totals(
                    &DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), ..DealFilter::default() },
                    scene.today,
                )?
                .sums,
            attainment: clocks::attainment(decided.iter().map(|row| row.arrival)),
            lines: shown,
            counts,
            since,
            next_call,
        })
    })
}

/// The decisions of the last days against both clocks: when they were made, and when the CRM had them (B5).
///
/// # Errors
/// What the store says.
pub fn decision_clocks(ws: &Arc<Workspace>, days: u32) -> Answer<ClockReport> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let since = scene.now.checked_sub_days(Days::new(days.into())).unwrap_or(scene.now);
        let rows = decided(ws, r, &scene, since)?;
        let attainment = clocks::attainment(rows.iter().map(|row| row.arrival));
        Ok(ClockReport { since, within: ws.policy.clocks.decision.to_string(), attainment, rows })
    })
}

fn decided(ws: &Workspace, r: &Reader<'_>, scene: &Scene, since: Instant) -> Result<Vec<ClockRow>> {
    let mut rows = Vec::new();
    for row in r.decided_since(since)? {
        let (Some(submitted), Some(decided)) = (row.submitted_at, row.decided_at) else { continue };
        // What began before the go-live day is baseline (S-12).
        if scene.mapping.go_live.is_some_and(|live| submitted.date_naive() < live) {
            continue;
        }
        let mut due = calendar::due(submitted, ws.policy.clocks.decision, &ws.policy.calendar, &[]);
        let reached = reached(r, row.id.as_str(), decided)?;
        // Times in which the partner owed an answer only move the end out: in time without them is in time.
        if reached.unwrap_or(scene.now).max(decided) > due
            && let Some(claim) = r.registration(&row.id)?
            && let Some(clock) = clocks::decision_clock(&claim, &ws.policy, scene.mapping.go_live, scene.now)
        {
            due = clock.due;
        }
        rows.push(ClockRow {
            arrival: clocks::arrival(due, decided, reached, scene.now),
            registration: row.id,
            number: row.number,
            company: row.company,
            partner: row.partner_name,
            submitted,
            due,
            decided,
            reached,
        });
    }
    Ok(rows)
}

/// When the CRM had a decision: at once, where it was made there.
pub(crate) fn reached(r: &Reader<'_>, registration: &str, decided: Instant) -> Result<Option<Instant>> {
    Ok(match r.delivery(registration)? {
        Delivery::Waits => None,
        Delivery::NotOurs => Some(decided),
        // One that was made there after ours is the one that counts.
        Delivery::Landed(at) => Some(at.max(decided)),
    })
}

/// "New" counts from the start of the day before the last sync's day, and never from before go-live.
fn since(r: &Reader<'_>, scene: &Scene) -> Result<Option<Instant>> {
    let last = crate::settings::last_sync(r)?.unwrap_or(scene.now);
    let day = last.date_naive().pred_opt().unwrap_or(scene.today);
    let day = scene.mapping.go_live.map_or(day, |live| day.max(live));
    Ok(day.and_hms_opt(0, 0, 0).map(|at| at.and_utc()))
}

/// The next review by the policy's rhythm (W-01): a week, a month or a quarter after the last, else the coming Thursday.
fn next_review(today: Day, last: Option<Day>, rhythm: Rhythm) -> Day {
    let after = |last: Day| match rhythm {
        Rhythm::Weekly => last.checked_add_days(Days::new(7)),
        Rhythm::Monthly => last.checked_add_months(Months::new(1)),
        Rhythm::Quarterly => last.checked_add_months(Months::new(3)),
    };
    if let Some(next) = last.and_then(after) {
        return next.max(today);
    }
    let ahead = (Weekday::Thu.num_days_from_monday() + 7 - today.weekday().num_days_from_monday()) % 7;
    today.checked_add_days(Days::new(ahead.into())).unwrap_or(today)
}

fn queue(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<InboxRow>> {
    let query = InboxQuery { show: InboxShow::Open, limit: LOOKED, ..InboxQuery::default() };
    let mut rows = Vec::new();
    for row in r.queue(&query, &Whose { now: scene.now, ..Whose::default() })?.rows {
        if let Some(claim) = r.registration(&row.id)? {
            rows.push(waiting_row(ws, scene, &claim, row.partner_name));
        }
    }
    Ok(rows)
}

fn needs_you(r: &Reader<'_>) -> Result<Vec<TodayLine>> {
    let mut lines = Vec::new();
    for op in r.ops_in(&[OpState::Conflict, OpState::Rejected])? {
        let decision = r.decision(&op.decision)?;
        lines.push(TodayLine {
            block: TodayBlock::NeedsYou,
            title: decision.map(|decision| decision.title).unwrap_or_default(),
            text: op.evidence.last().map_or_else(|| op.state.label().to_owned(), |evidence| evidence.text.clone()),
            due: None,
            opens: TodayTarget::Outbox(op.id.0),
            amount: None,
        });
    }
    Ok(lines)
}

fn registration_line(block: TodayBlock, row: &InboxRow, text: String) -> TodayLine {
    TodayLine {
        block,
        title: row.company.clone(),
        text,
        due: row.clock.as_ref().map(|clock| clock.due),
        opens: TodayTarget::Registration(row.id.0.clone()),
        amount: row.amount.clone(),
    }
}

fn deal_line(block: TodayBlock, row: &DealRow, text: String, due: Option<Day>) -> TodayLine {
    TodayLine {
        block,
        // An account may have several deals here; the deal's own name tells them apart.
        title: row.name.clone(),
        text,
        due: due.and_then(|day| day.and_hms_opt(12, 0, 0)).map(|at| at.and_utc()),
        opens: TodayTarget::Deal(row.id.0.clone()),
        amount: row.amount.clone(),
    }
}

fn due(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    queue: &[InboxRow],
    steps: &[(DealRow, Day)],
) -> Result<Vec<TodayLine>> {
    let mut lines: Vec<TodayLine> = queue
        .iter()
        .filter(|row| matches!(row.group, InboxGroup::Over | InboxGroup::Today))
        .map(|row| {
            let partner = row.partner.as_deref().unwrap_or("no partner");
            let what = if row.group == InboxGroup::Over { "over the SLA" } else { "decision due" };
            registration_line(TodayBlock::Due, row, format!("{what}, {partner}"))
        })
        .collect();
    let soon = ws.policy.after(scene.today, ws.policy.clocks.protection_ends);
    for row in r.protections_ending(soon, LOOKED, scene.today)? {
        let partner = row.partner.clone().unwrap_or_default();
        lines.push(deal_line(TodayBlock::Due, &row, format!("protection ends, {partner}"), row.protection_end));
    }
    for (row, day) in steps.iter().filter(|(_, day)| *day == scene.today) {
        let partner = row.partner.clone().unwrap_or_default();
        lines.push(deal_line(TodayBlock::Due, row, format!("next step today, {partner}"), Some(*day)));
    }
    lines.extend(other_clocks(ws, r, scene)?);
    Ok(lines)
}

/// The other clocks that run out today or have just run out (S).
fn other_clocks(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<TodayLine>> {
    const OTHERS: [Rule; 8] = [
        Rule::Referral,
        Rule::FollowUp,
        Rule::NextStep,
        Rule::ConflictAcknowledged,
        Rule::ResolutionPlan,
        Rule::RenewalOwner,
        Rule::FirstMeeting,
        Rule::CertificationExpires,
    ];
    let gather = Gather::new(ws, r, scene, None, LOOKED);
    let near = Stretch { after: scene.now - Duration::days(2), until: scene.now + Duration::days(1) };
    let mut lines = Vec::new();
    for rule in OTHERS {
        for line in gather.around(rule, near)? {
            let clock = &line.line.clock;
            let said = match clock.state {
                ClockState::Over if clock.due > near.after => "over",
                ClockState::Running if clock.due.date_naive() == scene.today => "due today",
                _ => continue,
            };
            let partner = line.line.partner.unwrap_or_else(|| "no partner".to_owned());
            lines.push(TodayLine {
                block: TodayBlock::Due,
                title: line.line.title,
                text: format!("{} {said}, {partner}", rule.row().name.to_lowercase()),
                due: Some(clock.due),
                opens: line.line.opens,
                amount: None,
            });
        }
    }
    lines.sort_by(|a, b| (a.due, &a.title).cmp(&(b.due, &b.title)));
    Ok(lines)
}

fn late(scene: &Scene, steps: &[(DealRow, Day)]) -> Vec<TodayLine> {
    let live = scene.mapping.go_live.unwrap_or(Day::MIN);
    steps
        .iter()
        .filter(|(_, day)| *day < scene.today && *day >= live)
        .map(|(row, day)| {
            let partner = row.partner.clone().unwrap_or_default();
            deal_line(TodayBlock::Late, row, format!("next step is late, {partner}"), Some(*day))
        })
        .collect()
}

fn new(queue: &[InboxRow], since: Option<Instant>) -> Vec<TodayLine> {
    let fresh = |row: &&InboxRow| {
        row.clock.as_ref().zip(since).is_some_and(|(clock, since)| clock.started > since)
            && !matches!(row.group, InboxGroup::Over | InboxGroup::Today)
    };
    queue
        .iter()
        .filter(fresh)
        .map(|row| {
            registration_line(
                TodayBlock::New,
                row,
                format!("new {}, {}", row.kind.label().to_lowercase(), row.partner.as_deref().unwrap_or("no partner")),
            )
        })
        .collect()
}

/// The partner with the most that is over or due, then the one with the most waiting.
fn next_call(r: &Reader<'_>, scene: &Scene, queue: &[InboxRow]) -> Result<Option<NextCall>> {
    let urgent = queue.iter().find(|row| row.group == InboxGroup::Over).or_else(|| queue.first());
    if let Some(row) = urgent
        && let Some(claim) = r.registration(&row.id)?
        && let Some(partner) = claim.partner
    {
        let waiting = queue.iter().filter(|other| other.partner == row.partner).count();
        let why = format!("{waiting} of its registrations wait, {} first", row.company);
        return Ok(Some(NextCall { name: row.partner.clone().unwrap_or_default(), partner, why }));
    }
    let soon = scene.today.checked_add_days(Days::new(30)).unwrap_or(scene.today);
    let Some(row) = r.protections_ending(soon, 1, scene.today)?.into_iter().next() else { return Ok(None) };
    let Some(deal) = r.deal(&row.id)? else { return Ok(None) };
    Ok(deal.partner.map(|partner| NextCall {
        partner,
        name: row.partner.unwrap_or_default(),
        why: format!("its protection on {} ends next", row.name),
    }))
}

/// Finds deals, partners, accounts and registrations by name.
///
/// # Errors
/// What the store says.
pub fn search(ws: &Arc<Workspace>, query: SearchQuery) -> Answer<Vec<SearchHit>> {
    ws.read(|r| r.search(&query.text, query.limit))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_next_review_is_by_the_policy_s_rhythm_after_the_last_or_on_the_coming_thursday() {
        use Rhythm::{Monthly, Quarterly, Weekly};
        let day = |text: &str| Day::parse_from_str(text, "%Y-%m-%d").unwrap();
        for (today, last, rhythm, expected) in [
            ("2026-11-21", None, Weekly, "2026-11-26"),
            ("2026-11-26", None, Monthly, "2026-11-26"),
            ("2026-11-21", Some("2026-11-19"), Weekly, "2026-11-26"),
            ("2026-11-21", Some("2026-10-01"), Weekly, "2026-11-21"),
            ("2026-11-21", Some("2026-11-19"), Monthly, "2026-12-19"),
            ("2026-11-21", Some("2026-10-31"), Monthly, "2026-11-30"),
            ("2026-11-21", Some("2026-11-19"), Quarterly, "2027-02-19"),
        ] {
            assert_eq!(next_review(day(today), last.map(day), rhythm), day(expected), "{today} {last:?} {rhythm:?}");
        }
    }
}
