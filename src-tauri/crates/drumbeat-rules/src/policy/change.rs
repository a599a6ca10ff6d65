//! Changing a policy's text and telling two versions apart, value by value.
//!
//! The text is the policy: comments, order and spacing are the program's own words and stay when one value is
//! changed. Two texts differ in their values, not in their lines.

use std::collections::BTreeMap;

use drumbeat_model::policy::{PolicyChange, PolicyProblem, SetSetting, SettingValue};
use drumbeat_model::time::Day;
use toml_edit::{Array, DocumentMut, Item, TableLike, Value};

use super::{form, position, schema};

/// The text with settings changed in it; comments and spacing stay.
///
/// # Errors
/// Settings that do not exist, and where a text that is no TOML is broken; nothing is changed then.
pub fn changed(text: &str, changes: &[SetSetting]) -> Result<String, Vec<PolicyProblem>> {
    if changes.is_empty() {
        return Ok(text.to_owned());
    }
    let mut document = parsed(text)?;
    let mut problems = Vec::new();
    for change in changes {
        let set = match schema::at(&change.key) {
            Some(_) => put(document.as_table_mut(), &change.key, change.value.as_ref().map(value)),
            None => None,
        };
        if set.is_none() {
            let key: String = change.key.chars().take(60).collect();
            let (message, advice) = (format!("there is no setting {key}"), "Choose one of those shown".to_owned());
            problems.push(PolicyProblem { line: 1, column: 1, message, advice });
        }
    }
    if problems.is_empty() { Ok(document.to_string()) } else { Err(problems) }
}

/// The text as version `version`, judging from `effective` on.
///
/// # Errors
/// Where a text that is no TOML is broken.
pub fn numbered(text: &str, version: u32, effective: Day) -> Result<String, Vec<PolicyProblem>> {
    let set = |key: &str, value| SetSetting { key: key.to_owned(), value: Some(value) };
    let version = set("version", SettingValue::Number(version));
    changed(text, &[version, set("effective", SettingValue::Word(effective.to_string()))])
}

fn parsed(text: &str) -> Result<DocumentMut, Vec<PolicyProblem>> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        let advice = "Write it as TOML: key = value, texts in quotes, lists in [ ]".to_owned();
        vec![PolicyProblem { line, column, message: error.message().trim().to_owned(), advice }]
    })
}

fn value(value: &SettingValue) -> Value {
    match value {
        SettingValue::Switch(on) => Value::from(*on),
        SettingValue::Number(number) => Value::from(i64::from(*number)),
        SettingValue::Word(word) => Value::from(word.as_str()),
        SettingValue::Words(words) => Value::Array(words.iter().map(String::as_str).collect::<Array>()),
    }
}

/// Sets or takes out the value at a path; `None` when the path leads through something that is no table.
fn put(table: &mut dyn TableLike, path: &str, value: Option<Value>) -> Option<()> {
    match path.split_once('.') {
        Some((first, rest)) => {
            if !table.contains_key(first) {
                table.insert(first, Item::Table(toml_edit::Table::new()));
            }
            put(table.get_mut(first)?.as_table_like_mut()?, rest, value)
        }
        None => {
            match (table.get_mut(path).and_then(Item::as_value_mut), value) {
                (Some(old), Some(mut new)) => {
                    // The comment behind a value belongs to the key and not to what it was.
                    *new.decor_mut() = old.decor().clone();
                    *old = new;
                }
                (_, Some(new)) => {
                    table.insert(path, Item::Value(new));
                }
                (_, None) => {
                    table.remove(path);
                }
            }
            Some(())
        }
    }
}

/// The values that two texts have differently, in the order of their keys; number and day are left out. A text
/// that is no TOML has no values.
#[must_use]
pub fn differences(before: &str, after: &str) -> Vec<PolicyChange> {
    let (before, after) = (values(before), values(after));
    let keys: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| PolicyChange {
            key: key.clone(),
            label: form::label(key),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}

fn values(text: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (key, value) in text.parse::<toml::Table>().unwrap_or_default() {
        if !matches!(key.as_str(), "version" | "effective") {
            flatten(&key, &value, &mut all);
        }
    }
    all
}

fn flatten(path: &str, value: &toml::Value, all: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            table.iter().for_each(|(key, value)| flatten(&format!("{path}.{key}"), value, all));
        }
        toml::Value::Array(list) if list.iter().any(toml::Value::is_table) => {
            for (number, value) in list.iter().enumerate() {
                flatten(&format!("{path}.{}", number + 1), value, all);
            }
        }
        toml::Value::Array(list) => {
            let list: Vec<String> = list.iter().map(plain).collect();
            all.insert(path.to_owned(), list.join(", "));
        }
        other => {
            all.insert(path.to_owned(), plain(other));
        }
    }
}

fn plain(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
