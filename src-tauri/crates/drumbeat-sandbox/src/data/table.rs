//! A file of comma-separated values with its columns by name, and its faults by row.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::SandboxError;

const MOST_ROWS: usize = 2_000_000;

pub(crate) struct Table {
    path: PathBuf,
    pub(crate) columns: HashMap<String, usize>,
    pub(crate) rows: Vec<csv::StringRecord>,
}

impl Table {
    pub(crate) fn read(folder: &Path, file: &str, needed: &[&str]) -> Result<Self, SandboxError> {
        let path = folder.join(file);
        let fail = |row: usize, why: &dyn std::fmt::Display| {
            SandboxError::new(format!("{} cannot be read at row {row}: {why}.", path.display()))
        };
        let mut reader = csv::ReaderBuilder::new()
            .from_path(&path)
            .map_err(|e| SandboxError::new(format!("{} cannot be opened: {e}.", path.display())))?;
        let headers = reader.headers().map_err(|e| fail(1, &e))?.clone();
        let columns: HashMap<String, usize> =
            headers.iter().enumerate().map(|(i, h)| (h.trim_start_matches('\u{feff}').trim().to_owned(), i)).collect();
        if let Some(missing) = needed.iter().find(|n| !columns.contains_key(**n)) {
            return Err(fail(1, &format!("there is no column {missing}")));
        }
        let mut rows = Vec::new();
        for (i, row) in reader.records().enumerate() {
            rows.push(row.map_err(|e| fail(i + 2, &e))?);
            if rows.len() > MOST_ROWS {
                return Err(fail(i + 2, &format!("there are more than {MOST_ROWS} rows")));
            }
        }
        Ok(Table { path, columns, rows })
    }

    pub(crate) fn get<'a>(&self, row: &'a csv::StringRecord, column: &str) -> &'a str {
        self.columns.get(column).and_then(|i| row.get(*i)).unwrap_or_default().trim()
    }

    /// What is wrong with the row at a place, for whoever has to mend it.
    pub(crate) fn wrong(&self, place: usize, why: impl std::fmt::Display) -> SandboxError {
        SandboxError::new(format!("{} cannot be read at row {}: {why}.", self.path.display(), place + 2))
    }

    pub(crate) fn file(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}
