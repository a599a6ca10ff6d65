//! `drumbeat merges`: merge conflicts, what the CRM has refused, decisions that are held back, notices, and what has
//! landed, taken back.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use drumbeat_app::api::Nothing;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::workspace::Workspace;
use drumbeat_app::{activity, held, merges, notices, resolve, undoing};
use drumbeat_model::change::{OpAnswer, OutboxRow, SettleOp};
use drumbeat_model::ids::OpId;
use drumbeat_model::merge::{
    DecisionRef, HeldDecision, MergeAnswer, MergeField, MergeRow, MergeValue, NoticeRef, NoticeRow, PreviewVerdict,
    PushPreview, ReleaseHeld, ResolveMerge, UndoPlan,
};

use super::commands::{id, word};
use super::print::Printer;

/// Merge conflicts and what else waits for a person between deciding and landing.
#[derive(Debug, Subcommand)]
pub enum Merges {
    /// Merge conflicts: was, yours, theirs; 3 when there are any.
    List,
    /// What the CRM has refused, in its own words, with the ways on; 3 when there is anything.
    Refused,
    /// Send what was refused again as it is.
    Retry {
        /// Which op.
        id: String,
    },
    /// Answer a conflict: keep, take, edit, note; or correct what was refused (edit), or take it back (take).
    Resolve {
        /// Which op.
        id: String,
        /// keep (yours), take (theirs), edit (with FIELD=VALUE), note (when the record is gone).
        answer: String,
        /// With edit: field=value; an empty value clears.
        #[arg(value_name = "FIELD=VALUE")]
        values: Vec<String>,
        /// What theirs was when you saw it: field=value; otherwise what is read now.
        #[arg(long, value_name = "FIELD=VALUE")]
        seen: Vec<String>,
        /// Also the others with the same field, base, yours and theirs.
        #[arg(long)]
        same: bool,
    },
    /// Decisions that are held back because facts that they relied on have moved; 3 when there are any.
    Held,
    /// Let a held decision go on, with the facts as they are now, or take it back.
    Release {
        /// Which decision.
        id: String,
        /// Take it back instead.
        #[arg(long)]
        take_back: bool,
    },
    /// What a person should know of changes that are over.
    Notices,
    /// Put a notice aside.
    Seen {
        /// Which notice.
        id: u32,
    },
    /// Write the value that ours has replaced back.
    Restore {
        /// Which notice.
        id: u32,
    },
    /// Take a decision that has landed back: fields to what they were, made records into the bin; or show how.
    Undo {
        /// Which decision.
        id: String,
        /// Do it; without this it is only shown.
        #[arg(long)]
        apply: bool,
    },
}

/// Runs it.
pub async fn run(ws: Arc<Workspace>, what: Merges, printer: Printer) -> Answer<ExitCode> {
    super::blocking(move || carry_out(&ws, what, printer)).await
}

fn attention(needed: bool) -> ExitCode {
    if needed { ExitCode::from(3) } else { ExitCode::SUCCESS }
}

fn carry_out(ws: &Arc<Workspace>, what: Merges, printer: Printer) -> Answer<ExitCode> {
    match what {
        Merges::List => {
            let rows = merges::merges(ws, Nothing {})?;
            let refused = activity::refused(ws)?.len();
            printer.result(&rows, |rows| {
                let text = conflicts(rows);
                if refused == 0 { text } else { format!("{}\nRefused: {refused} (merges refused)", text.trim_end()) }
            })?;
            Ok(attention(!rows.is_empty()))
        }
        Merges::Refused => {
            let rows = activity::refused(ws)?;
            printer.result(&rows, |rows| turned_down(rows))?;
            Ok(attention(!rows.is_empty()))
        }
        Merges::Retry { id: op } => {
            activity::settle_op(ws, SettleOp { op: id(op), answer: OpAnswer::Retry })?;
            printer.result(&Nothing {}, |_| "It goes out again with the next sync".to_owned())?;
            Ok(ExitCode::SUCCESS)
        }
        Merges::Resolve { id: op, answer, values, seen, same } => {
            let answer = word("answer (keep, take, edit or note)", &answer, named)?;
            let op = id(op);
            let seen = shown(ws, &op, &seen)?;
            let request = ResolveMerge { op, answer, values: edits(ws, &values)?, seen, same };
            printer
                .result(&resolve::resolve_merge(ws, request)?, |done| format!("{}: {}", done.answered, done.text))?;
            Ok(ExitCode::SUCCESS)
        }
        Merges::Held => {
            let rows = held::held(ws, Nothing {})?;
            printer.result(&rows, |rows| held(rows))?;
            Ok(attention(!rows.is_empty()))
        }
        Merges::Release { id: decision, take_back } => {
            held::release_held(ws, ReleaseHeld { decision: id(decision), go_on: !take_back })?;
            let text = if take_back { "Taken back" } else { "It goes on with the next sync" };
            printer.result(&Nothing {}, |_| text.to_owned())?;
            Ok(ExitCode::SUCCESS)
        }
        Merges::Notices => {
            let rows = notices::notices(ws, Nothing {})?;
            printer.result(&rows, |rows| told(rows))?;
            Ok(attention(!rows.is_empty()))
        }
        Merges::Seen { id } => {
            notices::put_notice_aside(ws, NoticeRef { id })?;
            printer.result(&Nothing {}, |_| "Put aside".to_owned())?;
            Ok(ExitCode::SUCCESS)
        }
        Merges::Restore { id } => {
            printer.result(&notices::restore_value(ws, NoticeRef { id })?, |done| done.title.clone())?;
            Ok(ExitCode::SUCCESS)
        }
        Merges::Undo { id: decision, apply } => {
            let request = DecisionRef { decision: id(decision) };
            if apply {
                printer.result(&undoing::undo_pushed(ws, request)?, |done| done.title.clone())?;
                return Ok(ExitCode::SUCCESS);
            }
            let plan = undoing::undo_plan(ws, request)?;
            printer.result(&plan, undo)?;
            Ok(attention(plan.refused.is_some()))
        }
    }
}

fn named(answer: &str) -> Option<MergeAnswer> {
    match answer {
        "keep" => Some(MergeAnswer::KeepMine),
        "take" => Some(MergeAnswer::TakeTheirs),
        "edit" => Some(MergeAnswer::Edit),
        "note" => Some(MergeAnswer::KeepNote),
        _ => None,
    }
}

/// `field=value` by our name of the field, by its label or by the CRM's property.
fn edits(ws: &Arc<Workspace>, values: &[String]) -> Answer<Vec<MergeValue>> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let (rows, refused) = (merges::merges(ws, Nothing {})?, activity::refused(ws)?);
    let known = |name: &str| {
        let is = |field: &&MergeField| {
            field.property == name
                || field.field.is_some_and(|field| field.name() == name)
                || field.label.eq_ignore_ascii_case(name)
        };
        let found = rows.iter().flat_map(|row| &row.fields).find(is).map(|field| &field.property);
        let corrected = || {
            let fields = refused.iter().flat_map(|row| &row.fields);
            let edits = fields.filter_map(|field| Some((&field.label, field.edit.as_ref()?)));
            let mut named = edits.filter(|(label, edit)| {
                edit.property == name
                    || edit.field.is_some_and(|field| field.name() == name)
                    || label.eq_ignore_ascii_case(name)
            });
            named.next().map(|(_, edit)| &edit.property)
        };
        found.or_else(corrected).cloned().unwrap_or_else(|| name.to_owned())
    };
    let edit = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            ApiError::invalid("argument", format!("\"{text}\" is not FIELD=VALUE")).kept("Nothing was changed")
        })?;
        let value = (!value.is_empty()).then(|| value.to_owned());
        Ok(MergeValue { property: known(name.trim()), value })
    };
    values.iter().map(edit).collect()
}

/// Theirs as they are read now, but where the person says what they saw: as listed, or as stored. Nothing
/// for a change that is not among the merge conflicts.
fn shown(ws: &Arc<Workspace>, op: &OpId, said: &[String]) -> Answer<Option<Vec<MergeValue>>> {
    let said = edits(ws, said)?;
    let Some(row) = merges::merges(ws, Nothing {})?.into_iter().find(|row| row.op == *op) else { return Ok(None) };
    let mut seen: Vec<MergeValue> = Vec::new();
    for field in row.fields {
        let theirs = field.theirs_raw;
        let said = said.iter().find(|said| said.property == field.property);
        // A value as it is listed is that value.
        let value = said.filter(|said| said.value != field.theirs).map_or(Some(theirs), |said| said.value.clone());
        seen.push(MergeValue { property: field.property, value });
    }
    Ok(Some(seen))
}

fn or_empty(value: Option<&String>) -> &str {
    value.map_or("empty", String::as_str)
}

fn conflicts(rows: &[MergeRow]) -> String {
    if rows.is_empty() {
        return "No merge conflicts".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{}  {}: {}", row.op, row.title, row.record.label);
        let _ = writeln!(text, "  {}", row.kind.label());
        for field in &row.fields {
            let who = field.their_who.as_ref().map(|who| format!(", {who}")).unwrap_or_default();
            let when = field.their_when.map(|at| format!(", {}", at.format("%Y-%m-%d %H:%M UTC"))).unwrap_or_default();
            let (base, mine) = (or_empty(field.base.as_ref()), or_empty(field.mine.as_ref()));
            let theirs = or_empty(field.theirs.as_ref());
            let _ = writeln!(text, "  {}: was {base}, yours {mine}, theirs {theirs}{who}{when}", field.label);
        }
        if row.same_as > 0 {
            let _ = writeln!(text, "  {} others are the same (--same)", row.same_as);
        }
    }
    text
}

fn turned_down(rows: &[OutboxRow]) -> String {
    if rows.is_empty() {
        return "Nothing was refused".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{}  {}: {} ({})", row.id, row.title, row.what, row.record);
        let _ = writeln!(text, "  {}", row.text);
        for field in &row.fields {
            let (base, mine) = (or_empty(field.base.as_ref()), or_empty(field.mine.as_ref()));
            let _ = writeln!(text, "  {}: was {base}, yours {mine}", field.label);
        }
    }
    text.push_str(
        "It is kept here. Correct it (merges resolve ID edit FIELD=VALUE), send it again as it is when the reason is gone \
         (merges retry ID), or take it back (merges resolve ID take)",
    );
    text
}

fn held(rows: &[HeldDecision]) -> String {
    if rows.is_empty() {
        return "Nothing is held back".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(text, "{}  {}", row.decision, row.title);
        for fact in &row.moved {
            let (before, after) = (or_empty(fact.before.as_ref()), or_empty(fact.after.as_ref()));
            let _ = writeln!(text, "  {}: was {before}, is {after}", fact.label);
        }
    }
    text
}

fn told(rows: &[NoticeRow]) -> String {
    if rows.is_empty() {
        return "No notices".to_owned();
    }
    let mut text = String::new();
    for row in rows {
        let restore = if row.can_restore { " (can be written back)" } else { "" };
        let _ = writeln!(text, "{}  {}: {}{restore}", row.id, row.record.label, row.text);
    }
    text
}

fn undo(plan: &UndoPlan) -> String {
    let mut text = format!("{}\n", plan.title);
    for line in &plan.lines {
        let (from, to) = (or_empty(line.from.as_ref()), or_empty(line.to.as_ref()));
        let _ = writeln!(text, "  {} of {}: {from} back to {to}", line.label, line.record.label);
    }
    for part in plan.bins.iter().chain(&plan.stays) {
        let _ = writeln!(text, "  {part}");
    }
    if let Some(why) = &plan.refused {
        let _ = writeln!(text, "  Not possible: {why}");
    }
    text
}

/// What a push would send, for reading.
pub fn preview(preview: &PushPreview) -> String {
    let mut text = format!(
        "{} would be sent, {} need you, {} wait; nothing was sent\n",
        preview.send, preview.needs_you, preview.waits
    );
    if let Some(note) = &preview.note {
        let _ = writeln!(text, "{note}");
    }
    for op in &preview.ops {
        let _ = writeln!(text, "{}  {} ({}): {}", op.op, op.what, op.record.label, op.verdict.label());
        if !matches!(op.verdict, PreviewVerdict::Send) {
            let _ = writeln!(text, "  {}", op.text);
        }
        for field in &op.fields {
            let (base, mine) = (or_empty(field.base.as_ref()), or_empty(field.mine.as_ref()));
            let theirs = or_empty(field.theirs.as_ref());
            let _ = writeln!(text, "  {}: was {base}, yours {mine}, theirs {theirs}", field.label);
        }
        for problem in &op.problems {
            let _ = writeln!(text, "  Would be refused: {problem}");
        }
        let _ = writeln!(text, "  To take it back: {}", op.undo);
    }
    text
}
