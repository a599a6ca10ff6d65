//! The index that finds a company under any spelling: kept with each change, asked through the matcher's own trait.
//!
//! The one hard idea: changes of terms are gathered while a transaction runs and laid over the index as one small
//! run before it ends ([`levels`], [`runs`]); no list is rewritten for them, and a record whose name, place, domain
//! and telephone stay costs nothing. Of deals only open ones without an account are filed, each by every company that
//! its name may mean. The first scan of a kind makes the whole index at its end instead, in batches of bounded
//! memory. Callers rely on a kept index answering as a rebuilt one. A file that comes from an older format, or whose
//! names were cut into other terms, has no index; opening it makes it. What a match is worth is the matcher's to say.

mod group;
mod levels;
mod runs;

use std::collections::BTreeMap;

use drumbeat_match::index::{Id, TOO_COMMON, terms};
use drumbeat_match::weights::{DOUBTFUL, LOOK};
use drumbeat_match::{Evidence, Index, Level, Profile, Record, Term, deal, phone};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use rusqlite::{OptionalExtension, params};

pub(crate) use self::levels::Levels;
#[cfg(test)]
pub(crate) use self::runs::Entry;
use self::runs::{Run, entries, merged, of_changes, write};
use crate::error::StoreError;
use crate::open::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// So many pairs of term and record are put in order at once while an index is built.
const BATCH: usize = if cfg!(test) { 100 } else { 4_000_000 };
/// So many rows are cut into terms at once, by all the processors there are.
const ROWS: usize = 16_384;
/// Says that companies and registrations lack what an older format has not kept.
const FILL: &str = "matching.fill";
/// At most so many matches are answered.
const MOST: usize = 10;

/// What is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filed {
    /// Companies.
    Accounts,
    /// Registrations, by the company that they claim.
    Claims,
    /// Open deals that no account is known of, by the companies that their names may mean.
    Deals,
}

impl Filed {
    const ALL: [Self; 3] = [Self::Accounts, Self::Claims, Self::Deals];

    fn lists(self) -> &'static str {
        match self {
            Self::Accounts => "match_account",
            Self::Claims => "match_claim",
            Self::Deals => "match_deal",
        }
    }
    /// The block that has a term, between the first key of its run and the term's own.
    fn block(self) -> &'static str {
        match self {
            Self::Accounts => {
                "SELECT term, ids FROM match_account WHERE term BETWEEN ?1 AND ?2 ORDER BY term DESC LIMIT 1"
            }
            Self::Claims => "SELECT term, ids FROM match_claim WHERE term BETWEEN ?1 AND ?2 ORDER BY term DESC LIMIT 1",
            Self::Deals => "SELECT term, ids FROM match_deal WHERE term BETWEEN ?1 AND ?2 ORDER BY term DESC LIMIT 1",
        }
    }
    fn rows(self) -> &'static str {
        match self {
            Self::Accounts => "SELECT row, name, country, city, domain_key, phone, id FROM company WHERE TRUE",
            Self::Claims => "SELECT row, company, country, city, domain_key, phone, id FROM registration WHERE TRUE",
            Self::Deals => {
                "SELECT row, name, NULL, NULL, NULL, NULL, id FROM deal WHERE account IS NULL AND outcome = 0"
            }
        }
    }
    fn kind(self) -> ObjectKind {
        match self {
            Self::Accounts => ObjectKind::Company,
            Self::Claims => ObjectKind::Registration,
            Self::Deals => ObjectKind::Deal,
        }
    }
    fn of(kind: ObjectKind) -> Option<Self> {
        Self::ALL.into_iter().find(|filed| filed.kind() == kind)
    }
}

/// What changes with this transaction: terms with the rows that come or go, and how many records more there are.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pairs: Vec<(u64, Id, bool)>,
    records: i64,
}

/// What changes, by what is filed.
pub(crate) type Changed = BTreeMap<Filed, Changes>;

/// What of a row is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: Id,
    name: String,
    country: Option<String>,
    city: Option<String>,
    domain: Option<String>,
    phone: Option<String>,
    pub(crate) id: String,
}

impl Line {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            row: row.get(0)?,
            name: row.get(1)?,
            country: row.get(2)?,
            city: row.get(3)?,
            domain: row.get(4)?,
            phone: row.get(5)?,
            id: row.get(6)?,
        })
    }

    pub(crate) fn profile(&self) -> Profile {
        Profile::of(&Record {
            name: &self.name,
            country: self.country.as_deref(),
            city: self.city.as_deref(),
            domain: self.domain.as_deref(),
            phone: self.phone.as_deref(),
            ..Record::default()
        })
    }

    /// Whether it has this name and city: what the search shows of a company.
    pub(crate) fn shows(&self, name: &str, city: Option<&str>) -> bool {
        self.name == name && self.city.as_deref() == city
    }

    /// The companies that it may be about: of a deal those that its name may mean, of all else the one.
    fn profiles(&self, filed: Filed) -> Vec<Profile> {
        match filed {
            Filed::Accounts | Filed::Claims => vec![self.profile()],
            Filed::Deals => {
                let named = |name: &String| Profile::of(&Record { name, ..Record::default() });
                deal::companies(&self.name).iter().map(named).collect()
            }
        }
    }

    fn terms(&self, filed: Filed) -> Vec<Term> {
        if filed != Filed::Deals {
            return terms(&self.profile());
        }
        let mut all: Vec<Term> = self.profiles(filed).iter().flat_map(terms).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A record that is probably the company asked about.
#[derive(Debug, Clone)]
pub struct Alike {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How probably.
    pub probability: f32,
    /// What that rests on.
    pub evidence: Evidence,
}

/// The index over one kind of record.
struct Lists<'r, 'c> {
    reader: &'r Reader<'c>,
    filed: Filed,
    levels: Levels,
    asked: &'r Profile,
}

impl Index for Lists<'_, '_> {
    type Error = StoreError;

    fn records(&self) -> Result<u64> {
        Ok(self.levels.records)
    }

    fn frequency(&self, term: Term) -> Result<u64> {
        Ok(self.reader.entry(self.filed, &self.levels, term.0)?.count().max(0).unsigned_abs())
    }

    fn postings(&self, term: Term) -> Result<(u64, Option<Vec<Id>>)> {
        let entry = self.reader.entry(self.filed, &self.levels, term.0)?;
        let count = entry.count().max(0).unsigned_abs();
        let short = entry.unlisted == 0 && entry.come.len() <= TOO_COMMON;
        Ok((count, short.then_some(entry.come)))
    }

    fn profile(&self, id: Id) -> Result<Option<Profile>> {
        let Some(line) = self.reader.line(self.filed, "row", &id)? else { return Ok(None) };
        Ok(deal::nearest(line.profiles(self.filed), self.asked))
    }
}

impl Reader<'_> {
    pub(crate) fn line(&self, filed: Filed, column: &str, key: &dyn rusqlite::ToSql) -> Result<Option<Line>> {
        let mut statement = self.connection.prepare_cached(&format!("{} AND {column} = ?1", filed.rows()))?;
        Ok(statement.query_row([key], Line::read).optional()?)
    }

    /// How many pairs of term and account the index of accounts has, and how many bytes its blocks have.
    ///
    /// # Errors
    /// SQLite.
    pub fn matching_size(&self) -> Result<(u64, u64)> {
        let sql = "SELECT coalesce(sum(length(ids) + 16), 0) FROM match_account";
        let bytes: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        let pairs = self.levels(Filed::Accounts)?.map_or(0, |levels| levels.pairs());
        Ok((pairs, bytes.unsigned_abs()))
    }

    /// Records that are probably the company asked about, the most probable first; `but` is left out.
    ///
    /// # Errors
    /// SQLite.
    pub fn alike(&self, filed: Filed, asked: &Profile, but: Option<&str>) -> Result<Vec<Alike>> {
        self.alike_as(filed, asked, but, Level::Company)
    }

    /// Like [`Reader::alike`], where the level says whether a group counts as one company. A deal is never sure: its
    /// name is written by hand.
    ///
    /// # Errors
    /// SQLite.
    pub fn alike_as(&self, filed: Filed, asked: &Profile, but: Option<&str>, level: Level) -> Result<Vec<Alike>> {
        let lists = Lists { reader: self, filed, levels: self.levels(filed)?.unwrap_or_default(), asked };
        if lists.levels.records == 0 {
            return Ok(Vec::new());
        }
        let most = if filed == Filed::Deals { DOUBTFUL } else { 1.0 };
        let found = drumbeat_match::lookup(&lists, asked.clone(), level, LOOK)?;
        let mut all = Vec::new();
        for one in found.matches.iter().take_while(|one| one.probability >= LOOK) {
            let Some(line) = self.line(filed, "row", &one.id)?.filter(|line| Some(line.id.as_str()) != but) else {
                continue;
            };
            let evidence = found.evidence(one);
            let probability = one.probability.min(most);
            all.push(Alike { id: line.id, name: line.name, probability, evidence });
            if all.len() >= MOST {
                break;
            }
        }
        Ok(all)
    }

    /// Whether an index is missing though there are records to find.
    pub(crate) fn unfiled(&self) -> Result<bool> {
        if self.cursor(FILL)?.is_some() {
            return Ok(true);
        }
        for filed in Filed::ALL {
            if self.levels(filed)?.is_none() && self.any(filed)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn any(&self, filed: Filed) -> Result<bool> {
        let sql = format!("SELECT EXISTS ({})", filed.rows());
        Ok(self.connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// What is filed of a record now; nothing while the index of its kind is put off.
    pub(crate) fn filed(&self, kind: ObjectKind, id: &str) -> Result<Option<Line>> {
        match Filed::of(kind) {
            Some(filed) if !self.is_bulk(kind)? => self.line(filed, "id", &id),
            Some(_) | None => Ok(None),
        }
    }

    /// Files a record anew after its row has changed or gone; `before` is what was filed.
    pub(crate) fn refile(&self, kind: ObjectKind, id: &str, before: Option<&Line>) -> Result<()> {
        let Some(filed) = Filed::of(kind) else { return Ok(()) };
        if self.is_bulk(kind)? {
            return Ok(());
        }
        let after = self.line(filed, "id", &id)?;
        if before == after.as_ref() {
            return Ok(());
        }
        self.mark_renamed(kind, id)?;
        let of = |line: Option<&Line>| line.map(|line| (line.row, line.terms(filed)));
        let (old, new) = (of(before), of(after.as_ref()));
        let mut changed = self.matching.borrow_mut();
        let changes = changed.entry(filed).or_default();
        // A term that stays comes and goes, which is nothing once they are put together.
        for (line, comes) in [(old, false), (new, true)] {
            let Some((row, terms)) = line else { continue };
            changes.records += if comes { 1 } else { -1 };
            changes.pairs.extend(terms.into_iter().map(|term| (term.0, row, comes)));
        }
        Ok(())
    }

    /// Lays the gathered changes over the index; makes an index that is missing.
    pub(crate) fn file_changes(&self) -> Result<()> {
        self.fill_matching()?;
        for filed in Filed::ALL {
            if self.is_bulk(filed.kind())? {
                continue;
            }
            let changes = self.matching.borrow_mut().remove(&filed);
            let whole = match (self.levels(filed)?.is_some(), changes) {
                (true, None) => true,
                (true, Some(changes)) => self.lay(filed, changes.pairs, changes.records)?,
                (false, _) => !self.any(filed)?,
            };
            if !whole {
                self.build_index(filed.kind())?;
            }
        }
        Ok(())
    }

    /// Fills what an older format has not kept of companies and registrations; does nothing when that was done.
    pub(crate) fn fill_matching(&self) -> Result<()> {
        if self.cursor(FILL)?.is_none() {
            return Ok(());
        }
        for (kind, table) in [(ObjectKind::Company, "company"), (ObjectKind::Registration, "registration")] {
            let mut statement = self.connection.prepare(&format!("SELECT id FROM {table}"))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let Some((values, _)) = self.effective(kind, &id)? else { continue };
                let mapping = self.mapping_in_force()?;
                let value = |field| mapping.value(kind, field, &values);
                if kind == ObjectKind::Company {
                    self.connection
                        .prepare_cached("UPDATE company SET phone = ?2 WHERE id = ?1")?
                        .execute(params![id, value(Field::Phone).and_then(phone::key)])?;
                } else {
                    let phone = value(Field::ContactPhone).and_then(phone::key);
                    self.connection
                        .prepare_cached("UPDATE registration SET country = ?2, city = ?3, phone = ?4 WHERE id = ?1")?
                        .execute(params![id, value(Field::Country), value(Field::City), phone])?;
                }
            }
        }
        self.clear_cursor(FILL)
    }

    /// Makes the whole index from the rows.
    ///
    /// # Errors
    /// SQLite.
    pub fn rebuild_matching(&self) -> Result<()> {
        Filed::ALL.into_iter().try_for_each(|filed| self.build_index(filed.kind()))
    }

    /// Makes the index of a kind from its rows.
    pub(crate) fn build_index(&self, kind: ObjectKind) -> Result<()> {
        let Some(filed) = Filed::of(kind) else { return Ok(()) };
        self.matching.borrow_mut().remove(&filed);
        let mut statement = self.connection.prepare(&format!("{} ORDER BY row", filed.rows()))?;
        let mut rows = statement.query([])?;
        let (mut lines, mut changes, mut batches) = (Vec::with_capacity(ROWS), Vec::new(), Vec::new());
        let (mut records, mut pairs) = (0_u64, 0_u64);
        loop {
            let line = rows.next()?.map(Line::read).transpose()?;
            let last = line.is_none();
            lines.extend(line);
            if last || lines.len() >= ROWS {
                records += lines.len() as u64;
                pairs += cut(filed, &lines, &mut changes);
                lines.clear();
            }
            if last || changes.len() >= BATCH {
                let mut blocks = Vec::new();
                let run = of_changes(std::mem::take(&mut changes)).map(Ok);
                write(Box::new(run), false, |first, block| {
                    blocks.push((first, block));
                    Ok(())
                })?;
                batches.push(blocks);
            }
            if last {
                break;
            }
        }
        let mut whole: Run<'_> = Box::new(std::iter::empty());
        for blocks in batches {
            let run = blocks.into_iter().flat_map(|(first, block)| entries(first, block));
            whole = merged(whole, Box::new(run.map(Ok)));
        }
        self.put_whole(filed, records, pairs, whole)
    }
}

/// The pairs of term and row that lines are filed under, cut by all the processors there are; how many they are.
fn cut(filed: Filed, lines: &[Line], into: &mut Vec<(u64, Id, bool)>) -> u64 {
    let pairs_of = |part: &[Line]| -> Vec<(u64, Id, bool)> {
        part.iter().flat_map(|line| line.terms(filed).into_iter().map(|term| (term.0, line.row, true))).collect()
    };
    let before = into.len();
    let hands = std::thread::available_parallelism().map_or(1, usize::from);
    let mut parts = lines.chunks(lines.len().div_ceil(hands).max(1024));
    let mine = parts.next().unwrap_or_default();
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|part| scope.spawn(move || pairs_of(part))).collect();
        into.extend(pairs_of(mine));
        for other in others {
            match other.join() {
                Ok(pairs) => into.extend(pairs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    (into.len() - before) as u64
}
