//! `drumbeat match`: the company matching of the checks, on the workspace and on files.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::matching::{self, Asked};
use drumbeat_app::workspace::Workspace;
use drumbeat_match::{Evidence, Level, Memory, Profile, Rarity, Record, compare, evidence, lookup, weights};
use serde_json::json;

use super::args::{Match, Matching};
use super::blocking;
use super::print::{Printer, table};

/// Files larger than this are refused.
const LARGEST: u64 = 256 << 20;
/// Candidates written for a query.
const SHOWN: usize = 5;
/// Less probable ones are not near.
const NEAR: f32 = 0.02;

/// Looks one company up in the workspace.
pub async fn on_workspace(ws: Arc<Workspace>, asked: Asked, printer: Printer) -> Answer<ExitCode> {
    let found = blocking(move || matching::lookup(&ws, &asked)).await?;
    printer.result(&found, |found| {
        if found.is_empty() {
            return "No account, no registration and no open deal is near.".to_owned();
        }
        let rows: Vec<Vec<String>> = found
            .iter()
            .map(|one| {
                let verdict = if one.sure { "same" } else { "look" };
                let why = explained(&one.speaks_for, &one.speaks_against, one.would_turn.as_deref());
                vec![
                    // Cut, not rounded: what is not sure must not look so.
                    format!("{:.2}", (one.probability * 100.0).floor() / 100.0),
                    verdict.to_owned(),
                    one.kind.to_owned(),
                    one.id.clone(),
                    one.name.clone(),
                    why,
                ]
            })
            .collect();
        table(&["p", "verdict", "kind", "id", "name", "why"], &rows)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Runs on files; `None` when the command is about the workspace.
pub fn on_files(what: &Match, printer: Printer) -> Answer<ExitCode> {
    let (rows, out) = match &what.what {
        Matching::Lookup { registry: Some(registry), queries: Some(queries), out: Some(out), .. } => {
            (lookups(registry, queries, out)?, out)
        }
        Matching::Pairs { pairs, out, company } => (pairs_of(pairs, out, *company)?, out),
        Matching::Lookup { .. } => {
            return Err(ApiError::invalid(
                "match.arguments",
                "On files, --registry, --queries and --out go together".to_owned(),
            ));
        }
    };
    let told = json!({ "rows": rows, "out": out.display().to_string() });
    printer.result(&told, |_| format!("{rows} rows in {}", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn explained(speaks_for: &[String], speaks_against: &[String], turn: Option<&str>) -> String {
    let mut text = speaks_for.join(", ");
    if !speaks_against.is_empty() {
        text.push_str(&format!("; against: {}", speaks_against.join(", ")));
    }
    if let Some(turn) = turn {
        text.push_str(&format!("; otherwise with {turn}"));
    }
    text
}

fn explanation(said: &Evidence) -> String {
    explained(&said.speaks_for, &said.speaks_against, said.would_turn.as_deref())
}

/// One row of a file by its columns' names.
struct Row<'a> {
    head: &'a csv::StringRecord,
    cells: csv::StringRecord,
}

impl Row<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let at = self.head.iter().position(|head| head.trim().eq_ignore_ascii_case(name))?;
        self.cells.get(at).map(str::trim).filter(|cell| !cell.is_empty())
    }

    fn need(&self, name: &str) -> Answer<&str> {
        self.get(name).ok_or_else(|| {
            let line = self.cells.position().map_or(0, csv::Position::line);
            ApiError::invalid("match.column", format!("Line {line} has nothing in the column {name}"))
        })
    }

    fn profile(&self) -> Profile {
        Profile::of(&Record {
            name: self.get("name").unwrap_or_default(),
            country: self.get("country"),
            city: self.get("city"),
            domain: self.get("domain"),
            email: self.get("email"),
            phone: self.get("phone"),
        })
    }
}

fn failed(path: &Path, why: &dyn std::fmt::Display) -> ApiError {
    ApiError::new(Code::Invalid, "match.file", format!("{}: {why}", path.display()))
}

fn each(path: &Path, mut f: impl FnMut(&Row<'_>) -> Answer<()>) -> Answer<()> {
    let size = std::fs::metadata(path).map_err(|error| failed(path, &error))?.len();
    if size > LARGEST {
        return Err(failed(path, &"larger than 256 MB"));
    }
    let mut reader = csv::Reader::from_path(path).map_err(|error| failed(path, &error))?;
    let head = reader.headers().map_err(|error| failed(path, &error))?.clone();
    for cells in reader.records() {
        f(&Row { head: &head, cells: cells.map_err(|error| failed(path, &error))? })?;
    }
    Ok(())
}

fn lookups(registry: &Path, queries: &Path, out: &Path) -> Answer<usize> {
    let mut index = Memory::default();
    let mut ids = Vec::new();
    each(registry, |row| {
        ids.push(row.need("account_id")?.to_owned());
        index.add(row.profile());
        Ok(())
    })?;
    let mut writer = csv::Writer::from_path(out).map_err(|error| failed(out, &error))?;
    let mut write = |row: [&str; 5]| writer.write_record(row).map_err(|error| failed(out, &error));
    write(["query_id", "account_id", "score", "rank", "explanation"])?;
    let mut rows = 0;
    each(queries, |row| {
        let query = row.need("query_id")?;
        let Ok(found) = lookup(&index, row.profile(), Level::Company, 0.0);
        for (rank, one) in found.matches.iter().take(SHOWN).enumerate().filter(|(_, one)| one.probability >= NEAR) {
            let account = ids.get(one.id as usize).map_or("", String::as_str);
            let (score, rank) = (format!("{:.6}", one.probability), (rank + 1).to_string());
            write([query, account, &score, &rank, &explanation(&found.evidence(one))])?;
            rows += 1;
        }
        Ok(())
    })?;
    writer.flush().map_err(|error| failed(out, &error))?;
    Ok(rows)
}

fn pairs_of(pairs: &Path, out: &Path, company: bool) -> Answer<usize> {
    let named = |name: &str| Profile::of(&Record { name, ..Record::default() });
    // How rare a word is, is counted in the names of the file itself, each once.
    let mut names = std::collections::BTreeSet::new();
    each(pairs, |row| {
        names.insert(row.need("name_1")?.to_owned());
        names.insert(row.need("name_2")?.to_owned());
        Ok(())
    })?;
    let mut index = Memory::default();
    names.iter().for_each(|name| {
        index.add(named(name));
    });
    let level = if company { Level::Company } else { Level::Group };
    let mut writer = csv::Writer::from_path(out).map_err(|error| failed(out, &error))?;
    let mut write = |row: [&str; 3]| writer.write_record(row).map_err(|error| failed(out, &error));
    write(["pair_id", "score", "explanation"])?;
    let mut rows = 0;
    each(pairs, |row| {
        let (a, b) = (named(row.need("name_1")?), named(row.need("name_2")?));
        let Ok(rarity) = Rarity::of(&index, &[&a, &b]);
        let score = weights::probability(&compare(&a, &b, &rarity), level);
        write([row.need("pair_id")?, &format!("{score:.6}"), &explanation(&evidence(&a, &b, &rarity, level))])?;
        rows += 1;
        Ok(())
    })?;
    writer.flush().map_err(|error| failed(out, &error))?;
    Ok(rows)
}
