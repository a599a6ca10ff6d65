//! Every command that works on a workspace: read the arguments, call the use case, print.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{
    activity, connect as connecting, deals, doctor as doctoring, inbox, packs, partners, registrations, status, syncing,
};
use drumbeat_model::activity::AuditQuery;
use drumbeat_model::crm::{Outcome, Vendor};
use drumbeat_model::deal::{DealFilter, DealsQuery, EditDeal, FieldEdit};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::inbox::{InboxQuery, InboxShow, Scope};
use drumbeat_model::pack::{Edition, PackFormat, PackRequest};
use drumbeat_model::partner::PartnersQuery;
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decline, DeclineReason, Undo};
use drumbeat_model::verdict::CheckOutcome;
use drumbeat_model::workspace::{Connect, SyncOptions};

use super::args::{Audit, Command, CrmName, Deals, Decide, EditionName, FormatName, Partners, Registrations};
use super::print::{Printer, table};
use super::{blocking, read_line, review};

/// A word of a closed list, or a refusal that names it.
pub fn word<T>(what: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Answer<T> {
    read(text).ok_or_else(|| {
        ApiError::invalid("argument", format!("\"{text}\" is not a {what}")).next("See --help for what it can be")
    })
}

/// An id as typed.
pub fn id<T: From<String>>(text: String) -> T {
    T::from(text)
}

/// Connects a CRM; the token comes from standard input or a prompt, never from an argument.
pub async fn connect(
    app: Arc<Drumbeat>,
    crm: CrmName,
    base_url: Option<String>,
    token_stdin: bool,
    passphrase: Option<String>,
    printer: Printer,
) -> Answer<ExitCode> {
    let vendor = match crm {
        CrmName::Hubspot => Vendor::Hubspot,
        CrmName::Salesforce => Vendor::Salesforce,
    };
    let token = if token_stdin {
        read_line()?
    } else {
        rpassword::prompt_password("Token: ").map_err(|error| {
            ApiError::invalid("token.prompt", format!("There is no terminal to ask for the token on ({error})"))
                .next("Use --token-stdin")
        })?
    };
    let connected = connecting::connect(app, Connect { vendor, base_url, token, passphrase }).await?;
    printer.result(&connected, |found| {
        let mapped = found.mapping.lines.iter().filter(|line| line.property.is_some()).count();
        let missing: Vec<&str> =
            found.mapping.lines.iter().filter(|line| line.property.is_none()).map(|line| line.label.as_str()).collect();
        let named =
            if found.account.contains(&found.account_id) { String::new() } else { format!(" ({})", found.account_id) };
        let mut text = format!("Connected {}{named}; {mapped} fields found", found.account);
        if !missing.is_empty() {
            text.push_str(&format!("; without a place in the CRM: {}", missing.join(", ")));
        }
        if let Some(why) = &found.read_only {
            text.push_str(&format!("\n{why}"));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Says what is well and what is not; 3 when something needs a person.
pub async fn doctor(app: Arc<Drumbeat>, printer: Printer) -> Answer<ExitCode> {
    let findings = blocking(move || doctoring::doctor(&app, Nothing {})).await?;
    printer.result(&findings, |findings| {
        let sign = |outcome| match outcome {
            CheckOutcome::Pass => "ok  ",
            CheckOutcome::Warn => "look",
            CheckOutcome::Fail => "FAIL",
        };
        let line = |f: &drumbeat_model::workspace::Finding| {
            let next = f.next.as_ref().map(|next| format!("\n      {next}")).unwrap_or_default();
            format!("{} {}: {}{next}", sign(f.outcome), f.check, f.text)
        };
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    let broken = findings.iter().any(|finding| finding.outcome == CheckOutcome::Fail);
    Ok(if broken { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

/// Runs a command on the open workspace.
pub async fn run(app: &Arc<Drumbeat>, ws: Arc<Workspace>, command: Command, printer: Printer) -> Answer<ExitCode> {
    match command {
        Command::Provision { apply } => provision(ws, apply, printer).await,
        Command::Sync { full, pull_only, push_only } => {
            sync(app, ws, SyncOptions { full, pull_only, push_only }, printer).await
        }
        Command::Status => show_status(app, printer).await,
        Command::Registrations(what) => queue(ws, what, printer).await,
        Command::Deals(what) => show_deals(ws, what, printer).await,
        Command::Partners(what) => show_partners(ws, what, printer).await,
        Command::Review(what) => review::run(ws, what, printer).await,
        Command::Qbr { partner, quarter, edition, format, out } => {
            let edition = match edition {
                EditionName::Partner => Edition::Partner,
                EditionName::Internal => Edition::Internal,
            };
            let formats = format
                .into_iter()
                .map(|format| match format {
                    FormatName::Pdf => PackFormat::Pdf,
                    FormatName::Xlsx => PackFormat::Xlsx,
                })
                .collect();
            let request = PackRequest { partner: id::<PartnerId>(partner), quarter, edition, formats };
            let made = packs::export_pack_to(ws, request, out).await?;
            printer
                .result(&made, |made| made.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join("\n"))?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Audit(what) => audit(ws, what, printer).await,
        Command::Demo { .. }
        | Command::Sandbox(_)
        | Command::Connect { .. }
        | Command::Doctor
        | Command::Completions { .. } => Ok(ExitCode::SUCCESS),
        #[cfg(feature = "lab")]
        Command::Bench(_) => Ok(ExitCode::SUCCESS),
    }
}

async fn provision(ws: Arc<Workspace>, apply: bool, printer: Printer) -> Answer<ExitCode> {
    let plan = if apply {
        connecting::provision(ws, Nothing {}).await?
    } else {
        connecting::provision_plan(ws, Nothing {}).await?
    };
    printer.result(&plan, |plan| {
        let missing = plan.items.iter().filter(|item| !item.present);
        let rows: Vec<Vec<String>> =
            missing.map(|item| vec![item.object_name.clone(), item.property.clone(), item.why.clone()]).collect();
        let there = plan.items.len() - rows.len();
        let refused = plan.refused.as_ref().map(|why| format!("\n{why}")).unwrap_or_default();
        if rows.is_empty() {
            return format!("Nothing is left to add: all {there} properties are there{refused}");
        }
        let list = table(&["object", "property", "why"], &rows);
        format!("{list}{} to add, {there} there already{refused}", plan.missing)
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn sync(app: &Arc<Drumbeat>, ws: Arc<Workspace>, options: SyncOptions, printer: Printer) -> Answer<ExitCode> {
    let job = syncing::sync(Arc::clone(&ws), options);
    tokio::pin!(job);
    let summary = tokio::select! {
        done = &mut job => done?,
        _ = tokio::signal::ctrl_c() => {
            ws.jobs.cancel_all();
            job.await?
        }
    };
    let app = Arc::clone(app);
    let status = blocking(move || status::status(&app, Nothing {})).await?;
    let held = status.read_only.filter(|_| summary.waiting > 0);
    printer.result(&summary, |s| {
        let held = held.as_ref().map(|why| format!("\n{why}: what was decided waits here until it may write")).unwrap_or_default();
        let stopped = if s.cancelled { ", stopped (it goes on where it was next time)" } else { "" };
        format!(
            "{} records read, {} changed, {} gone; {} ops confirmed, {} waiting, {} need you; {} messages released; {} requests ({} repeated), {} KiB, {:.1} s{stopped}{held}",
            s.read, s.changed, s.gone, s.pushed, s.waiting, s.needs_you, s.released, s.requests, s.retries, s.bytes / 1024, s.seconds
        )
    })?;
    Ok(if summary.needs_you > 0 || held.is_some() { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

async fn show_status(app: &Arc<Drumbeat>, printer: Printer) -> Answer<ExitCode> {
    let app = Arc::clone(app);
    let status = blocking(move || status::status(&app, Nothing {})).await?;
    printer.result(&status, |s| {
        let at = |at: drumbeat_model::time::Instant| at.format("%Y-%m-%d %H:%M UTC").to_string();
        let mut text = format!("{}\nLast sync: {}", s.name, s.last_sync.map_or_else(|| "never".to_owned(), at));
        text.push_str(&format!("\nOutbox: {} pending, {} need you", s.pending, s.merge_conflicts));
        text.push_str(&format!("\nRegistrations waiting: {}, {} over the SLA", s.counts.inbox, s.counts.inbox_over));
        if let Some(next) = &s.next_sla {
            text.push_str(&format!("\nNext SLA: {}, {}", next.company, at(next.due)));
        }
        if let Some(why) = &s.read_only {
            text.push_str(&format!("\n{why}"));
        }
        text
    })?;
    Ok(if status.merge_conflicts > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
}

async fn queue(ws: Arc<Workspace>, what: Registrations, printer: Printer) -> Answer<ExitCode> {
    match what {
        Registrations::List { scope, show, limit } => {
            let query = InboxQuery {
                scope: word("scope", &scope, Scope::from_name)?,
                show: word("list", &show, InboxShow::from_name)?,
                limit,
                ..InboxQuery::default()
            };
            let page = blocking(move || inbox::inbox(&ws, query)).await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|row| {
                        let due = row
                            .clock
                            .as_ref()
                            .map(|clock| clock.due.format("%m-%d %H:%M").to_string())
                            .unwrap_or_default();
                        let checks = match (row.fails, row.warnings) {
                            (0, 0) => "fine".to_owned(),
                            (fails, 0) => format!("{fails} failed"),
                            (0, looks) => format!("{looks} to look at"),
                            (fails, looks) => format!("{fails} failed, {looks} to look at"),
                        };
                        let amount = row.amount.as_ref().map(ToString::to_string).unwrap_or_default();
                        let state = row
                            .decision
                            .as_ref()
                            .map_or_else(|| row.group.label().to_owned(), |decision| decision.text.clone());
                        vec![
                            row.id.0.clone(),
                            row.company.clone(),
                            row.partner.clone().unwrap_or_default(),
                            amount,
                            due,
                            checks,
                            state,
                        ]
                    })
                    .collect();
                format!(
                    "{}{} in all",
                    table(&["id", "company", "partner", "amount", "due", "checks", ""], &rows),
                    page.total
                )
            })?;
        }
        Registrations::Show { id: which } => {
            let detail = blocking(move || inbox::registration(&ws, id(which))).await?;
            printer.result(&detail, |d| {
                let mut text = format!(
                    "{} ({}), {}\n",
                    d.row.company,
                    d.row.number,
                    d.row.partner.as_deref().unwrap_or("no partner")
                );
                if let Some(recommendation) = &d.recommendation {
                    text.push_str(&format!("Recommended: {}\n", recommendation.text));
                    let rows: Vec<Vec<String>> = recommendation
                        .trace
                        .iter()
                        .map(|c| {
                            vec![
                                c.rule.clone(),
                                c.statement.clone(),
                                c.fact.clone(),
                                format!("{:?}", c.result).to_lowercase(),
                            ]
                        })
                        .collect();
                    text.push_str(&table(&["rule", "", "", ""], &rows));
                    if let Some(flip) = &recommendation.flip {
                        text.push_str(&format!("{flip}\n"));
                    }
                }
                let rows: Vec<Vec<String>> = d
                    .checks
                    .iter()
                    .map(|c| {
                        vec![format!("{:?}", c.outcome).to_lowercase(), c.name.clone(), c.fact.clone(), c.rule.clone()]
                    })
                    .collect();
                text.push_str(&table(&["check", "", "", ""], &rows));
                text
            })?;
        }
        Registrations::Decide { id: which, act } => return decide(ws, id(which), act, printer).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn decide(ws: Arc<Workspace>, registration: RegistrationId, act: Decide, printer: Printer) -> Answer<ExitCode> {
    let decided = blocking(move || match act {
        Decide::Approve { days, deal, seller, reason } => registrations::approve(
            &ws,
            Approve {
                registration,
                protection_days: days,
                seller: seller.map(OwnerId),
                link_deal: deal.map(DealId),
                message: None,
                reason,
            },
        )
        .map(Some),
        Decide::Decline { reason, text } => {
            let reason = word("decline reason", &reason, DeclineReason::from_name)?;
            registrations::decline(&ws, Decline { registration, reason, text, message: None }).map(Some)
        }
        Decide::Ask { question } => {
            registrations::ask_info(&ws, AskInfo { registration, question, message: None }).map(Some)
        }
        Decide::Claim { release } => registrations::claim(&ws, Claim { registration, release }).map(Some),
        Decide::Undo => {
            let detail = inbox::registration(&ws, registration)?;
            let decision = detail.row.decision.filter(|decision| decision.undoable).ok_or_else(|| {
                ApiError::new(Code::Invalid, "undo.nothing", "There is no decision here that has not been sent")
                    .kept("Nothing was changed")
            })?;
            registrations::undo(&ws, Undo { decision: decision.id }).map(|_| None)
        }
    })
    .await?;
    printer.result(&decided, |decided| {
        decided
            .as_ref()
            .map_or_else(|| "Taken back".to_owned(), |decided| format!("{}, saved on this device", decided.title))
    })?;
    Ok(ExitCode::SUCCESS)
}

async fn show_deals(ws: Arc<Workspace>, what: Deals, printer: Printer) -> Answer<ExitCode> {
    match what {
        Deals::List { outcome, partner, text, limit } => {
            let outcome = outcome
                .map(|text| {
                    word("outcome", &text, |text| match text {
                        "open" => Some(Outcome::Open),
                        "won" => Some(Outcome::Won),
                        "lost" => Some(Outcome::Lost),
                        _ => None,
                    })
                })
                .transpose()?;
            let filter = DealFilter { outcome, partner: partner.map(PartnerId), text, ..DealFilter::default() };
            let page =
                blocking(move || deals::deals(&ws, DealsQuery { filter, limit, ..DealsQuery::default() })).await?;
            printer.result(&page, |page| {
                let text = |value: &Option<String>| value.clone().unwrap_or_default();
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|d| {
                        vec![
                            d.id.0.clone(),
                            d.name.clone(),
                            text(&d.account),
                            text(&d.partner),
                            d.stage.clone(),
                            d.amount.as_ref().map(ToString::to_string).unwrap_or_default(),
                            d.close_date.map(|day| day.to_string()).unwrap_or_default(),
                        ]
                    })
                    .collect();
                format!(
                    "{}{} in all",
                    table(&["id", "deal", "account", "partner", "stage", "amount", "close"], &rows),
                    page.total
                )
            })?;
        }
        Deals::Show { id: which } => {
            let detail = blocking(move || deals::deal(&ws, id(which))).await?;
            printer.result(&detail, |d| {
                let rows: Vec<Vec<String>> = d
                    .fields
                    .iter()
                    .map(|f| {
                        vec![
                            f.label.clone(),
                            f.shown.clone().unwrap_or_else(|| "missing".to_owned()),
                            format!("{:?}", f.need).to_lowercase(),
                            format!("{:?}", f.state).to_lowercase(),
                        ]
                    })
                    .collect();
                format!(
                    "{}, {}\n{}",
                    d.row.name,
                    d.row.account.as_deref().unwrap_or("no account"),
                    table(&["field", "value", "need", "state"], &rows)
                )
            })?;
        }
        Deals::Edit { id: which, set, reason } => {
            let mut edits = Vec::new();
            for pair in set {
                let (field, value) = pair
                    .split_once('=')
                    .ok_or_else(|| ApiError::invalid("argument", format!("\"{pair}\" is not FIELD=VALUE")))?;
                edits.push(FieldEdit {
                    field: word("field", field, Field::from_name)?,
                    value: (!value.is_empty()).then(|| value.to_owned()),
                });
            }
            let decided = blocking(move || {
                deals::edit_deal(&ws, EditDeal { deal: id(which), set: edits, override_reason: reason })
            })
            .await?;
            printer.result(&decided, |decided| format!("{}, saved on this device", decided.title))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show_partners(ws: Arc<Workspace>, what: Partners, printer: Printer) -> Answer<ExitCode> {
    let sums =
        |sums: &[drumbeat_model::money::Money]| sums.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match what {
        Partners::List { text } => {
            let page = blocking(move || {
                partners::partners(&ws, PartnersQuery { text, limit: 500, ..PartnersQuery::default() })
            })
            .await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|p| {
                        vec![
                            p.id.0.clone(),
                            p.name.clone(),
                            p.partner_type.map(|kind| kind.label()).unwrap_or_default().to_owned(),
                            p.tier.map(|tier| tier.label()).unwrap_or_default().to_owned(),
                            p.open_deals.to_string(),
                            sums(&p.open_amounts),
                            p.open_registrations.to_string(),
                        ]
                    })
                    .collect();
                format!(
                    "{}{} in all",
                    table(&["id", "partner", "type", "tier", "deals", "open", "registrations"], &rows),
                    page.total
                )
            })?;
        }
        Partners::Show { id: which } => {
            let detail = blocking(move || partners::partner(&ws, id(which))).await?;
            printer.result(&detail, |d| {
                format!(
                    "{}, {} open deals ({}), won this quarter {}, hygiene {} %, {} certified",
                    d.row.name,
                    d.row.open_deals,
                    sums(&d.row.open_amounts),
                    sums(&d.won_quarter),
                    d.hygiene,
                    d.row.certified
                )
            })?;
        }
        Partners::CallSheet { id: which } => {
            let sheet = blocking(move || partners::call_sheet(&ws, id(which))).await?;
            printer.result(&sheet, |s| {
                let owed = |list: &[drumbeat_model::partner::Owed]| {
                    list.iter()
                        .map(|o| {
                            format!(
                                "  {}{}",
                                o.text,
                                o.due
                                    .map(|due| format!(", {due}{}", if o.late { " (late)" } else { "" }))
                                    .unwrap_or_default()
                            )
                        })
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                format!(
                    "{}\nRegistrations waiting: {}\nProtections ending: {}\nThey owe:\n{}\nWe owe:\n{}",
                    s.name,
                    s.registrations.len(),
                    s.protections.len(),
                    owed(&s.they_owe),
                    owed(&s.we_owe)
                )
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn audit(ws: Arc<Workspace>, what: Audit, printer: Printer) -> Answer<ExitCode> {
    match what {
        Audit::Verify => {
            let verdict = blocking(move || activity::verify_audit(&ws, Nothing {})).await?;
            printer.result(&verdict, |v| match &v.problem {
                None => format!("{} entries hold, head {}", v.entries, v.head),
                Some(problem) => format!("Broken at entry {}: {problem}", v.broken_at.unwrap_or_default()),
            })?;
            Ok(if verdict.intact { ExitCode::SUCCESS } else { ExitCode::from(3) })
        }
        Audit::List { limit } => {
            let page = blocking(move || activity::audit(&ws, AuditQuery { limit, ..AuditQuery::default() })).await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page
                    .rows
                    .iter()
                    .map(|a| {
                        vec![
                            a.seq.to_string(),
                            a.at.format("%Y-%m-%d %H:%M").to_string(),
                            a.actor.clone(),
                            a.act.clone(),
                            a.title.clone(),
                        ]
                    })
                    .collect();
                table(&["#", "when", "who", "act", ""], &rows)
            })?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
