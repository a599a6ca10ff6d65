//! Where the runs of an index lie in the file: a few levels, each up to sixteen times the one above.
//!
//! The one hard idea: a change is written as a small run, together with what is above the first level that has
//! room for it; so the cost of a change follows the change, and a lookup asks a handful of levels. Each level has
//! two places; a run that is made anew goes to the free one, so that the old one can be read meanwhile. Callers
//! rely on all of it happening in their transaction. One row of the table is a block, by level, place and first
//! term; one more row says which runs there are. Files from before have other rows, and no such row.

use drumbeat_match::index::Id;
use rusqlite::{OptionalExtension, params};

use super::Filed;
use super::runs::{Entry, Run, Written, entries, find, merged, of_changes, write};
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// The row that says which runs there are.
const DIRECTORY: i64 = -1;
/// What rows of this shape and this cut of names into terms are called. Another one is made anew.
const SHAPE: u8 = 4;
/// Terms have so many bits; level and place are above.
const TERM: u32 = 48;
/// So many pairs of term and row the first level takes, and so many times as many each that follows.
const FIRST: u64 = if cfg!(test) { 64 } else { 4096 };
const TIMES: u64 = if cfg!(test) { 4 } else { 16 };
/// More levels than any book needs.
const MOST: usize = 12;

/// One level: which of its places is in use, and what the run there costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Level {
    place: u8,
    pairs: u64,
}

impl Level {
    /// The first key of a place's rows.
    fn from(at: usize, place: u8) -> i64 {
        (at as i64 * 2 + i64::from(place)) << TERM
    }
}

/// Which runs an index has, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Levels {
    /// How many records are filed.
    pub(crate) records: u64,
    levels: Vec<Level>,
}

impl Levels {
    /// How many pairs of term and row there are.
    pub(crate) fn pairs(&self) -> u64 {
        self.levels.iter().map(|level| level.pairs).sum()
    }

    /// The first level that takes so many more pairs and all that is above it.
    fn room(&self, more: u64) -> usize {
        let (mut sum, mut most) = (more, FIRST);
        for at in 0..MOST {
            sum += self.levels.get(at).map_or(0, |level| level.pairs);
            if sum <= most {
                return at;
            }
            most = most.saturating_mul(TIMES);
        }
        MOST
    }
}

impl Reader<'_> {
    /// Which runs there are; `None` when there is no index of this shape.
    pub(crate) fn levels(&self, filed: Filed) -> Result<Option<Levels>> {
        let sql = format!("SELECT count, ids FROM {} WHERE term = ?1", filed.lists());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let row: Option<(i64, Option<Vec<u8>>)> =
            statement.query_row([DIRECTORY], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((records, Some(bytes))) = row else { return Ok(None) };
        let Some((SHAPE, rest)) = bytes.split_first().map(|(shape, rest)| (*shape, rest)) else { return Ok(None) };
        let level = |bytes: &[u8; 8]| Level { place: bytes[0] & 1, pairs: u64::from_le_bytes(*bytes) >> 8 };
        let (levels, _) = rest.as_chunks::<8>();
        Ok(Some(Levels { records: records.unsigned_abs(), levels: levels.iter().map(level).collect() }))
    }

    /// What the index says of a term, all levels together.
    pub(crate) fn entry(&self, filed: Filed, levels: &Levels, term: u64) -> Result<Entry> {
        let mut said = Entry { term, ..Entry::default() };
        for (at, level) in levels.levels.iter().enumerate().rev().filter(|(_, level)| level.pairs > 0) {
            let from = Level::from(at, level.place);
            let mut statement = self.connection.prepare_cached(filed.block())?;
            let mut rows = statement.query(params![from, from + term as i64])?;
            let Some(row) = rows.next()? else { continue };
            let first: i64 = row.get(0)?;
            let bytes = row.get_ref(1)?.as_blob().unwrap_or_default();
            if let Some(newer) = find((first - from).unsigned_abs(), bytes, term) {
                said = said.then(newer);
            }
        }
        Ok(said)
    }

    /// All entries of a run, block by block.
    fn run(&self, filed: Filed, at: usize, place: u8) -> Run<'_> {
        let (from, to) = (Level::from(at, place), Level::from(at, place) + (1 << TERM));
        let mut next = from;
        let blocks = std::iter::from_fn(move || self.block_from(filed, &mut next, to).transpose());
        Box::new(blocks.flat_map(move |block| {
            let (good, bad) = match block {
                Ok((first, bytes)) => (Some(entries((first - from).unsigned_abs(), bytes)), None),
                Err(error) => (None, Some(Err(error))),
            };
            good.into_iter().flatten().map(Ok).chain(bad)
        }))
    }

    fn block_from(&self, filed: Filed, next: &mut i64, to: i64) -> Result<Option<(i64, Vec<u8>)>> {
        let sql =
            format!("SELECT term, ids FROM {} WHERE term >= ?1 AND term < ?2 ORDER BY term LIMIT 1", filed.lists());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let block: Option<(i64, Vec<u8>)> =
            statement.query_row([*next, to], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((first, _)) = &block {
            *next = first + 1;
        }
        Ok(block)
    }

    /// The whole index as one run.
    #[cfg(test)]
    pub(crate) fn whole(&self, filed: Filed) -> Result<(u64, Vec<Entry>)> {
        let levels = self.levels(filed)?.unwrap_or_default();
        let mut all: Run<'_> = Box::new(std::iter::empty());
        for (at, level) in levels.levels.iter().enumerate().rev().filter(|(_, level)| level.pairs > 0) {
            all = merged(all, self.run(filed, at, level.place));
        }
        let all = all.filter(|entry| entry.as_ref().map_or(true, |entry| entry.pairs() > 0));
        Ok((levels.records, all.collect::<Result<_>>()?))
    }
}

impl Writer<'_> {
    /// Lays changes over what is there. `false` when a list has to be gathered again, which only the rows can.
    pub(crate) fn lay(&self, filed: Filed, changes: Vec<(u64, Id, bool)>, records: i64) -> Result<bool> {
        let mut levels = self.levels(filed)?.unwrap_or_default();
        let changes: Vec<Entry> = of_changes(changes).collect();
        levels.records = levels.records.saturating_add_signed(records);
        let more: u64 = changes.iter().map(Entry::pairs).sum();
        if more == 0 {
            self.put_levels(filed, &levels)?;
            return Ok(true);
        }
        let at = levels.room(more);
        let mut run: Run<'_> = Box::new(std::iter::empty());
        let above: Vec<(usize, Level)> =
            levels.levels.iter().copied().enumerate().take(at + 1).filter(|(_, level)| level.pairs > 0).collect();
        for (at, level) in above.iter().rev() {
            run = merged(run, self.run(filed, *at, level.place));
        }
        run = merged(run, Box::new(changes.into_iter().map(Ok)));
        let oldest = levels.levels.iter().skip(at + 1).all(|level| level.pairs == 0);
        let place = levels.levels.get(at).map_or(0, |level| 1 - level.place);
        let written = self.put_run(filed, at, place, run, oldest)?;
        for (at, level) in above {
            self.clear_run(filed, at, level.place)?;
            levels.levels[at] = Level::default();
        }
        levels.levels.resize(levels.levels.len().max(at + 1), Level::default());
        levels.levels[at] = Level { place, pairs: written.pairs };
        self.put_levels(filed, &levels)?;
        Ok(!written.regather)
    }

    /// Puts a whole index in place of whatever is there.
    pub(crate) fn put_whole(&self, filed: Filed, records: u64, pairs: u64, run: Run<'_>) -> Result<()> {
        self.connection.execute(&format!("DELETE FROM {}", filed.lists()), [])?;
        let at = Levels::default().room(pairs);
        let written = self.put_run(filed, at, 0, run, true)?;
        let mut levels = vec![Level::default(); at + 1];
        levels[at].pairs = written.pairs;
        self.put_levels(filed, &Levels { records, levels })
    }

    fn put_run(&self, filed: Filed, at: usize, place: u8, run: Run<'_>, oldest: bool) -> Result<Written> {
        let sql = format!("INSERT INTO {} (term, count, ids) VALUES (?1, 0, ?2)", filed.lists());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let from = Level::from(at, place);
        write(run, oldest, |first, bytes| {
            statement.execute(params![from + first as i64, bytes])?;
            Ok(())
        })
    }

    fn clear_run(&self, filed: Filed, at: usize, place: u8) -> Result<()> {
        let from = Level::from(at, place);
        self.connection
            .prepare_cached(&format!("DELETE FROM {} WHERE term >= ?1 AND term < ?2", filed.lists()))?
            .execute([from, from + (1 << TERM)])?;
        Ok(())
    }

    fn put_levels(&self, filed: Filed, levels: &Levels) -> Result<()> {
        let mut bytes = vec![SHAPE];
        for level in &levels.levels {
            bytes.extend((level.pairs << 8 | u64::from(level.place)).to_le_bytes());
        }
        self.connection
            .prepare_cached(&format!(
                "INSERT INTO {} (term, count, ids) VALUES (?1, ?2, ?3)
                 ON CONFLICT (term) DO UPDATE SET count = excluded.count, ids = excluded.ids",
                filed.lists()
            ))?
            .execute(params![DIRECTORY, i64::try_from(levels.records).unwrap_or(i64::MAX), bytes])?;
        Ok(())
    }
}
