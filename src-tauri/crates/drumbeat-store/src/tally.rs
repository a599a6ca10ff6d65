//! What deals come to, kept as they change: totals, boards and figures without a walk over the book.
//!
//! The hard idea: every deal counts by its partner, by its owner and by its motion, in a cell each for how it stands and
//! another for when it was created; never by two of them at once, so that cells stay few. A write takes the deal as it was out of its cells and puts it back as it is ([`Writer::leaving`],
//! [`Writer::coming`]); what is left of both is laid over the table when the write ends. The functions that write rows of
//! deals do so and nobody else. While rows come in bulk nothing is kept; it is all added up at the end, and the same at
//! the first write of a file from an older version. Who reads asks [`Reader::is_tallied`] first and walks the rows when
//! the answer is no.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{Attribution, DealFilter, DealKind, Motion};
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::time::Day;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, ToSql, params_from_iter};
use rust_decimal::Decimal;

use crate::filter::{Conditions, text};
use crate::open::Result;
use crate::reader::{Reader, day, outcome_code, outcome_of, word};
use crate::writer::Writer;

/// The value that says that the sums are kept.
pub(crate) const KEPT: &str = "tally";
/// Cells by partner.
pub(crate) const BY_PARTNER: i64 = 0;
/// Cells by owner.
pub(crate) const BY_OWNER: i64 = 1;
/// Cells by motion: the fewest.
pub(crate) const BY_MOTION: i64 = 2;
/// Deals by when they were created.
const CREATED: i64 = 3;
/// Closed deals of a trait, beside those of their outcome: this and the outcome's code.
const TRAITS: i64 = 3;
/// A day that is not known.
const UNKNOWN: i64 = -1;
/// Columns of the key, and sums of a cell.
const KEYS: usize = 9;
const SUMS: usize = 13;

const FACTS: &str = "outcome, close_date, created_day, partner, owner, motion, attribution, attribution_pct, stage, position, \
     currency, amount, home, hygiene, missing_hard, kind, attached, registered_on, registration";
const KEY: &str = "side, state, month, who, is_partnered, attribution, stage, position, currency";
const VALUES: &str =
    "deals, priced, amount, homed, home, weighed, share, home_share, cycled, cycle_days, hygiene, to_mend, held";

/// What counted deals are laid out by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// Nothing: all of them.
    All,
    /// Motion word.
    Motion,
    /// Owner id.
    Owner,
    /// Partner id; those without one are in no group.
    Partner,
}

/// Counts and sums of deals of one group; amounts in the account's own currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What they are laid out by; empty where they have none.
    pub key: String,
    /// How they stand; those that were created in the time when absent.
    pub outcome: Option<Outcome>,
    /// Whole quarters between the first month asked for and theirs; 0 for open deals.
    pub quarter: u32,
    /// They have a partner.
    pub partnered: bool,
    /// Attribution word.
    pub attribution: Option<Attribution>,
    /// Deals.
    pub deals: u32,
    /// Those whose amount is known in the account's own currency, and what they add up to.
    pub homed: (u32, Decimal),
    /// Those whose attribution percentage is known, and the percentages of their amounts.
    pub shared: (u32, Decimal),
    /// The amounts of open deals by the chance of their stage.
    pub expected: Decimal,
    /// Those whose days from creation to closing are known, and the days.
    pub cycled: (u32, i64),
}

/// Counts and sums of closed deals of a trait in one group and quarter; amounts in the account's own currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTrait {
    /// What they are laid out by; empty where they have none.
    pub key: String,
    /// What they have in common.
    pub what: DealTrait,
    /// Won; lost when not.
    pub won: bool,
    /// Whole quarters between the first month asked for and theirs.
    pub quarter: u32,
    /// They have a partner.
    pub partnered: bool,
    /// Deals.
    pub deals: u32,
    /// Those whose amount is known in the account's own currency, and what they add up to.
    pub homed: (u32, Decimal),
    /// Those whose days are known, and the days.
    pub cycled: (u32, i64),
}

/// What a cell holds deals of, in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cell {
    side: i64,
    state: i64,
    month: i64,
    who: String,
    partnered: bool,
    attribution: String,
    stage: String,
    position: i64,
    currency: String,
}

/// Cells that a write changes, and by how much.
pub(crate) type Changes = HashMap<Cell, [i64; SUMS]>;

/// The month of a day, as the cells count them.
pub(crate) fn month(of: Day) -> i64 {
    i64::from(of.year()) * 12 + i64::from(of.month0())
}

/// The cells of a row with [`FACTS`], each with what it adds to it.
fn cells(row: &Row<'_>) -> rusqlite::Result<Vec<(Cell, [i64; SUMS])>> {
    let text = |name: &str| row.get::<_, Option<String>>(name).map(Option::unwrap_or_default);
    let outcome: i64 = row.get("outcome")?;
    let (closed, created): (Option<i64>, Option<i64>) = (row.get("close_date")?, row.get("created_day")?);
    let month_of = |on: Option<i64>| on.map_or(UNKNOWN, |on| month(day(on)));
    let (partner, owner, motion) = (text("partner")?, text("owner")?, text("motion")?);
    let open = outcome == outcome_code(Outcome::Open);
    let standing = Cell {
        side: BY_MOTION,
        state: outcome,
        month: if open { 0 } else { month_of(closed) },
        partnered: !partner.is_empty(),
        who: motion,
        attribution: text("attribution")?,
        // Where a closed deal stood is its outcome.
        stage: if open { text("stage")? } else { String::new() },
        position: if open { row.get("position")? } else { UNKNOWN },
        currency: text("currency")?,
    };
    let made = |of: &Cell| Cell {
        state: CREATED,
        month: month_of(created),
        stage: String::new(),
        position: UNKNOWN,
        ..of.clone()
    };
    let mut all = vec![Cell { side: BY_OWNER, who: owner, ..standing.clone() }];
    if standing.partnered {
        all.push(Cell { side: BY_PARTNER, who: partner, ..standing.clone() });
    }
    all.push(standing);

    let (amount, home): (Option<i64>, Option<i64>) = (row.get("amount")?, row.get("home")?);
    let pct: Option<i64> = row.get("attribution_pct")?;
    // To the cent: ten-thousandths of a percentage of whole cents are whole.
    let share = |of: Option<i64>| of.zip(pct).map_or(0, |(of, pct)| of.saturating_mul(pct) / 100);
    let cycle =
        created.zip(closed).filter(|_| !open).map(|(created, closed)| closed - created).filter(|days| *days >= 0);
    let hygiene: i64 = row.get("hygiene")?;
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
        row.get::<_, bool>("missing_hard")?.into(),
    ];
    let mut cells: Vec<_> = all.iter().map(|of| (made(of), sums)).collect();
    if !open && closed.is_some() {
        let registered: Option<i64> = row.get("registered_on")?;
        let since = registered.zip(closed).map(|(from, closed)| closed - from).filter(|days| *days >= 0);
        for what in traits(row)? {
            let days = if what == DealTrait::Registered { since } else { cycle };
            // Few cells: of a trait nothing is asked but how many, for how much, in what time.
            let mut kept = [0; SUMS];
            (kept[0], kept[3], kept[4]) = (1, sums[3], sums[4]);
            (kept[8], kept[9]) = (days.is_some().into(), days.unwrap_or(0));
            cells.extend(all.iter().map(|of| {
                let cell = Cell {
                    state: TRAITS + outcome,
                    attribution: String::new(),
                    stage: what.name().to_owned(),
                    currency: String::new(),
                    ..of.clone()
                };
                (cell, kept)
            }));
        }
    }
    cells.extend(all.into_iter().map(|of| (of, sums)));
    Ok(cells)
}

fn traits(row: &Row<'_>) -> rusqlite::Result<Vec<DealTrait>> {
    let (kind, attached): (Option<String>, Option<i64>) = (row.get("kind")?, row.get("attached")?);
    let is = |bit: i64| attached.is_some_and(|attached| attached & bit != 0);
    let of = [
        (row.get::<_, Option<String>>("registration")?.is_some(), DealTrait::Registered),
        (attached.is_some(), DealTrait::Named),
        (is(1), DealTrait::Services),
        (is(2), DealTrait::Integration),
        (kind.is_some(), DealTrait::Kinded),
        (kind.as_deref() == Some(DealKind::Renewal.name()), DealTrait::Renewal),
        (kind.as_deref() == Some(DealKind::Expansion.name()), DealTrait::Expansion),
    ];
    Ok(of.into_iter().filter(|(holds, _)| *holds).map(|(_, what)| what).collect())
}

fn add(to: &mut Changes, row: &Row<'_>, sign: i64) -> rusqlite::Result<()> {
    for (cell, sums) in cells(row)? {
        let kept = to.entry(cell).or_insert([0; SUMS]);
        for (kept, sum) in kept.iter_mut().zip(sums) {
            *kept += sign * sum;
        }
    }
    Ok(())
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
            (Some(partner), None, None) => (BY_PARTNER, Some(partner.as_str())),
            (None, Some(owner), None) => (BY_OWNER, Some(owner.as_str())),
            (None, None, motion) => (BY_MOTION, motion.map(Motion::name)),
            // Of two at once nothing is kept.
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

impl Reader<'_> {
    /// Deals counted by `by`: the open ones of now, and those closed or created in whole quarters from the month of a day
    /// on. `chances` are the stages' in percent, by their ids. Nothing while sums are not kept.
    ///
    /// # Errors
    /// SQLite.
    pub fn counted(
        &self,
        by: CountedBy,
        from: Day,
        quarters: u32,
        chances: &BTreeMap<String, u32>,
    ) -> Result<Option<Vec<Counted>>> {
        if !self.is_tallied()? {
            return Ok(None);
        }
        let (side, key) = by.side();
        let mut cases = String::new();
        let mut values: Vec<Value> = Vec::new();
        for (stage, chance) in chances {
            cases.push_str(" WHEN ? THEN ?");
            values.extend([text(stage), Value::Integer((*chance).into())]);
        }
        let chance = if cases.is_empty() { "0".to_owned() } else { format!("CASE stage{cases} ELSE 0 END") };
        let sums = "sum(deals), sum(homed), sum(home), sum(weighed), sum(home_share), sum(cycled), sum(cycle_days)";
        let (first, end) = (month(from), month(from) + i64::from(quarters) * 3);
        // Two questions: each goes along the key of the table.
        let sql = format!(
            "SELECT {key}, state, 0, is_partnered, attribution, {sums}, sum(home * {chance}) FROM tally \
             WHERE side = {side} AND state = 0 AND month = 0 GROUP BY 1, 4, 5 \
             UNION ALL SELECT {key}, state, (month - {first}) / 3, is_partnered, attribution, {sums}, 0 FROM tally \
             WHERE side = {side} AND state IN (1, 2, {CREATED}) AND month >= {first} AND month < {end} \
             GROUP BY 1, 2, 3, 4, 5"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let money = |units: i64, scale: u32| Decimal::new(units, scale);
        let rows = statement.query_map(params_from_iter(values), |row| {
            let state: i64 = row.get(1)?;
            Ok(Counted {
                key: row.get(0)?,
                outcome: (state != CREATED).then(|| outcome_of(state)),
                quarter: row.get(2)?,
                partnered: row.get(3)?,
                attribution: word(row.get(4)?, Attribution::from_name),
                deals: row.get(5)?,
                homed: (row.get(6)?, money(row.get(7)?, 4)),
                shared: (row.get(8)?, money(row.get(9)?, 4)),
                cycled: (row.get(10)?, row.get(11)?),
                expected: money(row.get(12)?, 6),
            })
        })?;
        Ok(Some(rows.collect::<std::result::Result<_, _>>()?))
    }
}

impl CountedBy {
    /// The side of the sums, and its key.
    fn side(self) -> (i64, &'static str) {
        match self {
            Self::All => (BY_MOTION, "''"),
            Self::Motion => (BY_MOTION, "who"),
            Self::Owner => (BY_OWNER, "who"),
            Self::Partner => (BY_PARTNER, "who"),
        }
    }
}

impl Reader<'_> {
    /// Closed deals by their traits, in whole quarters from the month of a day on. Nothing while sums are not kept.
    ///
    /// # Errors
    /// SQLite.
    pub fn counted_traits(&self, by: CountedBy, from: Day, quarters: u32) -> Result<Option<Vec<CountedTrait>>> {
        if !self.is_tallied()? {
            return Ok(None);
        }
        let (side, key) = by.side();
        let (first, end) = (month(from), month(from) + i64::from(quarters) * 3);
        let (won, lost) = (TRAITS + outcome_code(Outcome::Won), TRAITS + outcome_code(Outcome::Lost));
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {key}, state, (month - {first}) / 3, is_partnered, stage, sum(deals), sum(homed), sum(home), sum(cycled), \
             sum(cycle_days) FROM tally WHERE side = {side} AND state IN ({won}, {lost}) AND month >= {first} AND month < {end} \
             GROUP BY 1, 2, 3, 4, 5"
        ))?;
        let rows = statement.query_map([], |row| {
            let what: String = row.get(4)?;
            let counted = CountedTrait {
                key: row.get(0)?,
                what: DealTrait::Registered,
                won: row.get::<_, i64>(1)? == won,
                quarter: row.get(2)?,
                partnered: row.get(3)?,
                deals: row.get(5)?,
                homed: (row.get(6)?, Decimal::new(row.get(7)?, 4)),
                cycled: (row.get(8)?, row.get(9)?),
            };
            Ok(DealTrait::from_name(&what).map(|what| CountedTrait { what, ..counted }))
        })?;
        Ok(Some(rows.filter_map(std::result::Result::transpose).collect::<std::result::Result<_, _>>()?))
    }

    /// Partners that won, lost or created a deal in the quarter that begins with a day.
    ///
    /// # Errors
    /// SQLite.
    pub fn partners_at_work(&self, from: Day) -> Result<Vec<String>> {
        let (first, end) = (month(from), month(from) + 3);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT DISTINCT who FROM tally WHERE side = {BY_PARTNER} AND state IN (1, 2, {CREATED}) AND month >= ?1 AND month < ?2"
        ))?;
        let rows = statement.query_map([first, end], |row| row.get(0))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// What each partner has won in the quarter that begins with a day, in the account's own currency.
    ///
    /// # Errors
    /// SQLite.
    pub fn won_by_partner(&self, from: Day) -> Result<Vec<(String, Decimal)>> {
        let (first, end) = (month(from), month(from) + 3);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT who, sum(home) FROM tally WHERE side = {BY_PARTNER} AND state = 1 AND month >= ?1 AND month < ?2 GROUP BY 1"
        ))?;
        let rows = statement.query_map([first, end], |row| Ok((row.get(0)?, Decimal::new(row.get(1)?, 4))))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
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
        let mut changes = self.tally.borrow_mut();
        self.connection.prepare_cached(&sql)?.query_row([id], |row| add(&mut changes, row, sign)).optional()?;
        Ok(())
    }

    /// Keeps nothing from here on, until all is added up.
    pub(crate) fn forget_tally(&self) -> Result<()> {
        self.tally.borrow_mut().clear();
        self.clear_cursor(KEPT)
    }

    /// Lays what has changed over the kept sums; makes them when they are not there.
    pub(crate) fn keep_tally(&self) -> Result<()> {
        let changes = std::mem::take(&mut *self.tally.borrow_mut());
        if self.is_bulk(ObjectKind::Deal)? {
            return Ok(());
        }
        if !self.is_tallied()? {
            return self.add_up();
        }
        self.lay_over(changes)
    }

    /// Makes the sums from the rows.
    ///
    /// # Errors
    /// SQLite.
    pub fn add_up(&self) -> Result<()> {
        self.connection.execute("DELETE FROM tally", [])?;
        self.tally.borrow_mut().clear();
        let mut all = Changes::new();
        let mut statement = self.connection.prepare(&format!("SELECT {FACTS} FROM deal"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            add(&mut all, row, 1)?;
        }
        self.lay_over(all)?;
        self.set_cursor(KEPT, "1")
    }

    fn lay_over(&self, changes: Changes) -> Result<()> {
        let mut changes: Vec<_> = changes.into_iter().filter(|(_, sums)| sums.iter().any(|sum| *sum != 0)).collect();
        if changes.is_empty() {
            return Ok(());
        }
        // From one end of the table to the other.
        changes.sort_unstable();
        let marks = vec!["?"; KEYS + SUMS].join(", ");
        let sums: Vec<String> = VALUES.split(", ").map(|name| format!("{name} = {name} + excluded.{name}")).collect();
        let sql = format!(
            "INSERT INTO tally ({KEY}, {VALUES}) VALUES ({marks}) ON CONFLICT DO UPDATE SET {} RETURNING deals",
            sums.join(", ")
        );
        let mut put = self.connection.prepare_cached(&sql)?;
        let gone = format!("DELETE FROM tally WHERE ({KEY}) = ({})", ["?"; KEYS].join(", "));
        let mut drop = self.connection.prepare_cached(&gone)?;
        for (cell, sums) in &changes {
            let key: [&dyn ToSql; KEYS] = [
                &cell.side,
                &cell.state,
                &cell.month,
                &cell.who,
                &cell.partnered,
                &cell.attribution,
                &cell.stage,
                &cell.position,
                &cell.currency,
            ];
            let values = sums.iter().map(|sum| sum as &dyn ToSql);
            let left: i64 = put.query_row(params_from_iter(key.into_iter().chain(values)), |row| row.get(0))?;
            if left == 0 {
                drop.execute(params_from_iter(key))?;
            }
        }
        Ok(())
    }
}
