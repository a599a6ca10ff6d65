//! The native charts of the workbook, over the cells of their own sheet.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, Color, Format, Worksheet,
};

use super::{GREY, HEAD};
use crate::chart::{Form, Paint};
use crate::pack::{Pack, QuarterBar, SectionBody};
use crate::write::ExportError;

/// One of the look's colours.
fn own(digits: &str) -> Color {
    Color::RGB(u32::from_str_radix(digits, 16).unwrap_or_default())
}

/// Where the numbers of a waterfall stand: clear of its chart.
const STEPS: u16 = 18;
const GRID: Color = Color::RGB(0xE8_E5E0);

fn chart_font() -> ChartFont {
    let mut font = ChartFont::new();
    font.set_color(GREY).set_size(10);
    font
}

fn dress(chart: &mut Chart, name: &str, lying: bool) {
    chart.title().set_hidden();
    chart.x_axis().set_font(&chart_font());
    chart.y_axis().set_font(&chart_font());
    let mut grid = ChartLine::new();
    grid.set_color(GRID).set_width(0.75);
    let mut border = ChartLine::new();
    border.set_hidden(true);
    chart.chart_area().set_format(ChartFormat::new().set_border(&border));
    // A bar chart lies on its side: its values are on the x axis.
    let values = if lying { chart.x_axis() } else { chart.y_axis() };
    values.set_major_gridlines_line(&grid).set_num_format("#,##0,\" k\"");
    chart.legend().set_position(ChartLegendPosition::Top).set_font(&chart_font());
    chart.set_alt_text(name);
    chart.set_width(720);
    chart.set_height(400);
}

pub(super) fn bookings_chart(sheet: &mut Worksheet, pack: &Pack, bars: &[QuarterBar]) -> Result<(), ExportError> {
    let last = HEAD + u32::try_from(bars.len()).unwrap_or(1);
    let mut chart = Chart::new(ChartType::ColumnStacked);
    for (column, paint) in [(1u16, own(pack.brand.accent())), (2, own(pack.brand.second()))] {
        chart
            .add_series()
            .set_name(("Bookings", HEAD, column))
            .set_categories(("Bookings", HEAD + 1, 0, last, 0))
            .set_values(("Bookings", HEAD + 1, column, last, column))
            .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(paint)))
            .set_gap(60);
    }
    dress(&mut chart, "Sourced and influenced bookings by quarter", false);
    sheet.insert_chart(HEAD, 5, &chart)?;
    Ok(())
}

pub(super) fn pipeline_chart(sheet: &mut Worksheet, pack: &Pack, rows: usize) -> Result<(), ExportError> {
    let last = HEAD + u32::try_from(rows).unwrap_or(1);
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_name(("Pipeline", HEAD, 2))
        .set_categories(("Pipeline", HEAD + 1, 0, last, 1))
        .set_values(("Pipeline", HEAD + 1, 2, last, 2))
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(own(pack.brand.accent()))))
        .set_gap(40);
    dress(&mut chart, "Open pipeline by motion and stage", true);
    // Bars are drawn from the bottom; the table reads from the top.
    chart.y_axis().set_reverse();
    chart.legend().set_hidden();
    sheet.insert_chart(HEAD, 5, &chart)?;
    Ok(())
}

/// The waterfall: a stack on a base that is not painted, from columns of its own beside the table.
pub(super) fn movement_chart(
    sheet: &mut Worksheet,
    pack: &Pack,
    body: &SectionBody,
    rows: usize,
) -> Result<(), ExportError> {
    let Some(drawn) = crate::chart::Chart::of(pack, body) else { return Ok(()) };
    let last = HEAD + u32::try_from(rows).unwrap_or(1);
    let mut chart = Chart::new(ChartType::ColumnStacked);
    let head = Format::new().set_font_color(GREY);
    // Right of the chart: what it is drawn from.
    for (column, series) in (STEPS..).zip(&drawn.series) {
        sheet.write_string_with_format(HEAD, column, &series.name, &head)?;
        for (row, value) in (HEAD + 1..).zip(&series.values) {
            if let Some(value) = value {
                sheet.write_with_format(row, column, *value, &head)?;
            }
        }
        let mut shape = match series.form {
            Form::Base => ChartFormat::new().set_no_fill().clone(),
            _ => {
                ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(painted(pack, series.paint))).clone()
            }
        };
        chart
            .add_series()
            .set_name(("Movement", HEAD, column))
            .set_categories(("Movement", HEAD + 1, 0, last, 0))
            .set_values(("Movement", HEAD + 1, column, last, column))
            .set_format(&mut shape)
            .set_gap(40);
    }
    dress(&mut chart, &drawn.name, false);
    chart.legend().set_hidden();
    sheet.insert_chart(HEAD, 5, &chart)?;
    Ok(())
}

fn painted(pack: &Pack, paint: Paint) -> Color {
    match paint {
        Paint::Accent => own(pack.brand.accent()),
        Paint::Second => own(pack.brand.second()),
        Paint::Good => Color::RGB(0x5F_A27C),
        Paint::Bad => Color::RGB(0xD5_857C),
        Paint::Neutral => Color::RGB(0xC6_C2BA),
        Paint::Ink => Color::RGB(0x1D_1B18),
    }
}
