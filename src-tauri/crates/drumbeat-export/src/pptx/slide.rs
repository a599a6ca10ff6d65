//! One slide: its placeholders filled, its table or chart beside them, its notes.

use super::package::Foot;
use super::shape::{BODY, Frame, Look, MARGIN, PT, WIDTH, esc, paragraph, placeholder, run, solid, table};
use crate::chart::Chart;
use crate::grid::Grid;
use crate::pack::{Figure, Points, Tone};
use crate::view::fit;

/// A slide before it is XML.
#[derive(Debug, Clone)]
pub(super) struct Slide {
    /// The finding.
    pub title: String,
    /// What is counted.
    pub subtitle: String,
    /// What stands under it.
    pub body: Body,
    /// Definitions, for the speaker.
    pub notes: Vec<String>,
}

/// What stands under a finding.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// The first slide.
    Cover(Vec<Figure>),
    /// Lists side by side; dense ones are of the appendix.
    Lists {
        /// The lists.
        lists: Vec<Points>,
        /// Smaller.
        dense: bool,
    },
    /// A table.
    Grid(Grid),
    /// Some figures above a table.
    Figures {
        /// The figures.
        figures: Vec<Figure>,
        /// The table.
        grid: Grid,
    },
    /// A chart.
    Chart(Chart),
}

impl Body {
    /// Number of the layout that it stands on.
    pub(super) fn layout(&self) -> usize {
        match self {
            Self::Cover(_) => 1,
            Self::Grid(_) | Self::Chart(_) => 2,
            Self::Figures { .. } => 3,
            Self::Lists { .. } => 4,
        }
    }

    /// The chart on it.
    pub(super) fn chart(&self) -> Option<&Chart> {
        if let Self::Chart(chart) = self { Some(chart) } else { None }
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<p:sld xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>";
const TAIL: &str = "</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>";

fn plain(text: &str) -> String {
    paragraph(&run(text, Look::default()), false, 0)
}

/// The slide's part. `chart` is the relationship of its chart.
pub(super) fn xml(slide: &Slide, foot: &Foot, chart: Option<&str>) -> String {
    let mut out = HEAD.to_owned();
    match &slide.body {
        Body::Cover(figures) => cover(&mut out, foot, figures),
        _ => heads(&mut out, slide, foot),
    }
    match &slide.body {
        Body::Cover(_) => {}
        Body::Grid(grid) => out.push_str(&table(11, "Table", grid, (MARGIN, BODY.0, WIDTH, BODY.1))),
        Body::Figures { figures, grid } => {
            of_figures(&mut out, figures, 96 * PT + 44 * PT, false);
            if !grid.rows.is_empty() {
                out.push_str(&table(11, "Table", grid, (MARGIN, BODY.0 + 78 * PT, WIDTH, BODY.1 - 78 * PT)));
            }
        }
        Body::Lists { lists, dense } => of_lists(&mut out, lists, *dense),
        Body::Chart(drawn) => {
            if let Some(relation) = chart {
                out.push_str(&of_chart(drawn, relation, (MARGIN, BODY.0, WIDTH, BODY.1)));
            }
        }
    }
    feet(&mut out, foot);
    out.push_str(TAIL);
    out
}

fn heads(out: &mut String, slide: &Slide, foot: &Foot) {
    // A finding is one line; a long one is set smaller.
    let size = if slide.title.chars().count() > 54 { 2000 } else { 0 };
    let title = paragraph(&run(&slide.title, Look { size, ..Look::default() }), false, 0);
    out.push_str(&placeholder(2, "Title", "type=\"title\"", None, &title));
    out.push_str(&placeholder(3, "About", "type=\"body\" idx=\"10\" sz=\"quarter\"", None, &plain(&slide.subtitle)));
    out.push_str(&placeholder(
        4,
        "Partner and quarter",
        "type=\"body\" idx=\"12\" sz=\"quarter\"",
        None,
        &plain(&foot.kicker),
    ));
}

fn feet(out: &mut String, foot: &Foot) {
    // Said again here and not only in the layout: LibreOffice does not look there for a footer's text.
    let small = |text: &str| {
        format!(
            "<a:p><a:pPr algn=\"l\"/><a:r><a:rPr lang=\"en-GB\" sz=\"1000\" dirty=\"0\">{}<a:latin typeface=\"+mn-lt\"/></a:rPr><a:t>{}</a:t></a:r></a:p>",
            solid("tx2"),
            esc(text)
        )
    };
    out.push_str(&placeholder(30, "Date", "type=\"dt\" sz=\"half\" idx=\"2\"", None, &small(&foot.as_of)));
    out.push_str(&placeholder(
        31,
        "Footer",
        "type=\"ftr\" sz=\"quarter\" idx=\"3\"",
        None,
        &small(&foot.confidentiality),
    ));
    let number = "<a:p><a:fld id=\"{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}\" type=\"slidenum\"><a:rPr lang=\"en-GB\"/><a:t>1</a:t></a:fld></a:p>";
    out.push_str(&placeholder(32, "Slide number", "type=\"sldNum\" sz=\"quarter\" idx=\"4\"", None, number));
}

fn cover(out: &mut String, foot: &Foot, figures: &[Figure]) {
    let letters = foot.partner.chars().count();
    let size = if letters > 44 {
        3200
    } else if letters > 26 {
        4000
    } else {
        0
    };
    let name = paragraph(&run(&foot.partner, Look { size, ..Look::default() }), false, 0);
    out.push_str(&placeholder(2, "Title", "type=\"ctrTitle\"", None, &name));
    out.push_str(&placeholder(3, "Line", "type=\"subTitle\" idx=\"1\"", None, &plain(&foot.line)));
    out.push_str(&placeholder(4, "What", "type=\"body\" idx=\"12\" sz=\"quarter\"", None, &plain(&foot.cover)));
    out.push_str(&placeholder(5, "Vendor", "type=\"body\" idx=\"13\" sz=\"quarter\"", None, &plain(&foot.vendor)));
    of_figures(out, figures, 396 * PT, true);
}

fn of_figures(out: &mut String, figures: &[Figure], top: i64, large: bool) {
    let n = i64::try_from(figures.len()).unwrap_or(1).clamp(1, 4);
    let width = WIDTH / n.max(if large { 3 } else { 4 });
    for (i, figure) in (0..).zip(figures.iter().take(4)) {
        let size = match (large, figure.value.chars().count()) {
            (_, 22..) => 1600,
            (true, _) => 2400,
            (false, _) => 2600,
        };
        let value = run(&figure.value, Look { size, bold: true, paint: Some("tx1") });
        let text = paragraph(&value, false, 0) + &paragraph(&run(&figure.label, Look::default()), false, 3);
        let at: Frame = (MARGIN + i * width, top, width - 12 * PT, 62 * PT);
        let kind = format!("type=\"body\" idx=\"{}\" sz=\"quarter\"", 21 + i);
        out.push_str(&placeholder(21 + usize::try_from(i).unwrap_or(0), "Figure", &kind, Some(at), &text));
    }
}

fn of_lists(out: &mut String, lists: &[Points], dense: bool) {
    let n = i64::try_from(lists.len()).unwrap_or(1).clamp(1, 3);
    let gap = 36 * PT;
    let width = (WIDTH - gap * (n - 1)) / n;
    // Letters of a line, by the column's width at the size of its text.
    let letters = usize::try_from(112 / n).unwrap_or(37);
    for (i, list) in (0..).zip(lists.iter().take(3)) {
        let (sign, paint) = match list.tone {
            Tone::Good => ("\u{2713} ", "accent3:60"),
            Tone::Bad => ("\u{25b2} ", "accent4"),
            Tone::Plain => ("", "tx1"),
        };
        let head = run(&format!("{sign}{}", list.title), Look { size: 1600, bold: true, paint: Some(paint) });
        let mut text = paragraph(&head, false, 0);
        for (bold, quiet) in &list.points {
            let (size, lines) = if dense { (1200, 1) } else { (1600, 2) };
            let shown = fit(bold, letters * if dense { 110 } else { 86 } / 100, lines);
            text.push_str(&paragraph(
                &run(&shown, Look { size, bold: dense, paint: Some("tx1") }),
                false,
                if dense { 7 } else { 14 },
            ));
            if !quiet.is_empty() {
                let look = Look { size: if dense { 1200 } else { 1400 }, bold: false, paint: Some("tx2") };
                text.push_str(&paragraph(&run(&fit(quiet, letters, 2), look), false, 2));
            }
        }
        // The layout has three columns; fewer lists share its width.
        let at = (n != 3).then_some((MARGIN + i * (width + gap), BODY.0, width, BODY.1));
        let kind = format!("type=\"body\" idx=\"{}\" sz=\"quarter\"", 21 + i);
        out.push_str(&placeholder(21 + usize::try_from(i).unwrap_or(0), "List", &kind, at, &text));
    }
}

fn of_chart(chart: &Chart, relation: &str, (x, y, w, h): Frame) -> String {
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"11\" name=\"Chart\" descr=\"{}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr><p:ph idx=\"11\"/></p:nvPr></p:nvGraphicFramePr><p:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{w}\" cy=\"{h}\"/></p:xfrm><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"{relation}\"/></a:graphicData></a:graphic></p:graphicFrame>",
        esc(&chart.name)
    )
}

/// The notes page: what is counted, and the definitions.
pub(super) fn notes(slide: &Slide, foot: &Foot) -> String {
    let lines = std::iter::once(&slide.subtitle).chain(&slide.notes).chain([&foot.as_of]);
    let text: String = lines.filter(|x| !x.is_empty()).map(|x| plain(x)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<p:notes xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>",
        placeholder(3, "Notes", "type=\"body\" idx=\"1\"", None, &text)
    )
}
