//! `drumbeat backup`: an encrypted copy of the workspace, looked over before it has its name.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::backups;
use drumbeat_app::error::Answer;
use drumbeat_app::workspace::Workspace;

use super::blocking;
use super::print::Printer;

/// Writes the copy.
pub async fn run(ws: Arc<Workspace>, file: PathBuf, printer: Printer) -> Answer<ExitCode> {
    let made = blocking(move || backups::back_up(&ws, &file)).await?;
    printer
        .result(&made, |made| format!("{} ({} KiB, opens with this workspace's key)", made.file, made.bytes / 1024))?;
    Ok(ExitCode::SUCCESS)
}
