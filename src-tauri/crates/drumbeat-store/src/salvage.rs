//! What still reads of a damaged store, in a fresh one beside it.
//!
//! The hard idea: the mirror can be read again from the CRM, what people decided exists nowhere else. So
//! every table that is no mirror and no projection is read row by row; where a page fails, reading goes on
//! behind it, from the other end and by halves. What the pages lost is taken from the side journal, then
//! from the newest backup. Nothing of it is trusted to be the latest word: what would be sent is UNKNOWN
//! and looked for in the CRM first. The damaged file is only read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use drumbeat_model::change::OpState;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::time::Instant;
use rusqlite::{Connection, ToSql};

use crate::connection::{connect, make};
use crate::journal::{Content, Journal, Note};
use crate::judge::Judge;
use crate::open::{Entry, Key, Result, Store, Why};
use crate::recovered::missing;
use crate::rows::{Row, columns, rows};
use crate::writer::Writer;

/// Tables that the next sync and the ops themselves fill again.
const MADE_AGAIN: &[&str] = &[
    "mirror",
    "link",
    "property",
    "pending_change",
    "company",
    "deal",
    "registration",
    "certification",
    "touch",
    "deal_was",
    "match_account",
    "tally",
    "match_claim",
    "match_deal",
];
/// Small values that speak of the mirror that is no more.
const OF_THE_MIRROR: &[&str] = &["pull.", "bulk.", "last_sync", crate::movements::MARKS, crate::tally::KEPT];
/// What the others refer to, in this order.
const FIRST: &[&str] = &["decision", "outbox", "message"];
/// So often reading a table may fail before its middle is given up.
const PATIENCE: u32 = 500;

/// From what and into what.
pub struct Salvage<'a> {
    /// A copy of the damaged file, with its log.
    pub damaged: &'a Path,
    /// The store's own place: its journal is beside it.
    pub store: &'a Path,
    /// A backup that opens, the newest.
    pub backup: Option<&'a Path>,
    /// Where the fresh file is made.
    pub fresh: &'a Path,
    /// The key of all of them.
    pub key: &'a Key,
    /// When.
    pub at: Instant,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// Rows that were read from the damaged pages.
    pub rows: usize,
    /// Tables of which not every page was read.
    pub torn: Vec<String>,
    /// Ops that only the journal had.
    pub from_journal: usize,
    /// Rows that only the backup had.
    pub from_backup: usize,
    /// Ops that are looked for in the CRM before anything is sent.
    pub doubted: usize,
    /// Ops that are open, all told.
    pub open: usize,
}

/// Rows by table.
#[derive(Default)]
struct Pages {
    tables: BTreeMap<String, Vec<Row>>,
    torn: Vec<String>,
}

struct Table {
    name: String,
    /// The columns of its key, when it has no row numbers.
    key: Option<Vec<String>>,
}

/// Makes the fresh store.
///
/// # Errors
/// What the fresh file or the journal says; a page that does not read is no error.
pub fn salvage(from: &Salvage<'_>, judge: Arc<dyn Judge>) -> Result<Salvaged> {
    make(from.fresh, from.key)?;
    let tables = kept_tables(&connect(from.fresh, from.key, true)?)?;
    let pages = read(from.damaged, from.key, &tables);
    let backup = from.backup.map(|path| read(path, from.key, &tables)).unwrap_or_default();
    let journal = Journal::beside(from.store, from.key).read()?;
    let mut done =
        Salvaged { rows: pages.tables.values().map(Vec::len).sum(), torn: pages.torn.clone(), ..Salvaged::default() };
    let store = Store::open(from.fresh, from.key, judge)?;
    store.write(Why::Mirror { at: from.at }, |w| w.fill(&tables, &pages, &backup, &journal, &mut done))?;
    let facts = serde_json::json!({
        "rows": done.rows, "torn": done.torn, "from_journal": done.from_journal, "from_backup": done.from_backup,
        "doubted": done.doubted,
    });
    let entry = Entry {
        at: from.at,
        actor: "Drumbeat",
        act: "store repaired",
        title: "What could be read of a damaged store was put into a new one",
        reason: Some("A person asked for it; the damaged file is kept beside"),
        facts: Some(&facts),
        policy: None,
    };
    store.write(Why::Act(entry), |_| Ok(()))?;
    Ok(done)
}

fn kept_tables(fresh: &Connection) -> Result<Vec<Table>> {
    let found = rows(
        fresh,
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        &[],
    )?;
    let mut tables = Vec::new();
    for row in found {
        let name = row.text("name").to_owned();
        if MADE_AGAIN.contains(&name.as_str()) {
            continue;
        }
        let keys = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk";
        let key = match row.number("wr") {
            Some(1) => Some(rows(fresh, keys, &[&name])?.iter().map(|row| row.text("name").to_owned()).collect()),
            _ => None,
        };
        tables.push(Table { name, key });
    }
    // What others refer to comes first.
    let rank = |name: &str| FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
    tables.sort_by(|a, b| rank(&a.name).cmp(&rank(&b.name)).then_with(|| a.name.cmp(&b.name)));
    Ok(tables)
}

/// Everything of these tables that can be read; nothing when not even their names can.
fn read(path: &Path, key: &Key, tables: &[Table]) -> Pages {
    let names = || -> Result<BTreeSet<String>> {
        let connection = connect(path, key, false)?;
        let all = rows(&connection, "SELECT name FROM sqlite_schema WHERE type = 'table'", &[])?;
        Ok(all.iter().map(|row| row.text("name").to_owned()).collect())
    };
    let Ok(names) = names() else {
        return Pages { torn: tables.iter().map(|table| table.name.clone()).collect(), ..Pages::default() };
    };
    let mut pages = Pages::default();
    for table in tables.iter().filter(|table| names.contains(&table.name)) {
        let mut reading = Reading { path, key, failures: 0, rows: Vec::new() };
        let whole = match &table.key {
            Some(key) => reading.by_key(&table.name, key),
            None => reading.by_number(&table.name, i64::MIN, i64::MAX),
        };
        if !whole {
            pages.torn.push(table.name.clone());
        }
        pages.tables.insert(table.name.clone(), reading.rows);
    }
    // Decisions are found by the ops that name them where their own order is broken.
    if pages.torn.iter().any(|name| name == "decision") {
        let all = |table: &str| pages.tables.get(table).map(Vec::as_slice).unwrap_or_default();
        let known: BTreeSet<&str> = all("decision").iter().map(|row| row.text("id")).collect();
        let wanted: BTreeSet<String> = (all("outbox").iter().map(|row| row.text("decision")))
            .filter(|id| !known.contains(id))
            .map(str::to_owned)
            .collect();
        let mut reading = Reading { path, key, failures: 0, rows: Vec::new() };
        for id in wanted {
            reading.scan("SELECT * FROM decision WHERE id = ?1", &[&id]);
        }
        pages.tables.entry("decision".to_owned()).or_default().append(&mut reading.rows);
    }
    pages
}

/// One table, read across its broken places.
struct Reading<'a> {
    path: &'a Path,
    key: &'a Key,
    failures: u32,
    rows: Vec<Row>,
}

impl Reading<'_> {
    /// Reads until the end or a broken page; answers whether it was the end. A connection that has met a
    /// broken page is of no further use.
    fn scan(&mut self, sql: &str, values: &[&dyn ToSql]) -> bool {
        let mut found = Vec::new();
        let mut read = || -> Result<()> {
            let connection = connect(self.path, self.key, false)?;
            let mut statement = connection.prepare(sql)?;
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                found.push(Row::of(row)?);
            }
            Ok(())
        };
        let whole = read().is_ok();
        self.failures += u32::from(!whole);
        self.rows.append(&mut found);
        whole
    }

    /// The rows with numbers of a range: from its start, from its end, then each half of what is between.
    fn by_number(&mut self, table: &str, low: i64, high: i64) -> bool {
        let number = |row: Option<&Row>| row.and_then(|row| row.number("__number"));
        let select = format!("SELECT rowid AS __number, * FROM {table} WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid");
        let before = self.rows.len();
        if self.scan(&select, &[&low, &high]) {
            return true;
        }
        let low = number(self.rows.get(before..).and_then(<[Row]>::last)).map_or(low, |last| last.saturating_add(1));
        let before = self.rows.len();
        self.scan(&format!("{select} DESC"), &[&low, &high]);
        let high = number(self.rows.get(before..).and_then(<[Row]>::last)).map_or(high, |last| last.saturating_sub(1));
        // Nobody has made so many rows: the open ends of a range hold nothing.
        let (low, high) = (low.max(0), high.min(1 << 40));
        if low < high && self.failures < PATIENCE {
            let middle = low + (high - low) / 2;
            self.by_number(table, low, middle);
            self.by_number(table, middle + 1, high);
        }
        false
    }

    /// The rows in the order of their key, from its start and from its end.
    fn by_key(&mut self, table: &str, key: &[String]) -> bool {
        let order = |way: &str| key.iter().map(|name| format!("{name} {way}")).collect::<Vec<_>>().join(", ");
        self.scan(&format!("SELECT * FROM {table} ORDER BY {}", order("ASC")), &[]) || {
            self.scan(&format!("SELECT * FROM {table} ORDER BY {}", order("DESC")), &[]);
            false
        }
    }
}

impl Writer<'_> {
    fn fill(
        &self,
        tables: &[Table],
        pages: &Pages,
        backup: &Pages,
        journal: &Content,
        done: &mut Salvaged,
    ) -> Result<()> {
        let (first, rest): (Vec<&Table>, Vec<&Table>) =
            tables.iter().partition(|table| FIRST.contains(&table.name.as_str()));
        let described = described(journal);
        for table in first {
            self.put_all(table, pages, &described)?;
            done.from_backup += self.put_all(table, backup, &described)?;
        }
        let lost = missing(journal, |id| self.has_op(id))?;
        let text = "recovered from the journal when the store was repaired";
        for recovered in lost.iter().filter(|recovered| recovered.was_saved) {
            self.put_saved(recovered.saved(), true, text)?;
            done.from_journal += recovered.ops.len();
        }
        for table in rest {
            self.put_all(table, pages, &described)?;
            done.from_backup += self.put_all(table, backup, &described)?;
        }
        // Those of the journal are laid over the mirror already.
        let shown: BTreeSet<&str> = lost.iter().flat_map(|recovered| &recovered.ops).map(OpId::as_str).collect();
        let open: Vec<OpState> = OpState::ALL.iter().copied().filter(|state| !state.is_final()).collect();
        let ops = self.ops_in(&open)?;
        for op in ops.iter().filter(|op| !shown.contains(op.id.as_str())) {
            self.show_op(op)?;
        }
        done.open = ops.len();
        let text = "The store was damaged and repaired: the CRM is asked before anything is sent";
        done.doubted = self.doubt_ops(self.at, text)?;
        for row in rows(self.connection, "SELECT DISTINCT decision FROM outbox", &[])? {
            self.refresh_decision(&DecisionId(row.text("decision").to_owned()))?;
        }
        Ok(())
    }

    /// Puts the rows of a table in, those that are there already left out; answers how many went in.
    fn put_all(&self, table: &Table, pages: &Pages, described: &BTreeMap<&str, &Row>) -> Result<usize> {
        let known = columns(self.connection, &table.name)?;
        let has = |column: &str| known.iter().any(|known| known == column);
        let of_decision = table.name != "decision" && has("decision");
        let of_op = table.name != "outbox" && has("op_id");
        let mut count = 0;
        for row in pages.tables.get(&table.name).into_iter().flatten() {
            let of_the_mirror = |name: &&str| row.text("name").starts_with(*name);
            if (table.name == "value" && OF_THE_MIRROR.iter().any(of_the_mirror))
                || (of_op && !self.has_op(row.text("op_id"))?)
            {
                continue;
            }
            if of_decision {
                self.name_decision(row, described)?;
            }
            count += usize::from(row.put(self.connection, &table.name)?);
        }
        Ok(count)
    }

    /// A decision whose own row is lost is there all the same, for the ops that name it.
    fn name_decision(&self, row: &Row, described: &BTreeMap<&str, &Row>) -> Result<()> {
        let id = row.text("decision");
        if let Some(decision) = described.get(id) {
            return decision.put(self.connection, "decision").map(drop);
        }
        let mut lost = Row::default();
        for (column, text) in [
            ("id", id),
            ("act", "unknown"),
            ("title", "A decision whose description was lost"),
            ("record", row.text("record")),
            ("facts", "null"),
            ("actor", ""),
            ("status", "waiting"),
        ] {
            lost.set(column, text.to_owned());
        }
        lost.set("kind", row.number("object").unwrap_or(1));
        lost.set("policy", 0);
        lost.set("made_at", row.number("made_at").unwrap_or_default());
        if !id.is_empty() {
            lost.put(self.connection, "decision")?;
        }
        Ok(())
    }
}

/// The decisions that the journal describes.
fn described(journal: &Content) -> BTreeMap<&str, &Row> {
    let saved = journal.notes().filter_map(|note| if let Note::Saved(saved) = note { Some(saved) } else { None });
    saved.map(|saved| (saved.decision.text("id"), &saved.decision)).collect()
}
