//! What the page template reads: the pack with every number already a text and every bar a length.
//!
//! Lengths are parts of 1000 of the tallest bar, from exact decimals, so the template computes
//! nothing. Texts are cut here to what fits, because the template cannot know how long a name is;
//! the workbook has them whole. The names of the JSON members are the contract with
//! `templates/pack.typ` and nobody else.

use drumbeat_model::money::Currency;
use drumbeat_model::pack::Edition;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use crate::figure;
use crate::pack::{
    Cell, ColumnKind, Figure, Measure, MotionPipeline, Pack, Points, QuarterBar, Section, SectionBody, StageSum, Step,
    Table,
};

/// Rows of an appendix table that are printed.
const PRINTED_ROWS: usize = 400;
/// Sum of column weights that an appendix page has room for.
const PAGE_WEIGHT: u32 = 66;
/// The longest text that a column of short texts has, on a page and in the appendix.
const SHORT: (usize, usize) = (16, 12);
/// Characters across the page in body text (14 pt) and in the appendix (9.5 pt).
const LINE: (usize, usize) = (112, 168);
/// The most motions that a page has room for.
const MOTIONS: usize = 5;

/// The pack for the template.
pub(crate) fn of(pack: &Pack) -> Value {
    let quarter = figure::quarter(pack.quarter);
    let edition = pack.edition();
    let confidentiality = match edition {
        Edition::Partner => format!("For {}, partner edition. Confidential.", clip(&pack.partner_name, 60)),
        Edition::Internal => format!("{} internal edition. Not for partners.", clip(&pack.vendor, 60)),
    };
    let mut as_of = format!("As of {}", figure::instant(pack.as_of));
    if pack.pending > 0 {
        as_of.push_str(&format!(", {} not yet in the CRM", figure::count(pack.pending as usize, "change", "changes")));
    }
    let mut line = Vec::new();
    line.extend(pack.tier.map(|x| format!("{} partner", x.label())));
    line.push(edition.label().to_owned());
    if !pack.prepared_by.is_empty() {
        line.push(format!("prepared by {}", clip(&pack.prepared_by, 60)));
    }
    let name_length = pack.partner_name.chars().count();
    json!({
        "title": format!("QBR pack, {}, {quarter}", pack.partner_name),
        "author": if pack.prepared_by.is_empty() { &pack.vendor } else { &pack.prepared_by },
        "partner": clip(&pack.partner_name, 90),
        "quarter": quarter,
        "confidentiality": confidentiality,
        "as-of": as_of,
        "cover": {
            "kicker": format!("Quarterly business review, {quarter}"),
            "line": line.join("  \u{b7}  "),
            "vendor": clip(&pack.vendor, 60),
            "size": if name_length > 44 { 32 } else if name_length > 26 { 42 } else { 54 },
        },
        "sections": pack.sections.iter().map(|x| section(pack, x)).collect::<Vec<_>>(),
    })
}

fn section(pack: &Pack, section: &Section) -> Value {
    let (kind, mut body) = match &section.body {
        SectionBody::Cover(figures) => ("cover", json!({ "figures": of_figures(figures) })),
        SectionBody::Points(lists) => ("points", of_points(lists, section.appendix)),
        SectionBody::Scoreboard(rows) => ("scoreboard", scoreboard(pack, rows)),
        SectionBody::Bars(bars) => ("bars", of_bars(pack, bars)),
        SectionBody::Waterfall(steps) => ("waterfall", of_steps(&pack.currency, steps)),
        SectionBody::Funnel(motions) => ("funnel", funnel(&pack.currency, motions)),
        SectionBody::Service { figures, table } => {
            ("service", json!({ "figures": of_figures(figures), "table": of_table(pack, table, false).0 }))
        }
        SectionBody::Table(table) => ("table", json!({ "table": of_table(pack, table, section.appendix).0 })),
    };
    let mut subtitle = section.subtitle.clone();
    if let (true, SectionBody::Table(table)) = (section.appendix, &section.body) {
        subtitle.push_str(&of_table(pack, table, true).1);
    }
    if let SectionBody::Funnel(motions) = &section.body
        && motions.len() > MOTIONS
    {
        subtitle.push_str(&format!("; {MOTIONS} of {} motions, the rest is in the workbook", motions.len()));
    }
    if let Some(body) = body.as_object_mut() {
        body.insert("kind".to_owned(), json!(kind));
        body.insert("title".to_owned(), json!(clip(&section.title, 88)));
        body.insert("subtitle".to_owned(), json!(clip(&subtitle, LINE.0)));
        body.insert("appendix".to_owned(), json!(section.appendix));
    }
    body
}

fn of_figures(figures: &[Figure]) -> Vec<Value> {
    figures.iter().map(|x| json!({ "value": clip(&x.value, 40), "label": x.label })).collect()
}

fn of_points(lists: &[Points], appendix: bool) -> Value {
    let line = if appendix { 64 } else { 32 };
    let lists: Vec<Value> = lists
        .iter()
        .map(|list| {
            let points: Vec<Value> = list
                .points
                .iter()
                .map(|(head, about)| json!({ "head": fit(head, 26, 2), "about": fit(about, line, 2) }))
                .collect();
            json!({ "title": list.title, "tone": list.tone.name(), "points": points })
        })
        .collect();
    json!({ "lists": lists, "dense": appendix })
}

fn scoreboard(pack: &Pack, rows: &[Measure]) -> Value {
    let before = pack.quarter.previous();
    let year_ago = before.previous().previous().previous();
    let known = |x: &Cell| if x.is_empty() { "\u{2013}".to_owned() } else { figure::cell(x, true) };
    let lines: Vec<Value> = rows
        .iter()
        .map(|x| {
            json!({
                "label": x.label,
                "now": known(&x.now),
                "others": if x.others.is_empty() { String::new() } else {
                    clip(&format!("and {}", x.others.iter().map(|x| figure::short(x.amount, &x.currency)).collect::<Vec<_>>().join(", ")), 30)
                },
                "target": figure::cell(&x.target, true),
                "missed": missed(x),
                "before": known(&x.before),
                "year-ago": known(&x.year_ago),
                "change": figure::change(&x.now, &x.before),
            })
        })
        .collect();
    json!({
        "rows": lines,
        "pad": if rows.len() > 8 { 8 } else { 11 },
        "has-target": rows.iter().any(|x| !x.target.is_empty()),
        "now": figure::quarter_beside(pack.quarter, pack.quarter),
        "before": figure::quarter_beside(before, pack.quarter),
        "year-ago": figure::quarter(year_ago),
        "against": format!("Against {}", figure::quarter_beside(before, pack.quarter)),
    })
}

fn missed(measure: &Measure) -> bool {
    match (&measure.now, &measure.target) {
        (Cell::Money(now), Cell::Money(target)) => now.amount < target.amount,
        (Cell::Hours(now), Cell::Hours(target)) if measure.less_is_better => now > target,
        _ => false,
    }
}

fn permille(part: Decimal, whole: Decimal) -> u32 {
    if part <= Decimal::ZERO {
        return 0;
    }
    (part * Decimal::ONE_THOUSAND).checked_div(whole).and_then(|x| x.round().to_u32()).unwrap_or(0).clamp(4, 1000)
}

fn of_bars(pack: &Pack, bars: &[QuarterBar]) -> Value {
    let sum = |x: &QuarterBar| x.sourced + x.influenced;
    let top = bars.iter().flat_map(|x| [sum(x), x.target.unwrap_or_default()]).max().unwrap_or_default();
    let lines: Vec<Value> = bars
        .iter()
        .map(|x| {
            json!({
                "label": figure::quarter(x.quarter),
                "current": x.quarter == pack.quarter,
                "value": if sum(x).is_zero() { "none".to_owned() } else { figure::short(sum(x), &pack.currency) },
                "about": match (x.sourced.is_zero(), x.influenced.is_zero()) {
                    (true, true) => String::new(),
                    (false, true) => "all sourced".to_owned(),
                    (true, false) => "all influenced".to_owned(),
                    (false, false) => format!("{} sourced", figure::short(x.sourced, &pack.currency)),
                },
                "sourced": permille(x.sourced, top),
                "influenced": permille(x.influenced, top),
                "target": x.target.map_or(0, |x| permille(x, top)),
            })
        })
        .collect();
    json!({ "bars": lines, "has-target": bars.iter().any(|x| x.target.is_some()) })
}

fn of_steps(currency: &Currency, steps: &[Step]) -> Value {
    let mut level = Decimal::ZERO;
    let mut spans = Vec::new();
    for step in steps {
        let (from, to) = if step.total { (Decimal::ZERO, step.amount) } else { (level, level + step.amount) };
        level = to;
        spans.push((from.min(to), from.max(to), to));
    }
    let top = spans.iter().map(|x| x.1).max().unwrap_or_default();
    let last = steps.len().saturating_sub(1);
    let lines: Vec<Value> = steps
        .iter()
        .zip(&spans)
        .enumerate()
        .map(|(i, (step, (low, high, level)))| {
            let plus = if !step.total && step.amount > Decimal::ZERO { "+" } else { "" };
            json!({
                "label": step.label,
                "about": figure::count(step.count as usize, "deal", "deals"),
                "value": format!("{plus}{}", figure::short(step.amount, currency)),
                "low": if low == high { 0 } else { permille(*low, top) },
                "top": permille(*high, top),
                "link": if i == last { 0 } else { permille(*level, top) },
                "tone": if step.total { "total" } else if step.amount > Decimal::ZERO { "up" } else if step.label == "Won" { "won" } else { "lost" },
            })
        })
        .collect();
    json!({ "steps": lines })
}

fn funnel(currency: &Currency, motions: &[MotionPipeline]) -> Value {
    let motions = motions.get(..MOTIONS).unwrap_or(motions);
    let stages = || motions.iter().flat_map(|x| &x.stages);
    // Without amounts (not known, or withheld) the bars are numbers of deals.
    let counted = stages().all(|x| x.amount.is_zero());
    let size = |x: &StageSum| if counted { Decimal::from(x.count) } else { x.amount };
    let top = stages().map(size).max().unwrap_or_default();
    let tallest = |x: &MotionPipeline| x.stages.iter().map(|x| permille(size(x), top)).max().unwrap_or(0);
    let columns = motions.iter().map(|x| x.stages.len()).max().unwrap_or(1).max(3);
    let rows = u32::try_from(motions.len()).unwrap_or(1);
    // A row is its bars, 60 for the value above and the names below, and the gap.
    let gap = if rows > 3 { 10 } else { 24 };
    let room_for_bars = 352u32.saturating_sub(rows * (60 + gap)).max(40);
    // All rows share one scale, so that bars can be compared across motions.
    let scale = (room_for_bars * 1000).checked_div(motions.iter().map(tallest).sum()).unwrap_or(0).min(190);
    let deals = |n: u32| figure::count(n as usize, "deal", "deals");
    let lines: Vec<Value> = motions
        .iter()
        .map(|motion| {
            let stages: Vec<Value> = motion
                .stages
                .iter()
                .map(|x| {
                    let value = match (counted, x.amount.is_zero()) {
                        (true, _) => deals(x.count),
                        (false, true) => "no amount".to_owned(),
                        (false, false) => figure::short(x.amount, currency),
                    };
                    json!({
                        "stage": clip(&x.stage, 100 / columns),
                        "about": if counted { String::new() } else { deals(x.count) },
                        "value": value,
                        "share": permille(size(x), top),
                        "largest": size(x) == top,
                    })
                })
                .collect();
            json!({
                "name": motion.motion,
                "amount": if counted { deals(motion.count) } else { figure::short(motion.amount, currency) },
                "about": if counted { String::new() } else { deals(motion.count) },
                "height": (scale * tallest(motion) / 1000).max(8),
                "stages": stages,
            })
        })
        .collect();
    json!({ "motions": lines, "columns": columns, "scale": scale, "gap": gap })
}

/// The table, and what has to be said because it is cut.
fn of_table(pack: &Pack, table: &Table, appendix: bool) -> (Value, String) {
    let mut used = 0;
    let fitting = table
        .columns
        .iter()
        .take_while(|x| {
            used += x.weight;
            !appendix || used <= PAGE_WEIGHT
        })
        .count();
    let columns: Vec<_> = table.columns.iter().take(fitting).collect();
    // Single words and figures are never broken.
    let narrow: Vec<bool> = columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let longest =
                table.rows.iter().filter_map(|x| x.get(i)).map(|x| figure::cell(x, false).chars().count()).max();
            !matches!(column.kind, ColumnKind::Text) || longest.unwrap_or(0) <= if appendix { SHORT.1 } else { SHORT.0 }
        })
        .collect();
    // Without a column that takes the rest, and with very few, all share the width.
    let shared = columns.len() <= 3 || narrow.iter().all(|x| *x);
    let narrow: Vec<bool> = narrow.into_iter().map(|x| x && !shared).collect();
    // What figures and single words leave of a line is shared by the others, by weight.
    let line = if appendix { LINE.1 } else { LINE.0 };
    let longest = |i: usize| {
        table.rows.iter().filter_map(|x| x.get(i)).map(|x| figure::cell(x, false).chars().count()).max().unwrap_or(0)
    };
    let taken: usize = (0..columns.len()).map(|i| 3 + if narrow.get(i) == Some(&true) { longest(i) } else { 0 }).sum();
    let weight: u32 = columns.iter().zip(&narrow).filter(|(_, x)| !**x).map(|(x, _)| x.weight).sum::<u32>().max(1);
    let room = |weight_of: u32| (line.saturating_sub(taken) * weight_of as usize / weight as usize).max(8);
    // A column of days says the year in all of its cells or in none.
    let this_year: Vec<bool> = (0..columns.len())
        .map(|i| {
            let other = |x: &Cell| matches!(x, Cell::Day(day) if chrono::Datelike::year(day) != pack.quarter.year);
            !appendix && !table.rows.iter().filter_map(|x| x.get(i)).any(other)
        })
        .collect();
    let limit = if appendix { PRINTED_ROWS } else { table.rows.len() };
    let rows: Vec<Value> = table
        .rows
        .iter()
        .take(limit)
        .map(|row| {
            let cells = row.iter().zip(&columns).enumerate().map(|(i, (cell, column))| {
                let text = match cell {
                    Cell::Day(day) if this_year.get(i).copied().unwrap_or(false) => figure::day_beside(*day, pack.quarter),
                    cell => figure::cell(cell, false),
                };
                let tone = match (column.title, text.as_str()) {
                    ("State", "Late" | "Ends soon") => "warn",
                    ("State", "Done") => "good",
                    _ => "",
                };
                let narrow = narrow.get(i).copied().unwrap_or(false);
                json!({ "text": if narrow { text } else { fit(&text, room(column.weight), 2) }, "strong": i == 0, "tone": tone, "narrow": narrow })
            });
            Value::Array(cells.collect())
        })
        .collect();
    let mut said = String::new();
    if table.rows.len() > limit {
        said.push_str(&format!(
            "; {limit} of {}, the rest is in the workbook",
            figure::count(table.rows.len(), "row", "rows")
        ));
    } else if fitting < table.columns.len() {
        said.push_str("; more columns in the workbook");
    }
    let heads: Vec<Value> = columns
        .iter()
        .zip(&narrow)
        .map(|(x, narrow)| json!({ "title": x.title, "weight": x.weight, "narrow": narrow, "right": !matches!(x.kind, ColumnKind::Text) }))
        .collect();
    (json!({ "columns": heads, "rows": rows }), said)
}

/// What fits into `lines` lines of `line` characters; a word longer than a line can be broken.
fn fit(text: &str, line: usize, lines: usize) -> String {
    // Lines end ragged: the last fifth of each but the last may stay empty.
    let cut = clip(text, line * lines - line * (lines - 1) / 5);
    let mut out = String::with_capacity(cut.len());
    let mut run = 0;
    for letter in cut.chars() {
        run = if letter.is_whitespace() { 0 } else { run + 1 };
        if run > line.saturating_sub(2).max(4) {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(letter);
    }
    out
}

/// At most `most` characters, cut with an ellipsis; control characters become spaces.
fn clip(text: &str, most: usize) -> String {
    let clean = || text.chars().map(|x| if x.is_control() { ' ' } else { x });
    if clean().count() <= most {
        return clean().collect();
    }
    let mut out: String = clean().take(most.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('\u{2026}');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::build::column;

    #[test]
    fn texts_are_cut_with_an_ellipsis_and_lose_their_control_characters() {
        for (text, most, shown) in [
            ("short", 10, "short"),
            ("exactly ten", 11, "exactly ten"),
            ("a longer text", 9, "a longer\u{2026}"),
            ("a long text", 8, "a long\u{2026}"),
            ("tab\there", 20, "tab here"),
            ("Łódź Łódź", 5, "Łódź\u{2026}"),
        ] {
            assert_eq!(clip(text, most), shown);
        }
    }

    #[test]
    fn a_word_longer_than_its_line_can_be_broken() {
        assert_eq!(fit("abcdefghij kl", 6, 3), "abcd\u{200b}efgh\u{200b}ij kl");
        assert_eq!(fit("two words", 9, 2), "two words");
        assert_eq!(fit("one two three four five", 8, 2), "one two three\u{2026}");
    }

    #[test]
    fn bars_are_parts_of_the_tallest_and_small_ones_stay_visible() {
        let d = |x: &str| x.parse::<Decimal>().unwrap();
        for (part, whole, length) in
            [("0", "10", 0), ("-1", "10", 0), ("10", "10", 1000), ("5", "10", 500), ("0.01", "1000", 4), ("1", "0", 4)]
        {
            assert_eq!(permille(d(part), d(whole)), length, "{part} of {whole}");
        }
    }

    #[test]
    fn a_printed_list_ends_after_its_limit_and_says_so() {
        let pack = crate::build::build_internal(&crate::facts::PackFacts {
            partner: "p".into(),
            partner_name: "P".to_owned(),
            tier: None,
            quarter: drumbeat_model::time::Quarter { year: 2026, number: 3 },
            as_of: chrono::DateTime::UNIX_EPOCH,
            currency: Currency::parse("EUR").unwrap(),
            prepared_by: String::new(),
            vendor: String::new(),
            decision_hours: 48,
            deals: Vec::new(),
            registrations: Vec::new(),
            certifications: Vec::new(),
            commitments: Vec::new(),
            targets: Vec::new(),
            program: None,
            pending: 0,
            merge_conflicts: 0,
        });
        let table = Table {
            columns: vec![column("Deal", ColumnKind::Text, 60), column("Notes", ColumnKind::Text, 30)],
            rows: vec![vec![Cell::text(Some("x")), Cell::text(Some("y"))]; PRINTED_ROWS + 50],
        };
        let (shown, said) = of_table(&pack, &table, true);
        assert_eq!(shown["rows"].as_array().unwrap().len(), PRINTED_ROWS);
        assert_eq!(shown["columns"].as_array().unwrap().len(), 1);
        assert_eq!(said, "; 400 of 450 rows, the rest is in the workbook");
        assert_eq!(of_table(&pack, &table, false).1, "");
    }
}
