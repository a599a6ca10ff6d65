//! Deals counted by quarter and group, from the kept sums: what the program's numbers are made of.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::metrics::DealTrait;
use drumbeat_model::time::Day;
use rusqlite::params_from_iter;
use rusqlite::types::Value;
use rust_decimal::Decimal;

use crate::filter::text;
use crate::open::Result;
use crate::reader::{Reader, outcome_code, outcome_of, word};
use crate::tally::{BY_MOTION, BY_OWNER, BY_PARTNER, CREATED, TRAITS, month, quarter};

/// A stretch of whole quarters, as cells count time: from, to before, and how much one is.
struct Time {
    first: i64,
    end: i64,
    unit: i64,
}

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

impl Reader<'_> {
    /// Whether a deal has an amount in another currency than the account's own.
    ///
    /// # Errors
    /// SQLite.
    pub fn has_other_currencies(&self) -> Result<bool> {
        let side = CountedBy::Motion.side().0;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM tally WHERE side = {side} AND state IN (0, 1, 2) AND priced > 0 AND currency NOT IN ('', ?1))"
        );
        let main = self.main_currency()?;
        Ok(self.connection.prepare_cached(&sql)?.query_row([main.code()], |row| row.get(0))?)
    }

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
        let Some(Time { first, end, unit }) = self.time(by, from, quarters)? else { return Ok(None) };
        let (side, key) = by.side();
        let mut cases = String::new();
        let mut values: Vec<Value> = Vec::new();
        for (stage, chance) in chances {
            cases.push_str(" WHEN ? THEN ?");
            values.extend([text(stage), Value::Integer((*chance).into())]);
        }
        let chance = if cases.is_empty() { "0".to_owned() } else { format!("CASE stage{cases} ELSE 0 END") };
        let sums = "sum(deals), sum(homed), sum(home), sum(weighed), sum(home_share), sum(cycled), sum(cycle_days)";
        let (of_past, groups) = by.grouped(sums);
        // Two questions: each goes along the key of the table.
        let sql = format!(
            "SELECT {key}, state, 0, is_partnered, attribution, {sums}, sum(home * {chance}) FROM tally \
             WHERE side = {side} AND state = 0 AND month = 0 GROUP BY 1, 4, 5 \
             UNION ALL SELECT {key}, state, (month - {first}) / {unit}, is_partnered, attribution, {of_past}, 0 FROM tally \
             WHERE side = {side} AND state IN (1, 2, {CREATED}) AND month >= {first} AND month < {end} {groups}"
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

impl Reader<'_> {
    /// Quarters from the month of a day on. Nothing while sums are not kept, or not those of quarters that begin so.
    fn time(&self, by: CountedBy, from: Day, quarters: u32) -> Result<Option<Time>> {
        let Some(over) = self.quarters_kept()? else { return Ok(None) };
        let (from, quarters) = (month(from), i64::from(quarters));
        Ok(match by {
            CountedBy::Partner | CountedBy::Owner => {
                let first = quarter(from, over);
                (from.rem_euclid(3) == over).then_some(Time { first, end: first + quarters, unit: 1 })
            }
            CountedBy::All | CountedBy::Motion => Some(Time { first: from, end: from + quarters * 3, unit: 3 }),
        })
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

    /// Sums, and what they are grouped by: each cell of a partner's past is a group of its own.
    fn grouped(self, sums: &str) -> (String, &'static str) {
        match self {
            Self::Partner => (sums.replace("sum(", "").replace(')', ""), ""),
            Self::All | Self::Motion | Self::Owner => (sums.to_owned(), "GROUP BY 1, 2, 3, 4, 5"),
        }
    }
}

impl Reader<'_> {
    /// Closed deals by their traits, in whole quarters from the month of a day on. Nothing while sums are not kept.
    ///
    /// # Errors
    /// SQLite.
    pub fn counted_traits(&self, by: CountedBy, from: Day, quarters: u32) -> Result<Option<Vec<CountedTrait>>> {
        let Some(Time { first, end, unit }) = self.time(by, from, quarters)? else { return Ok(None) };
        let (side, key) = by.side();
        let (sums, groups) = by.grouped("sum(deals), sum(homed), sum(home), sum(cycled), sum(cycle_days)");
        let (won, lost) = (TRAITS + outcome_code(Outcome::Won), TRAITS + outcome_code(Outcome::Lost));
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {key}, state, (month - {first}) / {unit}, is_partnered, stage, {sums} FROM tally \
             WHERE side = {side} AND state IN ({won}, {lost}) AND month >= {first} AND month < {end} {groups}"
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
    pub fn partners_at_work(&self, from: Day) -> Result<BTreeSet<String>> {
        let Some(Time { first, .. }) = self.time(CountedBy::Partner, from, 1)? else { return Ok(BTreeSet::new()) };
        // In the order of the table, so that nothing is sorted.
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT who FROM tally WHERE side = {BY_PARTNER} AND state IN (1, 2, {CREATED}) AND month = ?1 GROUP BY state, month, who"
        ))?;
        let rows = statement.query_map([first], |row| row.get(0))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }

    /// What each partner has won in the quarter that begins with a day, in the account's own currency.
    ///
    /// # Errors
    /// SQLite.
    pub fn won_by_partner(&self, from: Day) -> Result<Vec<(String, Decimal)>> {
        let Some(Time { first, .. }) = self.time(CountedBy::Partner, from, 1)? else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT who, sum(home) FROM tally WHERE side = {BY_PARTNER} AND state = 1 AND month = ?1 GROUP BY who"
        ))?;
        let rows = statement.query_map([first], |row| Ok((row.get(0)?, Decimal::new(row.get(1)?, 4))))?;
        Ok(rows.collect::<std::result::Result<_, _>>()?)
    }
}
