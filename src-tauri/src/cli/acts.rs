//! `drumbeat registrations`: the acts after the first decision, many at once, protections, partners of a deal, messages.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{attribution, letters, registrations, routing};
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{DealPartner, PartnerRole, Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::lifecycle::{
    AddInfluence, AnswerInfo, Award, Bulk, BulkAct, BulkDone, ConvertLead, Cover, DealPartners, DecideAppeal,
    DraftRequest, Expire, Extend, Filled, LapseHold, Letter, LogMeeting, MessageDraft, OpenAppeal, ProtectionGroup,
    ProtectionRow, ProtectionsQuery, Reassign, RefuseExtension, ReleaseProtection, RequestExtension, SaveCovers,
    SaveMessage, SetPartners, Snooze, SplitClaim, SplitClaims, WarnUntouched, Withdraw,
};
use drumbeat_model::registration::{Decided, DeclineReason};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::value;

use super::args::{Decide, Registrations};
use super::blocking;
use super::commands::{id, word};
use super::print::{Printer, table};

fn day(text: &str) -> Answer<Day> {
    word("day like 2026-11-21", text, value::day)
}

fn time(text: Option<String>) -> Answer<Option<Instant>> {
    text.map(|text| word("time like 2026-11-21T09:00:00Z", &text, value::instant)).transpose()
}

/// KIND:DAY:TEXT.
fn proof(text: &str) -> Answer<Proof> {
    let mut parts = text.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default().trim();
    let (kind, on, what) = (next(), next(), next());
    Ok(Proof { kind: word("kind of evidence", kind, ProofKind::from_name)?, day: day(on)?, text: what.to_owned() })
}

fn proofs(given: &[String]) -> Answer<Vec<Proof>> {
    given.iter().map(|text| proof(text)).collect()
}

/// FIELD=VALUE.
fn filled(given: &[String]) -> Answer<Vec<Filled>> {
    let one = |text: &String| {
        let (field, value) = text
            .split_once('=')
            .ok_or_else(|| ApiError::invalid("argument", format!("\"{text}\" is not FIELD=VALUE")))?;
        Ok(Filled { field: word("field", field.trim(), Field::from_name)?, value: value.to_owned() })
    };
    given.iter().map(one).collect()
}

fn percent(text: &str) -> Answer<u32> {
    word("percentage", text.trim().trim_end_matches('%'), |text| text.parse().ok())
}

/// An act on one registration, where it is none of the first decision's.
pub fn act(ws: &Arc<Workspace>, registration: RegistrationId, act: Decide) -> Answer<Option<Decided>> {
    let message = None;
    let decided = match act {
        Decide::Answer { text, set } => {
            registrations::answer_info(ws, AnswerInfo { registration, text, set: filled(&set)?, at: None })
        }
        Decide::Withdraw { reason, by } => registrations::withdraw(ws, Withdraw { registration, by, reason, message }),
        Decide::Expire { reason } => registrations::expire(ws, Expire { registration, reason, message }),
        Decide::Convert { set, currency } => {
            registrations::convert_lead(ws, ConvertLead { registration, set: filled(&set)?, currency })
        }
        Decide::Appeal { text, proof, by, override_reason } => {
            let proofs = proofs(&proof)?;
            registrations::open_appeal(ws, OpenAppeal { registration, text, proofs, by, override_reason })
        }
        Decide::Grant { reason, days, deal } => {
            let (protection_days, link_deal) = (days, deal.map(DealId));
            let request =
                DecideAppeal { registration, grant: true, reason, protection_days, seller: None, link_deal, message };
            registrations::decide_appeal(ws, request)
        }
        Decide::Stands { reason } => {
            let (protection_days, seller, link_deal) = (None, None, None);
            let request =
                DecideAppeal { registration, grant: false, reason, protection_days, seller, link_deal, message };
            registrations::decide_appeal(ws, request)
        }
        Decide::RequestExtension { proof } => {
            let proofs = proofs(&proof)?;
            registrations::request_extension(ws, RequestExtension { registration, proofs, by: None })
        }
        Decide::Extend { days, proof, override_reason } => {
            let proofs = proofs(&proof)?;
            registrations::extend(ws, Extend { registration, days, proofs, override_reason, message })
        }
        Decide::RefuseExtension { reason } => {
            registrations::refuse_extension(ws, RefuseExtension { registration, reason, message })
        }
        Decide::Warn => registrations::warn_untouched(ws, WarnUntouched { registration, message }),
        Decide::Release { reason, override_reason } => {
            registrations::release_protection(ws, ReleaseProtection { registration, reason, override_reason, message })
        }
        Decide::Reassign { partner, reason, override_reason } => {
            let partner = PartnerId(partner);
            registrations::reassign(ws, Reassign { registration, partner, reason, override_reason, message })
        }
        Decide::Meeting { day: on, text, override_reason } => {
            registrations::log_meeting(ws, LogMeeting { registration, day: day(&on)?, text, override_reason })
        }
        Decide::Lapse { reason } => registrations::lapse_hold(ws, LapseHold { registration, reason, message }),
        Decide::Snooze { until, reason } => {
            registrations::snooze(ws, Snooze { registration, until: time(until)?, reason })?;
            return Ok(None);
        }
        Decide::Approve { .. } | Decide::Decline { .. } | Decide::Ask { .. } | Decide::Claim { .. } | Decide::Undo => {
            return Err(ApiError::invalid("argument", "That is a first decision"));
        }
    };
    decided.map(Some)
}

fn saved(decided: &Decided) -> String {
    format!("{}, saved on this device", decided.title)
}

/// The commands of the queue beside list, show, clocks and decide.
pub async fn run(ws: Arc<Workspace>, what: Registrations, printer: Printer) -> Answer<ExitCode> {
    match what {
        Registrations::Bulk { act, ids, decline, reason, question, until } => {
            let request = Bulk {
                registrations: ids.into_iter().map(RegistrationId).collect(),
                act: word("act", &act, BulkAct::from_name)?,
                reason,
                decline: decline.map(|text| word("decline reason", &text, DeclineReason::from_name)).transpose()?,
                question,
                until: time(until)?,
            };
            let done = blocking(move || registrations::bulk(&ws, request)).await?;
            printer.result(&done, bulk)?;
            // Something was refused: a person has to look.
            return Ok(if done.refused > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS });
        }
        Registrations::Protections { group, partner } => {
            let group = group.map(|text| word("group", &text, ProtectionGroup::from_name)).transpose()?;
            let query = ProtectionsQuery { group, partner: partner.map(PartnerId) };
            let rows = blocking(move || registrations::protections(&ws, query)).await?;
            printer.result(&rows, |rows| protections(rows))?;
        }
        Registrations::Award { id: winner, against, reason } => {
            let against = against.into_iter().map(RegistrationId).collect();
            let (registration, protection_days, seller, link_deal) = (id(winner), None, None, None);
            let request = Award { registration, against, reason, protection_days, seller, link_deal };
            let decided = blocking(move || registrations::award(&ws, request)).await?;
            printer.result(&decided, saved)?;
        }
        Registrations::Split { parts, reason } => {
            let claims = parts.iter().map(|text| part(text)).collect::<Answer<_>>()?;
            let (protection_days, seller, link_deal) = (None, None, None);
            let request = SplitClaims { claims, reason, protection_days, seller, link_deal };
            let decided = blocking(move || registrations::split_claims(&ws, request)).await?;
            printer.result(&decided, saved)?;
        }
        Registrations::Partners { deal, partners, .. } if partners.is_empty() => {
            let all = blocking(move || attribution::deal_partners(&ws, DealId(deal))).await?;
            printer.result(&all, shares)?;
        }
        Registrations::Partners { deal, partners, reason } => {
            let partners = partners.iter().map(|text| share(text)).collect::<Answer<_>>()?;
            let request = SetPartners { deal: DealId(deal), partners, reason };
            let decided = blocking(move || attribution::set_partners(&ws, request)).await?;
            printer.result(&decided, saved)?;
        }
        Registrations::Influence { deal, partner, proof: text, stage } => {
            let request = AddInfluence { deal: DealId(deal), partner: PartnerId(partner), stage, proof: proof(&text)? };
            let decided = blocking(move || attribution::add_influence(&ws, request)).await?;
            printer.result(&decided, saved)?;
        }
        Registrations::Message { id: which, letter, out } => {
            let letter = word("letter", &letter, Letter::from_name)?;
            let request = DraftRequest {
                registration: id(which),
                letter,
                decline: None,
                reason: None,
                question: None,
                protection_days: None,
            };
            let reader = Arc::clone(&ws);
            let draft = blocking(move || letters::message_draft(&reader, request)).await?;
            match out {
                None => printer.result(&draft, shown)?,
                Some(dir) => {
                    let MessageDraft { to, address, subject, text, .. } = draft;
                    let request = SaveMessage { to, address, subject, text };
                    let file = blocking(move || letters::save_message_to(&ws, request, &dir)).await?;
                    printer.result(&file, |file| file.file.clone())?;
                }
            }
        }
        Registrations::Cover { covers: given, none } => {
            let covers = if given.is_empty() && !none {
                blocking(move || routing::covers(&ws, Nothing {})).await?
            } else {
                let covers = given.iter().map(|text| cover(text)).collect::<Answer<_>>()?;
                blocking(move || routing::save_covers(&ws, SaveCovers { covers })).await?
            };
            printer.result(&covers, |covers| {
                let row =
                    |one: &Cover| vec![one.away.0.clone(), one.by.0.clone(), one.from.to_string(), one.to.to_string()];
                table(&["away", "covered by", "from", "to"], &covers.iter().map(row).collect::<Vec<_>>())
            })?;
        }
        Registrations::List { .. }
        | Registrations::Show { .. }
        | Registrations::Clocks { .. }
        | Registrations::Import(_)
        | Registrations::Add(_)
        | Registrations::Decide { .. } => {
            return Err(ApiError::invalid("argument", "That is a command of its own"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Parts between colons.
fn parts<const N: usize>(text: &str, what: &str) -> Answer<[String; N]> {
    let all: Vec<String> = text.split(':').map(|part| part.trim().to_owned()).collect();
    word(what, text, |_| all.clone().try_into().ok())
}

fn part(text: &str) -> Answer<SplitClaim> {
    let [registration, part, role, pct] = parts(text, "part like ID:PART:ROLE:PERCENT")?;
    let role = word("role", &role, PartnerRole::from_name)?;
    Ok(SplitClaim { registration: RegistrationId(registration), part, role, pct: percent(&pct)? })
}

fn share(text: &str) -> Answer<DealPartner> {
    let [partner, role, attribution, pct] = parts(text, "share like PARTNER:ROLE:sourced:PERCENT")?;
    Ok(DealPartner {
        partner: PartnerId(partner),
        role: word("role", &role, PartnerRole::from_name)?,
        attribution: word("attribution", &attribution, Attribution::from_name)?,
        pct: percent(&pct)?,
        part: None,
    })
}

fn cover(text: &str) -> Answer<Cover> {
    let [away, by, from, to] = parts(text, "cover like AWAY:BY:FROM:TO")?;
    Ok(Cover { away: OwnerId(away), by: OwnerId(by), from: day(&from)?, to: day(&to)? })
}

fn bulk(done: &BulkDone) -> String {
    let row = |row: &drumbeat_model::lifecycle::BulkRow| {
        let said = row.refused.clone().or_else(|| row.decided.as_ref().map(|decided| decided.title.clone()));
        let state = if row.refused.is_some() { "refused" } else { "done" };
        vec![row.registration.0.clone(), row.company.clone(), state.to_owned(), said.unwrap_or_default()]
    };
    let list = table(&["id", "company", "", ""], &done.rows.iter().map(row).collect::<Vec<_>>());
    format!("{list}{} done, {} refused", done.done, done.refused)
}

fn protections(rows: &[ProtectionRow]) -> String {
    let row = |row: &ProtectionRow| {
        let end = row.protection_end.map(|end| end.to_string()).unwrap_or_default();
        let partner = row.partner.clone().unwrap_or_default();
        vec![row.id.0.clone(), row.company.clone(), partner, end, row.group.label().to_owned(), row.text.clone()]
    };
    let list = table(&["id", "company", "partner", "until", "", ""], &rows.iter().map(row).collect::<Vec<_>>());
    format!("{list}{} in all", rows.len())
}

fn shares(all: &DealPartners) -> String {
    let row = |row: &drumbeat_model::lifecycle::DealPartnerRow| {
        let share = &row.share;
        let part = share.part.clone().unwrap_or_default();
        vec![
            share.partner.0.clone(),
            row.name.clone(),
            share.role.label().to_owned(),
            share.attribution.label().to_owned(),
            format!("{} %", share.pct),
            part,
        ]
    };
    let list = table(&["id", "partner", "role", "", "share", ""], &all.partners.iter().map(row).collect::<Vec<_>>());
    let locked = all.locked.as_ref().map_or_else(String::new, |lock| format!(", locked on {}", lock.at.date_naive()));
    format!(
        "{list}{} % free{locked}; {} amendments, {} entries of influence",
        all.free_pct,
        all.amendments.len(),
        all.influences.len()
    )
}

fn shown(draft: &MessageDraft) -> String {
    let to = draft.address.as_ref().map_or_else(|| draft.to.clone(), |address| format!("{} <{address}>", draft.to));
    format!("To: {to}\nSubject: {}\n\n{}", draft.subject, draft.text)
}
