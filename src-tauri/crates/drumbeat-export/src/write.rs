//! From a pack to a file: the bytes, the name, and putting it on disk.
//!
//! The hard idea: a file appears under its name only when it is whole. Bytes go to a
//! `*.drumbeat-partial` beside it, readable by its owner alone, are flushed, and are renamed; what a
//! crash leaves behind is named so that [`sweep`] can find it. Names come from CRM text and are made
//! safe for every file system here. Which folder, and whether the person agreed, is the app's.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use drumbeat_model::pack::PackFormat;

use crate::pack::Pack;
use crate::{html, pdf, pptx, xlsx};

/// How an unfinished file ends.
pub const PARTIAL: &str = ".drumbeat-partial";
/// Longest file name in characters.
const LONGEST: usize = 120;

/// Why a pack could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The pages could not be laid out.
    #[error("the PDF could not be laid out: {0}")]
    Layout(String),
    /// The workbook could not be written.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The slides could not be packed.
    #[error("the slides could not be written: {0}")]
    Slides(#[from] zip::result::ZipError),
    /// A part of the slides could not be written.
    #[error("a part of the slides could not be written: {0}")]
    Part(#[from] io::Error),
    /// The file name is not one that [`file_name`] would give.
    #[error("\"{0}\" is not a file name to save under")]
    Name(String),
    /// The folder could not be written to.
    #[error("{path} could not be written: {source}")]
    File {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The pack as bytes of a format; the same pack gives the same bytes.
///
/// # Errors
/// When the layout, the slides or the workbook fail.
pub fn write(pack: &Pack, format: PackFormat) -> Result<Vec<u8>, ExportError> {
    match format {
        PackFormat::Pptx => pptx::render(pack),
        PackFormat::Pdf => pdf::render(pack),
        PackFormat::Xlsx => xlsx::render(pack),
        PackFormat::Html => Ok(html::render(pack)),
    }
}

fn ending(format: PackFormat) -> &'static str {
    match format {
        PackFormat::Pptx => ".pptx",
        PackFormat::Pdf => ".pdf",
        PackFormat::Xlsx => ".xlsx",
        PackFormat::Html => ".html",
    }
}

/// `Nordvik Consulting QBR 2026Q3 partner.pdf`, safe on every file system, at most 120 characters. `own` tells
/// partners of one name apart.
#[must_use]
pub fn file_name(pack: &Pack, format: PackFormat, own: Option<&str>) -> String {
    let rest = format!(" QBR {} {}{}", pack.quarter, pack.edition().name(), ending(format));
    named(&pack.partner_name, own, &rest)
}

/// `Nordvik Consulting status 2026-11-22.pdf`, as safe as [`file_name`].
#[must_use]
pub fn status_name(partner: &str, day: drumbeat_model::time::Day, own: Option<&str>) -> String {
    named(partner, own, &format!(" status {day}.pdf"))
}

/// `Nordvik Consulting pipeline 2026-11-22.csv`, as safe as [`file_name`].
#[must_use]
pub fn share_name(partner: &str, day: drumbeat_model::time::Day, ending: &str) -> String {
    named(partner, None, &format!(" pipeline {day}.{ending}"))
}

fn named(partner: &str, own: Option<&str>, rest: &str) -> String {
    let own: String = own.map(|x| format!(" {}", safe_name(x, 24))).unwrap_or_default();
    let room = LONGEST - rest.chars().count() - own.chars().count();
    format!("{}{own}{rest}", safe_name(partner, room))
}

/// Names that Windows keeps for devices.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

fn safe_name(text: &str, room: usize) -> String {
    let mut name = String::new();
    let mut taken = 0;
    for letter in text.chars() {
        let letter = match letter {
            x if hides(x) => continue,
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            x if x.is_control() || x.is_whitespace() => ' ',
            x => x,
        };
        if letter == ' ' && name.ends_with(' ') {
            continue;
        }
        // A letter can be four bytes, and most file systems count bytes up to 255.
        if taken == room || name.len() + letter.len_utf8() > 200 {
            break;
        }
        name.push(letter);
        taken += 1;
    }
    let name = name.trim_matches(|x: char| x == '.' || x == ' ' || x == '-').to_owned();
    let stem = name.split(['.', ' ']).next().unwrap_or_default().to_ascii_uppercase();
    let device = RESERVED.contains(&stem.as_str())
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|x: char| x.is_ascii_digit()));
    if name.is_empty() {
        "Partner".to_owned()
    } else if device {
        format!("Partner {name}")
    } else {
        name
    }
}

/// Letters that change how the rest is read and show nothing themselves.
pub(crate) fn hides(letter: char) -> bool {
    matches!(letter,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}' | '\u{ad}' | '\u{fff9}'..='\u{fffb}')
}

/// Puts the bytes under `dir/name`, whole or not at all, replacing what was there.
///
/// # Errors
/// When the name has a folder in it or is hidden, and when the folder cannot be written.
pub fn save(bytes: &[u8], dir: &Path, name: &str) -> Result<PathBuf, ExportError> {
    if name.is_empty() || name.starts_with('.') || name.chars().any(|x| matches!(x, '/' | '\\' | ':') || x.is_control())
    {
        return Err(ExportError::Name(name.chars().take(LONGEST).collect()));
    }
    let path = dir.join(name);
    let partial = dir.join(format!("{name}{PARTIAL}"));
    let failed = |source| ExportError::File { path: path.clone(), source };
    put(bytes, &partial).and_then(|()| fs::rename(&partial, &path)).map_err(|error| {
        // The first error is the one to tell; a partial that stays is swept later.
        drop(fs::remove_file(&partial));
        failed(error)
    })?;
    flush_folder(dir).map_err(failed)?;
    Ok(path)
}

fn put(bytes: &[u8], partial: &Path) -> io::Result<()> {
    // A partial of an earlier crash may be there, or a link that somebody put there.
    match fs::remove_file(partial) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(partial)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn flush_folder(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn flush_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes unfinished files from a folder; says how many.
///
/// # Errors
/// When the folder cannot be read or a partial cannot be removed.
pub fn sweep(dir: &Path) -> Result<u32, ExportError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::File { path, source }
    };
    let mut removed = 0;
    for entry in fs::read_dir(dir).map_err(failed(dir))? {
        let entry = entry.map_err(failed(dir))?;
        let path = entry.path();
        let kind = entry.file_type().map_err(failed(&path))?;
        if kind.is_file() && entry.file_name().to_string_lossy().ends_with(PARTIAL) {
            fs::remove_file(&path).map_err(failed(&path))?;
            removed += 1;
        }
    }
    Ok(removed)
}
