//! The registration inbox: what waits, and everything that a decision is made from.

use std::sync::Arc;

use drumbeat_model::change::DecisionStatus;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, RegistrationId};
use drumbeat_model::inbox::{
    CheckCounts, ClaimLine, Drafts, HistoryLine, InboxQuery, InboxRow, InboxShow, InboxSort, RegistrationDetail,
    RowDecision, Similar, SimilarLine,
};
use drumbeat_model::page::{Direction, Page};
use drumbeat_model::registration::{Registration, RegistrationStatus};
use drumbeat_model::verdict::{Act, Check, CheckOutcome, RecordLink};
use drumbeat_rules::messages::{self, Words};
use drumbeat_rules::{Facts, Policy, checks, clocks, normal, recommend};
use drumbeat_store::matching::{Alike, Filed};
use drumbeat_store::{Reader, Result, StoreError};

use crate::error::Answer;
use crate::facts::{self, Shared};
use crate::matching;
use crate::partners::named;
use crate::registrations::protections;
use crate::routing;
use crate::workspace::{Scene, Workspace, web_url};

/// One page of the inbox.
///
/// # Errors
/// What the store says.
pub fn inbox(ws: &Arc<Workspace>, query: InboxQuery) -> Answer<Page<InboxRow>> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let whose = routing::whose(ws, r, &scene, query.scope)?;
        let page = r.queue(&query, &whose)?;
        // A claim that was decided here stays in sight until the CRM has it, so that it can be taken back.
        let pending = if query.show == InboxShow::Open && query.after.is_none() {
            r.queue_pending(&query, &whose)?
        } else {
            Vec::new()
        };
        let mut rows = Vec::with_capacity(page.rows.len() + pending.len());
        for row in page.rows.into_iter().chain(pending) {
            let Some(claim) = r.registration(&row.id)? else { continue };
            let mut line = if claim.status.is_open() {
                let assigned = routing::assigned(ws, r, &scene, &claim)?;
                let row = inbox_row(ws, r, &scene, &claim, row.partner_name)?;
                InboxRow { assigned: assigned.map(|assigned| assigned.name), ..row }
            } else {
                decided_row(ws, r, &scene, &claim, row.partner_name)?
            };
            if matches!(query.show, InboxShow::Snoozed | InboxShow::All) {
                line.snoozed_until = r.snoozed(&line.id)?.map(|(until, _)| until).filter(|until| *until > scene.now);
            }
            rows.push(line);
        }
        // By time left the headings come in order, baseline and paused ones last; other sorts are SQL's alone.
        if query.sort == InboxSort::TimeLeft && query.direction == Direction::Ascending {
            rows.sort_by_key(|row| row.group);
        }
        Ok(Page { rows, next: page.next, total: page.total })
    })
}

/// The row of a claim by its time left, without a look at anything beside the claim: no checks, no decision.
pub(crate) fn waiting_row(ws: &Workspace, scene: &Scene, claim: &Registration, partner: Option<String>) -> InboxRow {
    let clock = clocks::decision_clock(claim, &ws.policy, scene.mapping.go_live, scene.now);
    InboxRow {
        id: claim.id.clone(),
        number: claim.name.clone(),
        company: claim.company.clone(),
        partner,
        motion: claim.motion,
        kind: claim.kind,
        status: claim.status,
        amount: claim.amount.clone(),
        group: clocks::inbox_group(clock.as_ref(), claim.status, &scene.now),
        clock,
        claimed_by: scene.names.of(claim.claimed_by.as_ref()),
        decision: None,
        snoozed_until: None,
        assigned: None,
        appealed: claim.dossier.appeal().map(|_| true),
    }
}

/// The row of a claim with the decision that was made here: for one that is decided.
fn decided_row(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: &Registration,
    partner: Option<String>,
) -> Result<InboxRow> {
    let decisions = r.decisions_about(ObjectKind::Registration, claim.id.as_str())?;
    let standing = decisions.into_iter().find(|decision| decision.status != DecisionStatus::Withdrawn);
    let decision = standing.map(|decision| RowDecision {
        text: format!("{}, {}", done(&decision.act), decision.status.label()),
        undoable: decision.status == DecisionStatus::Waiting,
        status: decision.status,
        id: decision.id,
    });
    Ok(InboxRow { decision, ..waiting_row(ws, scene, claim, partner) })
}

/// The row of a claim, by what it is and by what was decided about it here.
pub(crate) fn inbox_row(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: &Registration,
    partner: Option<String>,
) -> Result<InboxRow> {
    if claim.pending || !claim.status.is_open() {
        decided_row(ws, r, scene, claim, partner)
    } else {
        Ok(waiting_row(ws, scene, claim, partner))
    }
}

/// The facts about a claim and what the checks say of them.
pub(crate) fn judged(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    claim: Registration,
) -> Result<(Facts, Vec<Check>)> {
    let facts = facts::registration(&Shared::new(r), claim, &ws.policy, scene)?;
    let checks = checks::run(&facts, &ws.policy, scene.now);
    Ok((facts, checks))
}

/// How the checks of a registration went: what its row shows once it is in sight; none for a decided one.
///
/// # Errors
/// When there is none, or what the store says.
pub fn check_counts(ws: &Arc<Workspace>, id: RegistrationId) -> Answer<Option<CheckCounts>> {
    ws.read(|r| {
        let claim = claimed(r, &id)?;
        if !claim.status.is_open() {
            return Ok(None);
        }
        let (_, checks) = judged(ws, r, &Scene::read(ws, r)?, claim)?;
        let count =
            |outcome| u32::try_from(checks.iter().filter(|check| check.outcome == outcome).count()).unwrap_or(u32::MAX);
        Ok(Some(CheckCounts { fails: count(CheckOutcome::Fail), warnings: count(CheckOutcome::Warn) }))
    })
}

/// The registration of this id.
pub(crate) fn claimed(r: &Reader<'_>, id: &RegistrationId) -> Result<Registration> {
    r.registration(id)?.ok_or_else(|| StoreError::NotFound { what: "registration", id: id.0.clone() })
}

/// The act of a decision as something that was done.
fn done(act: &str) -> &str {
    match act {
        "approve" => "approved",
        "decline" => "declined",
        "ask" => "asked",
        "claim" => "claimed",
        "release" => "given back",
        "answer" => "answered",
        "withdraw" => "withdrawn",
        "expire" | "lapse hold" => "expired",
        "release protection" => "released",
        "convert" => "converted",
        "open appeal" => "appealed",
        "refuse appeal" => "appeal refused",
        "grant appeal" => "appeal granted",
        "request extension" => "extension asked for",
        "refuse extension" => "extension refused",
        "extend" => "extended",
        "warn" => "partner warned",
        "reassign" => "reassigned",
        "log meeting" => "first meeting logged",
        "award" => "awarded",
        "split" => "split",
        other => other,
    }
}

/// One registration with everything that a decision needs.
///
/// # Errors
/// When there is none, or what the store says.
pub fn registration(ws: &Arc<Workspace>, id: RegistrationId) -> Answer<RegistrationDetail> {
    let mut detail = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let claim = claimed(r, &id)?;
        let partner_name = facts::partner_name(r, claim.partner.as_ref())?;
        let row = inbox_row(ws, r, &scene, &claim, partner_name)?;
        let (facts, checks) = judged(ws, r, &scene, claim)?;
        let claim = &facts.registration;
        let recommendation =
            claim.status.is_open().then(|| recommend::recommend(&facts, &checks, &ws.policy, scene.now));
        let linkable = match &facts.account {
            Some(account) => r
                .deals_at(&AccountId(account.id.clone()), 20, scene.today)?
                .into_iter()
                .filter(|deal| deal.outcome == drumbeat_model::crm::Outcome::Open)
                .collect(),
            None => Vec::new(),
        };
        let partner = match &claim.partner {
            Some(partner) => r.partner_row(partner, scene.today)?.map(|row| named(ws, row)),
            None => None,
        };
        let sender = scene.names.of(scene.mapping.me.as_ref());
        Ok(RegistrationDetail {
            claim: claim_lines(claim),
            submitted_at: claim.submitted_at,
            submitted_by: claim.submitted_by.clone(),
            partner,
            certifications: facts.certifications.clone(),
            recommendation,
            similar: similar(r, &facts, &ws.policy)?,
            linkable,
            sellers: scene.names.choices(),
            seller: seller(&facts).map(|owner| owner.0),
            protection_days: drumbeat_rules::lifecycle::default_days(claim.kind, &ws.policy),
            protection_choices: ws.policy.protection.choices.clone(),
            drafts: drafts(ws, &facts, &checks, sender.as_deref(), &scene),
            history: history(r, &facts)?,
            crm_url: None,
            life: Some(protections::life(ws, r, &scene, claim, &checks)?),
            checks,
            row,
        })
    })?;
    detail.crm_url = web_url(ws, ObjectKind::Registration, detail.row.id.as_str());
    Ok(detail)
}

/// Who sells when nobody else is named: the account's owner, then the registration's.
pub(crate) fn seller(facts: &Facts) -> Option<drumbeat_model::ids::OwnerId> {
    facts
        .account
        .as_ref()
        .and_then(|account| account.owner.clone())
        .or_else(|| facts.registration.owner.clone())
        .or_else(|| facts.partner.as_ref().and_then(|partner| partner.owner.clone()))
}

fn claim_lines(claim: &Registration) -> Vec<ClaimLine> {
    let line = |field: Field, value: Option<String>, internal: bool| ClaimLine {
        label: field.label().to_owned(),
        value,
        internal,
    };
    let mut lines = vec![
        line(Field::ContactName, claim.contact_name.clone(), false),
        line(Field::CloseDate, claim.close_date.map(|day| day.to_string()), false),
        line(Field::ContactEmail, claim.contact_email.clone(), false),
        line(Field::ContactPhone, claim.contact_phone.clone(), false),
        line(Field::Domain, claim.domain.clone(), false),
        line(
            Field::Country,
            claim.city.iter().chain(claim.country.iter()).cloned().reduce(|city, country| format!("{city}, {country}")),
            false,
        ),
        line(Field::Problem, claim.problem.clone(), false),
        line(Field::Products, claim.products.clone(), false),
        line(Field::ProofOfWork, claim.proof_of_work.clone(), false),
        line(Field::Consent, claim.consent.map(|consent| if consent { "given" } else { "refused" }.to_owned()), false),
    ];
    if claim.competitors.is_some() {
        lines.push(line(Field::Competitors, claim.competitors.clone(), true));
    }
    if claim.stage_guess.is_some() {
        lines.push(line(Field::StageGuess, claim.stage_guess.clone(), false));
    }
    lines
}

fn similar(r: &Reader<'_>, facts: &Facts, policy: &Policy) -> Result<Vec<Similar>> {
    let this = &facts.registration;
    let mut all = Vec::new();
    let near = matching::near(r, this, facts.account.as_ref().map(|account| account.id.as_str()), policy)?;
    let seen = facts
        .same_domain
        .iter()
        .map(|claim| (claim, "same domain"))
        .chain(facts.same_name.iter().map(|claim| (claim, "same name")))
        .chain(facts.same_group.iter().map(|claim| (claim, "same group")));
    for (claim, why) in seen {
        if all.iter().any(|known: &Similar| known.record.id == claim.id.0) || all.len() >= 4 {
            continue;
        }
        let Some(other) = r.registration(&claim.id)? else { continue };
        all.push(Similar {
            title: format!("{}, {}, {}", other.name, other.kind.name(), other.status.label().to_lowercase()),
            why: near
                .iter()
                .find(|(filed, one)| *filed == Filed::Claims && one.id == other.id.0 && why == "same name")
                .map_or_else(|| why.to_owned(), |(_, one)| format!("{why}: {}", matching::reasons(one))),
            record: RecordLink { kind: ObjectKind::Registration, id: other.id.0.clone(), label: other.name.clone() },
            lines: vec![
                compare("Partner", Some(facts.partner_name().to_owned()), claim.partner_name.clone()),
                compare("Company", Some(this.company.clone()), Some(other.company.clone())),
                compare("Domain", this.domain.clone(), other.domain.clone()),
                compare("Contact", this.contact_name.clone(), other.contact_name.clone()),
                compare("Products", this.products.clone(), other.products.clone()),
                compare(
                    "Sent",
                    this.submitted_at.map(|at| at.date_naive().to_string()),
                    other.submitted_at.map(|at| at.date_naive().to_string()),
                ),
            ],
        });
    }
    let found_by = account_found_by(facts, &near);
    for deal in facts.deals.iter().filter(|deal| deal.outcome == drumbeat_model::crm::Outcome::Open).take(2) {
        all.push(Similar {
            title: format!("{}, open deal", deal.name),
            why: found_by.clone(),
            record: RecordLink { kind: ObjectKind::Deal, id: deal.id.0.clone(), label: deal.name.clone() },
            lines: vec![
                compare(
                    "Partner",
                    Some(facts.partner_name().to_owned()),
                    Some(deal.partner.as_ref().map_or_else(|| "none, direct".to_owned(), |(_, name)| name.clone())),
                ),
                compare(
                    "Company",
                    Some(this.company.clone()),
                    facts.account.as_ref().map(|account| account.name.clone()),
                ),
                compare(
                    "Amount",
                    this.amount.as_ref().map(ToString::to_string),
                    deal.amount.as_ref().map(ToString::to_string),
                ),
                compare(
                    "Created",
                    this.submitted_at.map(|at| at.date_naive().to_string()),
                    deal.created_at.map(|at| at.date_naive().to_string()),
                ),
            ],
        });
    }
    // What a person should look at: perhaps the same company, under another name.
    for (filed, one) in &near {
        let kind = match filed {
            Filed::Claims => ObjectKind::Registration,
            Filed::Accounts => ObjectKind::Company,
            Filed::Deals => ObjectKind::Deal,
        };
        let known = facts.account.as_ref().is_some_and(|account| account.id == one.id && *filed == Filed::Accounts);
        if known || all.len() >= 6 || all.iter().any(|seen| seen.record.id == one.id && seen.record.kind == kind) {
            continue;
        }
        let what = if *filed == Filed::Deals { "open deal without an account" } else { matching::word(*filed) };
        all.push(Similar {
            title: format!("{}, {what}", one.name),
            why: matching::why(one, policy),
            record: RecordLink { kind, id: one.id.clone(), label: one.name.clone() },
            lines: vec![compare("Company", Some(this.company.clone()), Some(one.name.clone()))],
        });
    }
    Ok(all)
}

/// How the account of a claim was found: linked or by its domain, by its name, or under another spelling and why.
fn account_found_by(facts: &Facts, near: &[(Filed, Alike)]) -> String {
    let Some(account) = &facts.account else { return "same name".to_owned() };
    let domain = account.domain.as_deref().and_then(normal::domain);
    if facts.registration.account.is_some() || (domain.is_some() && domain == facts.domain()) {
        return "same account".to_owned();
    }
    if normal::company_name(&account.name) == normal::company_name(&facts.registration.company) {
        return "same name".to_owned();
    }
    let spelled = near.iter().find(|(filed, one)| *filed == Filed::Accounts && one.id == account.id);
    spelled.map_or_else(
        || "same account".to_owned(),
        |(_, one)| format!("at “{}”: {}", account.name, matching::reasons(one)),
    )
}

fn compare(label: &str, this: Option<String>, other: Option<String>) -> SimilarLine {
    let fold = |text: &Option<String>| text.as_deref().map(drumbeat_rules::normal::company_name);
    let same = this.is_some() && fold(&this) == fold(&other);
    SimilarLine { label: label.to_owned(), this, other, same }
}

fn drafts(ws: &Workspace, facts: &Facts, checks: &[Check], sender: Option<&str>, scene: &Scene) -> Drafts {
    let claim = &facts.registration;
    let days = drumbeat_rules::lifecycle::default_days(claim.kind, &ws.policy);
    let agreed = drumbeat_rules::lifecycle::agreed_step(claim, None, scene.today);
    let window = drumbeat_rules::lifecycle::window(days, scene.today, agreed, &ws.policy);
    let question = recommend::question(checks);
    let base = Words { sender, ..Words::default() };
    let approve = Words {
        protection_end: Some(window.end),
        meeting_by: Some(ws.policy.after(scene.today, ws.policy.clocks.first_meeting)),
        ..base
    };
    let decline = Words { reason: recommend::decline_reason(checks).map(|(_, reason)| reason), ..base };
    let ask = Words { question: question.as_deref(), ..base };
    let text =
        |act, words: &Words<'_>| messages::draft(act, &facts.registration, facts.partner.as_ref(), &ws.policy, words);
    Drafts { approve: text(Act::Approve, &approve), decline: text(Act::Decline, &decline), ask: text(Act::Ask, &ask) }
}

fn history(r: &Reader<'_>, facts: &Facts) -> Result<Vec<HistoryLine>> {
    let claim = &facts.registration;
    let mut lines = Vec::new();
    for decision in r.decisions_about(ObjectKind::Registration, claim.id.as_str())? {
        lines.push(HistoryLine {
            at: decision.made_at,
            who: decision.actor,
            text: format!("{} ({})", decision.title, decision.status.label()),
            until: None,
            policy: Some(decision.policy),
        });
    }
    if lines.is_empty()
        && let Some(at) = claim.decided_at
    {
        let text = match (claim.status, &claim.decision_reason) {
            (status, Some(reason)) => format!("{}: {reason}", status.label()),
            (status, None) => status.label().to_owned(),
        };
        lines.push(HistoryLine {
            at,
            who: claim.decided_by.clone().unwrap_or_else(|| "in the CRM".to_owned()),
            text,
            until: claim.protection_end,
            policy: None,
        });
    }
    if claim.status == RegistrationStatus::InfoRequested
        && let Some(question) = &claim.info_request
        && let Some(at) = claim.submitted_at
    {
        lines.push(HistoryLine {
            at,
            who: "Drumbeat".to_owned(),
            text: format!("Waits for the partner: {question}"),
            until: None,
            policy: None,
        });
    }
    if let Some(at) = claim.submitted_at {
        lines.push(HistoryLine {
            at,
            who: claim.submitted_by.clone().unwrap_or_else(|| facts.partner_name().to_owned()),
            text: "Submitted".to_owned(),
            until: None,
            policy: None,
        });
    }
    Ok(lines)
}

/// The reason from the list that goes with what the checks found, when they speak for declining.
#[must_use]
pub fn declining(checks: &[Check]) -> Option<drumbeat_model::registration::DeclineReason> {
    recommend::decline_reason(checks).map(|(_, reason)| reason)
}
