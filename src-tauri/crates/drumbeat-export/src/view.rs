//! What the page template reads: the pack with every number already a text and every bar a length.
//!
//! Lengths are parts of 1000 of the tallest bar, from exact decimals, so the template computes
//! nothing. Texts are cut here to what fits, because the template cannot know how long a name is;
//! the workbook has them whole. The names of the JSON members are the contract with
//! `templates/pack.typ` and nobody else.

mod table;

use drumbeat_model::money::Currency;
use drumbeat_model::pack::Edition;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use self::table::of_table;
pub(crate) use self::table::{clip, fit, longest_word, shares};
use crate::figure;
use crate::pack::{
    Cell, Figure, Measure, MotionPipeline, Pack, Points, QuarterBar, Section, SectionBody, StageSum, Step,
};

/// The most motions that a page has room for.
const MOTIONS: usize = 5;

/// The pack for the template.
pub(crate) fn of(pack: &Pack) -> Value {
    let quarter = figure::quarter(pack.year, pack.quarter);
    let edition = pack.edition();
    let confidentiality = match edition {
        Edition::Partner => format!("For {}, partner edition. Confidential.", clip(&pack.partner_name, 60)),
        Edition::Internal => format!("{} internal edition. Not for partners.", clip(&pack.vendor, 60)),
    };
    let mut line = Vec::new();
    line.extend(pack.tier.as_ref().map(|x| format!("{x} partner")));
    line.push(edition.label().to_owned());
    if !pack.prepared_by.is_empty() {
        line.push(format!("prepared by {}", clip(&pack.prepared_by, 60)));
    }
    let name_length = pack.partner_name.chars().count();
    json!({
        "title": format!("QBR pack, {}, {quarter}", pack.partner_name),
        "author": if pack.prepared_by.is_empty() { &pack.vendor } else { &pack.prepared_by },
        "accent": pack.brand.accent(),
        "accent-2": pack.brand.second(),
        "partner": clip(&pack.partner_name, 90),
        "quarter": quarter,
        "confidentiality": confidentiality,
        "as-of": crate::pptx::as_of(pack),
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
    if let SectionBody::Table(table) = &section.body {
        let said = of_table(pack, table, section.appendix).1;
        subtitle = format!("{}{said}", clip(&subtitle, table::LINE.0.saturating_sub(said.chars().count())));
    }
    if let SectionBody::Funnel(motions) = &section.body
        && motions.len() > MOTIONS
    {
        subtitle.push_str(&format!("; {MOTIONS} of {} motions, the rest is in the workbook", motions.len()));
    }
    if let Some(body) = body.as_object_mut() {
        body.insert("kind".to_owned(), json!(kind));
        body.insert("title".to_owned(), json!(clip(&section.title, 88)));
        body.insert("subtitle".to_owned(), json!(clip(&subtitle, table::LINE.0)));
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
                "missed": x.missed() == Some(true),
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
        "now": figure::quarter_beside(pack.year, pack.quarter, pack.quarter),
        "before": figure::quarter_beside(pack.year, before, pack.quarter),
        "year-ago": figure::quarter(pack.year, year_ago),
        "against": format!("Against {}", figure::quarter_beside(pack.year, before, pack.quarter)),
    })
}

pub(crate) fn permille(part: Decimal, whole: Decimal) -> u32 {
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
                "label": figure::quarter(pack.year, x.quarter),
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
                // A step of nothing is a line at its level.
                "low": if low == high { permille(*high, top).saturating_sub(4) } else { permille(*low, top) },
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn bars_are_parts_of_the_tallest_and_small_ones_stay_visible() {
        let d = |x: &str| x.parse::<Decimal>().unwrap();
        for (part, whole, length) in
            [("0", "10", 0), ("-1", "10", 0), ("10", "10", 1000), ("5", "10", 500), ("0.01", "1000", 4), ("1", "0", 4)]
        {
            assert_eq!(permille(d(part), d(whole)), length, "{part} of {whole}");
        }
    }
}
