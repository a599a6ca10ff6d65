//! The pack as one web page: no script, nothing fetched, every chart a picture with its table behind it.
//!
//! The hard idea: the file is opened from a mail on machines that we do not know, so it says itself
//! that it may run and load nothing (its content security policy), and everything that is text is
//! escaped. Charts are SVG from whole numbers, so the same pack gives the same bytes. It prints a
//! section a page, and follows the reader's light or dark.

use std::fmt::Write as _;

use drumbeat_model::pack::PackMade;
use rust_decimal::Decimal;

use crate::brand::Brand;
use crate::chart::{Chart, Form, Paint};
use crate::figure;
use crate::grid::{self, Grid, Shade};
use crate::pack::{Figure, Pack, Points, Section, SectionBody, Tone};
use crate::pptx::{as_of, confidentiality};
use crate::view::permille;

const STYLE: &str = include_str!("../templates/pack.css");

/// The pack as a page; the same pack gives the same bytes.
pub(crate) fn render(pack: &Pack) -> Vec<u8> {
    let title = pack.title();
    let what = match &pack.shared {
        None => format!("Quarterly business review, {}", figure::quarter(pack.year, pack.quarter)),
        Some(_) => "Pipeline as it stands".to_owned(),
    };
    let author = if pack.prepared_by.is_empty() { &pack.vendor } else { &pack.prepared_by };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n<meta name=\"author\" content=\"{}\">\n<title>{}</title>\n<style>\n{STYLE}{}</style>\n</head>\n<body>\n",
        esc(author),
        esc(&title),
        own(&pack.brand)
    );
    let mut said: Vec<String> = pack.tier.iter().map(|x| format!("{x} partner")).collect();
    said.push(match &pack.shared {
        None => pack.edition().label().to_owned(),
        Some(shared) => format!("valid until {}", figure::day(shared.until)),
    });
    if !pack.prepared_by.is_empty() {
        said.push(format!("prepared by {}", pack.prepared_by));
    }
    let _ = write!(
        out,
        "<header>\n{}<p class=\"vendor\">{}</p>\n<p class=\"what\">{what}</p>\n<h1>{}</h1>\n<p class=\"quiet\">{}</p>\n",
        logo(&pack.brand),
        esc(&pack.vendor),
        esc(&pack.partner_name),
        esc(&said.join(" \u{b7} "))
    );
    if let Some(SectionBody::Cover(figures)) = pack.section("cover").map(|x| &x.body) {
        of_figures(&mut out, figures);
    }
    out.push_str("</header>\n");
    if let Some(shared) = &pack.shared {
        // Across every screen and every printed page, and behind what is read.
        let _ = writeln!(out, "<p class=\"mark\">{}</p>", esc(&shared.mark));
    }
    out.push_str("<main>\n");
    for section in pack.sections().iter().filter(|x| x.key != "cover") {
        of_section(&mut out, pack, section);
    }
    let _ = write!(
        out,
        "</main>\n<footer>{} {}</footer>\n</body>\n</html>\n",
        esc(&confidentiality(pack)),
        esc(&as_of(pack))
    );
    out.into_bytes()
}

/// The vendor's own colours and typeface, over the page's. All of it was checked when it was chosen.
fn own(brand: &Brand) -> String {
    if *brand == Brand::default() {
        return String::new();
    }
    let font =
        brand.font().map_or_else(String::new, |x| format!("body {{ font-family: '{x}', Arial, sans-serif; }}\n"));
    let (accent, second) = brand.on_dark();
    format!(
        ":root {{ --accent: #{}; --second: #{}; }}\n@media (prefers-color-scheme: dark) {{ :root {{ --accent: #{accent}; --second: #{second}; }} }}\n{font}",
        brand.accent(),
        brand.second()
    )
}

/// The logo inside the page.
fn logo(brand: &Brand) -> String {
    brand.logo_address().map_or_else(String::new, |x| format!("<img class=\"logo\" alt=\"\" src=\"{x}\">\n"))
}

/// What a batch has written: a page with a line and links for each partner, in the order given.
#[must_use]
pub fn index_page(title: &str, made: &[&PackMade]) -> Vec<u8> {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{}</h1>\n<p class=\"quiet\">{}. It names all of them: not for partners.</p>\n<div class=\"table\"><table>\n<thead><tr><th scope=\"col\">Partner</th><th scope=\"col\">In short</th><th scope=\"col\">Files</th><th scope=\"col\">Made</th></tr></thead>\n<tbody>\n",
        esc(title),
        esc(title),
        figure::count(made.len(), "partner", "partners")
    );
    for pack in made {
        let files: Vec<String> = pack
            .files
            .iter()
            .filter_map(|x| Some((x, std::path::Path::new(&x.path).file_name()?.to_str()?)))
            .map(|(x, name)| format!("<a href=\"./{}\">{}</a>", encoded(name), esc(x.format.label())))
            .collect();
        let short = pack.sections.iter().find(|x| x.key == "summary").map(|x| x.title.as_str());
        let _ = writeln!(
            out,
            "<tr><td class=\"strong\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            esc(&pack.partner_name),
            esc(short.unwrap_or_default()),
            files.join(", "),
            esc(&figure::instant(pack.at))
        );
    }
    out.push_str("</tbody>\n</table></div>\n</body>\n</html>\n");
    out.into_bytes()
}

/// A file's name as a relative link: everything but letters, digits and a few signs by its bytes.
fn encoded(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Text for HTML. Letters that show nothing and change how the rest is read are left out.
fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            x if x.is_control() => out.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            x => out.push(x),
        }
    }
    out
}

fn of_section(out: &mut String, pack: &Pack, section: &Section) {
    let class = if section.appendix { " class=\"appendix\"" } else { "" };
    let key = section.key;
    let _ = write!(
        out,
        "<section id=\"{key}\"{class} aria-labelledby=\"{key}-title\">\n<h2 id=\"{key}-title\">{}</h2>\n<p class=\"quiet\">{}</p>\n",
        esc(&section.title),
        esc(&section.subtitle)
    );
    match &section.body {
        SectionBody::Cover(figures) => of_figures(out, figures),
        SectionBody::Points(lists) => of_lists(out, lists),
        SectionBody::Scoreboard(measures) => of_grid(out, &Grid::of_measures(pack, measures)),
        SectionBody::Service { figures, table } => {
            of_figures(out, figures);
            of_grid(out, &Grid::of_table(pack, table, true));
        }
        SectionBody::Table(table) => of_grid(out, &Grid::of_table(pack, table, !section.appendix)),
        SectionBody::Bars(_) | SectionBody::Waterfall(_) | SectionBody::Funnel(_) => {
            let table = grid::behind(pack, &section.body).map(|x| Grid::of_table(pack, &x, true));
            let chart = Chart::of(pack, &section.body);
            if let Some(chart) = &chart {
                picture(out, chart);
            }
            if let Some(table) = table {
                // Without a picture the table is what there is.
                let open = if chart.is_none() { " open" } else { "" };
                let _ = writeln!(out, "<details{open}><summary>The numbers</summary>");
                of_grid(out, &table);
                out.push_str("</details>\n");
            }
        }
    }
    if !section.notes.is_empty() {
        out.push_str("<details class=\"notes\"><summary>What is counted</summary>\n<ul>\n");
        for note in &section.notes {
            let _ = writeln!(out, "<li>{}</li>", esc(note));
        }
        out.push_str("</ul></details>\n");
    }
    out.push_str("</section>\n");
}

fn of_figures(out: &mut String, figures: &[Figure]) {
    if figures.is_empty() {
        return;
    }
    out.push_str("<dl class=\"figures\">\n");
    for x in figures {
        let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", esc(&x.label), esc(&x.value));
    }
    out.push_str("</dl>\n");
}

fn of_lists(out: &mut String, lists: &[Points]) {
    out.push_str("<div class=\"lists\">\n");
    for list in lists {
        let (class, sign) = match list.tone {
            Tone::Good => ("good", "\u{2713} "),
            Tone::Bad => ("warn", "\u{25b2} "),
            Tone::Plain => ("plain", ""),
        };
        let _ = write!(out, "<div>\n<h3 class=\"{class}\">{sign}{}</h3>\n<ul>\n", esc(&list.title));
        for (head, about) in &list.points {
            let _ = writeln!(out, "<li><strong>{}</strong> <span>{}</span></li>", esc(head), esc(about));
        }
        out.push_str("</ul>\n</div>\n");
    }
    out.push_str("</div>\n");
}

fn of_grid(out: &mut String, grid: &Grid) {
    let side = |right: bool| if right { " class=\"right\"" } else { "" };
    out.push_str("<div class=\"table\"><table>\n<thead><tr>");
    for head in &grid.heads {
        let _ = write!(out, "<th scope=\"col\"{}>{}</th>", side(head.right), esc(&head.title));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &grid.rows {
        out.push_str("<tr>");
        for (cell, head) in row.iter().zip(&grid.heads) {
            let tone = match cell.tone {
                Shade::Strong => "strong",
                Shade::Plain => "plain",
                Shade::Quiet => "quiet",
                Shade::Good => "good",
                Shade::Warn => "warn",
            };
            let right = if head.right { " right" } else { "" };
            let _ = write!(out, "<td class=\"{tone}{right}\">{}</td>", esc(&cell.text));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn paint(paint: Paint) -> &'static str {
    match paint {
        Paint::Accent => "accent",
        Paint::Second => "second",
        Paint::Good => "up",
        Paint::Bad => "down",
        Paint::Neutral => "neutral",
        Paint::Ink => "ink",
    }
}

/// Height of the tallest bar, and of one lying bar with its gap.
const TALL: u32 = 260;
const LYING: u32 = 34;
const WIDE: u32 = 960;

fn picture(out: &mut String, chart: &Chart) {
    if chart.series.iter().filter(|x| x.form != Form::Base).count() > 1 && chart.totals {
        out.push_str("<p class=\"legend\">");
        for series in &chart.series {
            let _ = write!(out, "<span><i class=\"{}\"></i>{}</span>", paint(series.paint), esc(&series.name));
        }
        out.push_str("</p>\n");
    }
    if chart.lying { lying(out, chart) } else { standing(out, chart) }
}

fn standing(out: &mut String, chart: &Chart) {
    let n = u32::try_from(chart.categories.len()).unwrap_or(1).max(1);
    let slot = WIDE / n;
    let wide = slot * 2 / 3;
    let top = chart.top();
    let _ =
        writeln!(out, "<svg viewBox=\"0 0 {WIDE} {}\" role=\"img\" aria-label=\"{}\">", TALL + 64, esc(&chart.name));
    let floor = TALL + 28;
    for (i, (at, name)) in (0..).map(|x: u32| x * slot).zip(&chart.categories).enumerate() {
        let mut below = Decimal::ZERO;
        let mut high = floor;
        for series in &chart.series {
            let Some(value) = series.values.get(i).copied().flatten() else { continue };
            let y = floor - permille(below + value, top) * TALL / 1000;
            let from = floor - permille(below, top) * TALL / 1000;
            match series.form {
                Form::Base => {}
                Form::Bar if !value.is_zero() => {
                    let _ = writeln!(
                        out,
                        "<rect class=\"{}\" x=\"{at}\" y=\"{y}\" width=\"{wide}\" height=\"{}\"/>",
                        paint(series.paint),
                        from.saturating_sub(y).max(1)
                    );
                    high = high.min(y);
                }
                Form::Bar => {}
                Form::Mark => {
                    let y = floor - permille(value, top) * TALL / 1000;
                    let _ = writeln!(
                        out,
                        "<rect class=\"ink\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"2\"/>",
                        at.saturating_sub(4),
                        wide + 8
                    );
                    // The value stands clear of the mark.
                    if y < high && high < y + 20 {
                        high = y;
                    }
                    continue;
                }
            }
            below += value;
        }
        let sign = chart
            .series
            .iter()
            .filter(|x| x.form == Form::Bar && x.values.get(i).is_some_and(|x| x.is_some_and(|x| !x.is_zero())));
        let sign = if chart.totals { "" } else { sign.map(|x| x.sign).next().unwrap_or("") };
        let total = chart.total(i);
        let said = if total.is_zero() { "none".to_owned() } else { chart.said(total, sign) };
        let _ = write!(
            out,
            "<text class=\"value\" x=\"{at}\" y=\"{}\">{}</text>\n<text x=\"{at}\" y=\"{}\">{}</text>\n",
            high.saturating_sub(7),
            esc(&said),
            floor + 20,
            esc(name)
        );
    }
    let _ = write!(out, "<rect class=\"floor\" x=\"0\" y=\"{floor}\" width=\"{WIDE}\" height=\"1\"/>\n</svg>\n");
}

fn lying(out: &mut String, chart: &Chart) {
    let n = u32::try_from(chart.categories.len()).unwrap_or(1);
    let (left, room) = (320, WIDE - 320 - 100);
    let top = chart.top();
    let _ = writeln!(
        out,
        "<svg viewBox=\"0 0 {WIDE} {}\" role=\"img\" aria-label=\"{}\">",
        n * LYING + 4,
        esc(&chart.name)
    );
    for (i, (y, name)) in (0..).map(|x: u32| x * LYING).zip(&chart.categories).enumerate() {
        let value = chart.total(i);
        let long = permille(value, top) * room / 1000;
        let _ = writeln!(
            out,
            "<text x=\"0\" y=\"{}\">{}</text><rect class=\"accent\" x=\"{left}\" y=\"{}\" width=\"{long}\" height=\"{}\"/><text class=\"value\" x=\"{}\" y=\"{}\">{}</text>",
            y + 22,
            esc(&crate::view::clip(name, 40)),
            y + 4,
            LYING - 8,
            left + long + 8,
            y + 22,
            esc(&chart.said(value, ""))
        );
    }
    out.push_str("</svg>\n");
}
