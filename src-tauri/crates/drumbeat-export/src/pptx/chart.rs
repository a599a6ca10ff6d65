//! A native chart with the workbook that it can be edited from.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::shape::{esc, solid};
use crate::chart::{Chart, Form, Paint, Series};
use crate::pack::Pack;
use crate::write::ExportError;

/// Size of text in charts, hundredths of a point.
const TEXT: u32 = 1400;

fn theme(paint: Paint) -> &'static str {
    match paint {
        Paint::Accent => "accent1",
        Paint::Second => "accent2",
        Paint::Good => "accent3",
        Paint::Bad => "accent5",
        Paint::Neutral => "accent6",
        Paint::Ink => "tx1",
    }
}

fn text(paint: &str, bold: bool) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{TEXT}\" b=\"{}\">{}<a:latin typeface=\"+mn-lt\"/></a:defRPr></a:pPr><a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        u8::from(bold),
        solid(paint)
    )
}

/// The letters of column `n` of the chart's sheet, 0 is A. A chart has no more than 26.
fn letter(n: usize) -> char {
    char::from(b'A' + u8::try_from(n.min(25)).unwrap_or(0))
}

/// The chart's part; `rId1` is its workbook.
pub(super) fn xml(chart: &Chart) -> String {
    let mut bars = String::new();
    let mut marks = String::new();
    let mut hidden = Vec::new();
    let mut index = 0;
    for series in &chart.series {
        let out = if series.form == Form::Mark { &mut marks } else { &mut bars };
        out.push_str(&of_series(chart, series, index));
        if series.form == Form::Base {
            hidden.push(index);
        }
        index += 1;
    }
    if chart.totals {
        hidden.push(index);
        marks.push_str(&of_totals(chart, index));
    }
    let stacked = if chart.lying { "clustered" } else { "stacked" };
    let overlap = if chart.lying { "" } else { "<c:overlap val=\"100\"/>" };
    let axes = "<c:axId val=\"111\"/><c:axId val=\"222\"/>";
    let mut plot = format!(
        "<c:barChart><c:barDir val=\"{}\"/><c:grouping val=\"{stacked}\"/><c:varyColors val=\"0\"/>{bars}<c:gapWidth val=\"45\"/>{overlap}{axes}</c:barChart>",
        if chart.lying { "bar" } else { "col" }
    );
    if !marks.is_empty() {
        let _ = write!(
            plot,
            "<c:lineChart><c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>{marks}<c:marker val=\"1\"/>{axes}</c:lineChart>"
        );
    }
    let (at, order, values_at) = if chart.lying { ("l", "maxMin", "t") } else { ("b", "minMax", "l") };
    let line = format!("<c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr>", solid("bg2:75"));
    let _ = write!(
        plot,
        "<c:catAx><c:axId val=\"111\"/><c:scaling><c:orientation val=\"{order}\"/></c:scaling><c:delete val=\"0\"/><c:axPos val=\"{at}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>{line}{}<c:crossAx val=\"222\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/><c:noMultiLvlLbl val=\"1\"/></c:catAx>",
        text("tx1", false)
    );
    let _ = write!(
        plot,
        "<c:valAx><c:axId val=\"222\"/><c:scaling><c:orientation val=\"minMax\"/><c:min val=\"0\"/></c:scaling><c:delete val=\"1\"/><c:axPos val=\"{values_at}\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"111\"/><c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/></c:valAx>"
    );
    let legend = if chart.totals {
        let gone: String = hidden
            .iter()
            .map(|i| format!("<c:legendEntry><c:idx val=\"{i}\"/><c:delete val=\"1\"/></c:legendEntry>"))
            .collect();
        format!("<c:legend><c:legendPos val=\"t\"/>{gone}<c:overlay val=\"0\"/>{}</c:legend>", text("tx2", false))
    } else {
        String::new()
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/><c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>{plot}</c:plotArea>{legend}<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>{}<c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        text("tx1", false)
    )
}

fn of_series(chart: &Chart, series: &Series, index: usize) -> String {
    let shape = match series.form {
        Form::Base => "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>".to_owned(),
        Form::Bar => format!("<c:spPr>{}</c:spPr><c:invertIfNegative val=\"0\"/>", solid(theme(series.paint))),
        Form::Mark => format!(
            "<c:spPr><a:ln w=\"19050\"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val=\"dash\"/><c:size val=\"24\"/><c:spPr>{}<a:ln><a:noFill/></a:ln></c:spPr></c:marker>",
            solid(theme(series.paint))
        ),
    };
    let shape = if series.form == Form::Base { shape + "<c:invertIfNegative val=\"0\"/>" } else { shape };
    let labels = if series.form == Form::Bar { labels(chart, series) } else { NO_LABELS.to_owned() };
    let smooth = if series.form == Form::Mark { "<c:smooth val=\"0\"/>" } else { "" };
    format!("{}{shape}{labels}{}</c:ser>", opening(&series.name, index), values(chart, &series.values, index) + smooth)
}

const NO_LABELS: &str = "<c:dLbls><c:showLegendKey val=\"0\"/><c:showVal val=\"0\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>";
const SHOWN: &str = "<c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/><c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/>";

fn labels(chart: &Chart, series: &Series) -> String {
    let mut gone = String::new();
    if chart.totals {
        // A part is labelled where the label fits into it and says something that the whole does not.
        for (i, value) in series.values.iter().enumerate() {
            let part = value.unwrap_or_default();
            let alone = part == chart.total(i);
            if alone || part * Decimal::from(12) < chart.top() {
                let _ = write!(gone, "<c:dLbl><c:idx val=\"{i}\"/><c:delete val=\"1\"/></c:dLbl>");
            }
        }
    }
    let (place, paint, bold) = match (chart.lying, series.paint) {
        (true, _) => ("outEnd", "tx1", true),
        (false, Paint::Accent) => ("ctr", "bg1", false),
        (false, _) => ("ctr", "tx1", !chart.totals),
    };
    format!(
        "<c:dLbls>{gone}<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}<c:dLblPos val=\"{place}\"/>{SHOWN}</c:dLbls>",
        esc(&chart.format(series.sign)),
        text(paint, bold)
    )
}

/// The sums above stacked bars: a line that is not drawn, with labels.
fn of_totals(chart: &Chart, index: usize) -> String {
    // Where a mark stands just above the bar, its sum stands inside the bar.
    let mut inside = String::new();
    for i in 0..chart.categories.len() {
        let (total, room) = (chart.total(i), chart.top() / Decimal::from(10));
        let at = |x: &Series| x.values.get(i).copied().flatten();
        let near = |x: &Series| x.form == Form::Mark && at(x).is_some_and(|y| y >= total && y - total < room);
        if total > room && chart.series.iter().any(near) {
            let top = chart.series.iter().rev().find(|x| x.form == Form::Bar && at(x).is_some_and(|y| !y.is_zero()));
            let paint = if top.is_some_and(|x| x.paint == Paint::Accent) { "bg1" } else { "tx1" };
            let _ = write!(
                inside,
                "<c:dLbl><c:idx val=\"{i}\"/><c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}<c:dLblPos val=\"b\"/>{SHOWN}</c:dLbl>",
                esc(&chart.format("")),
                text(paint, true)
            );
        }
    }
    let totals: Vec<Option<Decimal>> = (0..chart.categories.len()).map(|i| Some(chart.total(i))).collect();
    format!(
        "{}<c:spPr><a:ln w=\"19050\"><a:noFill/></a:ln></c:spPr><c:marker><c:symbol val=\"none\"/></c:marker><c:dLbls>{inside}<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}<c:dLblPos val=\"t\"/>{SHOWN}</c:dLbls>{}<c:smooth val=\"0\"/></c:ser>",
        opening("Together", index),
        esc(&chart.format("")),
        text("tx1", true),
        values(chart, &totals, index)
    )
}

fn opening(name: &str, index: usize) -> String {
    format!(
        "<c:ser><c:idx val=\"{index}\"/><c:order val=\"{index}\"/><c:tx><c:strRef><c:f>Sheet1!${c}$1</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>",
        esc(name),
        c = letter(index + 1)
    )
}

fn values(chart: &Chart, values: &[Option<Decimal>], index: usize) -> String {
    let last = chart.categories.len() + 1;
    let mut out = format!(
        "<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val=\"{}\"/>",
        chart.categories.len()
    );
    for (i, name) in chart.categories.iter().enumerate() {
        let _ = write!(out, "<c:pt idx=\"{i}\"><c:v>{}</c:v></c:pt>", esc(name));
    }
    let _ = write!(
        out,
        "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${c}$2:${c}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val=\"{}\"/>",
        values.len(),
        c = letter(index + 1)
    );
    for (i, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let _ = write!(out, "<c:pt idx=\"{i}\"><c:v>{}</c:v></c:pt>", value.normalize());
        }
    }
    out.push_str("</c:numCache></c:numRef></c:val>");
    out
}

/// The workbook inside the chart.
pub(super) fn workbook(chart: &Chart, pack: &Pack) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::parse_from_str(&pack.as_of.format("%Y-%m-%dT%H:%M:%S").to_string())?;
    book.set_properties(&DocProperties::new().set_title(&chart.name).set_creation_datetime(&made));
    let sheet = book.add_worksheet();
    sheet.set_column_width(0, 34)?;
    for (row, name) in (1..).zip(&chart.categories) {
        sheet.write_string(row, 0, name)?;
    }
    let totals = Series {
        name: "Together".to_owned(),
        values: (0..chart.categories.len()).map(|i| Some(chart.total(i))).collect(),
        paint: Paint::Ink,
        form: Form::Mark,
        sign: "",
    };
    for (column, series) in (1..).zip(chart.series.iter().chain(chart.totals.then_some(&totals))) {
        sheet.set_column_width(column, 16)?;
        sheet.write_string(0, column, &series.name)?;
        for (row, value) in (1..).zip(&series.values) {
            if let Some(value) = value {
                sheet.write(row, column, *value)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}
