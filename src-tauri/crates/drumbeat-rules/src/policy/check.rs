//! Everything that is wrong with the form of a policy file, each with its place and what to do about it.
//!
//! The text is read into a tree that knows where each value stands, also where parts of it are no TOML, and
//! the tree is held against the schema. A reader that stops at the first problem has people save ten times to
//! learn ten things. What a value means beside others is not looked at here (see `validate`).

use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{schema, span};

/// Most problems that are told at once.
pub(super) const MOST: usize = 100;

/// Something that is wrong, and where: bytes of the text.
#[derive(Debug)]
pub(super) struct Problem {
    pub at: Range<usize>,
    pub message: String,
    pub advice: String,
    /// The part of the file (first key) that it is in; empty for one that is about the whole.
    pub part: String,
}

/// The tree of a text, and what is no TOML in it.
pub(super) struct Read<'a> {
    tree: Spanned<DeTable<'a>>,
    pub problems: Vec<Problem>,
}

impl<'a> Read<'a> {
    /// Reads a text.
    pub fn of(text: &'a str) -> Self {
        let (tree, errors) = DeTable::parse_recoverable(text);
        let broken = |error: toml::de::Error| Problem {
            at: error.span().unwrap_or(0..0),
            message: error.message().trim().to_owned(),
            advice: "Write it as TOML: key = value, texts in quotes, lists in [ ]".to_owned(),
            part: String::new(),
        };
        Self { tree, problems: errors.into_iter().take(MOST).map(broken).collect() }
    }

    /// Holds the tree against the schema.
    pub fn check(&mut self) {
        let mut walk = Walk { problems: Vec::new(), part: String::new() };
        walk.table(schema::of(schema::schema()), self.tree.get_ref(), 0..0, "");
        self.problems.append(&mut walk.problems);
    }

    /// Where the value at a path stands; the nearest part above it that is there.
    pub fn place(&self, path: &str) -> Range<usize> {
        let mut here = self.tree.get_ref();
        let mut at = 0..0;
        for part in path.split('.') {
            let Some((key, value)) = find(here, part) else { break };
            at = key.span();
            match value.get_ref() {
                DeValue::Table(inside) => here = inside,
                _ => break,
            }
        }
        at
    }
}

fn find<'t, 'a>(
    table: &'t DeTable<'a>,
    name: &str,
) -> Option<(&'t Spanned<std::borrow::Cow<'a, str>>, &'t Spanned<DeValue<'a>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name)
}

struct Walk {
    problems: Vec<Problem>,
    part: String,
}

impl Walk {
    fn say(&mut self, at: Range<usize>, message: String, advice: String) {
        if self.problems.len() < MOST {
            self.problems.push(Problem { at, message, advice, part: self.part.clone() });
        }
    }

    fn table(&mut self, schema: &'static Value, table: &DeTable<'_>, at: Range<usize>, path: &str) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties").filter(|it| it.is_object());
        let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        for (key, value) in table.iter() {
            if path.is_empty() {
                self.part = key.get_ref().to_string();
            }
            let name = key.get_ref().as_ref();
            match known.and_then(|known| known.get(name)).or(others) {
                Some(schema) => self.value(schema::of(schema), value, &inside(name)),
                None => {
                    let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                    let advice = match nearest(name, &names) {
                        Some(meant) => format!("Did you mean {meant}?"),
                        None => format!("Take it out; there are {}", names.join(", ")),
                    };
                    self.say(key.span(), format!("there is no setting {}", inside(&clipped(name))), advice);
                }
            }
        }
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if find(table, name).is_none() {
                if path.is_empty() {
                    name.clone_into(&mut self.part);
                }
                let message = format!("{} is missing", inside(name));
                self.say(at.clone(), message, "Add it; the built-in policy shows its form".to_owned());
            }
        }
    }

    fn value(&mut self, schema: &'static Value, value: &Spanned<DeValue<'_>>, path: &str) {
        let at = value.span();
        let kind = match schema.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            // "integer, or nothing"
            Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str).unwrap_or_default(),
            _ => "",
        };
        match (kind, value.get_ref()) {
            ("object", DeValue::Table(table)) => self.table(schema, table, at, path),
            ("array", DeValue::Array(list)) => {
                let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX);
                let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
                let count = u64::try_from(list.len()).unwrap_or(u64::MAX);
                if count < least || count > most {
                    let message = format!("{path} has {count} entries");
                    self.say(at, message, format!("Write {least} of them"));
                }
                if let Some(items) = schema.get("items") {
                    list.iter().for_each(|item| self.value(schema::of(items), item, path));
                }
            }
            ("boolean", DeValue::Boolean(_)) => {}
            ("integer", DeValue::Integer(number)) => {
                let (least, most) = schema::range(schema);
                let number = u64::from_str_radix(number.as_str(), number.radix()).ok();
                if number.is_none_or(|number| !(least..=most).contains(&number)) {
                    let message = format!("{path} is out of range");
                    self.say(at, message, format!("Write a whole number from {least} to {most}"));
                }
            }
            ("string", DeValue::String(text)) => self.text(schema, text, at, path),
            (wanted, found) => {
                let message = format!("{path} is {}, not {}", named(found), wanted_name(wanted));
                self.say(at, message, format!("Write {} here", wanted_name(wanted)));
            }
        }
    }

    fn text(&mut self, schema: &'static Value, text: &str, at: Range<usize>, path: &str) {
        if let Some(words) = schema::words(schema)
            && !words.contains(&text)
        {
            let advice = match nearest(text, &words) {
                Some(meant) => format!("Did you mean {meant}?"),
                None => format!("Write one of {}", words.join(", ")),
            };
            self.say(at, format!("{path}: there is no \"{}\"", clipped(text)), advice);
            return;
        }
        let form = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if let Some(why) = span::refused(form, text) {
            let (message, advice) = why.split_once("; ").unwrap_or((&why, "Write another"));
            self.say(at, format!("{path}: {message}"), advice.to_owned());
        }
    }
}

fn named(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn wanted_name(kind: &str) -> &'static str {
    match kind {
        "object" => "a table",
        "array" => "a list",
        "boolean" => "true or false",
        "integer" => "a whole number",
        _ => "a text in quotes",
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The name that was probably meant.
fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let near = names.iter().map(|other| (strsim::jaro_winkler(name, other), *other));
    near.filter(|(score, _)| *score > 0.85).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, other)| other)
}
