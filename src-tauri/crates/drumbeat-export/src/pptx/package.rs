//! The presentation as an archive: parts, what kind each is, and who refers to whom.
//!
//! Parts are written in one order with one fixed date, so that the same slides give the same bytes.

use std::fmt::Write as _;

use super::shape::esc;
use super::slide::{self, Slide};
use super::{as_of, chart, confidentiality, master};
use crate::figure;
use crate::pack::Pack;
use crate::view::clip;
use crate::write::ExportError;
use crate::zipped::zipped;

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.";

/// What every slide says around its finding.
#[derive(Debug, Clone)]
pub(super) struct Foot {
    /// Above the finding: partner and quarter.
    pub kicker: String,
    /// When the data were read.
    pub as_of: String,
    /// For whom it is.
    pub confidentiality: String,
    /// The cover's name.
    pub partner: String,
    /// The cover's line under it.
    pub line: String,
    /// The cover's line above it.
    pub cover: String,
    /// Who it is from.
    pub vendor: String,
}

impl Foot {
    fn of(pack: &Pack) -> Self {
        let quarter = figure::quarter(pack.year, pack.quarter);
        let mut line: Vec<String> = pack.tier.iter().map(|x| format!("{x} partner")).collect();
        line.push(pack.edition().label().to_owned());
        if !pack.prepared_by.is_empty() {
            line.push(format!("prepared by {}", clip(&pack.prepared_by, 60)));
        }
        Self {
            kicker: format!("{}  \u{b7}  {quarter}", clip(&pack.partner_name, 60)),
            as_of: as_of(pack),
            confidentiality: confidentiality(pack),
            partner: clip(&pack.partner_name, 90),
            line: line.join("  \u{b7}  "),
            cover: format!("Quarterly business review, {quarter}"),
            vendor: clip(&pack.vendor, 60),
        }
    }
}

/// A presentation being put together.
pub(super) struct Package<'a> {
    pack: &'a Pack,
    foot: Foot,
    slides: usize,
    charts: usize,
    parts: Vec<(String, Vec<u8>)>,
    /// Kinds of the parts that have no default one.
    kinds: Vec<(String, String)>,
}

impl<'a> Package<'a> {
    /// An empty one with its master, layouts and theme.
    pub(super) fn new(pack: &'a Pack) -> Self {
        let mut this = Self { pack, foot: Foot::of(pack), slides: 0, charts: 0, parts: Vec::new(), kinds: Vec::new() };
        let relations = |targets: &[(&str, String)]| -> Vec<u8> { relations(targets).into_bytes() };
        this.part("ppt/theme/theme1.xml", &format!("{KIND}theme+xml"), master::theme(&pack.brand).into_bytes());
        this.part("ppt/theme/theme2.xml", &format!("{KIND}theme+xml"), master::theme(&pack.brand).into_bytes());
        let mut of_master: Vec<(&str, String)> = Vec::new();
        for (i, layout) in (1..).zip(master::layouts(&pack.brand)) {
            this.part(
                &format!("ppt/slideLayouts/slideLayout{i}.xml"),
                &format!("{KIND}presentationml.slideLayout+xml"),
                layout.into_bytes(),
            );
            let mut up = vec![("slideMaster", "../slideMasters/slideMaster1.xml".to_owned())];
            if let (1, Some(logo)) = (i, pack.brand.logo()) {
                up.push(("image", "../media/logo.png".to_owned()));
                this.parts.push(("ppt/media/logo.png".to_owned(), logo.to_vec()));
            }
            let up = relations(&up);
            this.parts.push((format!("ppt/slideLayouts/_rels/slideLayout{i}.xml.rels"), up));
            of_master.push(("slideLayout", format!("../slideLayouts/slideLayout{i}.xml")));
        }
        let layouts = of_master.len();
        of_master.push(("theme", "../theme/theme1.xml".to_owned()));
        this.part(
            "ppt/slideMasters/slideMaster1.xml",
            &format!("{KIND}presentationml.slideMaster+xml"),
            master::master(layouts).into_bytes(),
        );
        this.parts.push(("ppt/slideMasters/_rels/slideMaster1.xml.rels".to_owned(), relations(&of_master)));
        this.part(
            "ppt/notesMasters/notesMaster1.xml",
            &format!("{KIND}presentationml.notesMaster+xml"),
            master::notes_master().into_bytes(),
        );
        let theme = relations(&[("theme", "../theme/theme2.xml".to_owned())]);
        this.parts.push(("ppt/notesMasters/_rels/notesMaster1.xml.rels".to_owned(), theme));
        this
    }

    fn part(&mut self, name: &str, kind: &str, bytes: Vec<u8>) {
        self.kinds.push((format!("/{name}"), kind.to_owned()));
        self.parts.push((name.to_owned(), bytes));
    }

    /// Adds a slide with its chart, workbook and notes.
    ///
    /// # Errors
    /// When the chart's workbook cannot be written.
    pub(super) fn add(&mut self, slide: &Slide) -> Result<(), ExportError> {
        self.slides += 1;
        let n = self.slides;
        let mut to: Vec<(&str, String)> = vec![
            ("slideLayout", format!("../slideLayouts/slideLayout{}.xml", slide.body.layout())),
            ("notesSlide", format!("../notesSlides/notesSlide{n}.xml")),
        ];
        if let Some(drawn) = slide.body.chart() {
            self.charts += 1;
            let c = self.charts;
            self.part(
                &format!("ppt/charts/chart{c}.xml"),
                &format!("{KIND}drawingml.chart+xml"),
                chart::xml(drawn).into_bytes(),
            );
            let inside = relations(&[("package", format!("../embeddings/chart{c}.xlsx"))]);
            self.parts.push((format!("ppt/charts/_rels/chart{c}.xml.rels"), inside.into_bytes()));
            self.parts.push((format!("ppt/embeddings/chart{c}.xlsx"), chart::workbook(drawn, self.pack)?));
            to.push(("chart", format!("../charts/chart{c}.xml")));
        }
        let xml = slide::xml(slide, &self.foot, slide.body.chart().map(|_| "rId3"));
        self.part(&format!("ppt/slides/slide{n}.xml"), &format!("{KIND}presentationml.slide+xml"), xml.into_bytes());
        self.parts.push((format!("ppt/slides/_rels/slide{n}.xml.rels"), relations(&to).into_bytes()));
        let notes = slide::notes(slide, &self.foot);
        self.part(
            &format!("ppt/notesSlides/notesSlide{n}.xml"),
            &format!("{KIND}presentationml.notesSlide+xml"),
            notes.into_bytes(),
        );
        let back = [
            ("notesMaster", "../notesMasters/notesMaster1.xml".to_owned()),
            ("slide", format!("../slides/slide{n}.xml")),
        ];
        self.parts.push((format!("ppt/notesSlides/_rels/notesSlide{n}.xml.rels"), relations(&back).into_bytes()));
        Ok(())
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, ExportError> {
        let mut to: Vec<(&str, String)> = vec![
            ("slideMaster", "slideMasters/slideMaster1.xml".to_owned()),
            ("notesMaster", "notesMasters/notesMaster1.xml".to_owned()),
            ("theme", "theme/theme1.xml".to_owned()),
            ("presProps", "presProps.xml".to_owned()),
            ("tableStyles", "tableStyles.xml".to_owned()),
        ];
        let before = to.len();
        to.extend((1..=self.slides).map(|n| ("slide", format!("slides/slide{n}.xml"))));
        let ids: String =
            (1..=self.slides).map(|n| format!("<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 255 + n, before + n)).collect();
        let (a, p) = (
            "http://schemas.openxmlformats.org/drawingml/2006/main",
            "http://schemas.openxmlformats.org/presentationml/2006/main",
        );
        let presentation = format!(
            "{XML}<p:presentation xmlns:a=\"{a}\" xmlns:r=\"{OFFICE}\" xmlns:p=\"{p}\" saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst><p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx=\"12192000\" cy=\"6858000\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>"
        );
        self.part(
            "ppt/presentation.xml",
            &format!("{KIND}presentationml.presentation.main+xml"),
            presentation.into_bytes(),
        );
        self.parts.push(("ppt/_rels/presentation.xml.rels".to_owned(), relations(&to).into_bytes()));
        let properties = format!("{XML}<p:presentationPr xmlns:a=\"{a}\" xmlns:r=\"{OFFICE}\" xmlns:p=\"{p}\"/>");
        self.part("ppt/presProps.xml", &format!("{KIND}presentationml.presProps+xml"), properties.into_bytes());
        let styles = format!("{XML}<a:tblStyleLst xmlns:a=\"{a}\" def=\"{{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}}\"/>");
        self.part("ppt/tableStyles.xml", &format!("{KIND}presentationml.tableStyles+xml"), styles.into_bytes());
        let core = self.core();
        self.part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core.into_bytes());
        let app = format!(
            "{XML}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Drumbeat</Application><Slides>{}</Slides></Properties>",
            self.slides
        );
        self.part("docProps/app.xml", &format!("{KIND}extended-properties+xml"), app.into_bytes());
        let root = format!(
            "{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"ppt/presentation.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"{OFFICE}/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>"
        );
        let mut kinds = format!(
            "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/><Default Extension=\"xlsx\" ContentType=\"{KIND}spreadsheetml.sheet\"/>"
        );
        for (name, kind) in &self.kinds {
            let _ = write!(kinds, "<Override PartName=\"{name}\" ContentType=\"{kind}\"/>");
        }
        kinds.push_str("</Types>");
        // Readers look for these two first.
        let first =
            [("[Content_Types].xml".to_owned(), kinds.into_bytes()), ("_rels/.rels".to_owned(), root.into_bytes())];
        zipped(first.into_iter().chain(self.parts))
    }

    fn core(&self) -> String {
        let pack = self.pack;
        let author = if pack.prepared_by.is_empty() { &pack.vendor } else { &pack.prepared_by };
        let at = pack.as_of.format("%Y-%m-%dT%H:%M:%SZ");
        format!(
            "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:description>{}</dc:description><dcterms:created xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:created><dcterms:modified xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:modified></cp:coreProperties>",
            esc(&format!("QBR pack, {}, {}", pack.partner_name, figure::quarter(pack.year, pack.quarter))),
            esc(author),
            esc(&self.foot.confidentiality)
        )
    }
}

fn relations(to: &[(&str, String)]) -> String {
    let mut out =
        format!("{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">");
    for (i, (kind, target)) in (1..).zip(to) {
        let _ = write!(out, "<Relationship Id=\"rId{i}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    }
    out.push_str("</Relationships>");
    out
}
