//! Whole rows, whatever their columns are: how the side journal and the salvage carry what is kept.
//!
//! A row is taken with all its columns by name and put into a table with those that the table has, so
//! that a file of another format, or a journal written before a migration, loses nothing that there is
//! still a place for. Tables and columns are named by this program, never by what is read.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row as Found, ToSql, params_from_iter};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::open::Result;

/// One row: its values by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Row(pub(crate) BTreeMap<String, Value>);

impl Row {
    /// The row that a statement has found.
    pub(crate) fn of(found: &Found<'_>) -> rusqlite::Result<Self> {
        let names: Vec<String> = found.as_ref().column_names().map(str::to_owned).collect();
        names
            .into_iter()
            .enumerate()
            .map(|(at, name)| Ok((name, found.get(at)?)))
            .collect::<rusqlite::Result<_>>()
            .map(Self)
    }

    /// A column that holds text; empty when it is absent or holds something else.
    pub(crate) fn text(&self, column: &str) -> &str {
        match self.0.get(column) {
            Some(Value::Text(text)) => text,
            Some(_) | None => "",
        }
    }

    /// A column that holds a whole number.
    pub(crate) fn number(&self, column: &str) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Integer(number)) => Some(*number),
            Some(_) | None => None,
        }
    }

    /// Sets a column.
    pub(crate) fn set(&mut self, column: &str, value: impl Into<Value>) {
        self.0.insert(column.to_owned(), value.into());
    }

    /// Puts the row into a table, unless one with its key is there; answers whether it went in.
    pub(crate) fn put(&self, connection: &Connection, table: &str) -> Result<bool> {
        let known = columns(connection, table)?;
        let kept: Vec<(&String, &Value)> = self.0.iter().filter(|(name, _)| known.contains(name)).collect();
        let names: Vec<String> = kept.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let marks: Vec<String> = (1..=kept.len()).map(|number| format!("?{number}")).collect();
        let sql = format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", "));
        let values = kept.iter().map(|(_, value)| *value as &dyn ToSql);
        Ok(connection.prepare_cached(&sql)?.execute(params_from_iter(values))? > 0)
    }

    /// The row as JSON.
    pub(crate) fn json(&self) -> Result<Json> {
        let cell = |(name, value): (&String, &Value)| {
            let json = match value {
                Value::Null => Json::Null,
                Value::Integer(number) => Json::from(*number),
                Value::Real(number) => Json::from(*number),
                Value::Text(text) => Json::from(text.as_str()),
                Value::Blob(_) => return Err(bad(name)),
            };
            Ok((name.clone(), json))
        };
        Ok(Json::Object(self.0.iter().map(cell).collect::<Result<_>>()?))
    }

    /// The row that [`Row::json`] has written.
    pub(crate) fn from_json(json: Json) -> Result<Self> {
        let Json::Object(cells) = json else { return Err(bad("row")) };
        let cell = |(name, json): (String, Json)| {
            let value = match json {
                Json::Null => Value::Null,
                Json::String(text) => Value::Text(text),
                Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(whole), _) => Value::Integer(whole),
                    (None, Some(real)) => Value::Real(real),
                    (None, None) => return Err(bad(&name)),
                },
                Json::Bool(_) | Json::Array(_) | Json::Object(_) => return Err(bad(&name)),
            };
            Ok((name, value))
        };
        Ok(Self(cells.into_iter().map(cell).collect::<Result<_>>()?))
    }
}

fn bad(column: &str) -> StoreError {
    StoreError::BadRow { table: "journal", id: column.to_owned(), why: "not a value of a row".to_owned() }
}

/// All rows that a statement finds.
pub(crate) fn rows(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(values, Row::of)?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// The columns of a table.
pub(crate) fn columns(connection: &Connection, table: &str) -> Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(names)
}
