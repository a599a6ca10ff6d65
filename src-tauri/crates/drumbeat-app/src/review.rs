//! The partner review: an agenda from the data, one decision an item, minutes at the end (W).
//!
//! A review is frozen when it starts: its items and their order do not move while people talk. Each
//! logged item is one decision, saved with the item's new state in one transaction, so a crash loses
//! nothing and a review goes on where it was.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use chrono::Days;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{Choice, DealRow, EditDeal};
use drumbeat_model::ids::{PartnerId, ReviewId, ReviewItemId};
use drumbeat_model::inbox::{InboxGroup, InboxQuery};
use drumbeat_model::review::{
    AgendaItem, AgendaSection, ClearRest, ItemOutcome, ItemState, ItemVerdict, LogItem, MarkItem, Minutes, Review,
    ReviewItemDetail, ReviewRow, StartReview,
};
use drumbeat_rules::{agenda, hygiene, signals};
use drumbeat_store::{Entry, Reader, Result, StoreError};
use serde_json::json;

use crate::api::{Nothing, ReviewItem};
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::facts;
use crate::inbox::inbox_row;
use crate::partners::{Log, log, promise};
use crate::workspace::{Scene, Workspace};

/// Deals that are looked at for an agenda: the largest open ones of partners.
const CANDIDATES: u32 = 400;
/// Items of one section that are not about deals.
const PER_SECTION: u32 = 20;

/// All reviews, latest first.
///
/// # Errors
/// What the store says.
pub fn reviews(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<ReviewRow>> {
    ws.read(|r| r.reviews())
}

/// One review.
///
/// # Errors
/// When there is none.
pub fn review(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Review> {
    ws.read(|r| r.review(&id))
}

/// Starts a review: builds the agenda and freezes it.
///
/// # Errors
/// When one is running already.
pub fn start_review(ws: &Arc<Workspace>, request: StartReview) -> Answer<Review> {
    if let Some(running) = ws.read(|r| r.reviews())?.into_iter().find(|row| row.finished_at.is_none()) {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "review.running",
            format!(
                "A {} is running since {}",
                running.template.label().to_lowercase(),
                running.started_at.date_naive()
            ),
        )
        .kept("It is kept as it is")
        .next("Go on with it, or finish it first"));
    }
    let now = ws.clock.now();
    let items = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        build(ws, r, &scene)
    })?;
    let snapshot_at = ws.read(|r| r.cursor("last_sync"))?.and_then(|text| drumbeat_model::value::instant(&text));
    let review = Review {
        id: ReviewId(uuid::Uuid::now_v7().to_string()),
        template: request.template,
        started_at: now,
        finished_at: None,
        snapshot_at,
        minutes_planned: ws.policy.review.minutes,
        attendees: request
            .attendees
            .into_iter()
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        items,
    };
    let title = format!("Started the {}", review.template.label().to_lowercase());
    write(ws, "review start", &title, None, &review)?;
    Ok(review)
}

fn write(ws: &Workspace, act: &str, title: &str, reason: Option<&str>, review: &Review) -> Answer<()> {
    let actor = ws.actor()?;
    let entry =
        Entry { at: ws.clock.now(), actor: &actor, act, title, reason, facts: None, policy: Some(ws.policy.version) };
    ws.write(entry, |w| w.put_review(review))
}

fn item(section: AgendaSection, title: String, subtitle: String, why: String, rank: u32) -> AgendaItem {
    AgendaItem {
        id: ReviewItemId(uuid::Uuid::now_v7().to_string()),
        section,
        title,
        subtitle,
        why,
        motion: None,
        amount: None,
        rank,
        discussed: false,
        deal: None,
        registration: None,
        partner: None,
        state: ItemState::Open,
        outcome: None,
    }
}

fn deal_item(row: &DealRow, partner: Option<PartnerId>, section: AgendaSection, why: String, rank: u32) -> AgendaItem {
    AgendaItem {
        motion: row.motion,
        amount: row.amount.clone(),
        deal: Some(row.id.clone()),
        partner,
        ..item(
            section,
            row.account.clone().unwrap_or_else(|| row.name.clone()),
            row.partner.clone().unwrap_or_default(),
            why,
            rank,
        )
    }
}

/// The agenda from the data, in the order of W-02.
fn build(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<AgendaItem>> {
    let mut items = Vec::new();
    let clocks = InboxQuery { limit: PER_SECTION, ..InboxQuery::default() };
    for row in r.queue(&clocks, None)?.rows {
        let Some(claim) = r.registration(&row.id)? else { continue };
        let (row, facts, _) = inbox_row(ws, r, scene, claim, row.partner_name)?;
        let (why, rank) = match row.group {
            InboxGroup::Over => ("over the 48 hours (S-02)".to_owned(), 60),
            InboxGroup::Today => ("due today (S-02)".to_owned(), 40),
            InboxGroup::Tomorrow | InboxGroup::Later | InboxGroup::Paused | InboxGroup::Decided => continue,
        };
        // Many CRMs name a claim by its partner and company: then the partner alone says as much.
        let subtitle = match row.partner {
            Some(partner) if row.number.contains(&partner) => partner,
            Some(partner) => format!("{partner} · {}", row.number),
            None => row.number,
        };
        items.push(AgendaItem {
            motion: row.motion,
            amount: row.amount,
            registration: Some(row.id),
            partner: facts.registration.partner.clone(),
            ..item(AgendaSection::Clocks, row.company, subtitle, why, rank)
        });
    }
    let soon = scene
        .today
        .checked_add_days(Days::new(ws.policy.clocks.protection_ends_soon_days.into()))
        .unwrap_or(scene.today);
    for row in r.protections_ending(soon, PER_SECTION, scene.today)? {
        let Some((deal, signals)) = facts::signals(r, &row.id, &ws.policy, scene)? else { continue };
        let ends = row.protection_end.map(|day| day.to_string()).unwrap_or_default();
        items.push(deal_item(
            &row,
            deal.partner,
            AgendaSection::Protections,
            format!("protection ends on {ends} (F-03)"),
            signals::rank(&signals),
        ));
    }
    let by = scene.today.checked_add_days(Days::new(90)).unwrap_or(scene.today);
    for (account, name, incumbent, day) in r.renewals_due(scene.today, by, PER_SECTION)? {
        if r.deals_at(&account.as_str().into(), 5, scene.today)?
            .iter()
            .any(|deal| deal.outcome == drumbeat_model::crm::Outcome::Open)
        {
            continue;
        }
        let holder = r.name_of_company(&incumbent)?.unwrap_or_else(|| incumbent.clone());
        items.push(AgendaItem {
            partner: Some(PartnerId(incumbent)),
            ..item(
                AgendaSection::Renewals,
                name,
                holder,
                format!("renews on {day} without a confirmed owner (S-08)"),
                30,
            )
        });
    }
    for id in r.review_candidates(CANDIDATES)? {
        let Some((deal, signals)) = facts::signals(r, &id, &ws.policy, scene)? else { continue };
        let Some(row) = r.deal_row(&id, scene.today)? else { continue };
        let rank = signals::rank(&signals);
        let on_agenda =
            |item: &AgendaItem| item.section == AgendaSection::Protections && item.deal.as_ref() == Some(&deal.id);
        let protection_told = items.iter().any(on_agenda);
        let Some(strongest) = signals.iter().find(|signal| !(protection_told && signal.rule == "F-03")) else {
            continue;
        };
        let reason = format!("{}: {}", strongest.name, strongest.fact);
        if let Some(why) = hygiene::stalled(&deal, &ws.policy, scene.mapping.go_live, scene.now) {
            items.push(deal_item(&row, deal.partner.clone(), AgendaSection::Stalled, why, rank));
        } else if signals.iter().all(|signal| signal.rule.starts_with("F-")) {
            items.push(deal_item(&row, deal.partner.clone(), AgendaSection::Hygiene, reason, rank));
        } else {
            items.push(deal_item(&row, deal.partner.clone(), AgendaSection::Deals, reason, rank));
        }
    }
    let reminder = scene
        .today
        .checked_add_days(Days::new(ws.policy.clocks.certification_reminder_days.into()))
        .unwrap_or(scene.today);
    for certificate in r.certifications_ending(scene.today, reminder, PER_SECTION)? {
        let partner = r.name_of_company(certificate.partner.as_str())?.unwrap_or_default();
        let ends = certificate.expires.map(|day| day.to_string()).unwrap_or_default();
        let who = certificate.holder.unwrap_or_default();
        items.push(AgendaItem {
            partner: Some(certificate.partner),
            ..item(
                AgendaSection::Certifications,
                partner,
                format!("{}, {who}", certificate.name),
                format!("ends on {ends} (S-11)"),
                8,
            )
        });
    }
    Ok(agenda::order(items, &ws.policy))
}

/// One item with what is needed to decide it.
///
/// # Errors
/// When there is none.
pub fn review_item(ws: &Arc<Workspace>, request: ReviewItem) -> Answer<ReviewItemDetail> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let review = r.review(&request.review)?;
        let item = review
            .items
            .iter()
            .find(|item| item.id == request.item)
            .cloned()
            .ok_or_else(|| StoreError::NotFound { what: "item of the review", id: request.item.0.clone() })?;
        let last = r.reviews()?.into_iter().find(|row| row.finished_at.is_some() && row.id != review.id);
        let last_at = last.as_ref().map(|row| row.started_at);
        let due_by =
            scene.today.checked_add_days(Days::new(ws.policy.clocks.next_step_days.into())).unwrap_or(scene.today);
        let mut detail = ReviewItemDetail {
            facts: Vec::new(),
            since: Vec::new(),
            last_review: last_at,
            fields: Vec::new(),
            signals: Vec::new(),
            promised: promised(r, last.as_ref(), &item)?,
            owners: scene.names.choices(),
            owner: scene.mapping.me.clone(),
            due_by,
            item,
        };
        let fact = |label: &str, value: Option<String>| value.map(|value| Choice { value, label: label.to_owned() });
        if let Some(id) = &detail.item.deal
            && let Some((deal, signals)) = facts::signals(r, id, &ws.policy, &scene)?
        {
            let row = r.deal_row(&deal.id, scene.today)?;
            detail.facts.extend(fact("Deal", Some(deal.name.clone())));
            detail.facts.extend(fact("Partner", row.as_ref().and_then(|row| row.partner.clone())));
            detail.facts.extend(fact("Motion", deal.motion.map(|motion| motion.label().to_owned())));
            detail.facts.extend(fact("Stage", Some(deal.stage_label.clone())));
            detail.facts.extend(fact("Amount", deal.amount.as_ref().map(ToString::to_string)));
            detail.facts.extend(fact("Close", deal.close_date.map(|day| day.to_string())));
            detail.facts.extend(fact("Next step", deal.next_step.clone()));
            detail.since = crate::deals::movements(r, &scene, &deal, last_at)?;
            detail.fields = crate::deals::fields(ws, r, &scene, &deal)?;
            detail.signals = signals;
            detail.owner = deal.next_step_owner.or(deal.owner).or(detail.owner);
        } else if let Some(id) = &detail.item.registration
            && let Some(claim) = r.registration(id)?
        {
            detail.facts.extend(fact("Registration", Some(claim.name.clone())));
            detail.facts.extend(fact("Partner", facts::partner_name(r, claim.partner.as_ref())?));
            detail.facts.extend(fact("Amount", claim.amount.as_ref().map(ToString::to_string)));
            detail.facts.extend(fact("Status", Some(claim.status.label().to_owned())));
            detail.facts.extend(fact("Submitted", claim.submitted_at.map(|at| at.date_naive().to_string())));
        }
        Ok(detail)
    })
}

/// What was promised on the same record in the last review, and whether it was kept.
fn promised(r: &Reader<'_>, last: Option<&ReviewRow>, item: &AgendaItem) -> Result<Option<String>> {
    let Some(last) = last else { return Ok(None) };
    let before = r.review(&last.id)?;
    let same = |other: &&AgendaItem| {
        (other.deal.is_some() && other.deal == item.deal)
            || (other.registration.is_some() && other.registration == item.registration)
    };
    let Some(outcome) = before.items.iter().filter(same).find_map(|other| other.outcome.clone()) else {
        return Ok(None);
    };
    let Some(step) = outcome.next_step else { return Ok(None) };
    let tasks = match &item.deal {
        Some(deal) => r.touches(ObjectKind::Deal, deal.as_str(), 50)?,
        None => Vec::new(),
    };
    let done = tasks.iter().find(|touch| touch.kind == ObjectKind::Task && touch.title == step).map(|task| task.done);
    let became = match (done, outcome.due) {
        (Some(true), _) => "done".to_owned(),
        (Some(false) | None, Some(due)) => format!("open, due {due}"),
        (Some(false) | None, None) => "open".to_owned(),
    };
    let who = outcome.owner_name.unwrap_or_default();
    Ok(Some(format!("{step} ({who}): {became}")))
}

fn running(ws: &Workspace, id: &ReviewId) -> Answer<Review> {
    let review = ws.read(|r| r.review(id))?;
    if let Some(at) = review.finished_at {
        return Err(ApiError::new(
            Code::Invalid,
            "review.finished",
            format!("That review was finished on {}", at.date_naive()),
        )
        .kept("It is kept as it is")
        .next("Start the next one"));
    }
    Ok(review)
}

fn place(review: &Review, id: &ReviewItemId) -> Answer<usize> {
    review
        .items
        .iter()
        .position(|item| item.id == *id)
        .ok_or_else(|| ApiError::not_found("item of the review", id.as_str()))
}

/// Logs the decision on an item: a note, the next step and a task on the deal, queued for the CRM (W-04).
///
/// # Errors
/// When the next step lacks its owner or a day inside seven, or an edit does not fit.
pub fn log_item(ws: &Arc<Workspace>, request: LogItem) -> Answer<Review> {
    let mut review = running(ws, &request.review)?;
    let at = place(&review, &request.item)?;
    let step = request.next_step.as_deref().map(str::trim).filter(|step| !step.is_empty());
    if step.is_none() && request.verdict != ItemVerdict::NoAction {
        return Err(ApiError::invalid(
            "step.missing",
            "Every item ends with a next step, or with \"no action\" (W-04)",
        )
        .next("Write the next step, or choose no action"));
    }
    let promise = promise(ws, step, request.owner.as_ref(), request.due)?;
    let (scene, schema) = ws.read(|r| Ok((Scene::read(ws, r)?, r.schema()?)))?;
    let item = review.items[at].clone();
    let extra = match (&item.deal, request.edits.is_empty()) {
        (Some(deal), false) => {
            crate::deals::prepare(
                ws,
                &EditDeal {
                    deal: deal.clone(),
                    set: request.edits.clone(),
                    override_reason: Some(format!("decided in the review: {}", request.text)),
                },
            )?
            .values
        }
        _ => BTreeMap::new(),
    };
    let text = request.text.trim().to_owned();
    let note = if text.is_empty() {
        format!("Review: {}", request.verdict.label().to_lowercase())
    } else {
        format!("Review: {}. {text}", request.verdict.label().to_lowercase())
    };
    let draft = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        let partner = item.partner.as_ref().filter(|_| item.deal.is_none()).map(PartnerId::as_str);
        log(
            r,
            &scene,
            &mut draft,
            &Log { note: &note, promise: promise.as_ref(), partner, deal: item.deal.as_ref(), extra },
        )?;
        Ok(draft)
    })?;
    let now = ws.clock.now();
    let outcome = ItemOutcome {
        verdict: request.verdict,
        text: text.clone(),
        next_step: promise.as_ref().map(|promise| promise.text.clone()),
        owner_name: scene.names.of(promise.as_ref().map(|promise| &promise.owner)),
        owner: promise.as_ref().map(|promise| promise.owner.clone()),
        due: promise.as_ref().map(|promise| promise.due),
        at: now,
        decision: None,
    };
    review.items[at].state = ItemState::Decided;
    let record = match (&item.deal, &item.registration, &item.partner) {
        (Some(deal), _, _) => (ObjectKind::Deal, deal.0.clone()),
        (None, Some(registration), _) => (ObjectKind::Registration, registration.0.clone()),
        (None, None, Some(partner)) => (ObjectKind::Company, partner.0.clone()),
        (None, None, None) => (ObjectKind::Company, String::new()),
    };
    let about = About {
        act: "review item",
        title: format!("Review: {}, {}", item.title, request.verdict.label().to_lowercase()),
        record,
        reason: (!text.is_empty()).then_some(text),
        facts: json!({ "why": item.why, "rank": item.rank }),
    };
    if draft.is_empty() {
        review.items[at].outcome = Some(outcome);
        write(ws, about.act, &about.title, about.reason.as_deref(), &review)?;
        return Ok(review);
    }

    review.items[at].outcome = Some(outcome);
    decide::save_with(ws, about, draft, |w| w.put_review(&review))?;
    Ok(review)
}

/// Skips, parks or flags an item, or opens it again.
///
/// # Errors
/// When the review is finished or there is no such item.
pub fn mark_item(ws: &Arc<Workspace>, request: MarkItem) -> Answer<Review> {
    let mut review = running(ws, &request.review)?;
    let at = place(&review, &request.item)?;
    if request.state == ItemState::Decided || review.items[at].state == ItemState::Decided {
        return Err(ApiError::invalid("item.decided", "A decision is logged, not marked")
            .kept("The item is as it was")
            .next("Log the decision, or take back the one that was logged"));
    }
    review.items[at].state = request.state;
    let title = format!("{}: {}", request.state.label(), review.items[at].title);
    write(ws, "review mark", &title, None, &review)?;
    Ok(review)
}

/// Clears the items that are not discussed, all with "no action" (W-07).
///
/// # Errors
/// When the review is finished.
pub fn clear_rest(ws: &Arc<Workspace>, request: ClearRest) -> Answer<Review> {
    let mut review = running(ws, &request.review)?;
    let now = ws.clock.now();
    let mut cleared = 0;
    for item in &mut review.items {
        let meant = if request.items.is_empty() { !item.discussed } else { request.items.contains(&item.id) };
        if meant && item.state == ItemState::Open {
            item.state = ItemState::Decided;
            item.outcome = Some(ItemOutcome {
                verdict: ItemVerdict::NoAction,
                text: String::new(),
                next_step: None,
                owner: None,
                owner_name: None,
                due: None,
                at: now,
                decision: None,
            });
            cleared += 1;
        }
    }
    write(ws, "review clear", &format!("Cleared {cleared} items with no action"), None, &review)?;
    Ok(review)
}

/// Finishes the review and writes its minutes.
///
/// # Errors
/// When it is finished already.
pub fn finish_review(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Minutes> {
    let mut review = running(ws, &id)?;
    review.finished_at = Some(ws.clock.now());
    let title = format!("Finished the {}", review.template.label().to_lowercase());
    write(ws, "review finish", &title, None, &review)?;
    minutes(ws, id)
}

/// The minutes of a review, as Markdown.
///
/// # Errors
/// When there is none.
pub fn minutes(ws: &Arc<Workspace>, id: ReviewId) -> Answer<Minutes> {
    ws.read(|r| {
        let review = r.review(&id)?;
        let (queued, _) = r.outbox_counts()?;
        Ok(Minutes { markdown: markdown(&review, &ws.card.name, queued), review: id, queued })
    })
}

fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|")
}

fn counted(items: usize) -> String {
    if items == 1 { "1 item".to_owned() } else { format!("{items} items") }
}

fn markdown(review: &Review, account: &str, queued: u32) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}, {}\n", review.template.label(), review.started_at.format("%-d %B %Y"));
    let _ = writeln!(out, "{}", plain(account));
    if !review.attendees.is_empty() {
        let _ = writeln!(out, "\nAttendees: {}", plain(&review.attendees.join(", ")));
    }
    let minutes = review.finished_at.map(|end| (end - review.started_at).num_minutes());
    if let Some(minutes) = minutes {
        let _ = writeln!(out, "\nDuration: {minutes} of {} minutes planned", review.minutes_planned);
    }
    if let Some(at) = review.snapshot_at {
        let _ = writeln!(
            out,
            "\nData as of {} UTC; {queued} changes not yet in the CRM when written.",
            at.format("%Y-%m-%d %H:%M")
        );
    }
    let decided =
        |item: &&AgendaItem| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict != ItemVerdict::NoAction);
    if review.items.iter().any(|item| decided(&item)) {
        let _ = writeln!(
            out,
            "\n## Decisions\n\n| Item | Decision | Next step | Owner | Due |\n| --- | --- | --- | --- | --- |"
        );
        for item in review.items.iter().filter(decided) {
            let Some(outcome) = &item.outcome else { continue };
            let what = if outcome.text.is_empty() {
                outcome.verdict.label().to_owned()
            } else {
                format!("{}: {}", outcome.verdict.label(), outcome.text)
            };
            let _ = writeln!(
                out,
                "| {} ({}) | {} | {} | {} | {} |",
                plain(&item.title),
                plain(&item.subtitle),
                plain(&what),
                plain(outcome.next_step.as_deref().unwrap_or("")),
                plain(outcome.owner_name.as_deref().unwrap_or("")),
                outcome.due.map(|due| due.to_string()).unwrap_or_default()
            );
        }
    }
    for (state, head) in [
        (ItemState::Flagged, "Flagged"),
        (ItemState::Parked, "Parked"),
        (ItemState::Skipped, "Skipped"),
        (ItemState::Open, "Not reached"),
    ] {
        let meant = |item: &&AgendaItem| item.state == state && (item.discussed || state != ItemState::Open);
        let items: Vec<&AgendaItem> = review.items.iter().filter(meant).collect();
        if !items.is_empty() {
            let _ = writeln!(out, "\n## {head}\n");
            for item in items {
                let _ = writeln!(out, "- {} ({}): {}", plain(&item.title), plain(&item.subtitle), plain(&item.why));
            }
        }
    }
    let open = review.items.iter().filter(|item| item.state == ItemState::Open && !item.discussed).count();
    if open > 0 {
        let _ = writeln!(
            out,
            "\n{} that nobody meant to discuss {} still open.",
            counted(open),
            if open == 1 { "is" } else { "are" }
        );
    }
    let none = review
        .items
        .iter()
        .filter(|item| item.outcome.as_ref().is_some_and(|outcome| outcome.verdict == ItemVerdict::NoAction))
        .count();
    if none > 0 {
        let _ = writeln!(out, "\n{} ended with no action.", counted(none));
    }
    out
}
