//! Partners: list, detail, the call sheet and the quick log (W-09).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Days;
use drumbeat_model::crm::{Link, ObjectKind, Outcome};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DealId, OwnerId, PartnerId};
use drumbeat_model::inbox::InboxRow;
use drumbeat_model::page::Page;
use drumbeat_model::partner::{
    CallSheet, CallSheetDeal, Company, Owed, PartnerDetail, PartnerRow, PartnersQuery, QuickLog, Touch,
};
use drumbeat_model::registration::{Decided, RegistrationStatus};
use drumbeat_model::value::write_instant;
use drumbeat_store::{Reader, Result, StoreError};
use serde_json::json;

use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError};
use crate::inbox::inbox_row;
use crate::premises;
use crate::words::Words;
use crate::workspace::{Scene, Workspace, web_url};

/// Lists on a partner's page are at most this long.
const LONGEST: u32 = 50;

/// The row with the name that the policy gives its tier (T-02).
pub(crate) fn named(ws: &Workspace, row: PartnerRow) -> PartnerRow {
    PartnerRow { tier_name: row.tier.map(|tier| ws.policy.tier(tier).name.clone()), ..row }
}

/// One page of partners.
///
/// # Errors
/// What the store says.
pub fn partners(ws: &Arc<Workspace>, query: PartnersQuery) -> Answer<Page<PartnerRow>> {
    let page = ws.read(|r| r.partners(&query, ws.clock.today()))?;
    Ok(Page { rows: page.rows.into_iter().map(|row| named(ws, row)).collect(), ..page })
}

fn known(r: &Reader<'_>, id: &PartnerId) -> Result<Company> {
    r.company(id.as_str())?
        .filter(|company| company.is_partner)
        .ok_or_else(|| StoreError::NotFound { what: "partner", id: id.0.clone() })
}

fn registrations(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    partner: &str,
    open_only: bool,
) -> Result<Vec<InboxRow>> {
    let mut rows = Vec::new();
    for row in r.registrations_of(partner, open_only, LONGEST)? {
        if let Some(claim) = r.registration(&row.id)? {
            rows.push(inbox_row(ws, r, scene, &claim, row.partner_name)?);
        }
    }
    Ok(rows)
}

fn touches(r: &Reader<'_>, scene: &Scene, partner: &str, limit: u32) -> Result<Vec<Touch>> {
    let mut all = r.touches(ObjectKind::Company, partner, limit)?;
    for touch in &mut all {
        touch.owner = scene.names.of(touch.owner.clone().map(OwnerId).as_ref());
    }
    Ok(all)
}

/// One partner with everything that the detail shows.
///
/// # Errors
/// When there is none, or what the store says.
pub fn partner(ws: &Arc<Workspace>, id: PartnerId) -> Answer<PartnerDetail> {
    let mut detail = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let company = known(r, &id)?;
        let row = r
            .partner_row(&id, scene.today)?
            .map(|row| named(ws, row))
            .ok_or_else(|| StoreError::NotFound { what: "partner", id: id.0.clone() })?;
        let year = ws.policy.calendar.fiscal_year();
        let quarter = year.quarter_of(scene.today);
        let last_day = year.last_day(quarter);
        let (won_quarter_count, won_quarter) =
            r.partner_sums(&company.id, Outcome::Won, Some((year.first_day(quarter), last_day)))?;
        let year_ago = quarter.previous().previous().previous();
        let (_, won_year) = r.partner_sums(&company.id, Outcome::Won, Some((year.first_day(year_ago), last_day)))?;
        let deals = r.open_deals_of(&company.id, LONGEST, scene.today)?;
        let hygiene = if deals.is_empty() {
            100
        } else {
            deals.iter().map(|deal| deal.hygiene).sum::<u32>() / u32::try_from(deals.len()).unwrap_or(1)
        };
        Ok(PartnerDetail {
            registrations: registrations(ws, r, &scene, &company.id, false)?,
            touches: touches(r, &scene, &company.id, LONGEST)?,
            certifications: r.certifications(&company.id)?,
            owner: scene.names.of(company.owner.as_ref()),
            domain: company.domain,
            country: company.country,
            motions: company.motions,
            territories: company.territories,
            partner_since: company.partner_since,
            won_quarter,
            won_quarter_count,
            won_year,
            hygiene,
            deals,
            crm_url: None,
            row,
        })
    })?;
    detail.crm_url = web_url(ws, ObjectKind::Company, detail.row.id.as_str());
    Ok(detail)
}

/// One page for the phone.
///
/// # Errors
/// When there is no such partner, or what the store says.
pub fn call_sheet(ws: &Arc<Workspace>, id: PartnerId) -> Answer<CallSheet> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let company = known(r, &id)?;
        let soon = scene.today.checked_add_days(Days::new(30)).unwrap_or(scene.today);
        let registrations = registrations(ws, r, &scene, &company.id, true)?;
        let rows = r.open_deals_of(&company.id, LONGEST, scene.today)?;
        let protections = rows
            .iter()
            .filter(|row| row.protection_end.is_some_and(|end| end >= scene.today && end <= soon))
            .cloned()
            .collect();
        let mut deals = Vec::new();
        let (mut they_owe, mut we_owe) = (Vec::new(), Vec::new());
        for row in rows {
            let Some(deal) = r.deal(&row.id)? else { continue };
            if let Some(step) = &deal.next_step {
                // A step without one of our people as its owner is the partner's.
                let ours = deal.next_step_owner.as_ref().is_some_and(|owner| scene.names.owner(owner).is_some());
                let owed = Owed {
                    text: format!("{}: {step}", row.account.as_deref().unwrap_or(&row.name)),
                    due: deal.next_step_due,
                    late: deal.next_step_due.is_some_and(|due| due < scene.today),
                    registration: None,
                    deal: Some(row.id.clone()),
                };
                if ours { we_owe.push(owed) } else { they_owe.push(owed) }
            }
            deals.push(CallSheetDeal {
                next_step: deal.next_step,
                owner: scene.names.of(deal.next_step_owner.as_ref()),
                due: deal.next_step_due,
                row,
            });
        }
        for row in &registrations {
            let due = row.clock.as_ref().map(|clock| clock.due.date_naive());
            let (text, theirs) = match row.status {
                RegistrationStatus::InfoRequested => (format!("{}: an answer to our question", row.company), true),
                _ => (format!("{}: a decision on {}", row.company, row.number), false),
            };
            let late = !theirs && row.group == drumbeat_model::inbox::InboxGroup::Over;
            let owed = Owed { text, due, late, registration: Some(row.id.clone()), deal: None };
            if theirs { they_owe.push(owed) } else { we_owe.push(owed) }
        }
        let by_due = |a: &Owed, b: &Owed| (a.due.is_none(), a.due).cmp(&(b.due.is_none(), b.due));
        they_owe.sort_by(by_due);
        we_owe.sort_by(by_due);
        let certifications = r
            .certifications(&company.id)?
            .into_iter()
            .filter(|c| c.expires.is_some_and(|end| end >= scene.today && end <= soon))
            .collect();
        Ok(CallSheet {
            touches: touches(r, &scene, &company.id, 8)?,
            id: PartnerId(company.id),
            name: company.name,
            tier: company.tier,
            tier_name: company.tier.map(|tier| ws.policy.tier(tier).name.clone()),
            as_of: scene.now,
            registrations,
            protections,
            deals,
            they_owe,
            we_owe,
            certifications,
        })
    })
}

/// A note with what was promised: a note and, with a next step, a task in the CRM; on a deal its next step too.
///
/// # Errors
/// When there is nothing to log, or a next step lacks its owner or date.
pub fn quick_log(ws: &Arc<Workspace>, request: QuickLog) -> Answer<Decided> {
    let note = request.note.trim();
    let step = request.next_step.as_deref().map(str::trim).filter(|step| !step.is_empty());
    if note.is_empty() && step.is_none() {
        return Err(ApiError::invalid("log.empty", "There is nothing to log").next("Write a note or a next step"));
    }
    let promise = promise(ws, step, request.owner.as_ref(), request.due)?;
    let (scene, company, schema) = ws.read(|r| Ok((Scene::read(ws, r)?, known(r, &request.partner)?, r.schema()?)))?;
    let (draft, premises) = ws.read(|r| {
        let mut draft = Draft::new(&scene.mapping, schema.as_ref());
        log(
            r,
            &scene,
            &mut draft,
            &Log {
                note,
                promise: promise.as_ref(),
                partner: Some(company.id.as_str()),
                deal: request.deal.as_ref(),
                extra: BTreeMap::new(),
            },
        )?;
        let deal = request.deal.as_ref().map(DealId::as_str);
        let premises = match &promise {
            Some(_) => premises::of_promise(&Words::read(ws, r)?, deal, None, Some(company.id.as_str()))?,
            None => Vec::new(),
        };
        Ok((draft, premises))
    })?;
    let about = About {
        act: "log",
        title: format!("Logged with {}", company.name),
        record: (ObjectKind::Company, company.id.clone()),
        reason: (!note.is_empty()).then(|| note.to_owned()),
        facts: premises::put(json!({ "next_step": step, "due": request.due }), &premises)?,
    };
    decide::save(ws, about, draft)
}

/// A dated next step with its owner.
pub(crate) struct Promise {
    pub text: String,
    pub owner: OwnerId,
    pub due: drumbeat_model::time::Day,
}

/// A next step needs an owner and a day inside the policy's seven (S-05, W-04).
pub(crate) fn promise(
    ws: &Workspace,
    step: Option<&str>,
    owner: Option<&OwnerId>,
    due: Option<drumbeat_model::time::Day>,
) -> Answer<Option<Promise>> {
    let Some(text) = step else { return Ok(None) };
    let owner =
        owner.ok_or_else(|| ApiError::invalid("step.owner", "The next step has no owner").next("Say who does it"))?;
    let due = due.ok_or_else(|| ApiError::invalid("step.due", "The next step has no date").next("Say by when"))?;
    let today = ws.clock.today();
    let last = ws.policy.after(today, ws.policy.clocks.next_step);
    if due < today || due > last {
        return Err(ApiError::invalid("step.due", format!("The next step is due between today and {last} (W-04)"))
            .next("Choose a day inside that"));
    }
    Ok(Some(Promise { text: text.to_owned(), owner: owner.clone(), due }))
}

/// What goes on the records.
pub(crate) struct Log<'a> {
    pub note: &'a str,
    pub promise: Option<&'a Promise>,
    pub partner: Option<&'a str>,
    pub deal: Option<&'a DealId>,
    /// More values for the deal, in the same request.
    pub extra: BTreeMap<F, String>,
}

/// What a note and a promise put on a deal itself.
pub(crate) fn noted(scene: &Scene, note: &str, promise: Option<&Promise>) -> BTreeMap<F, String> {
    let mut values = BTreeMap::new();
    if let Some(promise) = promise {
        values.insert(F::NextStep, promise.text.clone());
        values.insert(F::NextStepOwner, promise.owner.0.clone());
        values.insert(F::NextStepDue, promise.due.to_string());
    }
    if !note.is_empty() {
        values.insert(F::StageNotes, note.to_owned());
        values.insert(F::StageNotesAt, write_instant(scene.now));
    }
    values
}

/// Adds a note, the deal's next step and a task to a decision.
pub(crate) fn log(r: &Reader<'_>, scene: &Scene, draft: &mut Draft<'_>, log: &Log<'_>) -> Result<()> {
    let mut about = Vec::new();
    if let Some(partner) = log.partner {
        about.push(Link { to: ObjectKind::Company, id: partner.to_owned(), primary: false });
    }
    let deal = match log.deal {
        Some(deal) => Some(crate::deals::known(r, deal)?),
        None => None,
    };
    if let Some(deal) = &deal {
        about.push(Link { to: ObjectKind::Deal, id: deal.id.0.clone(), primary: false });
        let mut values = log.extra.clone();
        values.extend(noted(scene, log.note, log.promise));
        values.retain(|field, _| scene.mapping.property(ObjectKind::Deal, *field).is_some());
        draft.set(r, ObjectKind::Deal, deal.id.as_str(), &values, &BTreeMap::new(), &[])?;
    }
    let me = scene.mapping.me.as_ref();
    if !log.note.is_empty() {
        let mut note: BTreeMap<F, String> = [(F::Body, log.note.to_owned()), (F::At, write_instant(scene.now))].into();
        if let Some(me) = me {
            note.insert(F::Owner, me.0.clone());
        }
        draft.create(ObjectKind::Note, &note, about.clone(), &[]);
    }
    if let Some(promise) = log.promise {
        let noon = promise.due.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
        let task: BTreeMap<F, String> = [
            (F::Title, promise.text.clone()),
            (F::DueAt, write_instant(noon)),
            (F::Status, "NOT_STARTED".to_owned()),
            (F::Owner, promise.owner.0.clone()),
        ]
        .into();
        draft.create(ObjectKind::Task, &task, about, &[]);
    }
    Ok(())
}
