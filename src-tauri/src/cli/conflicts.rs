//! `drumbeat conflicts`: channel conflicts as a list and one by one, and what is done about them.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{Days, NaiveTime};
use clap::{Args, Subcommand};
use drumbeat_app::api::Nothing;
use drumbeat_app::channel;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_model::channel::{
    ChannelSignal, ConflictDetail, ConflictKind, ConflictRef, ConflictRow, ConflictState, ConflictsQuery, MovedSince,
    PassDone, VerdictMoved,
};
use drumbeat_model::deal::Motion;
use drumbeat_model::dossier::{PartnerRole, Proof, ProofKind};
use drumbeat_model::settling::{
    AcknowledgeConflict, AddEvidence, AppealConflict, AskSeller, ConflictStepped, DismissConflicts, EscalateConflict,
    MeasureConflicts, PartyShare, PlanConflict, RefuseConflictAppeal, SellerAnswered, Settle, Settlement,
};
use drumbeat_model::time::{Day, Quarter};

use super::commands::{id, word};
use super::print::{Printer, table};

/// Channel conflicts: two parties with a claim on one account.
#[derive(Debug, Subcommand)]
pub enum Conflicts {
    /// The open ones by severity and clock; 3 when there are any.
    List(ListArgs),
    /// One with both sides' facts, the verdict and what would turn it.
    Show {
        /// Which.
        id: String,
    },
    /// Do something about one: award, split, joint, dismiss, acknowledge, ask, answer, plan, escalate, appeal, refuse, evidence.
    Resolve(ResolveArgs),
    /// Judge every account anew; says which verdicts have moved.
    Judge,
    /// Verdicts that have moved: by new facts, or by another version of the policy.
    Moved {
        /// From this day on; the last 7 days when absent.
        #[arg(long, value_name = "DAY")]
        since: Option<Day>,
    },
    /// Rate, causes and times of a quarter.
    Measures {
        /// E.g. 2026Q3.
        #[arg(value_parser = |text: &str| Quarter::parse(text).map_err(|error| error.to_string()))]
        quarter: Quarter,
    },
}

/// Which channel conflicts.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// Settled, dismissed and ended ones instead.
    #[arg(long)]
    closed: bool,
    /// horizontal, vertical, multi_channel, renewal, sign; early signs only when named.
    #[arg(long, value_delimiter = ',')]
    kind: Vec<String>,
    /// With this signal, e.g. two_open_deals or renewal_unconfirmed.
    #[arg(long)]
    signal: Option<String>,
    /// open, acknowledged, planned, escalated, appealed.
    #[arg(long)]
    state: Option<String>,
    /// With this partner.
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    /// With this motion.
    #[arg(long)]
    motion: Option<String>,
    /// In this region.
    #[arg(long)]
    region: Option<String>,
    /// At stake at least.
    #[arg(long, value_name = "AMOUNT")]
    from: Option<u32>,
    /// Words in the account's or a party's name.
    #[arg(long)]
    text: Option<String>,
    /// Rows.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// The key that the page before ended with.
    #[arg(long, value_name = "KEY")]
    after: Option<String>,
}

/// What to do about one.
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// Which; several with dismiss, separated by commas.
    id: String,
    /// award, split, joint, dismiss, acknowledge, ask, answer, plan, escalate, appeal, refuse or evidence.
    how: String,
    /// With award, appeal and evidence: the party (a partner's id, or direct).
    #[arg(long, value_name = "PARTY")]
    party: Option<String>,
    /// With split and joint: PARTY=PERCENT, with joint also PARTY=PERCENT:ROLE.
    #[arg(long = "share", value_name = "PARTY=PERCENT")]
    shares: Vec<String>,
    /// Why, what is asked, answered or planned, or what the partner says.
    #[arg(long)]
    reason: Option<String>,
    /// With ask and escalate: whom, by the CRM's id.
    #[arg(long, value_name = "OWNER")]
    to: Option<String>,
    /// With plan: by when.
    #[arg(long, value_name = "DAY")]
    due: Option<Day>,
    /// With appeal and evidence: KIND,DAY,TEXT.
    #[arg(long = "proof", value_name = "KIND,DAY,TEXT")]
    proofs: Vec<String>,
}

/// Runs it.
pub async fn run(ws: Arc<Workspace>, what: Conflicts, printer: Printer) -> Answer<ExitCode> {
    if let Conflicts::Judge = what {
        let since = ws.clock.now();
        let pass = channel::judge_conflicts(Arc::clone(&ws), Nothing {}).await?;
        let moved = super::blocking(move || channel::verdicts_moved(&ws, MovedSince { since })).await?;
        printer
            .result(&Judged { pass, moved }, |done| format!("{}\n{}", judged(&done.pass), moved_lines(&done.moved)))?;
        return Ok(ExitCode::SUCCESS);
    }
    super::blocking(move || carry_out(&ws, what, printer)).await
}

fn carry_out(ws: &Arc<Workspace>, what: Conflicts, printer: Printer) -> Answer<ExitCode> {
    match what {
        Conflicts::List(args) => {
            let open = !args.closed;
            let page = channel::conflicts(ws, query(args)?)?;
            printer.result(&page, |page| {
                let rows: Vec<Vec<String>> = page.rows.iter().map(line).collect();
                let head = ["id", "severity", "kind", "account", "parties", "at stake", "state", "due"];
                format!("{}{} in all", table(&head, &rows), page.total)
            })?;
            Ok(if open && page.total > 0 { ExitCode::from(3) } else { ExitCode::SUCCESS })
        }
        Conflicts::Show { id } => {
            printer.result(&channel::conflict(ws, ConflictRef { conflict: id })?, shown)?;
            Ok(ExitCode::SUCCESS)
        }
        Conflicts::Resolve(args) => resolve(ws, args, printer),
        Conflicts::Measures { quarter } => {
            let year = ws.policy.calendar.fiscal_year();
            let (from, to) = (year.first_day(quarter), year.last_day(quarter));
            let measures = channel::conflict_measures(ws, MeasureConflicts { from, to })?;
            printer.result(&measures, |m| {
                let minutes = |all: Option<u32>| all.map_or("-".to_owned(), |all| format!("{} h", all.div_ceil(60)));
                let mut text = format!(
                    "{} channel conflicts, {} for every hundred open partner deals.\nAcknowledged after {}, settled after {} (median).\n{} settled, {} of them by rule; {} appeals, {} upheld.\n",
                    m.raised, m.rate_percent, minutes(m.minutes_to_acknowledge), minutes(m.minutes_to_settle), m.settled, m.by_rule, m.appeals, m.upheld
                );
                for (signal, count) in &m.by_signal {
                    let _ = writeln!(text, "{count:>6}  {}", signal.label());
                }
                text
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Conflicts::Moved { since } => {
            let week = || ws.clock.today().checked_sub_days(Days::new(7)).unwrap_or_default();
            let since = since.unwrap_or_else(week).and_time(NaiveTime::MIN).and_utc();
            let moved = channel::verdicts_moved(ws, MovedSince { since })?;
            printer.result(&moved, |moved| match moved.len() {
                0 => "No verdict has moved.".to_owned(),
                _ => moved_lines(moved),
            })?;
            Ok(ExitCode::SUCCESS)
        }
        Conflicts::Judge => Ok(ExitCode::SUCCESS),
    }
}

fn query(args: ListArgs) -> Answer<ConflictsQuery> {
    let kinds = args.kind.iter().map(|kind| word("kind", kind, ConflictKind::from_name)).collect::<Answer<_>>()?;
    Ok(ConflictsQuery {
        closed: args.closed,
        kinds,
        signal: args.signal.map(|text| word("signal", &text, ChannelSignal::from_name)).transpose()?,
        state: args.state.map(|text| word("state", &text, ConflictState::from_name)).transpose()?,
        partner: args.partner.map(id),
        motion: args.motion.map(|text| word("motion", &text, Motion::from_name)).transpose()?,
        region: args.region,
        value_from: args.from,
        text: args.text,
        after: args.after,
        limit: args.limit,
    })
}

fn line(row: &ConflictRow) -> Vec<String> {
    let parties: Vec<String> =
        row.parties
            .iter()
            .map(|party| {
                if row.first.as_deref() == Some(party.key()) { format!("*{}", party.name) } else { party.name.clone() }
            })
            .collect();
    vec![
        row.id.clone(),
        row.severity.to_string(),
        row.kind.label().to_owned(),
        row.account.clone(),
        parties.join(", "),
        row.value.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.state.label().to_owned(),
        row.clock
            .as_ref()
            .map(|clock| format!("{} {}", clock.rule, clock.due.format("%m-%d %H:%M")))
            .unwrap_or_default(),
    ]
}

/// A pass with the verdicts that it moved.
#[derive(serde::Serialize)]
struct Judged {
    #[serde(flatten)]
    pass: PassDone,
    moved: Vec<VerdictMoved>,
}

fn moved_lines(moved: &[VerdictMoved]) -> String {
    let line = |one: &VerdictMoved| format!("  {} {}: {}", one.conflict, one.account, one.text);
    moved.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn judged(done: &PassDone) -> String {
    format!(
        "Judged {} accounts: {} raised, {} changed, {} ended, {} back, {} verdicts moved{}",
        done.judged,
        done.raised,
        done.changed,
        done.ended,
        done.reopened,
        done.turned,
        if done.cancelled { "; stopped before the end" } else { "" }
    )
}

fn shown(detail: &ConflictDetail) -> String {
    let row = &detail.row;
    let mut text = format!(
        "{}\n{}, {}, severity {}, {}\n",
        row.text,
        row.kind.label(),
        row.status.label().to_lowercase(),
        row.severity,
        row.state.label().to_lowercase()
    );
    for clock in &detail.clocks {
        let _ = writeln!(text, "  {} due {}: {:?}", clock.rule, clock.due.format("%Y-%m-%d %H:%M"), clock.state);
    }
    let _ = writeln!(text, "\nSignals");
    for found in &detail.signals {
        let _ = writeln!(text, "  {}: {}", found.signal.label(), found.fact);
    }
    for side in &detail.sides {
        let yes = |yes: bool| if yes { "yes" } else { "no" };
        let known = |known: Option<bool>| known.map_or("not known", yes);
        let _ = writeln!(text, "\n{} ({})", side.party.name, side.party.key());
        let _ = writeln!(text, "  registered: {}", side.registered.as_deref().unwrap_or("no"));
        let _ = writeln!(
            text,
            "  incumbent: {}; certified: {}; tier: {}",
            yes(side.incumbent),
            known(side.certified),
            side.tier.as_deref().unwrap_or("none")
        );
        let mut books = detail.capacity.iter().flatten();
        if let Some(book) = books.find(|book| book.party == side.party.key()) {
            let _ = writeln!(text, "  book: {}{}", book.text, if book.full { ", full" } else { "" });
        }
        let _ = writeln!(text, "  kept for it: {}; in its territory: {}", yes(side.reserved), known(side.in_territory));
        for deal in &side.deals {
            let amount = deal.amount.as_ref().map(|money| format!(", {money}")).unwrap_or_default();
            let _ = writeln!(text, "  deal {}: {}{amount}, stage {}", deal.id, deal.name, deal.position);
        }
        for claim in &side.claims {
            let _ = writeln!(text, "  registration {}: {}", claim.id, claim.label);
        }
        for piece in &side.evidence {
            let _ = writeln!(
                text,
                "  {} of {}: {} ({})",
                piece.kind.label().to_lowercase(),
                piece.day,
                piece.text,
                piece.source
            );
        }
    }
    let _ = writeln!(text, "\nVerdict: {}", detail.verdict.text);
    for clause in &detail.verdict.trace {
        let _ = writeln!(text, "  {} {}: {}", clause.rule, clause.statement, clause.fact);
    }
    for turn in &detail.verdict.turned_by {
        let _ = writeln!(text, "  turned by {turn}");
    }
    let _ = writeln!(text, "It ends when {}.", detail.ends_with);
    if let Some(outcome) = &detail.outcome {
        let _ = writeln!(text, "Settled: {outcome}");
    }
    let acts: Vec<String> = detail.acts.iter().map(|act| act.label().to_lowercase()).collect();
    let _ = writeln!(text, "\nNow: {}", if acts.is_empty() { "nothing".to_owned() } else { acts.join(", ") });
    text
}

fn missing(what: &str) -> ApiError {
    ApiError::invalid("argument", format!("--{what} is missing")).kept("Nothing was changed")
}

fn share(text: &str) -> Answer<PartyShare> {
    let wrong =
        || ApiError::invalid("argument", format!("\"{text}\" is no share: write PARTY=PERCENT or PARTY=PERCENT:ROLE"));
    let (party, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (pct, role) = match rest.split_once(':') {
        Some((pct, role)) => (pct, Some(word("role", role, PartnerRole::from_name)?)),
        None => (rest, None),
    };
    Ok(PartyShare { party: party.to_owned(), pct: pct.trim_end_matches('%').parse().map_err(|_| wrong())?, role })
}

/// `ID:award`, `ID:split:PARTY=60,PARTY=40`, `ID:joint:PARTY=60:resale,PARTY=40:services`.
pub fn settled(text: &str, reason: Option<String>) -> Answer<Settle> {
    let wrong = || {
        ApiError::invalid("argument", format!("\"{text}\" settles nothing"))
            .kept("Nothing was decided")
            .next("Write ID:award, ID:split:PARTY=60,PARTY=40 or ID:joint:PARTY=60:resale,PARTY=40:services")
    };
    let (conflict, how) = text.split_once(':').ok_or_else(wrong)?;
    let (outcome, rest) = match how.split_once(':') {
        None if how == "award" => (Settlement::Awarded, ""),
        Some(("split", rest)) => (Settlement::Split, rest),
        Some(("joint", rest)) => (Settlement::Joint, rest),
        _ => return Err(wrong()),
    };
    let shares = rest.split(',').filter(|one| !one.is_empty()).map(share).collect::<Answer<_>>()?;
    // An award is to the partner whose registration is approved.
    Ok(Settle { conflict: conflict.trim().to_owned(), outcome, winner: None, shares, reason })
}

fn proof(text: &str) -> Answer<Proof> {
    let wrong = || ApiError::invalid("argument", format!("\"{text}\" is no evidence: write KIND,DAY,TEXT"));
    let mut parts = text.splitn(3, ',');
    let (Some(kind), Some(day), Some(says)) = (parts.next(), parts.next(), parts.next()) else { return Err(wrong()) };
    let day = day.trim().parse().map_err(|_| wrong())?;
    Ok(Proof { kind: word("kind of evidence", kind, ProofKind::from_name)?, day, text: says.trim().to_owned() })
}

fn resolve(ws: &Arc<Workspace>, args: ResolveArgs, printer: Printer) -> Answer<ExitCode> {
    let ResolveArgs { id: conflict, how, party, shares, reason, to, due, proofs } = args;
    let text = || reason.clone().ok_or_else(|| missing("reason"));
    let party = || party.clone().ok_or_else(|| missing("party"));
    let proofs: Vec<Proof> = proofs.iter().map(|text| proof(text)).collect::<Answer<_>>()?;
    let settle = |outcome, winner| -> Answer<ConflictStepped> {
        let shares = shares.iter().map(|text| share(text)).collect::<Answer<_>>()?;
        channel::settle_conflict(
            ws,
            Settle { conflict: conflict.clone(), outcome, winner, shares, reason: reason.clone() },
        )
    };
    let done: ConflictStepped = match how.as_str() {
        "award" => settle(Settlement::Awarded, Some(party()?))?,
        "split" => settle(Settlement::Split, None)?,
        "joint" => settle(Settlement::Joint, None)?,
        "acknowledge" => channel::acknowledge_conflict(ws, AcknowledgeConflict { conflict })?,
        "ask" => channel::ask_seller(ws, AskSeller { conflict, question: text()?, seller: to.map(id) })?,
        "answer" => channel::seller_answered(ws, SellerAnswered { conflict, answer: text()? })?,
        "plan" => channel::plan_conflict(ws, PlanConflict { conflict, text: text()?, due })?,
        "escalate" => {
            let to = to.map(id).ok_or_else(|| missing("to"))?;
            channel::escalate_conflict(ws, EscalateConflict { conflict, to, reason: text()? })?
        }
        "appeal" => {
            channel::appeal_conflict(ws, AppealConflict { conflict, partner: id(party()?), text: text()?, proofs })?
        }
        "refuse" => channel::refuse_conflict_appeal(ws, RefuseConflictAppeal { conflict, reason: text()? })?,
        "evidence" => {
            let proof = proofs.into_iter().next().ok_or_else(|| missing("proof"))?;
            channel::add_evidence(ws, AddEvidence { conflict, party: party()?, proof, source: reason.clone() })?
        }
        "dismiss" => {
            let conflicts = conflict.split(',').map(|id| id.trim().to_owned()).collect();
            let done = channel::dismiss_conflicts(ws, DismissConflicts { conflicts, reason: text()? })?;
            printer.result(&done, |done| {
                let mut text = format!("{} dismissed", done.done.len());
                for failed in &done.failed {
                    let _ = write!(text, "\n{}: {}", failed.conflict, failed.why);
                }
                text
            })?;
            return Ok(if done.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) });
        }
        other => {
            return Err(ApiError::invalid("argument", format!("\"{other}\" is nothing that can be done with it"))
                .next("See --help for what can"));
        }
    };
    printer.result(&done, |done| done.title.clone())?;
    Ok(ExitCode::SUCCESS)
}
