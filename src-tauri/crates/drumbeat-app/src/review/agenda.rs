//! The agenda: what is worth talking about, from the data, in the order of W-02.
//!
//! Here the candidates of every section are gathered with the reason that each is named for; their
//! order, and which dozen is discussed, are the rules' (`drumbeat_rules::agenda`).

use chrono::Days;
use drumbeat_model::deal::DealRow;
use drumbeat_model::ids::{PartnerId, ReviewItemId};
use drumbeat_model::inbox::{InboxGroup, InboxQuery};
use drumbeat_model::review::{AgendaItem, AgendaSection, ItemState};
use drumbeat_rules::{agenda, hygiene, signals};
use drumbeat_store::registrations::Whose;
use drumbeat_store::{Reader, Result};

use crate::facts;
use crate::inbox::waiting_row;
use crate::workspace::{Scene, Workspace};

/// Deals that are looked at for an agenda: the largest open ones of partners.
const CANDIDATES: u32 = 400;
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
pub(super) fn build(ws: &Workspace, r: &Reader<'_>, scene: &Scene) -> Result<Vec<AgendaItem>> {
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
                format!("renews on {} without a confirmed owner (S-08)", super::day(day)),
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
    Ok(agenda::order(items, &ws.policy))
}
