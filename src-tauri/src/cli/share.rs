//! `drumbeat share`: a partner's pipeline as files through the safelist; what is in them is said before they are written.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use drumbeat_app::error::Answer;
use drumbeat_app::packs;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::pack::{ShareContents, ShareFormat, ShareRequest};
use drumbeat_model::time::Day;

use super::commands::id;
use super::print::Printer;

/// A share.
#[derive(Debug, Args)]
pub struct ShareArgs {
    /// With which partner (id).
    #[arg(long)]
    partner: String,
    /// Formats, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "html,csv,xlsx")]
    format: Vec<ShareName>,
    /// Folder for the files.
    #[arg(long, value_name = "DIR", required_unless_present = "preview")]
    out: Option<PathBuf>,
    /// The last day on which it holds; thirty days from now when absent.
    #[arg(long, value_name = "DAY")]
    expires: Option<Day>,
    /// Say what the files would contain, and write none.
    #[arg(long)]
    preview: bool,
}

/// A format of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShareName {
    /// A web page.
    Html,
    /// A table of lines.
    Csv,
    /// A workbook.
    Xlsx,
}

/// Says what it contains, then writes it.
pub async fn run(ws: Arc<Workspace>, asked: ShareArgs, printer: Printer) -> Answer<ExitCode> {
    let format = |name| match name {
        ShareName::Html => ShareFormat::Html,
        ShareName::Csv => ShareFormat::Csv,
        ShareName::Xlsx => ShareFormat::Xlsx,
    };
    let request = ShareRequest {
        partner: id(asked.partner),
        formats: asked.format.into_iter().map(format).collect(),
        expires: asked.expires,
    };
    let contents = packs::share_contents(&ws, request.clone())?;
    let (Some(out), false) = (asked.out, asked.preview) else {
        printer.result(&contents, told)?;
        return Ok(ExitCode::SUCCESS);
    };
    printer.note(&told(&contents));
    let made = packs::share_to(ws, request, out).await?;
    printer.result(&made, |made| made.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn told(contents: &ShareContents) -> String {
    let mut text = format!("For {}, valid until {}\n", contents.partner_name, contents.until);
    for section in &contents.sections {
        text.push_str(&format!("  {} ({} rows)\n", section.title, section.rows));
    }
    text.push_str(&format!("Not in it: {}", contents.withheld.join(", ")));
    text
}
