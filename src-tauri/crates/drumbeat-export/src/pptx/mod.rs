//! The deck: the same sections as slides that can be edited, 16:9.
//!
//! The hard idea: nothing is drawn that PowerPoint has a native thing for. Titles, lines and figures
//! are text in placeholders of the layouts, tables are tables, charts are charts with their workbook
//! inside ("Edit data" works), fonts and colours are the theme's by name. So a corporate template
//! that is applied to the deck restyles all of it. Definitions are in the speaker notes. A slide has
//! at most [`ROWS`] rows; what has more says so and where the rest is, an appendix list after [`APPENDIX`] slides.
//! The same pack gives the same bytes: the parts are written in order, without the clock.

mod chart;
mod master;
mod package;
mod shape;
mod slide;

use drumbeat_model::pack::Edition;

use self::package::Package;
use self::slide::Slide;
use crate::chart::Chart;
use crate::figure;
use crate::grid::{self, Grid};
use crate::pack::{Pack, Section, SectionBody, Table};
use crate::view::clip;
use crate::write::ExportError;

/// Rows of a table on one slide.
const ROWS: usize = 8;
/// Letters of the line under a title.
const SUBTITLE: usize = 130;
/// Slides of one list in the appendix.
const APPENDIX: usize = 4;
/// Sum of column weights that a slide of the appendix has room for.
const WEIGHT: u32 = 42;

/// What stands at the foot of every slide.
pub(crate) fn confidentiality(pack: &Pack) -> String {
    if let Some(shared) = &pack.shared {
        return shared.line(&clip(&pack.partner_name, 60));
    }
    match pack.edition() {
        Edition::Partner => format!("For {}, partner edition. Confidential.", clip(&pack.partner_name, 60)),
        Edition::Internal => format!("{} internal edition. Not for partners.", clip(&pack.vendor, 60)),
    }
}

/// As of when the data are, and what of it the CRM does not know yet.
pub(crate) fn as_of(pack: &Pack) -> String {
    let mut text = format!("Data as of {}", figure::instant(pack.read_at));
    if pack.pending > 0 {
        text.push_str(&format!(", {} not yet in the CRM", figure::count(pack.pending as usize, "change", "changes")));
    }
    text
}

/// The pack as a presentation; the same pack gives the same bytes.
pub(crate) fn render(pack: &Pack) -> Result<Vec<u8>, ExportError> {
    let mut package = Package::new(pack);
    for section in pack.sections() {
        for slide in slides(pack, section) {
            package.add(&slide)?;
        }
    }
    package.finish()
}

fn slides(pack: &Pack, section: &Section) -> Vec<Slide> {
    let slide = |body: slide::Body, subtitle: String| Slide {
        title: clip(&section.title, 96),
        subtitle: clip(&subtitle, SUBTITLE),
        body,
        notes: section.notes.clone(),
    };
    let subtitle = || section.subtitle.clone();
    match &section.body {
        SectionBody::Cover(figures) => vec![slide(slide::Body::Cover(figures.clone()), subtitle())],
        SectionBody::Points(lists) => {
            vec![slide(slide::Body::Lists { lists: lists.clone(), dense: section.appendix }, subtitle())]
        }
        SectionBody::Scoreboard(measures) => in_parts(&Grid::of_measures(pack, measures))
            .into_iter()
            .map(|(grid, part)| slide(slide::Body::Grid(grid), format!("{}{part}", section.subtitle)))
            .collect(),
        SectionBody::Bars(_) | SectionBody::Waterfall(_) | SectionBody::Funnel(_) => {
            match (Chart::of(pack, &section.body), grid::behind(pack, &section.body)) {
                (Some(chart), _) => vec![slide(slide::Body::Chart(chart), subtitle())],
                (None, Some(table)) => vec![slide(slide::Body::Grid(Grid::of_table(pack, &table, true)), subtitle())],
                (None, None) => Vec::new(),
            }
        }
        SectionBody::Service { figures, table } => {
            let grid = Grid::of_table(pack, table, true);
            vec![slide(slide::Body::Figures { figures: figures.clone(), grid }, subtitle())]
        }
        SectionBody::Table(table) if section.appendix => {
            let all = table.rows.len();
            let room = ROWS * APPENDIX;
            let cut = if all > room {
                format!("; {room} of {}, the rest is in the workbook", figure::count(all, "row", "rows"))
            } else {
                String::new()
            };
            in_parts(&Grid::of_table(pack, &fitting(table, room), true))
                .into_iter()
                .map(|(grid, part)| slide(slide::Body::Grid(grid), format!("{}{part}{cut}", section.subtitle)))
                .collect()
        }
        SectionBody::Table(table) => {
            let all = table.rows.len();
            let cut =
                if all > ROWS { format!("; {ROWS} of {all}, the rest is in the workbook") } else { String::new() };
            let first = Table { columns: table.columns.clone(), rows: table.rows.iter().take(ROWS).cloned().collect() };
            let said = clip(&section.subtitle, SUBTITLE - cut.len());
            vec![slide(slide::Body::Grid(Grid::of_table(pack, &first, true)), format!("{said}{cut}"))]
        }
    }
}

/// The first columns and rows that slides have room for; the workbook has them all.
fn fitting(table: &Table, rows: usize) -> Table {
    let mut used = 0;
    let columns = table.columns.iter().take_while(|x| {
        used += x.weight;
        used <= WEIGHT
    });
    let columns: Vec<_> = columns.cloned().collect();
    let rows = table.rows.iter().take(rows).map(|x| x.iter().take(columns.len()).cloned().collect());
    Table { rows: rows.collect(), columns }
}

fn in_parts(grid: &Grid) -> Vec<(Grid, String)> {
    let parts = grid.rows.len().div_ceil(ROWS).max(1);
    (0..parts)
        .map(|i| {
            let rows = grid.rows.iter().skip(i * ROWS).take(ROWS).cloned().collect();
            let said = if parts > 1 { format!(", {} of {parts}", i + 1) } else { String::new() };
            (Grid { heads: grid.heads.clone(), rows }, said)
        })
        .collect()
}
