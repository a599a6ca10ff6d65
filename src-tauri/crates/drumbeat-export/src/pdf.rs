//! The PDF: the pack drawn by Typst in this process.
//!
//! The hard idea: the template is one fixed source and the pack reaches it as JSON in `sys.inputs`,
//! so no text of a record is ever parsed as markup. The [`Sheet`] world has that source, the
//! embedded fonts and nothing else: no files, no packages, no clock. Dates and the document's
//! identity come from the pack, so the same pack gives the same bytes. Not done here: deciding what
//! is shown ([`crate::build`]) and how numbers read ([`crate::view`]).

use std::sync::LazyLock;

use chrono::{Datelike, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart, Str};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::pack::Pack;
use crate::view;
use crate::write::ExportError;

const TEMPLATE: &str = include_str!("../templates/pack.typ");
const FONTS: [&[u8]; 4] = [
    include_bytes!("../templates/fonts/Inter-Regular.ttf"),
    include_bytes!("../templates/fonts/Inter-Medium.ttf"),
    include_bytes!("../templates/fonts/Inter-SemiBold.ttf"),
    include_bytes!("../templates/fonts/InterDisplay-SemiBold.ttf"),
];

static FACES: LazyLock<Vec<Font>> =
    LazyLock::new(|| FONTS.iter().filter_map(|data| Font::new(Bytes::new(*data), 0)).collect());

/// All that Typst may see: one source, four fonts, the pack.
struct Sheet {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    main: FileId,
    source: Source,
}

impl Sheet {
    fn new(template: &str, json: String, logo: Option<&[u8]>) -> Result<Self, ExportError> {
        let mut inputs = Dict::new();
        inputs.insert(Str::from("pack"), json.into_value());
        if let Some(logo) = logo {
            inputs.insert(Str::from("logo"), Bytes::new(logo.to_vec()).into_value());
        }
        let path = VirtualPath::new("pack.typ").map_err(|error| ExportError::Layout(format!("{error:?}")))?;
        let main = FileId::new(RootedPath::new(VirtualRoot::Project, path));
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            book: LazyHash::new(FontBook::from_fonts(FACES.iter())),
            main,
            source: Source::new(main, template.to_owned()),
        })
    }
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FACES.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Everything that the template is given of a pack and can put on a page, as JSON.
///
/// # Errors
/// When the pack cannot be written as JSON, which is a defect of this crate.
pub fn pdf_data(pack: &Pack) -> Result<String, ExportError> {
    serde_json::to_string(&view::of(pack)).map_err(|error| ExportError::Layout(error.to_string()))
}

/// The pack as PDF bytes; the same pack gives the same bytes.
///
/// # Errors
/// When the template and the pack do not fit together, which is a defect of this crate.
pub(crate) fn render(pack: &Pack) -> Result<Vec<u8>, ExportError> {
    let json = pdf_data(pack)?;
    let at = pack.as_of;
    let small = |x: u32| u8::try_from(x).unwrap_or_default();
    let made = Datetime::from_ymd_hms(
        at.year(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    );
    let ident = format!("{}|{}|{}|{}", pack.partner_name, pack.quarter, pack.edition().name(), at.to_rfc3339());
    draw(TEMPLATE, json, ident, made, pack.brand.logo())
}

/// A template with its data as PDF bytes; the same data give the same bytes.
///
/// # Errors
/// When they do not fit together, which is a defect of this crate.
pub(crate) fn draw(
    template: &str,
    json: String,
    ident: String,
    made: Option<Datetime>,
    logo: Option<&[u8]>,
) -> Result<Vec<u8>, ExportError> {
    let sheet = Sheet::new(template, json, logo)?;
    let document = typst::compile::<PagedDocument>(&sheet).output.map_err(|errors| layout(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Drumbeat".to_owned())),
        timestamp: made.map(Timestamp::new_utc),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| layout(&errors))?;
    // Typst keeps what it laid out for a next run; a document is one run.
    typst::comemo::evict(0);
    Ok(bytes)
}

fn layout(errors: &[SourceDiagnostic]) -> ExportError {
    ExportError::Layout(errors.iter().map(|x| x.message.to_string()).collect::<Vec<_>>().join("; "))
}
