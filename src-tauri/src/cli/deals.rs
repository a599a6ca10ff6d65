//! `drumbeat deals`: a page of deals, one deal with its fields, its gate and its plan, edits through the gate, the board,
//! what is to be put right, and what a stricter gate would stop.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use drumbeat_app::deals;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_model::board::{Board, BoardQuery, MendList, MendQuery, Rehearsed};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{DealFilter, DealRow, DealTotals, DealsQuery, EditDeal, FieldEdit, Motion};
use drumbeat_model::dossier::{Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::gate::{Confirm, DealStanding, EditPreview, RehearseGate};
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::plan::{PlanSide, SetPlanItem};
use drumbeat_model::rates::Converted;
use drumbeat_model::time::Day;

use super::blocking;
use super::commands::{id, word};
use super::print::{Printer, table};

/// Deals.
#[derive(Debug, Subcommand)]
pub enum Deals {
    /// A page of deals.
    List {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// open, won or lost.
        #[arg(long)]
        outcome: Option<String>,
        /// At most this many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// After the page that answered this key as its `next`.
        #[arg(long, value_name = "KEY")]
        after: Option<String>,
    },
    /// Open deals by stage, with what each stage adds up to.
    Board {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Deals of a stage, at most.
        #[arg(long, default_value_t = 5)]
        limit: u32,
    },
    /// One deal.
    Show {
        /// Which.
        id: String,
    },
    /// Where one deal stands: its stage, what must hold before it moves on, signals, protection, plan.
    Gate {
        /// Which.
        id: String,
    },
    /// Change fields of one deal: `--set stage=… --set amount=…`, and confirm what must hold before it moves.
    Edit {
        /// Which.
        id: String,
        /// field=value; an empty value clears.
        #[arg(long = "set", value_name = "FIELD=VALUE", required_unless_present = "confirm")]
        set: Vec<String>,
        /// A criterion that holds, with what shows it, e.g. `reseller.2.demand=call of 12 Nov`; see `deals gate`.
        #[arg(long, value_name = "CRITERION=EVIDENCE")]
        confirm: Vec<String>,
        /// Why, when the gate does not hold.
        #[arg(long)]
        reason: Option<String>,
        /// Say what it would come to; change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// A milestone of the mutual action plan: a new one, or with `--milestone` a change of one.
    Plan {
        /// Which deal.
        id: String,
        /// What is to be done.
        text: String,
        /// Who owes it: we, partner or customer.
        #[arg(long, default_value = "we")]
        side: String,
        /// Which milestone is changed.
        #[arg(long)]
        milestone: Option<String>,
        /// By when.
        #[arg(long, value_name = "DAY")]
        due: Option<Day>,
        /// Done on this day.
        #[arg(long, value_name = "DAY")]
        done: Option<Day>,
        /// Who does it.
        #[arg(long)]
        owner: Option<String>,
        /// What endangers it.
        #[arg(long)]
        risk: Option<String>,
        /// Take it out of the plan.
        #[arg(long, requires = "milestone")]
        drop: bool,
    },
    /// What is to be put right first: most money for the least effort.
    Hygiene {
        /// Of this motion.
        #[arg(long)]
        motion: Option<String>,
        /// Of this owner (id).
        #[arg(long)]
        owner: Option<String>,
        /// Of this partner (id).
        #[arg(long)]
        partner: Option<String>,
        /// At most this many.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// What a stricter gate would stop; nothing is changed.
    Rehearse {
        /// A field that would be hard beside those of the policy.
        #[arg(long = "hard", value_name = "FIELD")]
        hard: Vec<String>,
        /// Every criterion of the present stage would have to hold.
        #[arg(long)]
        criteria: bool,
        /// Of this motion only.
        #[arg(long)]
        motion: Option<String>,
    },
}

/// Which deals; all conditions hold together.
#[derive(Debug, Args)]
pub struct Which {
    /// Of this partner (id).
    #[arg(long)]
    partner: Option<String>,
    /// Of this motion.
    #[arg(long)]
    motion: Option<String>,
    /// Of this owner (id).
    #[arg(long)]
    owner: Option<String>,
    /// At this place of their way, 1 to 5.
    #[arg(long)]
    position: Option<u32>,
    /// Past the stage's days or past the close date.
    #[arg(long)]
    stalled: bool,
    /// A hard field is missing.
    #[arg(long)]
    missing: bool,
    /// Words in the name.
    #[arg(long)]
    text: Option<String>,
}

impl Which {
    fn filter(self) -> Answer<DealFilter> {
        Ok(DealFilter {
            partner: self.partner.map(PartnerId),
            motion: motion(self.motion.as_deref())?,
            owner: self.owner.map(OwnerId),
            position: self.position,
            stalled: self.stalled.then_some(true),
            missing_fields: self.missing.then_some(true),
            text: self.text,
            ..DealFilter::default()
        })
    }
}

fn motion(text: Option<&str>) -> Answer<Option<Motion>> {
    text.map(|text| word("motion", text, Motion::from_name)).transpose()
}

/// `FIELD=VALUE` pairs as edits; an empty value clears.
pub fn edits(set: Vec<String>) -> Answer<Vec<FieldEdit>> {
    let edit = |pair: String| {
        let (field, value) = pair
            .split_once('=')
            .ok_or_else(|| ApiError::invalid("argument", format!("\"{pair}\" is not FIELD=VALUE")))?;
        let field = word("field", field, Field::from_name)?;
        Ok(FieldEdit { field, value: (!value.is_empty()).then(|| value.to_owned()) })
    };
    set.into_iter().map(edit).collect()
}

/// `CRITERION=EVIDENCE` pairs, of today.
fn confirms(pairs: Vec<String>, today: Day) -> Answer<Vec<Confirm>> {
    let confirm = |pair: String| {
        let (key, text) = pair
            .split_once('=')
            .ok_or_else(|| ApiError::invalid("argument", format!("\"{pair}\" is not CRITERION=EVIDENCE")))?;
        let proof = Proof { kind: ProofKind::Notes, day: today, text: text.trim().to_owned() };
        Ok(Confirm { key: key.trim().to_owned(), holds: true, proof: Some(proof) })
    };
    pairs.into_iter().map(confirm).collect()
}

/// Runs one command about deals.
pub async fn run(ws: Arc<Workspace>, what: Deals, printer: Printer) -> Answer<ExitCode> {
    match what {
        Deals::List { which, outcome, limit, after } => {
            let outcome = outcome.map(|text| word("outcome", &text, outcome_of)).transpose()?;
            let filter = DealFilter { outcome, ..which.filter()? };
            let page =
                blocking(move || deals::deals(&ws, DealsQuery { filter, limit, after, ..DealsQuery::default() }))
                    .await?;
            printer.result(&page, |page| format!("{}{} in all", deals_table(&page.rows), page.total))?;
        }
        Deals::Board { which, limit } => {
            let filter = which.filter()?;
            let board = blocking(move || deals::board(&ws, BoardQuery { filter, limit })).await?;
            printer.result(&board, board_text)?;
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
                    "{}, {}\n{}{}",
                    d.row.name,
                    d.row.account.as_deref().unwrap_or("no account"),
                    d.converted.as_ref().map(converted).unwrap_or_default(),
                    table(&["field", "value", "need", "state"], &rows)
                )
            })?;
        }
        Deals::Gate { id: which } => {
            let standing = blocking(move || deals::deal_standing(&ws, id(which))).await?;
            printer.result(&standing, standing_text)?;
        }
        Deals::Edit { id: which, set, confirm, reason, dry_run } => {
            let request = EditDeal {
                deal: id(which),
                set: edits(set)?,
                override_reason: reason,
                confirm: confirms(confirm, ws.clock.today())?,
            };
            if dry_run {
                let preview = blocking(move || deals::preview_edit(&ws, request)).await?;
                printer.result(&preview, preview_text)?;
            } else {
                let decided = blocking(move || deals::edit_deal(&ws, request)).await?;
                printer.result(&decided, |decided| format!("{}, saved on this device", decided.title))?;
            }
        }
        Deals::Plan { id: which, text, side, milestone, due, done, owner, risk, drop } => {
            let side = word("side", &side, PlanSide::from_name)?;
            let (deal, dropped, proof) = (id(which), drop, None);
            let request = SetPlanItem { deal, id: milestone, text, side, owner, due, done, proof, risk, dropped };
            let decided = blocking(move || deals::set_plan_item(&ws, request)).await?;
            printer.result(&decided, |decided| format!("{}, saved on this device", decided.title))?;
        }
        Deals::Hygiene { motion: of, owner, partner, limit } => {
            let (motion, owner, partner) = (motion(of.as_deref())?, owner.map(OwnerId), partner.map(PartnerId));
            let list =
                blocking(move || deals::mend_list(&ws, MendQuery { motion, owner, partner, after: None, limit }))
                    .await?;
            printer.result(&list, hygiene_text)?;
        }
        Deals::Rehearse { hard, criteria, motion: of } => {
            let hard = hard.iter().map(|field| word("field", field, Field::from_name)).collect::<Answer<_>>()?;
            let request = RehearseGate { hard, criteria, motion: motion(of.as_deref())? };
            let rehearsed = deals::rehearse_gate(ws, request).await?;
            printer.result(&rehearsed, rehearsed_text)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What the amount is worth in the account's own currency, and by which rate.
fn converted(converted: &Converted) -> String {
    let rate = converted.rate.as_ref().map_or_else(|| "as the CRM converts it".to_owned(), |rate| format!("at {rate}"));
    format!("{} {rate}\n", converted.money)
}

fn outcome_of(text: &str) -> Option<Outcome> {
    match text {
        "open" => Some(Outcome::Open),
        "won" => Some(Outcome::Won),
        "lost" => Some(Outcome::Lost),
        _ => None,
    }
}

fn deals_table(rows: &[DealRow]) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let rows: Vec<Vec<String>> = rows
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
    table(&["id", "deal", "account", "partner", "stage", "amount", "close"], &rows)
}

fn sums(totals: &DealTotals) -> String {
    let sums: Vec<String> = totals.sums.iter().map(ToString::to_string).collect();
    sums.join(", ")
}

fn board_text(board: &Board) -> String {
    let column = |column: &drumbeat_model::board::BoardColumn| {
        let head =
            format!("{} {}: {} deals, {}", column.position, column.name, column.totals.count, sums(&column.totals));
        if column.rows.is_empty() { format!("{head}\n") } else { format!("{head}\n{}", deals_table(&column.rows)) }
    };
    board.columns.iter().map(column).collect::<Vec<_>>().join("\n")
}

fn standing_text(standing: &DealStanding) -> String {
    let mut lines = Vec::new();
    match &standing.stage {
        Some(stage) => {
            let stayed = stage.stayed.map_or_else(String::new, |days| format!(", {days} days in it"));
            let role = stage.role.label().to_lowercase();
            lines.push(format!(
                "{} ({}), answered for by: {role}, {} days{stayed}",
                stage.name, stage.position, stage.days
            ));
        }
        None => lines.push("its stage is not on the way".to_owned()),
    }
    for one in &standing.criteria {
        let mark = if one.met { "holds" } else { "open " };
        lines.push(format!("  {mark}  {}: {} ({})", one.key, one.says, one.fact));
    }
    if let Some(next) = &standing.next {
        let word = if standing.held { "held" } else { "free to go" };
        lines.push(format!("to {}: {word}", next.label));
        lines.extend(
            standing.checks.iter().map(|check| format!("  {:?} {}: {}", check.outcome, check.rule, check.fact)),
        );
    }
    for signal in &standing.signals {
        lines.push(format!("  +{} {} {}: {}", signal.weight, signal.rule, signal.name, signal.fact));
    }
    lines.push(format!("signals: {}", standing.rank));
    for row in &standing.plan {
        let due = row.item.due.map_or_else(String::new, |due| format!(", due {due}"));
        let side = row.item.side.label();
        lines.push(format!("  {:?} {}: {side}: {}{due}", row.state, row.item.id, row.item.text));
    }
    lines.join("\n")
}

fn preview_text(preview: &EditPreview) -> String {
    let mut lines = Vec::new();
    lines.extend(preview.refused.iter().map(|why| format!("cannot be made: {why}")));
    for edit in &preview.writes {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        lines.push(format!("{}: {} becomes {}", edit.label, text(&edit.before), text(&edit.after)));
    }
    lines.extend(preview.checks.iter().map(|check| format!("  {:?} {}: {}", check.outcome, check.rule, check.fact)));
    lines.extend(preview.letter.iter().map(|subject| format!("a draft to the partner: {subject}")));
    if preview.held {
        lines.push("held: put right what fails, or say --reason".to_owned());
    }
    lines.join("\n")
}

fn hygiene_text(list: &MendList) -> String {
    let rows: Vec<Vec<String>> = list
        .rows
        .iter()
        .map(|one| {
            let mend: Vec<&str> = one.mend.iter().map(|field| field.label.as_str()).collect();
            vec![
                one.row.id.0.clone(),
                one.row.name.clone(),
                one.row.amount.as_ref().map(ToString::to_string).unwrap_or_default(),
                one.owner.clone().unwrap_or_default(),
                mend.join(", "),
            ]
        })
        .collect();
    let scores: Vec<Vec<String>> = list
        .scores
        .iter()
        .map(|score| {
            let by = format!("{:?}", score.by).to_lowercase();
            vec![by, score.label.clone(), score.hygiene.to_string(), score.deals.to_string(), score.held.to_string()]
        })
        .collect();
    format!(
        "{}{} open deals lack something\n\n{}",
        table(&["id", "deal", "amount", "owner", "put right"], &rows),
        list.total,
        table(&["by", "who", "hygiene", "deals", "held"], &scores)
    )
}

fn rehearsed_text(rehearsed: &Rehearsed) -> String {
    let causes: Vec<Vec<String>> =
        rehearsed.causes.iter().map(|cause| vec![cause.label.clone(), cause.deals.to_string()]).collect();
    let money: Vec<String> = rehearsed.sums.iter().map(ToString::to_string).collect();
    format!(
        "{} of {} open deals would be stopped ({} are now), {}\n{}",
        rehearsed.stopped,
        rehearsed.looked,
        rehearsed.stopped_now,
        money.join(", "),
        table(&["missing", "deals"], &causes)
    )
}
