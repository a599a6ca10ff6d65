//! The workbook: the same sections as native cells, tables and charts.
//!
//! The hard idea: text goes in by `write_string` alone, so a name like `=cmd()` is a shared string
//! and never a formula. Numbers are numbers with a format of their own currency; a spreadsheet
//! keeps 15 digits, which is the one place where an exact decimal is handed to something coarser.
//! Widths are set from the content, because a column that is too narrow shows `###`. Properties
//! come from the pack, so the same pack gives the same bytes.

mod charts;

use drumbeat_model::money::Money;
use drumbeat_model::pack::Edition;
use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Table as SheetTable, TableColumn,
    TableStyle, Workbook, Worksheet,
};

use crate::figure;
use crate::grid;
use crate::pack::{Cell, ColumnKind, Pack, Points, Section, SectionBody, Table};
use crate::pptx::as_of;
use crate::write::ExportError;

/// Rows above a table: title, subtitle, space.
const HEAD: u32 = 3;
/// A cell of a workbook holds no more.
const LONGEST: usize = 32_000;

const INK: Color = Color::RGB(0x1D_1B18);
const GREY: Color = Color::RGB(0x6B_665F);
const LINE: Color = Color::RGB(0xC6_C2BA);

/// Sheet of a section; the others are filters of the deal list.
fn sheet_name(key: &str) -> Option<&'static str> {
    Some(match key {
        "scoreboard" => "Scoreboard",
        "bookings" => "Bookings",
        "pipeline" => "Pipeline",
        "movement" => "Movement",
        "commitments" => "Commitments",
        "service" => "Service",
        "stuck" => "Stuck",
        "next_quarter" => "Next quarter",
        "conflicts" => "Channel conflicts",
        "plan" => "Plan",
        "risks" => "Risks",
        "program" => "Program",
        "margin" => "Discounts",
        "concentration" => "Concentration",
        "open_conflicts" => "Open conflicts",
        "record" => "Forecast record",
        "stance" => "Stance",
        "motions" => "Motions",
        "outlook" => "Outlook",
        "wanted" => "Decisions wanted",
        "ranking" => "Partners",
        "at_risk" => "At risk",
        "voice" => "Voice",
        "bets" => "Bets",
        "deals" => "Deals",
        "registrations" => "Registrations",
        "certificates" => "Certificates",
        "definitions" => "Definitions",
        _ => return None,
    })
}

/// The pack as a workbook; the same pack gives the same bytes.
pub(crate) fn render(pack: &Pack) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    let author = if pack.prepared_by.is_empty() { &pack.vendor } else { &pack.prepared_by };
    let created = ExcelDateTime::parse_from_str(&pack.as_of.format("%Y-%m-%dT%H:%M:%S").to_string())?;
    book.set_properties(
        &DocProperties::new()
            .set_title(pack.title())
            .set_author(author)
            .set_comment(confidentiality(pack))
            .set_creation_datetime(&created),
    );
    summary(book.add_worksheet(), pack)?;
    for section in &pack.sections {
        let Some(name) = sheet_name(section.key) else { continue };
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        fill(sheet, pack, section, name)?;
    }
    Ok(book.save_to_buffer()?)
}

fn confidentiality(pack: &Pack) -> String {
    if let Some(shared) = &pack.shared {
        return format!("{} {}", shared.line(&pack.partner_name), shared.mark);
    }
    match pack.edition() {
        Edition::Partner => format!("For {}, partner edition. Confidential.", pack.partner_name),
        Edition::Internal => format!("{} internal edition. Not for partners.", pack.vendor),
    }
}

fn base() -> Format {
    Format::new().set_font_color(INK).set_align(FormatAlign::Top)
}

fn grey() -> Format {
    Format::new().set_font_color(GREY)
}

fn title_format() -> Format {
    Format::new().set_bold().set_font_size(14).set_font_color(INK)
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), ExportError> {
    let fits: String = text.chars().take(LONGEST).collect();
    sheet.write_string_with_format(row, column, fits, format)?;
    Ok(())
}

fn prepare(sheet: &mut Worksheet, pack: &Pack, title: &str, subtitle: &str) -> Result<(), ExportError> {
    sheet.set_screen_gridlines(false);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    // `&` starts a code in a footer; doubled it is itself.
    let footer = format!("&L{}&RPage &P of &N", confidentiality(pack).replace('&', "&&"));
    sheet.set_footer(footer.chars().take(200).collect::<String>());
    // A line of its own: a head or foot that is too long is none.
    sheet.set_header(format!("&R{}", as_of(pack)));
    text(sheet, 0, 0, title, &title_format())?;
    text(sheet, 1, 0, subtitle, &grey())
}

fn summary(sheet: &mut Worksheet, pack: &Pack) -> Result<(), ExportError> {
    sheet.set_name("Summary")?;
    prepare(
        sheet,
        pack,
        &match pack.shared {
            None => format!("{}, QBR {}", pack.partner_name, figure::quarter(pack.year, pack.quarter)),
            Some(_) => pack.title(),
        },
        &confidentiality(pack),
    )?;
    sheet.set_column_width(0, 60)?;
    sheet.set_column_width(1, 90)?;
    let label = base().set_bold();
    let plain = base();
    let mut row = HEAD;
    let mut about = vec![
        ("Data as of".to_owned(), figure::instant(pack.read_at)),
        ("Days counted from".to_owned(), figure::day(pack.as_of.date_naive())),
    ];
    about.extend(pack.tier.as_ref().map(|x| ("Tier".to_owned(), x.clone())));
    about.push(("Prepared by".to_owned(), pack.prepared_by.clone()));
    if let Some(shared) = &pack.shared {
        about.push(("Valid until".to_owned(), figure::day(shared.until)));
        about.push(("Mark".to_owned(), shared.mark.clone()));
    }
    about.push(("Not yet in the CRM".to_owned(), figure::count(pack.pending as usize, "change", "changes")));
    for (head, value) in about {
        text(sheet, row, 0, &head, &grey())?;
        text(sheet, row, 1, &value, &plain)?;
        row += 1;
    }
    for section in &pack.sections {
        match &section.body {
            SectionBody::Points(lists) if !section.appendix && sheet_name(section.key).is_none() => {
                for list in lists {
                    row += 1;
                    text(sheet, row, 0, &list.title, &title_format().set_font_size(12))?;
                    row = points(sheet, row + 1, list, &label, &plain)?;
                }
            }
            _ => {}
        }
    }
    row += 1;
    text(sheet, row, 0, "Findings", &title_format().set_font_size(12))?;
    row += 1;
    for section in pack.sections.iter().filter(|x| !x.appendix && x.key != "cover") {
        text(sheet, row, 0, sheet_name(section.key).unwrap_or(""), &grey())?;
        text(sheet, row, 1, &section.title, &plain)?;
        row += 1;
    }
    Ok(())
}

fn points(
    sheet: &mut Worksheet,
    mut row: u32,
    list: &Points,
    label: &Format,
    value: &Format,
) -> Result<u32, ExportError> {
    for (head, about) in &list.points {
        text(sheet, row, 0, head, label)?;
        text(sheet, row, 1, about, value)?;
        row += 1;
    }
    Ok(row)
}

fn fill(sheet: &mut Worksheet, pack: &Pack, section: &Section, name: &str) -> Result<(), ExportError> {
    prepare(sheet, pack, &section.title, &section.subtitle)?;
    let end = match &section.body {
        SectionBody::Table(table) | SectionBody::Service { table, .. } => of_table(sheet, table, name)?,
        SectionBody::Scoreboard(_) | SectionBody::Bars(_) | SectionBody::Funnel(_) | SectionBody::Waterfall(_) => {
            let Some(table) = grid::behind(pack, &section.body) else { return Ok(()) };
            let end = of_table(sheet, &table, name)?;
            match &section.body {
                SectionBody::Bars(bars) => charts::bookings_chart(sheet, pack, bars)?,
                SectionBody::Funnel(_) => charts::pipeline_chart(sheet, pack, table.rows.len())?,
                SectionBody::Waterfall(_) => charts::movement_chart(sheet, pack, &section.body, table.rows.len())?,
                _ => return notes(sheet, section, end),
            }
            end.max(HEAD + 22)
        }
        SectionBody::Points(lists) => {
            sheet.set_column_width(0, 26)?;
            sheet.set_column_width(1, 90)?;
            let mut row = HEAD;
            for list in lists {
                text(sheet, row, 0, &list.title, &title_format().set_font_size(12))?;
                row = points(sheet, row + 1, list, &base().set_bold(), &base())? + 1;
            }
            row
        }
        SectionBody::Cover(_) => HEAD,
    };
    notes(sheet, section, end)
}

fn notes(sheet: &mut Worksheet, section: &Section, end: u32) -> Result<(), ExportError> {
    for (i, note) in (0..).zip(&section.notes) {
        text(sheet, end + 1 + i, 0, note, &grey())?;
    }
    Ok(())
}

/// Writes a native table with filters under a frozen head; returns the row after it.
fn of_table(sheet: &mut Worksheet, table: &Table, name: &str) -> Result<u32, ExportError> {
    let columns = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    if columns == 0 || rows == 0 {
        return Ok(HEAD);
    }
    for (row, cells) in (HEAD + 1..).zip(&table.rows) {
        for (column, value) in (0..).zip(cells) {
            cell(sheet, row, column, value)?;
        }
    }
    let heads: Vec<TableColumn> = table
        .columns
        .iter()
        .enumerate()
        .map(|(i, x)| {
            let left = matches!(x.kind, ColumnKind::Text);
            let align = if left { FormatAlign::Left } else { FormatAlign::Right };
            let head = Format::new()
                .set_indent(u8::from(left && i > 0))
                .set_bold()
                .set_font_color(GREY)
                .set_align(align)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(LINE);
            TableColumn::new().set_header(x.title).set_header_format(head)
        })
        .collect();
    let native = SheetTable::new()
        .set_name(name.replace(' ', "_"))
        .set_columns(&heads)
        .set_style(TableStyle::None)
        .set_banded_rows(false);
    sheet.add_table(HEAD, 0, HEAD + rows, columns - 1, &native)?;
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    for (i, column) in (0..columns).zip(&table.columns) {
        let longest = table
            .rows
            .iter()
            .filter_map(|x| x.get(usize::from(i)))
            .map(|x| figure::cell(x, false).chars().count())
            .max();
        // Room for the filter's arrow beside the head, and for digits that are wider than letters.
        let width = (column.title.chars().count() + 5).max(longest.unwrap_or(0) + 4).clamp(11, 60);
        sheet.set_column_width(i, u32::try_from(width).unwrap_or(60))?;
    }
    Ok(HEAD + rows + 1)
}

fn cell(sheet: &mut Worksheet, row: u32, column: u16, value: &Cell) -> Result<(), ExportError> {
    let number = |format: &str| base().set_num_format(format).set_align(FormatAlign::Right);
    match value {
        Cell::Empty => {}
        Cell::Text(x) => {
            text(sheet, row, column, x, &base().set_align(FormatAlign::Left).set_indent(u8::from(column > 0)))?
        }
        Cell::Money(x) => {
            sheet.write_with_format(row, column, x.amount, &number(&money_format(x)))?;
        }
        Cell::Day(x) => {
            let day = ExcelDateTime::parse_from_str(&x.format("%Y-%m-%d").to_string())?;
            sheet.write_datetime_with_format(row, column, &day, &number("yyyy-mm-dd"))?;
        }
        Cell::Percent(x) => {
            sheet.write_with_format(row, column, *x / Decimal::ONE_HUNDRED, &number("0 %"))?;
        }
        Cell::Count(x) => {
            sheet.write_number_with_format(row, column, *x, &number("#,##0"))?;
        }
        Cell::Days(x) => {
            sheet.write_number_with_format(row, column, *x, &number("#,##0\" d\""))?;
        }
        Cell::Hours(x) => {
            sheet.write_with_format(row, column, *x, &number("#,##0.0\" h\""))?;
        }
    }
    Ok(())
}

fn money_format(money: &Money) -> String {
    let cents = if money.amount.fract().is_zero() { "" } else { ".00" };
    let sign = figure::sign(&money.currency);
    format!("\"{sign}\"#,##0{cents};\"\u{2212}{sign}\"#,##0{cents}")
}
