//! Pieces of DrawingML: escaped text, paragraphs, placeholders, tables.
//!
//! Lengths are EMU: 914,400 to an inch, 12,700 to a point. Everything that is text goes through
//! [`esc`], so nothing in a name can become markup and no character that XML forbids gets in.

use std::fmt::Write as _;

use crate::grid::{Grid, Shade};
use crate::view::{fit, shares};

/// A point.
pub(super) const PT: i64 = 12_700;
/// The slide, 13.333 by 7.5 inches.
pub(super) const SLIDE: (i64, i64) = (960 * PT, 540 * PT);
/// Left and right of everything.
pub(super) const MARGIN: i64 = 54 * PT;
/// Room between the margins.
pub(super) const WIDTH: i64 = SLIDE.0 - 2 * MARGIN;
/// Where a finding's content is: top and height.
pub(super) const BODY: (i64, i64) = (138 * PT, 346 * PT);
/// Letters of body text that stand beside each other between the margins.
const LINE: usize = 112;

/// Text for XML.
pub(super) fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' | '\r' => out.push(' '),
            x if x.is_control() || matches!(x, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            x => out.push(x),
        }
    }
    out
}

/// How a run of text looks beyond its placeholder.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    /// Hundredths of a point; 0 is the placeholder's.
    pub size: u32,
    /// Bold.
    pub bold: bool,
    /// Theme colour; `None` is the placeholder's.
    pub paint: Option<&'static str>,
}

/// A run of text.
pub(super) fn run(text: &str, look: Look) -> String {
    let size = if look.size > 0 { format!(" sz=\"{}\"", look.size) } else { String::new() };
    let bold = if look.bold { " b=\"1\"" } else { "" };
    let fill = look.paint.map_or_else(String::new, solid);
    format!("<a:r><a:rPr lang=\"en-GB\"{size}{bold} dirty=\"0\">{fill}</a:rPr><a:t>{}</a:t></a:r>", esc(text))
}

/// A fill of a theme colour; `name` may carry a darker shade as `accent3:60`.
pub(super) fn solid(name: &str) -> String {
    match name.split_once(':') {
        Some((name, shade)) => format!(
            "<a:solidFill><a:schemeClr val=\"{name}\"><a:lumMod val=\"{shade}000\"/></a:schemeClr></a:solidFill>"
        ),
        None => format!("<a:solidFill><a:schemeClr val=\"{name}\"/></a:solidFill>"),
    }
}

/// A paragraph of runs; `before` is the space above it in points.
pub(super) fn paragraph(runs: &str, right: bool, before: u32) -> String {
    let align = if right { " algn=\"r\"" } else { "" };
    let space =
        if before > 0 { format!("<a:spcBef><a:spcPts val=\"{}\"/></a:spcBef>", before * 100) } else { String::new() };
    let properties = if right || before > 0 { format!("<a:pPr{align}>{space}</a:pPr>") } else { String::new() };
    format!("<a:p>{properties}{runs}</a:p>")
}

/// Where something is: left, top, width, height.
pub(super) type Frame = (i64, i64, i64, i64);

/// A frame as a transformation of a shape.
pub(super) fn transform((x, y, w, h): Frame) -> String {
    format!("<a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{w}\" cy=\"{h}\"/></a:xfrm>")
}

/// A text placeholder of the slide's layout; its place is the layout's unless `at` says another.
pub(super) fn placeholder(id: usize, name: &str, kind: &str, at: Option<Frame>, paragraphs: &str) -> String {
    let place = at.map_or_else(String::new, transform);
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
    )
}

/// A native table, in the content placeholder of its layout.
pub(super) fn table(id: usize, name: &str, grid: &Grid, (x, y, w, h): Frame) -> String {
    let widths = widths(grid, w);
    let rows = i64::try_from(grid.rows.len()).unwrap_or(1).max(1);
    let head = 28 * PT;
    // Few rows stand close together at the top, many fill the slide.
    let each = ((h - head) / rows).clamp(24 * PT, 40 * PT);
    let mut out = format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{name}\" descr=\"{name}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr><p:ph idx=\"11\"/></p:nvPr></p:nvGraphicFramePr><p:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{w}\" cy=\"{}\"/></p:xfrm><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>",
        head + each * rows
    );
    for width in &widths {
        let _ = write!(out, "<a:gridCol w=\"{}\"/>", width.0);
    }
    let _ = write!(out, "</a:tblGrid><a:tr h=\"{head}\">");
    let last = widths.len().saturating_sub(1);
    for (i, column) in grid.heads.iter().enumerate() {
        let look = Look { size: 1400, paint: Some("tx2"), ..Look::default() };
        out.push_str(&cell(&column.title, look, column.right, edges(grid, i, last), "bg2:75"));
    }
    out.push_str("</a:tr>");
    let lines = if grid.rows.len() <= 4 { 3 } else { 2 };
    for row in &grid.rows {
        let _ = write!(out, "<a:tr h=\"{each}\">");
        for (i, (text, (_, letters))) in row.iter().zip(&widths).enumerate() {
            let (bold, paint) = match text.tone {
                Shade::Strong => (true, None),
                Shade::Plain => (false, None),
                Shade::Quiet => (false, Some("tx2")),
                Shade::Good => (false, Some("accent3:60")),
                Shade::Warn => (false, Some("accent4")),
            };
            let right = grid.heads.get(i).is_some_and(|x| x.right);
            let look = Look { size: 1400, bold, paint: Some(paint.unwrap_or("tx1")) };
            let shown = if right { text.text.clone() } else { fit(&text.text, *letters, lines) };
            out.push_str(&cell(&shown, look, right, edges(grid, i, last), "bg2"));
        }
        out.push_str("</a:tr>");
    }
    out.push_str("</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
    out
}

/// The space left and right of a column's text: none at the slide's edges, and room between a figure that stands at
/// the right and the text after it.
fn edges(grid: &Grid, column: usize, last: usize) -> (i64, i64) {
    let is_right = |i: usize| grid.heads.get(i).is_some_and(|x| x.right);
    let left = match column.checked_sub(1) {
        None => 0,
        Some(before) if is_right(before) && !is_right(column) => 20 * PT,
        Some(_) => 7 * PT,
    };
    (left, if column == last { 0 } else { 7 * PT })
}

fn cell(text: &str, look: Look, right: bool, (left, end): (i64, i64), line: &str) -> String {
    let none = |side: &str| format!("<a:{side} w=\"0\"><a:noFill/></a:{side}>");
    format!(
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{}</a:txBody><a:tcPr marL=\"{}\" marR=\"{}\" marT=\"{t}\" marB=\"{t}\" anchor=\"ctr\">{}{}{}<a:lnB w=\"9525\">{}</a:lnB><a:noFill/></a:tcPr></a:tc>",
        paragraph(&run(text, look), right, 0),
        left,
        end,
        none("lnL"),
        none("lnR"),
        none("lnT"),
        solid(line),
        t = 3 * PT,
    )
}

/// Each column's width, and the letters that a line of it has.
fn widths(grid: &Grid, room: i64) -> Vec<(i64, usize)> {
    // What a column would like: its longest cell, bold and figures a little wider, and the gap.
    let gap = |i: usize| if edges(grid, i, usize::MAX).0 > 7 * PT { 6 } else { 4 };
    let wanted: Vec<usize> =
        grid.heads.iter().enumerate().map(|(i, x)| x.longest.max(x.title.chars().count()) + gap(i)).collect();
    let total: usize = wanted.iter().sum();
    let letters: Vec<usize> = if total <= LINE {
        wanted
    } else {
        // Figures and short words keep what they need, sentences share the rest by weight.
        let keeps = |i: usize| grid.heads.get(i).is_some_and(|x| x.right || x.longest <= 16);
        let taken: usize = wanted.iter().enumerate().filter(|(i, _)| keeps(*i)).map(|(_, x)| *x).sum();
        let sharing: Vec<(u32, usize)> =
            (0..).zip(&grid.heads).filter(|(i, _)| !keeps(*i)).map(|(i, x)| (x.weight, x.word + gap(i))).collect();
        let mut shared = shares(LINE.saturating_sub(taken), &sharing).into_iter();
        let mut of = |i: usize, wanted: usize| if keeps(i) { wanted } else { shared.next().unwrap_or(9) };
        wanted.iter().enumerate().map(|(i, wanted)| of(i, *wanted)).collect()
    };
    let all = i64::try_from(letters.iter().sum::<usize>()).unwrap_or(1).max(1);
    let mut out: Vec<(i64, usize)> = letters
        .iter()
        .map(|x| {
            (
                room * i64::try_from(*x).unwrap_or(1) / all,
                (*x * LINE).checked_div(usize::try_from(all).unwrap_or(1)).unwrap_or(*x),
            )
        })
        .collect();
    let short = room - out.iter().map(|x| x.0).sum::<i64>();
    if let Some(first) = out.first_mut() {
        first.0 += short;
    }
    out
}
