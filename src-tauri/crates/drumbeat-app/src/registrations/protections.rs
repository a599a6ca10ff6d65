//! The list of protections that want a look, and everything that one registration's detail says beside its checks.

use std::sync::Arc;

use drumbeat_model::deal::Deal;
use drumbeat_model::dossier::Answered;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::lifecycle::{Life, ProtectionRow, ProtectionsQuery, Snoozed};
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::verdict::Check;
use drumbeat_rules::lifecycle::{self, appeal, extension};
use drumbeat_store::{Reader, Result};

use crate::converted;
use crate::error::Answer;
use crate::routing;
use crate::workspace::{Scene, Workspace};

/// Rows of the list at most; it is work for a person.
const MOST: usize = 500;
/// Protections that ended longer ago are history.
const ENDED_DAYS: u64 = 60;
/// Appeals of older declines are history.
const DECLINED_DAYS: u64 = 365;

fn deal_of(r: &Reader<'_>, claim: &Registration) -> Result<Option<Deal>> {
    match &claim.deal {
        Some(deal) => r.deal(deal),
        None => Ok(None),
    }
}

/// Protections that want a look: the gravest first, then by what is due.
///
/// # Errors
/// What the store says.
pub fn protections(ws: &Arc<Workspace>, query: ProtectionsQuery) -> Answer<Vec<ProtectionRow>> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let ago = |days| scene.today.checked_sub_days(chrono::Days::new(days)).unwrap_or(scene.today);
        let declined_since = ago(DECLINED_DAYS).and_time(chrono::NaiveTime::MIN).and_utc();
        let partner = query.partner.as_ref().map(|partner| r.resolve(partner.as_str())).transpose()?;
        let mut rows = Vec::new();
        for known in r.protected_registrations(partner.as_deref(), ago(ENDED_DAYS), declined_since)? {
            let Some(claim) = r.registration(&known.id)? else { continue };
            let deal = deal_of(r, &claim)?;
            let Some((group, due, text)) = lifecycle::attention(&claim, deal.as_ref(), &ws.policy, scene.today) else {
                continue;
            };
            // Its deal goes on, and nobody can do anything about the claim.
            if converted::is_closed(ws, r, &claim)? {
                continue;
            }
            if query.group.is_some_and(|wanted| wanted != group) {
                continue;
            }
            let dossier = &claim.dossier;
            let waits = dossier.appeal().map(|appeal| appeal.opened_at);
            rows.push(ProtectionRow {
                group,
                id: claim.id.clone(),
                number: claim.name.clone(),
                company: claim.company.clone(),
                partner_id: claim.partner.clone(),
                partner: known.partner_name,
                kind: claim.kind,
                status: claim.status,
                amount: claim.amount.clone(),
                deal: claim.deal.clone(),
                protection_end: claim.protection_end,
                days_left: claim
                    .protection_end
                    .map(|end| i32::try_from((end - scene.today).num_days()).unwrap_or(i32::MAX)),
                idle_days: lifecycle::idle_days(&claim, deal.as_ref(), scene.today),
                warned_at: dossier.warned.as_ref().map(|warned| warned.at),
                waits_since: waits.or(dossier.extension().map(|asked| asked.asked_at)),
                due,
                text,
                acts: lifecycle::acts(&claim, deal.as_ref(), &ws.policy, scene.now),
            });
        }
        rows.sort_by(|a, b| (a.group, a.due, a.waits_since, &a.id).cmp(&(b.group, b.due, b.waits_since, &b.id)));
        rows.truncate(MOST);
        Ok(rows)
    })
}

/// Everything of R-02 beside the first decision.
pub(crate) fn life(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: &Registration,
    checks: &[Check],
) -> Result<Life> {
    let deal = deal_of(r, claim)?;
    let dossier = &claim.dossier;
    let policy = &ws.policy;
    let waiting = dossier
        .appeal()
        .map(|appeal| appeal::ruling(&appeal::AppealFacts { appeal, declined_at: claim.decided_at, checks }, policy));
    let more = claim.status.is_protected().then(|| {
        let proofs = dossier.extension().map(|asked| asked.proofs.clone()).unwrap_or_default();
        let facts = extension::ExtensionFacts::of(claim, deal.as_ref(), proofs, scene.today);
        extension::ruling(&facts, policy)
    });
    let converted_to = if claim.kind == RegistrationKind::Lead && claim.status == RegistrationStatus::Converted {
        let partner = claim.partner.as_ref().map_or("", PartnerId::as_str);
        let mut found = None;
        for row in r.registrations_of(partner, false, 200)? {
            if row.kind == RegistrationKind::Deal && row.company == claim.company {
                let made = r.registration(&row.id)?.filter(|one| one.dossier.lead.as_ref() == Some(&claim.id));
                found = found.or(made.map(|one| one.id));
            }
        }
        found
    } else {
        None
    };
    Ok(Life {
        // Nothing is left to do in a lead that the CRM has closed.
        acts: if converted::is_closed(ws, r, claim)? {
            Vec::new()
        } else {
            lifecycle::acts(claim, deal.as_ref(), policy, scene.now)
        },
        appeals: dossier.appeals.clone(),
        appeal: waiting,
        appeal_until: lifecycle::appeal_until(claim, policy)
            .filter(|_| dossier.appeals.iter().all(|appeal| appeal.answered != Answered::Waiting)),
        extensions: dossier.extensions.clone(),
        extension: more,
        protection: (claim.protection_start.is_some() || claim.protection_end.is_some())
            .then_some([claim.protection_start, claim.protection_end]),
        idle_days: lifecycle::idle_days(claim, deal.as_ref(), scene.today),
        warned: dossier.warned.clone(),
        release_from: lifecycle::release_from(claim, policy),
        meeting: dossier.meeting.clone(),
        meeting_by: lifecycle::meeting_by(claim, policy).filter(|_| claim.status.is_protected()),
        handovers: dossier.handovers.clone(),
        replies: dossier.replies.clone(),
        lead: dossier.lead.clone(),
        converted_to,
        conversion: converted::sentence(ws, r, claim)?,
        part: dossier.part.clone(),
        snoozed: r.snoozed(&claim.id)?.map(|(until, reason)| Snoozed { until, reason }),
        assigned: routing::assigned(ws, r, scene, claim)?,
        unread: dossier.unread,
    })
}
