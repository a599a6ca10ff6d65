//! `drumbeat policy`: check a file, show a version, set the next one, replay the past, publish.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::policy;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::policy::{
    PolicyChange, PolicyChecked, PolicyDraft, PolicyFormat, PolicyPair, PolicyQuery, PolicyReplay, PolicyView,
    PublishPolicy, ReplayPolicy, ReplayedConflict, ReplayedDecision, SavePolicy,
};
use drumbeat_model::time::Day;
use drumbeat_model::verdict::Act;

use super::print::{Printer, table};

/// The largest file that is read; the rules refuse a text that is longer.
const MOST: u64 = 2 * 1024 * 1024;

/// The policy.
#[derive(Debug, Subcommand)]
pub enum Policies {
    /// Everything that is wrong with a file, with line and column, and what it would change.
    Check {
        /// Which; `-` is standard input.
        file: PathBuf,
    },
    /// The policy in force, or another version.
    Show {
        /// Which.
        #[arg(long)]
        version: Option<u32>,
        /// As sentences instead of the file.
        #[arg(long)]
        document: bool,
        /// The list of versions instead of the file.
        #[arg(long, conflicts_with = "document")]
        versions: bool,
    },
    /// What two versions have differently.
    Diff {
        /// The one.
        before: u32,
        /// The other.
        after: u32,
    },
    /// Save a file as the next version.
    Set {
        /// Which; `-` is standard input.
        file: PathBuf,
        /// Why.
        #[arg(long)]
        reason: String,
        /// First day on which it judges; today when absent.
        #[arg(long, value_name = "DATE")]
        effective: Option<Day>,
    },
    /// Every past decision that a file would have judged otherwise, and why.
    Replay {
        /// Which; `-` is standard input.
        file: PathBuf,
        /// From this day on; a year back when absent.
        #[arg(long, value_name = "DATE")]
        since: Option<Day>,
        /// Up to this day; today when absent.
        #[arg(long, value_name = "DATE")]
        until: Option<Day>,
    },
    /// Write the rules of engagement for partners.
    Publish {
        /// Which version; the one in force when absent.
        #[arg(long)]
        version: Option<u32>,
        /// Formats, separated by commas.
        #[arg(long, value_delimiter = ',', default_value = "markdown,pdf")]
        format: Vec<FormatName>,
        /// Folder for the files; without one the text is printed.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// Formats by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatName {
    /// Markdown.
    Markdown,
    /// PDF.
    Pdf,
}

/// Runs the command.
pub async fn run(ws: Arc<Workspace>, what: Policies, printer: Printer) -> Answer<ExitCode> {
    tokio::task::spawn_blocking(move || here(&ws, what, printer))
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

fn here(ws: &Arc<Workspace>, what: Policies, printer: Printer) -> Answer<ExitCode> {
    match what {
        Policies::Check { file } => {
            let checked = policy::check_policy(ws, draft(&file)?)?;
            printer.result(&checked, |checked| said(checked, &file))?;
            if !checked.problems.is_empty() {
                return Ok(ExitCode::from(3));
            }
        }
        Policies::Show { version, document, versions } => {
            let view = policy::policy(ws, PolicyQuery { version })?;
            printer.result(&view, |view| match (document, versions) {
                (true, _) => sentences(view),
                (_, true) => list(view),
                _ => view.text.clone(),
            })?;
        }
        Policies::Diff { before, after } => {
            let changes = policy::policy_difference(ws, PolicyPair { before, after })?;
            printer.result(&changes, |changes| differences(changes))?;
        }
        Policies::Set { file, reason, effective } => {
            let request = SavePolicy { draft: draft(&file)?, reason, effective, seen: None };
            let view = policy::save_policy(ws, request)?;
            printer.result(&view, |view| {
                format!("Version {} is saved and judges from {} on", view.version, view.effective)
            })?;
        }
        Policies::Replay { file, since, until } => {
            let told = policy::replay_policy(ws, ReplayPolicy { draft: draft(&file)?, since, until })?;
            printer.result(&told, replayed)?;
        }
        Policies::Publish { version, format, out } => {
            let formats = |name: &FormatName| match name {
                FormatName::Markdown => PolicyFormat::Markdown,
                FormatName::Pdf => PolicyFormat::Pdf,
            };
            let formats = if out.is_some() { format.iter().map(formats).collect() } else { Vec::new() };
            let dir = out.unwrap_or_default();
            let made = policy::publish_policy_to(ws, PublishPolicy { version, formats }, &dir)?;
            printer.result(&made, |made| match made.files.is_empty() {
                true => made.text.clone(),
                false => made.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join("\n"),
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn draft(file: &Path) -> Answer<PolicyDraft> {
    let mut text = String::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().lock().take(MOST).read_to_string(&mut text),
        _ => std::fs::File::open(file).and_then(|open| open.take(MOST).read_to_string(&mut text)),
    };
    read.map_err(|error| {
        ApiError::new(Code::NotFound, "policy.file", format!("{} cannot be read ({error})", file.display()))
            .kept("Nothing was changed")
            .next("Name a policy file in UTF-8")
    })?;
    Ok(PolicyDraft { text: Some(text), ..PolicyDraft::default() })
}

fn said(checked: &PolicyChecked, file: &Path) -> String {
    if checked.problems.is_empty() {
        return format!("Nothing is wrong with it.\n{}", differences(&checked.changes));
    }
    let line = |it: &drumbeat_model::policy::PolicyProblem| {
        format!("{}:{}:{}: {}. {}.\n", file.display(), it.line, it.column, it.message, it.advice)
    };
    checked.problems.iter().map(line).collect()
}

fn differences(changes: &[PolicyChange]) -> String {
    if changes.is_empty() {
        return "Nothing differs.".to_owned();
    }
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "not there".to_owned());
    let rows: Vec<Vec<String>> =
        changes.iter().map(|change| vec![change.key.clone(), word(&change.before), word(&change.after)]).collect();
    table(&["setting", "was", "is"], &rows)
}

fn sentences(view: &PolicyView) -> String {
    let mut text = format!("Policy, version {}, from {}\n", view.version, view.effective);
    for section in &view.sections {
        text.push_str(&format!("\n{}\n", section.title));
        for sentence in &section.sentences {
            text.push_str(&format!("  {:10} {}\n", sentence.rule, sentence.text));
        }
    }
    text
}

fn list(view: &PolicyView) -> String {
    let row = |it: &drumbeat_model::policy::PolicyVersion| {
        let state = if it.in_force { "in force" } else { "" };
        let by = it.saved_by.clone().unwrap_or_else(|| "built in".to_owned());
        vec![
            it.version.to_string(),
            it.effective.to_string(),
            state.to_owned(),
            by,
            it.reason.clone().unwrap_or_default(),
        ]
    };
    table(&["version", "from", "", "by", "why"], &view.versions.iter().map(row).collect::<Vec<_>>())
}

fn word(act: Act) -> &'static str {
    match act {
        Act::Approve => "approve",
        Act::Decline => "decline",
        Act::Ask => "ask",
    }
}

fn replayed(told: &PolicyReplay) -> String {
    let sums = |list: &[drumbeat_model::money::Money]| match list {
        [] => "nothing".to_owned(),
        list => list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!(
        "{} decisions from {} to {} were judged again; {} would differ, {} of them with another verdict.\n",
        told.judged,
        told.since,
        told.until,
        told.decisions.len(),
        told.flipped
    );
    text.push_str(&format!(
        "Under approval then: {}; by this policy: {}.\n",
        sums(&told.protected_before),
        sums(&told.protected_after)
    ));
    for (name, partners) in [("Helped", &told.helped), ("Hurt", &told.hurt)] {
        if !partners.is_empty() {
            text.push_str(&format!("{name}: {}.\n", partners.join(", ")));
        }
    }
    told.decisions.iter().for_each(|decision| text.push_str(&differs(decision)));
    if told.conflicts_judged > 0 {
        text.push_str(&format!(
            "\n{} channel conflicts were judged again; {} verdicts would differ.\n",
            told.conflicts_judged,
            told.conflicts.len()
        ));
        told.conflicts.iter().for_each(|conflict| text.push_str(&turned(conflict)));
    }
    if !told.unjudged.is_empty() {
        text.push_str(&format!("\n{} cannot be judged again:\n", told.unjudged.len()));
        for one in &told.unjudged {
            text.push_str(&format!("  {} ({}): {}\n", one.title, one.decided_at.date_naive(), one.why));
        }
    }
    text
}

fn turned(conflict: &ReplayedConflict) -> String {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "nobody".to_owned());
    let verdict = match conflict.flipped {
        true => format!("{} first becomes {} first", name(&conflict.before), name(&conflict.after)),
        false => format!("still {} first", name(&conflict.before)),
    };
    let done = conflict.done.clone().unwrap_or_else(|| "open".to_owned());
    let mut text =
        format!("\n{} {}, {}: {verdict}; {done}\n", conflict.conflict, conflict.account, conflict.at.date_naive());
    for rule in &conflict.why {
        text.push_str(&format!("  {} {}: {} -> {}\n", rule.rule, rule.name, rule.before, rule.after));
    }
    text
}

fn differs(decision: &ReplayedDecision) -> String {
    let partner = decision.partner.as_deref().unwrap_or("no partner");
    let verdict = match decision.flipped {
        true => format!("{} becomes {}", word(decision.before), word(decision.after)),
        false => format!("still {}", word(decision.before)),
    };
    let mut text = format!(
        "\n{} {} ({partner}), {}: {verdict}; done: {}\n",
        decision.number,
        decision.company,
        decision.decided_at.date_naive(),
        word(decision.done)
    );
    for rule in &decision.why {
        text.push_str(&format!("  {} {}: {} -> {}\n", rule.rule, rule.name, rule.before, rule.after));
    }
    text
}
