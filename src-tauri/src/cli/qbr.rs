//! `drumbeat qbr`: a partner's pack of one quarter as files, those of all partners, or the program's.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::error::Answer;
use drumbeat_app::packs;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::look::SaveLook;
use drumbeat_model::pack::{Edition, PackBatch, PackFormat, PackMade, PackRequest};

use serde_json::json;

use super::args::{EditionName, FormatName, Look, Pack};
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
    let formats: Vec<PackFormat> = pack.format.into_iter().map(format).collect();
    if let Some(partner) = pack.partner {
        let request = PackRequest { partner: id(partner), quarter: pack.quarter, edition, formats };
        return wrote(&packs::export_pack_to(ws, request, pack.out).await?, printer);
    }
    let batch = PackBatch { quarter: pack.quarter, edition, formats, status: pack.status };
    if pack.program {
        return wrote(&packs::export_program_to(ws, batch, pack.out).await?, printer);
    }
    let done = packs::export_packs_to(ws, batch, pack.out).await?;
    printer.result(&done, |done| {
        let mut said = format!("{} written, {} there already\n{}", done.made, done.kept, done.index);
        for missed in &done.failed {
            said.push_str(&format!("\n{}: {}", missed.partner_name, missed.why));
        }
        said
    })?;
    Ok(if done.failed.is_empty() && !done.cancelled { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

fn wrote(made: &PackMade, printer: Printer) -> Answer<ExitCode> {
    printer.result(made, |made| made.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Shows how packs look, or sets it.
pub fn look(ws: &Arc<Workspace>, look: Look, printer: Printer) -> Answer<ExitCode> {
    let Look { accent, second, font, logo, reset } = look;
    let sets = reset || accent.is_some() || second.is_some() || font.is_some() || logo.is_some();
    let shown = if sets {
        let logo = logo.as_deref().map(|path| packs::take_logo(ws, path)).transpose()?.map(|logo| logo.id);
        packs::save_look(ws, SaveLook { accent, second, font, logo })?
    } else {
        packs::pack_look(ws, Nothing {})?
    };
    let said = json!({
        "accent": shown.accent, "second": shown.second,
        "font": shown.chosen.font, "logo_bytes": shown.logo.map_or(0, |logo| logo.bytes),
    });
    printer.result(&said, |said| format!("{said:#}"))?;
    Ok(ExitCode::SUCCESS)
}
