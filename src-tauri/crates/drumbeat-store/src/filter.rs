//! The one place where a filter and a sort from outside become SQL.
//!
//! Conditions are fixed texts with parameters; a sort is one column of a fixed list. Pages end with
//! the key (sort value, id or place of the row), so a row that comes or goes between two pages neither repeats nor hides
//! another.

use drumbeat_model::deal::{DealFilter, DealSort};
use drumbeat_model::page::{Direction, Page};
use drumbeat_model::time::Day;
use rusqlite::types::Value;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::open::Result;
use crate::reader::{days, outcome_code};

/// Conditions with their parameters.
#[derive(Default)]
pub(crate) struct Conditions {
    texts: Vec<String>,
    /// In the order of their question marks.
    pub(crate) values: Vec<Value>,
}

impl Conditions {
    /// Adds a condition; each `?` stands for the next value.
    pub(crate) fn add(&mut self, text: &str, values: impl IntoIterator<Item = Value>) {
        self.texts.push(text.to_owned());
        self.values.extend(values);
    }

    /// `WHERE …`, or nothing.
    pub(crate) fn clause(&self) -> String {
        if self.texts.is_empty() { String::new() } else { format!("WHERE {}", self.texts.join(" AND ")) }
    }
}

/// Text as a parameter.
pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Conditions for a deal filter.
pub(crate) fn deals(filter: &DealFilter, today: Day) -> Conditions {
    let mut all = Conditions::default();
    if let Some(outcome) = filter.outcome {
        // In the text, so that an index over open deals alone is seen to fit.
        all.add(&format!("deal.outcome = {}", outcome_code(outcome)), []);
    }
    if let Some(partner) = &filter.partner {
        all.add("deal.partner = ?", [text(partner.as_str())]);
    }
    match filter.partnered {
        Some(true) => all.add("deal.partner IS NOT NULL", []),
        Some(false) => all.add("deal.partner IS NULL", []),
        None => {}
    }
    if let Some(motion) = filter.motion {
        all.add("deal.motion = ?", [text(motion.name())]);
    }
    if let Some(stage) = &filter.stage {
        all.add("deal.stage = ?", [text(stage)]);
    }
    if let Some(position) = filter.position {
        all.add("deal.position = ?", [Value::Integer(position.into())]);
    }
    if let Some(owner) = &filter.owner {
        all.add("deal.owner = ?", [text(owner.as_str())]);
    }
    if let Some(words) = filter.text.as_deref().and_then(search_words) {
        all.add(
            "deal.rowid IN (SELECT rowid >> 2 FROM search WHERE search MATCH ? AND rowid & 3 = 1)",
            [Value::Text(words)],
        );
    }
    if let Some(by) = filter.protection_ends_by {
        all.add("deal.protection_end BETWEEN ? AND ?", [Value::Integer(days(today)), Value::Integer(days(by))]);
    }
    match filter.stalled {
        Some(true) => all.add("deal.outcome = 0 AND deal.stalled_on <= ?", [Value::Integer(days(today))]),
        Some(false) => all.add("(deal.stalled_on IS NULL OR deal.stalled_on > ?)", [Value::Integer(days(today))]),
        None => {}
    }
    match filter.missing_fields {
        Some(true) => all.add("deal.missing_hard > 0", []),
        Some(false) => all.add("deal.missing_hard = 0", []),
        None => {}
    }
    if let Some(from) = filter.closes_from {
        all.add("deal.close_date >= ?", [Value::Integer(days(from))]);
    }
    if let Some(to) = filter.closes_to {
        all.add("deal.close_date <= ?", [Value::Integer(days(to))]);
    }
    for (compare, amount) in [(">=", filter.amount_from), ("<=", filter.amount_to)] {
        if let Some(amount) = amount {
            all.add(&format!("{DEAL_WORTH} {compare} ?"), [Value::Integer(i64::from(amount) * 10_000)]);
        }
    }
    if let Some(to) = filter.hygiene_to {
        all.add("deal.hygiene <= ?", [Value::Integer(to.into())]);
    }
    if let Some(attribution) = filter.attribution {
        all.add("deal.attribution = ?", [text(attribution.name())]);
    }
    all
}

/// What a deal is worth beside others: in the account's own currency, else as its amount stands.
pub(crate) const DEAL_WORTH: &str = "coalesce(deal.home, deal.amount)";

/// The column that a deal list sorts by. NULLs stand for "smallest".
pub(crate) fn deal_column(sort: DealSort) -> &'static str {
    match sort {
        DealSort::CloseDate => "deal.close_date",
        DealSort::Name => "deal.name COLLATE NOCASE",
        DealSort::Partner => "deal.partner_name COLLATE NOCASE",
        DealSort::Amount => DEAL_WORTH,
        DealSort::Stage => "deal.position",
        DealSort::NotesAge => "deal.notes_at",
        DealSort::Protection => "deal.protection_end",
        DealSort::Hygiene => "deal.hygiene",
    }
}

/// What a page ends with: the sort value of its last row, and what tells it from others that have the same.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PageKey {
    value: KeyValue,
    tie: KeyValue,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum KeyValue {
    Nothing(()),
    Number(i64),
    Text(String),
}

impl PageKey {
    /// A key from the sort value of a row and its id, or its place.
    pub(crate) fn new(value: Value, tie: Value) -> Self {
        Self { value: KeyValue::of(value), tie: KeyValue::of(tie) }
    }

    /// The key as the opaque text that a page carries.
    pub(crate) fn write(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }

    /// Adds "after this key" to the conditions, for a sort by `column` and, where that is equal, by `tie`.
    pub(crate) fn after(key: &str, column: &str, tie: &str, direction: Direction, all: &mut Conditions) -> Result<()> {
        let key: PageKey = serde_json::from_str(key)
            .map_err(|_| StoreError::NotPossible("that page key is not one of ours".to_owned()))?;
        let last = key.tie.into_value();
        let than = match direction {
            Direction::Ascending => ">",
            Direction::Descending => "<",
        };
        match (key.value, direction) {
            (KeyValue::Nothing(()), Direction::Ascending) => {
                all.add(&format!("(({column}) IS NOT NULL OR {tie} > ?)"), [last]);
            }
            (KeyValue::Nothing(()), Direction::Descending) => {
                all.add(&format!("(({column}) IS NULL AND {tie} < ?)"), [last]);
            }
            (value @ (KeyValue::Number(_) | KeyValue::Text(_)), _) => {
                let unknown =
                    if direction == Direction::Descending { format!(" OR ({column}) IS NULL") } else { String::new() };
                all.add(&format!("(({column}, {tie}) {than} (?, ?){unknown})"), [value.into_value(), last]);
            }
        }
        Ok(())
    }
}

impl KeyValue {
    fn of(value: Value) -> Self {
        match value {
            Value::Integer(number) => Self::Number(number),
            Value::Text(text) => Self::Text(text),
            Value::Null | Value::Real(_) | Value::Blob(_) => Self::Nothing(()),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Nothing(()) => Value::Null,
            Self::Number(number) => Value::Integer(number),
            Self::Text(text) => Value::Text(text),
        }
    }
}

/// SQL for a direction.
pub(crate) fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    }
}

/// A full-text query from what a person types: every word must occur, the last may be a beginning.
/// `None` when there is no word in it.
pub(crate) fn search_words(typed: &str) -> Option<String> {
    let words: Vec<String> = typed
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(8)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

/// A page from one row more than asked for.
pub(crate) fn page<T>(mut rows: Vec<T>, limit: u32, total: u32, key: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = if more { rows.last().map(key) } else { None };
    Page { rows, next, total }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_words_become_prefixes_and_nothing_else() {
        assert_eq!(search_words("hansa küh"), Some("\"hansa\"* AND \"küh\"*".to_owned()));
        assert_eq!(search_words("a\" OR * NEAR("), Some("\"a\"* AND \"OR\"* AND \"NEAR\"*".to_owned()));
        assert_eq!(search_words("  -- "), None);
    }
}
