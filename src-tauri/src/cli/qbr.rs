//! `drumbeat qbr`: a partner's pack of one quarter, as files.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::error::Answer;
use drumbeat_app::packs;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::pack::{Edition, PackFormat, PackRequest};

use super::args::{EditionName, FormatName, Pack};
use super::commands::id;
use super::print::Printer;

/// Writes the pack and prints where its files are.
pub async fn run(ws: Arc<Workspace>, pack: Pack, printer: Printer) -> Answer<ExitCode> {
    let edition = match pack.edition {
        EditionName::Partner => Edition::Partner,
        EditionName::Internal => Edition::Internal,
    };
    let format = |format| match format {
        FormatName::Pptx => PackFormat::Pptx,
        FormatName::Pdf => PackFormat::Pdf,
        FormatName::Xlsx => PackFormat::Xlsx,
        FormatName::Html => PackFormat::Html,
    };
    let formats = pack.format.into_iter().map(format).collect();
    let request = PackRequest { partner: id(pack.partner), quarter: pack.quarter, edition, formats };
    let made = packs::export_pack_to(ws, request, pack.out).await?;
    printer.result(&made, |made| made.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
