//! `drumbeat registrations`: the queue, one claim with its checks, and the decision on it.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{channel, decide as deciding, inbox, registrations, today};
use drumbeat_model::ids::{DealId, OwnerId, RegistrationId};
use drumbeat_model::inbox::{CheckCounts, InboxQuery, InboxRow, InboxShow, RegistrationDetail, Scope};
use drumbeat_model::page::Page;
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decided, Decline, DeclineReason, Undo};
use drumbeat_model::settling::{ApproveSettling, Settle};
use drumbeat_model::time::Instant;
use drumbeat_model::today::{Attainment, ClockReport};

use super::acts;
use super::args::{Decide, Registrations};
use super::commands::{id, word};
use super::print::{Printer, table};
use super::{blocking, intake};

/// Runs one command of the queue.
pub async fn run(ws: Arc<Workspace>, what: Registrations, printer: Printer) -> Answer<ExitCode> {
    match what {
        Registrations::List { scope, show, limit } => {
            let query = InboxQuery {
                scope: word("scope", &scope, Scope::from_name)?,
                show: word("list", &show, InboxShow::from_name)?,
                limit,
                ..InboxQuery::default()
            };
            let page = blocking(move || checked(&ws, query)).await?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page.rows.iter().map(line).collect();
                let list = table(&["id", "company", "partner", "amount", "due", "checks", ""], &rows);
                format!("{list}{} in all", page.total)
            })?;
        }
        Registrations::Show { id: which } => {
            let detail = blocking(move || inbox::registration(&ws, id(which))).await?;
            printer.result(&detail, shown)?;
        }
        Registrations::Clocks { days } => {
            let report = blocking(move || today::decision_clocks(&ws, days)).await?;
            printer.result(&report, clocks)?;
        }
        Registrations::Import(args) => return intake::import(ws, *args, printer).await,
        Registrations::Add(args) => return intake::add(ws, *args, printer).await,
        Registrations::Decide { id: which, act } => return decide(ws, id(which), *act, printer).await,
        other => return acts::run(ws, other, printer).await,
    }
    Ok(ExitCode::SUCCESS)
}

fn clocks(report: &ClockReport) -> String {
    let at = |at: Instant| at.format("%m-%d %H:%M").to_string();
    let rows: Vec<Vec<String>> = report
        .rows
        .iter()
        .map(|row| {
            let reached = row.reached.map(at).unwrap_or_default();
            let arrival = row.arrival.label().to_owned();
            vec![row.number.clone(), row.company.clone(), at(row.due), at(row.decided), reached, arrival]
        })
        .collect();
    let list = table(&["number", "company", "due", "decided", "in the CRM", ""], &rows);
    let Attainment { met, of, reached } = report.attainment;
    let reached = reached.unwrap_or_default();
    format!(
        "{list}{met} of {of} decided inside {}; of these {} late in the CRM, {} on their way",
        report.within, reached.late_sync, reached.waiting
    )
}

/// A row with what the window asks for row by row.
#[derive(serde::Serialize)]
struct Checked {
    #[serde(flatten)]
    row: InboxRow,
    checks: Option<CheckCounts>,
}

fn checked(ws: &Arc<Workspace>, query: InboxQuery) -> Answer<Page<Checked>> {
    let page = inbox::inbox(ws, query)?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        rows.push(Checked { checks: inbox::check_counts(ws, row.id.clone())?, row });
    }
    Ok(Page { rows, next: page.next, total: page.total })
}

fn line(Checked { row, checks }: &Checked) -> Vec<String> {
    let due = row.clock.as_ref().map(|clock| clock.due.format("%m-%d %H:%M").to_string()).unwrap_or_default();
    let checks = match checks.map(|counts| (counts.fails, counts.warnings)) {
        None => String::new(),
        Some((0, 0)) => "fine".to_owned(),
        Some((fails, 0)) => format!("{fails} failed"),
        Some((0, looks)) => format!("{looks} to look at"),
        Some((fails, looks)) => format!("{fails} failed, {looks} to look at"),
    };
    let amount = row.amount.as_ref().map(ToString::to_string).unwrap_or_default();
    let state = row.decision.as_ref().map_or_else(|| row.group.label().to_owned(), |decision| decision.text.clone());
    let partner = row.partner.clone().unwrap_or_default();
    vec![row.id.0.clone(), row.company.clone(), partner, amount, due, checks, state]
}

fn shown(d: &RegistrationDetail) -> String {
    let partner = d.row.partner.as_deref().unwrap_or("no partner");
    let mut text = format!("{} ({}), {partner}\n", d.row.company, d.row.number);
    if let Some(recommendation) = &d.recommendation {
        text.push_str(&format!("Recommended: {}\n", recommendation.text));
        let clause = |c: &drumbeat_model::verdict::Clause| {
            vec![c.rule.clone(), c.statement.clone(), c.fact.clone(), format!("{:?}", c.result).to_lowercase()]
        };
        let rows: Vec<Vec<String>> = recommendation.trace.iter().map(clause).collect();
        text.push_str(&table(&["rule", "", "", ""], &rows));
        if let Some(flip) = &recommendation.flip {
            text.push_str(&format!("{flip}\n"));
        }
    }
    if let Some(conversion) = d.life.as_ref().and_then(|life| life.conversion.as_ref()) {
        text.push_str(&format!("{conversion}\n"));
    }
    let check = |c: &drumbeat_model::verdict::Check| {
        vec![format!("{:?}", c.outcome).to_lowercase(), c.name.clone(), c.fact.clone(), c.rule.clone()]
    };
    let rows: Vec<Vec<String>> = d.checks.iter().map(check).collect();
    text.push_str(&table(&["check", "", "", ""], &rows));
    text
}

/// Approves, with the channel conflicts that are settled in the same act (C-08).
fn approved(ws: &Arc<Workspace>, approve: Approve, settle: &[String]) -> Answer<Decided> {
    let done = if settle.is_empty() {
        registrations::approve(ws, approve)
    } else {
        let reason = approve.reason.clone();
        let one = |text: &String| super::conflicts::settled(text, reason.clone());
        let settle = settle.iter().map(one).collect::<Answer<Vec<Settle>>>()?;
        channel::approve_settling(ws, ApproveSettling { approve, settle })
    };
    done.map_err(|error| match error.id.as_str() {
        "approve.conflict" => error.next(
            "Look at it with `conflicts show ID`. Then approve with --reason, settle it in the same act with \
             --settle ID:award (or ID:split:PARTY=60,PARTY=40), or ask first with `conflicts resolve ID ask --reason TEXT`",
        ),
        _ => error,
    })
}

async fn decide(ws: Arc<Workspace>, registration: RegistrationId, act: Decide, printer: Printer) -> Answer<ExitCode> {
    let undone = if matches!(act, Decide::Undo) { "Taken back" } else { "Done" };
    let decided = blocking(move || match act {
        Decide::Approve { days, deal, seller, reason, settle } => {
            let approve = Approve {
                registration,
                protection_days: days,
                seller: seller.map(OwnerId),
                link_deal: deal.map(DealId),
                message: None,
                reason,
            };
            approved(&ws, approve, &settle).map(Some)
        }
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
            deciding::undo(&ws, Undo { decision: decision.id }).map(|_| None)
        }
        other => acts::act(&ws, registration, other),
    })
    .await?;
    printer.result(&decided, |decided| {
        decided.as_ref().map_or_else(|| undone.to_owned(), |decided| format!("{}, saved on this device", decided.title))
    })?;
    Ok(ExitCode::SUCCESS)
}
