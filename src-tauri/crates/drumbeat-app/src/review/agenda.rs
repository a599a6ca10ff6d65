//! The agenda: what is worth talking about, from the data, in the order of W-02.
//!
//! Here the candidates of every section are gathered with the reason that each is named for; their
//! order, and which dozen is discussed, are the rules' (`drumbeat_rules::agenda`).

use chrono::Days;
use drumbeat_model::channel::ConflictsQuery;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{Deal, DealRow};
use drumbeat_model::ids::{DealId, PartnerId, ReviewItemId};
use drumbeat_model::inbox::{InboxGroup, InboxQuery};
use drumbeat_model::movement::MoveKind;
use drumbeat_model::review::{
    AgendaItem, AgendaOrder, AgendaSection, ItemState, PromiseState, Promised, ReviewTemplate,
};
use drumbeat_rules::{agenda, hygiene, signals};
use drumbeat_store::registrations::Whose;
use drumbeat_store::{Reader, Result};

use super::movement::{Between, Moved, Names};
use crate::facts;
use crate::inbox::waiting_row;
use crate::workspace::{Scene, Workspace};

/// Deals of each motion that are looked at for an agenda: the largest open ones of partners.
const PER_MOTION: u32 = 40;
/// Stalled deals that are looked at beside them, the largest.
const STALLED: u32 = 100;
/// Items of one section that are not about deals.
const PER_SECTION: u32 = 20;

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
        conflict: None,
        seller: None,
        seller_name: None,
        state: ItemState::Open,
        outcome: None,
    }
}

fn deal_item(row: &DealRow, deal: &Deal, section: AgendaSection, why: String, rank: u32) -> AgendaItem {
    AgendaItem {
        motion: row.motion,
        amount: row.amount.clone(),
        deal: Some(row.id.clone()),
        partner: deal.partner.clone(),
        seller: deal.owner.clone(),
        ..item(
            section,
            row.account.clone().unwrap_or_else(|| row.name.clone()),
            row.partner.clone().unwrap_or_default(),
            why,
            rank,
        )
    }
}

/// What an agenda is made for, with what is known of the review before.
pub(super) struct Asked<'a> {
    pub template: ReviewTemplate,
    pub order: AgendaOrder,
    pub promises: &'a [Promised],
    pub between: &'a Between,
}

/// The agenda from the data: the sections of its template in the policy's order.
pub(super) fn build(ws: &Workspace, r: &Reader<'_>, scene: &Scene, asked: &Asked<'_>) -> Result<Vec<AgendaItem>> {
    let mut items = candidates(ws, r, scene)?;
    items.extend(asked.promises.iter().filter_map(|promise| promised(scene, promise)));
    items.extend(conflicts(r)?);
    items.extend(changed(r, scene, asked.between)?);
    for item in &mut items {
        if item.seller.is_none()
            && let Some(id) = &item.deal
        {
            item.seller = r.deal(id)?.and_then(|deal| deal.owner);
        }
        item.seller_name = scene.names.of(item.seller.as_ref());
    }
    Ok(agenda::order(items, ws.policy.review.sections.of(asked.template), asked.order, &ws.policy))
}

/// What was promised and is not done.
fn promised(scene: &Scene, promise: &Promised) -> Option<AgendaItem> {
    let rank = match promise.state {
        PromiseState::Late => 45,
        PromiseState::Open if promise.due.is_none_or(|due| due <= scene.today) => 25,
        PromiseState::Open => 10,
        PromiseState::Kept | PromiseState::Replaced | PromiseState::TakenBack => return None,
    };
    let who = promise.owner_name.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
    let why = format!("promised: {}{who}, {}", promise.text, promise.became);
    Some(AgendaItem {
        deal: promise.deal.clone(),
        registration: promise.registration.clone(),
        partner: promise.partner.clone(),
        seller: promise.owner.clone(),
        ..item(AgendaSection::Promised, promise.title.clone(), promise.subtitle.clone(), why, rank)
    })
}

/// The most severe channel conflicts that are open.
fn conflicts(r: &Reader<'_>) -> Result<Vec<AgendaItem>> {
    let query = ConflictsQuery { limit: PER_SECTION, ..ConflictsQuery::default() };
    let mut items = Vec::new();
    for kept in r.conflicts(&query)?.rows {
        let finding = kept.finding;
        let deals = || finding.records.iter().filter(|record| record.kind == ObjectKind::Deal);
        let account = finding.account.as_ref().or_else(|| finding.records.first());
        let parties: Vec<&str> = finding.parties.iter().map(|party| party.name.as_str()).collect();
        let due = kept.due_at.map(|at| format!(", due {}", super::day(at.date_naive()))).unwrap_or_default();
        let why = format!(
            "{}: {}; severity {}{due}",
            finding.kind.label(),
            finding.text.trim_end_matches('.'),
            kept.severity
        );
        items.push(AgendaItem {
            motion: finding.motions.first().copied(),
            amount: finding.value.clone(),
            deal: deals().next().map(|record| DealId(record.id.clone())),
            partner: finding.parties.iter().find_map(|party| party.partner.clone()),
            conflict: Some(kept.id),
            ..item(
                AgendaSection::Conflicts,
                account.map(|account| account.label.clone()).unwrap_or_default(),
                parties.join(" · "),
                why,
                // Severity is out of a hundred; a severe one stands beside a breached clock.
                kept.severity * 6 / 10,
            )
        });
    }
    Ok(items)
}

/// Moves since the last review that somebody should speak of, in this order.
const SPOKEN_OF: &[MoveKind] = &[
    MoveKind::Lost,
    MoveKind::Gone,
    MoveKind::WentOut,
    MoveKind::AmountDown,
    MoveKind::Slipped,
    MoveKind::WentBack,
    MoveKind::Reopened,
    MoveKind::PartnerChanged,
    MoveKind::Reverted,
];

/// The largest deals that moved the wrong way since the last review.
fn changed(r: &Reader<'_>, scene: &Scene, between: &Between) -> Result<Vec<AgendaItem>> {
    let spoken_of = |moved: &&Moved| SPOKEN_OF.iter().any(|kind| moved.moves.kinds.contains(kind));
    let mut moved: Vec<&Moved> = between.deals.iter().filter(spoken_of).collect();
    moved.sort_by_key(|moved| (std::cmp::Reverse(moved.size()), moved.id.clone()));
    let mut names = Names { r, scene, partners: std::collections::BTreeMap::new() };
    let mut items = Vec::new();
    for moved in moved.into_iter().take(PER_SECTION as usize) {
        let mut reasons = Vec::new();
        for kind in SPOKEN_OF.iter().filter(|kind| moved.moves.kinds.contains(kind)) {
            reasons.push(format!("{}: {}", kind.label().to_lowercase(), names.what(moved, *kind)?));
        }
        // One that is gone can be spoken of, and nothing can be logged on it.
        if let (Some(row), Some(deal)) = (r.deal_row(&moved.id, scene.today)?, r.deal(&moved.id)?) {
            items.push(deal_item(&row, &deal, AgendaSection::Changed, reasons.join("; "), 6));
        }
    }
    Ok(items)
}

/// Candidates from clocks, protections, renewals, deals and certificates.
fn candidates(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<AgendaItem>> {
    let mut items = Vec::new();
    let within = ws.policy.clocks.decision;
    let clocks = InboxQuery { limit: PER_SECTION, ..InboxQuery::default() };
    for row in r.queue(&clocks, &Whose { now: scene.now, ..Whose::default() })?.rows {
        let Some(claim) = r.registration(&row.id)? else { continue };
        let row = waiting_row(ws, scene, &claim, row.partner_name);
        let (why, rank) = match row.group {
            InboxGroup::Over => (format!("over the {within} (S-02)"), 60),
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
            partner: claim.partner,
            ..item(AgendaSection::Clocks, row.company, subtitle, why, rank)
        });
    }
    let soon = ws.policy.after(scene.today, ws.policy.clocks.protection_ends);
    for row in r.protections_ending(soon, PER_SECTION, scene.today)? {
        let Some((deal, signals)) = facts::signals(r, &row.id, &ws.policy, scene)? else { continue };
        let ends = row.protection_end.map(super::day).unwrap_or_default();
        items.push(deal_item(
            &row,
            &deal,
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
                format!("renews on {} without a confirmed owner (S-08)", super::day(day)),
                30,
            )
        });
    }
    for id in r.review_candidates(PER_MOTION, STALLED, scene.today)? {
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
            items.push(deal_item(&row, &deal, AgendaSection::Stalled, why, rank));
        } else if signals.iter().all(|signal| signal.rule.starts_with("F-")) {
            items.push(deal_item(&row, &deal, AgendaSection::Hygiene, reason, rank));
        } else {
            items.push(deal_item(&row, &deal, AgendaSection::Deals, reason, rank));
        }
    }
    let reminder = ws.policy.after(scene.today, ws.policy.clocks.certification_expires);
    for certificate in r.certifications_ending(scene.today, reminder, PER_SECTION)? {
        let partner = r.name_of_company(certificate.partner.as_str())?.unwrap_or_default();
        let ends = certificate.expires.map(super::day).unwrap_or_default();
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
    Ok(items)
}
