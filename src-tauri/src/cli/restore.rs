//! `drumbeat restore`: puts a backup in the place of the workspace's file, which is kept beside.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::backups::{self, Restored};
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::Answer;

use super::blocking;
use super::print::Printer;

/// Restores; 3 when decisions wait for a person afterwards.
pub async fn run(app: Arc<Drumbeat>, passphrase: Option<String>, file: PathBuf, printer: Printer) -> Answer<ExitCode> {
    let done = blocking(move || backups::restore(&app, passphrase.as_deref(), &file)).await?;
    printer.result(&done, text)?;
    Ok(if done.recovered.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn text(done: &Restored) -> String {
    let mut lines = vec![format!("The workspace is the backup {} now", done.file)];
    if let Some(kept) = &done.kept {
        lines.push(format!("The file in use before is kept as {kept}"));
    }
    if let Some(why) = &done.unread {
        lines.push(format!("It could not be compared: {why}"));
    }
    if done.doubted > 0 {
        lines.push(format!("{} changes are looked for in the CRM before anything is sent", done.doubted));
    }
    let mut named = |what: &str, titles: &[String]| {
        if !titles.is_empty() {
            lines.push(what.to_owned());
            lines.extend(titles.iter().map(|title| format!("  {title}")));
        }
    };
    named("Not in the backup, recovered: confirm or discard with `drumbeat recovered`", &done.recovered);
    named("Not in the backup, in the CRM already: the next sync reads it", &done.landed);
    lines.join("\n")
}
