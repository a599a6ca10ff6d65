//! Charts as data: what the slides draw natively and the web page as a picture, from one place.
//!
//! The hard idea: a chart is categories and series of exact decimals; nothing here knows of pixels
//! or XML. A waterfall is a stack whose lowest series, [`Form::Base`], is not painted, so that it
//! stays a chart whose numbers can be edited. Which kind of number it shows is its [`Unit`], so
//! that both writers label it alike. Charts that cannot be drawn honestly (levels below zero) are
//! `None`, and the caller shows the table behind them.

use drumbeat_model::money::Currency;
use rust_decimal::Decimal;

use crate::figure;
use crate::pack::{MotionPipeline, Pack, QuarterBar, SectionBody, Step};

/// Bars that one slide has room for.
const BARS: usize = 10;

/// One chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    /// What it shows, for those who cannot see it.
    pub name: String,
    /// Bars lie on their side.
    pub lying: bool,
    /// What its values are.
    pub unit: Unit,
    /// Names along the axis.
    pub categories: Vec<String>,
    /// Values by category.
    pub series: Vec<Series>,
    /// Each bar as a whole has a value of its own to be told.
    pub totals: bool,
}

/// Values of one name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// Name.
    pub name: String,
    /// One a category; `None` is not there.
    pub values: Vec<Option<Decimal>>,
    /// Colour.
    pub paint: Paint,
    /// How it is drawn.
    pub form: Form,
    /// Stands before each value: a sign.
    pub sign: &'static str,
}

/// What values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Money.
    Money(Currency),
    /// Deals.
    Count,
}

/// Colours by what they mean; each writer has its own for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// The first thing.
    Accent,
    /// The second.
    Second,
    /// Good.
    Good,
    /// Bad.
    Bad,
    /// A level.
    Neutral,
    /// A mark.
    Ink,
}

/// How a series is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A part of the bar.
    Bar,
    /// The part that holds others up and is not seen.
    Base,
    /// A mark across the bar.
    Mark,
}

impl Chart {
    /// The chart of a section; `None` when it has none.
    pub(crate) fn of(pack: &Pack, body: &SectionBody) -> Option<Self> {
        match body {
            SectionBody::Bars(bars) => Some(bookings(pack, bars)),
            SectionBody::Waterfall(steps) => waterfall(pack, steps),
            SectionBody::Funnel(motions) => Some(pipeline(pack, motions)),
            _ => None,
        }
    }

    /// The painted height of one bar.
    pub(crate) fn total(&self, category: usize) -> Decimal {
        self.stacked(category, |x| x.form == Form::Bar)
    }

    /// The height of the highest bar or mark, what is not painted included.
    pub(crate) fn top(&self) -> Decimal {
        let marks =
            self.series.iter().filter(|x| x.form == Form::Mark).flat_map(|x| x.values.iter().flatten().copied());
        let bars = (0..self.categories.len()).map(|i| self.stacked(i, |x| x.form != Form::Mark));
        bars.chain(marks).max().unwrap_or_default()
    }

    fn stacked(&self, category: usize, counts: impl Fn(&Series) -> bool) -> Decimal {
        self.series.iter().filter(|x| counts(x)).filter_map(|x| *x.values.get(category)?).sum()
    }

    /// A value in words.
    pub(crate) fn said(&self, value: Decimal, sign: &str) -> String {
        match &self.unit {
            Unit::Money(currency) => format!("{sign}{}", figure::short(value, currency)),
            Unit::Count => format!("{sign}{}", figure::plain(value, 0)),
        }
    }

    /// The number format that says the same in a spreadsheet. Zero is not said.
    pub(crate) fn format(&self, sign: &str) -> String {
        let Unit::Money(currency) = &self.unit else { return format!("[>0]\"{sign}\"#,##0;;") };
        let unit = format!("\"{sign}{}\"", figure::sign(currency));
        let top = self.top();
        if top >= Decimal::from(999_500) {
            format!("[>=999500]{unit}0.00,,\" M\";[>0]{unit}0,\" k\";")
        } else if top >= Decimal::from(10_000) {
            format!("[>=500]{unit}0,\" k\";[>0]{unit}0;")
        } else {
            format!("[>0]{unit}#,##0;;")
        }
    }
}

fn bar(name: &str, values: Vec<Option<Decimal>>, paint: Paint) -> Series {
    Series { name: name.to_owned(), values, paint, form: Form::Bar, sign: "" }
}

fn bookings(pack: &Pack, bars: &[QuarterBar]) -> Chart {
    let mut series = vec![
        bar("Sourced", bars.iter().map(|x| Some(x.sourced)).collect(), Paint::Accent),
        bar("Influenced", bars.iter().map(|x| Some(x.influenced)).collect(), Paint::Second),
    ];
    if bars.iter().any(|x| x.target.is_some()) {
        let values = bars.iter().map(|x| x.target).collect();
        series.push(Series { form: Form::Mark, ..bar("Target", values, Paint::Ink) });
    }
    Chart {
        name: "Sourced and influenced bookings by quarter".to_owned(),
        lying: false,
        unit: Unit::Money(pack.currency.clone()),
        categories: bars.iter().map(|x| figure::quarter(pack.year, x.quarter)).collect(),
        series,
        totals: true,
    }
}

fn waterfall(pack: &Pack, steps: &[Step]) -> Option<Chart> {
    let mut level = Decimal::ZERO;
    let mut base = Vec::new();
    for step in steps {
        let from = if step.total { Decimal::ZERO } else { level };
        level = if step.total { step.amount } else { level + step.amount };
        if level.is_sign_negative() && !level.is_zero() {
            return None;
        }
        base.push(Some(from.min(level)));
    }
    let those = |keep: &dyn Fn(&Step) -> bool| -> Vec<Option<Decimal>> {
        steps.iter().map(|x| keep(x).then(|| x.amount.abs())).collect()
    };
    let up = |x: &Step| !x.total && x.amount > Decimal::ZERO;
    let won = |x: &Step| !x.total && x.amount <= Decimal::ZERO && x.label == "Won";
    let down = |x: &Step| !x.total && x.amount <= Decimal::ZERO && x.label != "Won";
    let signed = |sign, series| Series { sign, ..series };
    Some(Chart {
        name: "Open pipeline from the start of the quarter to its end".to_owned(),
        lying: false,
        unit: Unit::Money(pack.currency.clone()),
        categories: steps.iter().map(|x| x.label.to_owned()).collect(),
        series: vec![
            Series { form: Form::Base, ..bar("Below", base, Paint::Neutral) },
            bar("Open", those(&|x| x.total), Paint::Neutral),
            signed("+", bar("More", those(&up), Paint::Second)),
            signed("\u{2212}", bar("Won", those(&won), Paint::Good)),
            signed("\u{2212}", bar("Lost", those(&down), Paint::Bad)),
        ],
        totals: false,
    })
}

/// As many as can be read: the largest by themselves, in their order, and the rest as one.
fn largest(bars: Vec<(String, Decimal)>) -> Vec<(String, Decimal)> {
    if bars.len() <= BARS {
        return bars;
    }
    let mut sizes: Vec<Decimal> = bars.iter().map(|(_, size)| *size).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(BARS - 2).copied().unwrap_or_default();
    let mut shown = Vec::with_capacity(BARS);
    let (mut rest, mut left) = (Decimal::ZERO, 0u32);
    for (called, size) in bars {
        if size < least || shown.len() + 1 >= BARS {
            rest += size;
            left += 1;
        } else {
            shown.push((called, size));
        }
    }
    shown.push((format!("{left} other stages"), rest));
    shown
}

fn pipeline(pack: &Pack, motions: &[MotionPipeline]) -> Chart {
    // Without amounts (not known, or withheld) the bars are numbers of deals.
    let counted = motions.iter().flat_map(|x| &x.stages).all(|x| x.amount.is_zero());
    let size = |amount: Decimal, count: u32| if counted { Decimal::from(count) } else { amount };
    let mut each = Vec::new();
    let mut of_stage: Vec<(String, Decimal)> = Vec::new();
    for motion in motions {
        for stage in &motion.stages {
            let size = size(stage.amount, stage.count);
            let called =
                if motions.len() > 1 { format!("{}: {}", motion.motion, stage.stage) } else { stage.stage.clone() };
            each.push((called, size));
            match of_stage.iter_mut().find(|(name, _)| *name == stage.stage) {
                Some((_, sum)) => *sum += size,
                None => of_stage.push((stage.stage.clone(), size)),
            }
        }
    }
    // The first that can be read: each stage of each motion, the stages of all motions together, the motions.
    let (by, bars) = if each.len() <= BARS {
        ("motion and stage", each)
    } else if of_stage.len() <= BARS || motions.len() == 1 {
        ("stage", largest(of_stage))
    } else {
        ("motion", motions.iter().map(|x| (x.motion.clone(), size(x.amount, x.count))).collect())
    };
    let (categories, values): (Vec<String>, Vec<Option<Decimal>>) =
        bars.into_iter().map(|(called, size)| (called, Some(size))).unzip();
    Chart {
        name: format!("Open pipeline by {by}"),
        lying: true,
        unit: if counted { Unit::Count } else { Unit::Money(pack.currency.clone()) },
        categories,
        series: vec![bar(if counted { "Deals" } else { "Open" }, values, Paint::Accent)],
        totals: false,
    }
}
