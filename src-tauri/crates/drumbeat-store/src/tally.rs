//! What deals come to, kept as they change: totals, boards and figures without a walk over the book.
//!
//! The hard idea: every deal counts by its partner, by its owner and by its motion, in a cell each for how it stands and
//! another for when it was created; never by two of them at once, so that cells stay few. Of a partner's or an owner's past a
//! cell holds a whole quarter, because its months have hardly more than a deal each. A write takes the deal as it was out of its
//! cells and puts it back as it is ([`Writer::leaving`],
//! [`Writer::coming`]); what is left of both is laid over the table when the write ends. The functions that write rows of
//! deals do so and nobody else. While rows come in bulk nothing is kept; it is all added up at the end, and the same at
//! the first write of a file from an older version. Who reads asks [`Reader::is_tallied`] first and walks the rows when
//! the answer is no.

use chrono::Datelike;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{DealFilter, DealKind, Motion};
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::time::Day;
use foldhash::HashMap;
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{OptionalExtension, Row, params_from_iter};

use crate::filter::{Conditions, text};
use crate::open::Result;
use crate::reader::{Reader, day, outcome_code};
use crate::writer::Writer;

/// The value that says that the sums are kept, and with which months their quarters begin.
pub(crate) const KEPT: &str = "tally";
/// Cells by partner: what is not open, by quarters.
pub(crate) const BY_PARTNER: i64 = 0;
/// Cells by owner: what is not open, by quarters.
pub(crate) const BY_OWNER: i64 = 1;
/// Cells by motion, by months: the fewest.
pub(crate) const BY_MOTION: i64 = 2;
/// Deals by when they were created.
pub(crate) const CREATED: i64 = 3;
/// Closed deals of a trait, beside those of their outcome: this and the outcome's code.
pub(crate) const TRAITS: i64 = 3;
/// A day that is not known.
const UNKNOWN: i64 = -1;
/// Columns of the key, and sums of a cell.
const KEYS: usize = 9;
const SUMS: usize = 13;

/// What a deal counts by and with, in the order in which [`cells`] reads it.
const FACTS: &str = "outcome, close_date, created_day, partner, owner, motion, attribution, attribution_pct, stage, position, \
     currency, amount, home, hygiene, missing_hard, kind, attached, registered_on, registration IS NOT NULL, \
     annual, incentive";
const KEY: &str = "side, state, month, who, is_partnered, attribution, stage, position, currency";
const VALUES: &str =
    "deals, priced, amount, homed, home, weighed, share, home_share, cycled, cycle_days, hygiene, to_mend, held";

/// What a cell holds deals of, in the order of the table; texts by their numbers in [`Changes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Cell {
    side: i64,
    state: i64,
    month: i64,
    who: u32,
    partnered: bool,
    attribution: u32,
    stage: u32,
    position: i64,
    currency: u32,
}

/// Cells that a write changes, and by how much; each text of them once.
#[derive(Default)]
pub(crate) struct Changes {
    cells: HashMap<Cell, [i64; SUMS]>,
    numbers: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

/// The month of a day, as the cells count them.
pub(crate) fn month(of: Day) -> i64 {
    i64::from(of.year()) * 12 + i64::from(of.month0())
}

/// The quarter of a month, where quarters begin with the months that leave this over when divided by three.
pub(crate) fn quarter(month: i64, over: i64) -> i64 {
    (month - over).div_euclid(3)
}

/// What deals of a kind, with products that name something, and registered ones have in common with others.
fn traits(registered: bool, kind: Option<&str>, attached: Option<i64>) -> impl Iterator<Item = DealTrait> {
    let is = |bit: i64| attached.is_some_and(|attached| attached & bit != 0);
    let of = [
        (registered, DealTrait::Registered),
        (attached.is_some(), DealTrait::Named),
        (is(1), DealTrait::Services),
        (is(2), DealTrait::Integration),
        (kind.is_some(), DealTrait::Kinded),
        (kind == Some(DealKind::Renewal.name()), DealTrait::Renewal),
        (kind == Some(DealKind::Expansion.name()), DealTrait::Expansion),
    ];
    of.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what)
}

impl Changes {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn put(&mut self, cell: Cell, sums: [i64; SUMS], sign: i64) {
        let kept = self.cells.entry(cell).or_insert([0; SUMS]);
        for (kept, sum) in kept.iter_mut().zip(sums) {
            *kept += sign * sum;
        }
    }

    /// Counts a row with [`FACTS`]: once more, or once less. Quarters begin with the months that leave `over` over.
    fn count(&mut self, row: &Row<'_>, over: i64, sign: i64) -> rusqlite::Result<()> {
        let none = self.number("");
        let mut text = |at: usize| -> rusqlite::Result<u32> {
            let text = row.get_ref(at)?.as_str_or_null()?;
            Ok(text.map_or(none, |text| self.number(text)))
        };
        let (partner, owner, motion, attribution) = (text(3)?, text(4)?, text(5)?, text(6)?);
        let (stage, currency) = (text(8)?, text(10)?);
        let number = |at: usize| row.get::<_, Option<i64>>(at);
        let (outcome, closed, created): (i64, _, _) = (row.get(0)?, number(1)?, number(2)?);
        let month_of = |on: Option<i64>| on.map_or(UNKNOWN, |on| month(day(on)));
        let open = outcome == outcome_code(Outcome::Open);
        let partnered = partner != none;

        let (amount, home, pct, hygiene): (_, _, _, i64) = (number(11)?, number(12)?, number(7)?, row.get(13)?);
        // To the cent: ten-thousandths of a percentage of whole cents are whole.
        let share = |of: Option<i64>| of.zip(pct).map_or(0, |(of, pct)| of.saturating_mul(pct) / 100);
        let cycle =
            created.zip(closed).filter(|_| !open).map(|(created, closed)| closed - created).filter(|days| *days >= 0);
        let sums = [
            1,
            amount.is_some().into(),
            amount.unwrap_or(0),
            home.is_some().into(),
            home.unwrap_or(0),
            pct.is_some().into(),
            share(amount),
            share(home),
            cycle.is_some().into(),
            cycle.unwrap_or(0),
            hygiene,
            (hygiene < 100).into(),
            row.get::<_, bool>(14)?.into(),
        ];
        let kind = row.get_ref(15)?.as_str_or_null()?;
        let registered = number(17)?;
        let since = registered.zip(closed).map(|(from, closed)| closed - from).filter(|days| *days >= 0);
        let mut of_traits = [None; 10];
        if !open && closed.is_some() {
            for (slot, what) in of_traits.iter_mut().zip(traits(row.get(18)?, kind, number(16)?)) {
                let days = if what == DealTrait::Registered { since } else { cycle };
                // Few cells: of a trait nothing is asked but how many, for how much, in what time.
                let mut kept = [0; SUMS];
                (kept[0], kept[3], kept[4]) = (1, sums[3], sums[4]);
                (kept[8], kept[9]) = (days.is_some().into(), days.unwrap_or(0));
                *slot = Some((self.number(what.name()), kept));
            }
            let (annual, incentive) = (number(19)?, number(20)?);
            let worth = [
                (DealTrait::Annual, annual, annual),
                (DealTrait::Rewarded, incentive, home),
                (DealTrait::Incentive, incentive, incentive),
            ];
            for (slot, (what, said, amount)) in of_traits[7..].iter_mut().zip(worth) {
                if said.is_some() {
                    let mut kept = [0; SUMS];
                    (kept[0], kept[3], kept[4]) = (1, amount.is_some().into(), amount.unwrap_or(0));
                    *slot = Some((self.number(what.name()), kept));
                }
            }
        }

        for (side, who) in [(BY_PARTNER, partner), (BY_OWNER, owner), (BY_MOTION, motion)] {
            if side == BY_PARTNER && !partnered {
                continue;
            }
            let time = |month: i64| if side != BY_MOTION && month >= 0 { quarter(month, over) } else { month };
            let past = Cell {
                side,
                state: outcome,
                month: time(month_of(closed)),
                who,
                partnered,
                attribution,
                // Where a closed deal stood is its outcome.
                stage: none,
                position: UNKNOWN,
                // Of one partner's past deals few are asked for, and their rows tell of its currencies.
                currency: if side == BY_PARTNER { none } else { currency },
            };
            let standing = if open { Cell { month: 0, stage, position: row.get(9)?, currency, ..past } } else { past };
            self.put(standing, sums, sign);
            self.put(Cell { state: CREATED, month: time(month_of(created)), currency: none, ..past }, sums, sign);
            for (what, kept) in of_traits.iter().flatten() {
                let of = Cell { state: TRAITS + outcome, attribution: none, stage: *what, currency: none, ..past };
                self.put(of, *kept, sign);
            }
        }
        Ok(())
    }

    /// The key of a cell, as [`KEY`] names it.
    fn key(&self, cell: &Cell) -> [ToSqlOutput<'_>; KEYS] {
        let text = |of: u32| ToSqlOutput::from(self.texts.get(of as usize).map_or("", |text| &**text));
        [
            cell.side.into(),
            cell.state.into(),
            cell.month.into(),
            text(cell.who),
            cell.partnered.into(),
            text(cell.attribution),
            text(cell.stage),
            cell.position.into(),
            text(cell.currency),
        ]
    }

    /// What has changed, from one end of the table to the other.
    fn in_order(&self) -> Vec<(&Cell, &[i64; SUMS])> {
        // Texts are compared once, cells by the places of their texts.
        let mut texts: Vec<usize> = (0..self.texts.len()).collect();
        texts.sort_unstable_by_key(|at| &self.texts[*at]);
        let mut place = vec![0; texts.len()];
        for (at, text) in texts.into_iter().enumerate() {
            place[text] = at;
        }
        let of = |number: u32| place.get(number as usize);
        let mut all: Vec<_> = self.cells.iter().filter(|(_, sums)| sums.iter().any(|sum| *sum != 0)).collect();
        all.sort_unstable_by_key(|(cell, _)| {
            let (who, attribution, stage, currency) =
                (of(cell.who), of(cell.attribution), of(cell.stage), of(cell.currency));
            (cell.side, cell.state, cell.month, who, cell.partnered, attribution, stage, cell.position, currency)
        });
        all
    }
}

impl Reader<'_> {
    /// Whether the sums are kept: not while deals come in bulk, nor before the first write of a file from an older version.
    pub(crate) fn is_tallied(&self) -> Result<bool> {
        Ok(self.cursor(KEPT)?.is_some())
    }

    /// Whether they are to be made.
    pub(crate) fn untallied(&self) -> Result<bool> {
        Ok(!self.is_tallied()?
            && self.connection.query_row("SELECT EXISTS (SELECT 1 FROM deal)", [], |row| row.get(0))?)
    }

    /// With which months quarters begin in the kept sums, as what their numbers leave over when divided by three.
    pub(crate) fn quarters_kept(&self) -> Result<Option<i64>> {
        Ok(self.cursor(KEPT)?.and_then(|text| text.parse().ok()))
    }

    /// The conditions that a filter has for cells of how deals stand; nothing when cells cannot tell, or are not kept.
    pub(crate) fn tallied(&self, filter: &DealFilter) -> Result<Option<Conditions>> {
        let DealFilter { outcome, partner, partnered, motion, position, owner, .. } = filter;
        let told = DealFilter {
            outcome: *outcome,
            partner: partner.clone(),
            partnered: *partnered,
            motion: *motion,
            position: *position,
            owner: owner.clone(),
            ..DealFilter::default()
        };
        let placed = position.is_none() || *outcome == Some(Outcome::Open);
        let (side, who) = match (partner, owner, motion) {
            (Some(partner), None, None) if *outcome == Some(Outcome::Open) => (BY_PARTNER, Some(partner.as_str())),
            (None, Some(owner), None) => (BY_OWNER, Some(owner.as_str())),
            (None, None, motion) => (BY_MOTION, motion.map(Motion::name)),
            // Of two at once, and of a partner's past, nothing is kept.
            _ => return Ok(None),
        };
        if told != *filter || !placed || !self.is_tallied()? {
            return Ok(None);
        }
        let mut all = Conditions::default();
        all.add(&format!("side = {side}"), []);
        match outcome {
            Some(outcome) => all.add(&format!("state = {}", outcome_code(*outcome)), []),
            None => all.add(&format!("state < {CREATED}"), []),
        }
        if *outcome == Some(Outcome::Open) {
            all.add("month = 0", []);
        }
        if let Some(who) = who {
            all.add("who = ?", [text(who)]);
        }
        if let Some(partnered) = partnered {
            all.add("is_partnered = ?", [Value::Integer((*partnered).into())]);
        }
        if let Some(position) = position {
            all.add("position = ?", [Value::Integer((*position).into())]);
        }
        Ok(Some(all))
    }
}

impl Writer<'_> {
    /// Takes a deal out of the sums, before its row is changed or goes.
    pub(crate) fn leaving(&self, id: &str) -> Result<()> {
        self.step(id, -1)
    }

    /// Puts a deal into the sums, after its row was written.
    pub(crate) fn coming(&self, id: &str) -> Result<()> {
        self.step(id, 1)
    }

    fn step(&self, id: &str, sign: i64) -> Result<()> {
        if self.is_bulk(ObjectKind::Deal)? {
            return Ok(());
        }
        let sql = format!("SELECT {FACTS} FROM deal WHERE id = ?1");
        let (mut changes, over) = (self.tally.borrow_mut(), self.judge.quarters_begin());
        self.connection.prepare_cached(&sql)?.query_row([id], |row| changes.count(row, over, sign)).optional()?;
        Ok(())
    }

    /// Keeps nothing from here on, until all is added up.
    pub(crate) fn forget_tally(&self) -> Result<()> {
        self.tally.take();
        self.clear_cursor(KEPT)
    }

    /// Lays what has changed over the kept sums; makes them when they are not there, or when quarters begin otherwise now.
    pub(crate) fn keep_tally(&self) -> Result<()> {
        let changes = self.tally.take();
        if self.is_bulk(ObjectKind::Deal)? {
            return Ok(());
        }
        if self.quarters_kept()? != Some(self.judge.quarters_begin()) {
            return self.add_up();
        }
        self.lay_over(&changes)
    }

    /// Makes the sums from the rows.
    ///
    /// # Errors
    /// SQLite.
    pub fn add_up(&self) -> Result<()> {
        self.connection.execute("DELETE FROM tally", [])?;
        self.tally.take();
        let over = self.judge.quarters_begin();
        let mut all = Changes::default();
        let mut statement = self.connection.prepare(&format!("SELECT {FACTS} FROM deal"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all.count(row, over, 1)?;
        }
        let mut put = self.connection.prepare_cached(&put_cell())?;
        for (cell, sums) in all.in_order() {
            put.execute(params_from_iter(all.key(cell).iter().chain(&sums.map(ToSqlOutput::from))))?;
        }
        self.set_cursor(KEPT, &over.to_string())
    }

    fn lay_over(&self, changes: &Changes) -> Result<()> {
        let cells = changes.in_order();
        if cells.is_empty() {
            return Ok(());
        }
        let more: Vec<String> = VALUES.split(", ").map(|name| format!("{name} = {name} + excluded.{name}")).collect();
        let sql = format!("{} ON CONFLICT DO UPDATE SET {} RETURNING deals", put_cell(), more.join(", "));
        let mut put = self.connection.prepare_cached(&sql)?;
        let gone = format!("DELETE FROM tally WHERE ({KEY}) = ({})", ["?"; KEYS].join(", "));
        let mut drop = self.connection.prepare_cached(&gone)?;
        for (cell, sums) in cells {
            let key = changes.key(cell);
            let values = sums.map(ToSqlOutput::from);
            let left: i64 = put.query_row(params_from_iter(key.iter().chain(&values)), |row| row.get(0))?;
            if left == 0 {
                drop.execute(params_from_iter(key))?;
            }
        }
        Ok(())
    }
}

fn put_cell() -> String {
    let marks = ["?"; KEYS + SUMS].join(", ");
    format!("INSERT INTO tally ({KEY}, {VALUES}) VALUES ({marks})")
}
