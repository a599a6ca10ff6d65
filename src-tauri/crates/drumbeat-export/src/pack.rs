//! The pack as data: sections with a finding each, and what stands under it. No layout, no bytes.
//!
//! The hard idea: every writer (PDF, workbook, and what comes) draws this same model, so a figure
//! can not differ between formats. A [`Pack`] is made by [`crate::build_internal`] or
//! [`crate::build_partner`] alone; its edition and sections can be read and not set, so
//! all of a pack that says "partner edition" went through the safelist. Amounts are exact decimals in their own currency.

use crate::brand::Brand;
use crate::share::Shared;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::pack::{Edition, PackChange, PackPreview, PackSection};
use drumbeat_model::time::{Day, FiscalYear, Instant, Quarter};
use rust_decimal::Decimal;

/// The documents of one partner and one quarter, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    pub(crate) edition: Edition,
    /// Partner name.
    pub partner_name: String,
    /// Tier.
    pub tier: Option<String>,
    /// Quarter reported on.
    pub quarter: Quarter,
    /// Which days that is.
    pub year: FiscalYear,
    /// The moment from which days are counted.
    pub as_of: Instant,
    /// When the CRM was read last: as of when the data are.
    pub read_at: Instant,
    /// Main currency.
    pub currency: Currency,
    /// Who made it.
    pub prepared_by: String,
    /// The vendor's name.
    pub vendor: String,
    /// Changes that the CRM had not accepted yet.
    pub pending: u32,
    /// Merge conflicts that waited for a person.
    pub merge_conflicts: u32,
    /// How it looks.
    pub brand: Brand,
    pub(crate) sections: Vec<Section>,
    /// Where it is a share and no pack: until when, and its mark.
    pub(crate) shared: Option<Shared>,
}

impl Pack {
    /// For whom it is.
    #[must_use]
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// What it is called: a pack of a quarter, or the pipeline as it stands.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.shared {
            None => format!("QBR pack, {}, {}", self.partner_name, crate::figure::quarter(self.year, self.quarter)),
            Some(_) => format!("Pipeline of {}, {}", self.partner_name, crate::figure::day(self.as_of.date_naive())),
        }
    }

    /// Sections in order; empty ones are not there.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The section with this key.
    #[must_use]
    pub fn section(&self, key: &str) -> Option<&Section> {
        self.sections.iter().find(|x| x.key == key)
    }

    /// What the pack would hold, for showing before it is written (V-03).
    #[must_use]
    pub fn preview(&self, withheld: &[&str]) -> PackPreview {
        PackPreview {
            partner: self.partner_name.clone(),
            quarter: self.quarter,
            edition: self.edition,
            as_of: self.read_at,
            sections: self
                .sections
                .iter()
                .map(|x| PackSection { key: x.key.to_owned(), title: x.title.clone(), rows: x.body.rows() })
                .collect(),
            withheld: withheld.iter().map(|x| (*x).to_owned()).collect(),
            pending: self.pending,
            merge_conflicts: self.merge_conflicts,
            since: None,
            changes: Vec::new(),
        }
    }

    /// What reads otherwise than in an earlier pack of the same partner and edition.
    #[must_use]
    pub fn changes(&self, before: &[PackSection]) -> Vec<PackChange> {
        let now = self.preview(&[]).sections;
        // An earlier version may have kept nothing of what it said.
        if before.is_empty() {
            return Vec::new();
        }
        let titled = |all: &[PackSection], key: &str| all.iter().find(|x| x.key == key).map(|x| x.title.clone());
        let gone = before.iter().filter(|x| titled(&now, &x.key).is_none());
        now.iter()
            .chain(gone)
            .filter(|x| x.key != "cover" && x.key != "definitions")
            .map(|x| PackChange { key: x.key.clone(), before: titled(before, &x.key), now: titled(&now, &x.key) })
            .filter(|x| x.before != x.now)
            .collect()
    }
}

/// One finding with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Stable key.
    pub key: &'static str,
    /// The finding with its number.
    pub title: String,
    /// What is counted, in one line.
    pub subtitle: String,
    /// The chart, table or list.
    pub body: SectionBody,
    /// Definitions of what it shows.
    pub notes: Vec<String>,
    /// Stands after the story, may run over several pages.
    pub appendix: bool,
}

/// What stands under a finding.
#[derive(Debug, Clone, PartialEq)]
pub enum SectionBody {
    /// Three figures on the cover.
    Cover(Vec<Figure>),
    /// Lists side by side.
    Points(Vec<Points>),
    /// Measures against target and earlier quarters.
    Scoreboard(Vec<Measure>),
    /// Bookings by quarter, in the main currency.
    Bars(Vec<QuarterBar>),
    /// From one sum to another in steps, in the main currency.
    Waterfall(Vec<Step>),
    /// Open pipeline of each motion by stage, in the main currency.
    Funnel(Vec<MotionPipeline>),
    /// Some figures and a table.
    Service {
        /// Figures above the table.
        figures: Vec<Figure>,
        /// The table.
        table: Table,
    },
    /// A table.
    Table(Table),
}

impl SectionBody {
    /// Rows or points in it.
    #[must_use]
    pub fn rows(&self) -> u32 {
        let n = match self {
            Self::Cover(figures) => figures.len(),
            Self::Points(lists) => lists.iter().map(|x| x.points.len()).sum(),
            Self::Scoreboard(rows) => rows.len(),
            Self::Bars(bars) => bars.len(),
            Self::Waterfall(steps) => steps.len(),
            Self::Funnel(motions) => motions.iter().map(|x| x.stages.len()).sum(),
            Self::Service { figures, table } => figures.len() + table.rows.len(),
            Self::Table(table) => table.rows.len(),
        };
        u32::try_from(n).unwrap_or(u32::MAX)
    }
}

/// A number with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// For reading.
    pub value: String,
    /// What it is.
    pub label: String,
}

/// A headed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// Head.
    pub title: String,
    /// How it is meant, in sign and colour; the head says it in words.
    pub tone: Tone,
    /// Points: the bold line and the grey one.
    pub points: Vec<(String, String)>,
}

/// How a list is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Good news.
    Good,
    /// Needs care.
    Bad,
    /// Neither.
    Plain,
}

impl Tone {
    /// Stable name, for templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Plain => "plain",
        }
    }
}

/// One line of the scoreboard.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What.
    pub label: &'static str,
    /// This quarter.
    pub now: Cell,
    /// What it should be.
    pub target: Cell,
    /// The quarter before.
    pub before: Cell,
    /// The same quarter a year ago.
    pub year_ago: Cell,
    /// Sums in other currencies, this quarter.
    pub others: Vec<Money>,
    /// Less is better.
    pub less_is_better: bool,
}

impl Measure {
    /// How much of the target is reached, in percent; where less is better, how much of it is used.
    #[must_use]
    pub fn of_target(&self) -> Option<Decimal> {
        let (now, target) = match (&self.now, &self.target) {
            (Cell::Money(now), Cell::Money(target)) if now.currency == target.currency => (now.amount, target.amount),
            (Cell::Hours(now), Cell::Hours(target)) | (Cell::Percent(now), Cell::Percent(target)) => (*now, *target),
            (Cell::Count(now), Cell::Count(target)) | (Cell::Days(now), Cell::Days(target)) => {
                (Decimal::from(*now), Decimal::from(*target))
            }
            _ => return None,
        };
        if target.is_zero() { None } else { now.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(target) }
    }

    /// Whether the target is missed; `None` when there is none, or nothing to compare.
    #[must_use]
    pub fn missed(&self) -> Option<bool> {
        let reached = self.of_target()?;
        Some(if self.less_is_better { reached > Decimal::ONE_HUNDRED } else { reached < Decimal::ONE_HUNDRED })
    }
}

/// Bookings of one quarter in the main currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterBar {
    /// Quarter.
    pub quarter: Quarter,
    /// Sourced.
    pub sourced: Decimal,
    /// Influenced.
    pub influenced: Decimal,
    /// Target of both together.
    pub target: Option<Decimal>,
}

/// One step of a waterfall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub label: &'static str,
    /// Signed for a change; the level for a total.
    pub amount: Decimal,
    /// Deals in it.
    pub count: u32,
    /// A level and not a change.
    pub total: bool,
}

/// Open pipeline of one motion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MotionPipeline {
    /// Motion.
    pub motion: String,
    /// Sum.
    pub amount: Decimal,
    /// Deals.
    pub count: u32,
    /// Stages in order.
    pub stages: Vec<StageSum>,
}

/// Open pipeline in one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageSum {
    /// Stage name.
    pub stage: String,
    /// Sum.
    pub amount: Decimal,
    /// Deals.
    pub count: u32,
}

/// Rows under typed columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Head.
    pub title: &'static str,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// Share of the width, compared with the other columns.
    pub weight: u32,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Money.
    Money,
    /// A day.
    Day,
    /// Percent.
    Percent,
    /// A count, days or hours.
    Count,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not known, or withheld.
    Empty,
    /// Text.
    Text(String),
    /// Money.
    Money(Money),
    /// A day.
    Day(Day),
    /// Percent, 34 for 34 %.
    Percent(Decimal),
    /// A count.
    Count(u32),
    /// Days.
    Days(u32),
    /// Hours.
    Hours(Decimal),
}

impl Cell {
    /// A text, or nothing.
    #[must_use]
    pub fn text(text: Option<&str>) -> Self {
        text.filter(|x| !x.trim().is_empty()).map_or(Self::Empty, |x| Self::Text(x.to_owned()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }
}
