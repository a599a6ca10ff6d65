//! Questions in SOQL: the only place that writes one.
//!
//! The hard idea is that nothing of a person's or of the CRM's ever becomes part of the language. A value is a
//! [`Literal`] and is quoted here; a name is let in only if it is made of the letters that names are made of. So a
//! question always has the form that its parts say, whatever is in them.

use std::fmt;

use drumbeat_model::time::Instant;
use drumbeat_model::value::write_instant;

use crate::error::CrmError;

/// A value in a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// Text, in quotes.
    Text(String),
    /// A point in time.
    Moment(Instant),
    /// A day, a number: what needs no quotes and has been read as such.
    Bare(String),
    /// Yes or no.
    Truth(bool),
    /// Nothing.
    Null,
}

/// What has to hold of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// A field, how it compares, with what.
    Is(String, Compare, Literal),
    /// A field is one of these.
    In(String, Vec<String>),
    /// Every one holds.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
}

/// How a field compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    Over,
    AtLeast,
    AtMost,
}

/// A question for records.
#[derive(Debug, Clone, Default)]
pub(super) struct Select {
    /// Fields; none asks for the number of records only.
    pub fields: Vec<String>,
    /// The object.
    pub from: String,
    /// What has to hold, all of it.
    pub conditions: Vec<Condition>,
    /// In which order, each upwards unless it says otherwise.
    pub order: Vec<String>,
    /// So many at most.
    pub limit: Option<usize>,
}

impl Condition {
    pub(super) fn equal(field: &str, literal: Literal) -> Self {
        Condition::Is(field.to_owned(), Compare::Equal, literal)
    }

    pub(super) fn text(field: &str, text: &str) -> Self {
        Self::equal(field, Literal::Text(text.to_owned()))
    }
}

impl Select {
    /// The question as text.
    ///
    /// # Errors
    /// When a name has a letter that no name has.
    pub(super) fn write(&self) -> Result<String, CrmError> {
        let fields = self.fields.iter().try_fold(String::new(), |mut all, field| {
            if !all.is_empty() {
                all.push_str(", ");
            }
            all.push_str(name(field)?);
            Ok::<_, CrmError>(all)
        })?;
        let fields = if fields.is_empty() { "COUNT()" } else { &fields };
        let mut text = format!("SELECT {fields} FROM {}", name(&self.from)?);
        if !self.conditions.is_empty() {
            text.push_str(" WHERE ");
            joined(&mut text, &self.conditions, " AND ")?;
        }
        for (place, field) in self.order.iter().enumerate() {
            text.push_str(if place == 0 { " ORDER BY " } else { ", " });
            match field.strip_suffix(" DESC") {
                Some(field) => text.extend([name(field)?, " DESC"]),
                None => text.push_str(name(field)?),
            }
        }
        if let Some(limit) = self.limit {
            text.push_str(&format!(" LIMIT {limit}"));
        }
        Ok(text)
    }
}

fn joined(text: &mut String, conditions: &[Condition], between: &str) -> Result<(), CrmError> {
    for (place, condition) in conditions.iter().enumerate() {
        if place > 0 {
            text.push_str(between);
        }
        match condition {
            Condition::Is(field, compare, literal) => {
                let sign = match compare {
                    Compare::Equal => "=",
                    Compare::Over => ">",
                    Compare::AtLeast => ">=",
                    Compare::AtMost => "<=",
                };
                text.push_str(&format!("{} {sign} {literal}", name(field)?));
            }
            Condition::In(field, values) => {
                let values: Vec<String> = values.iter().map(|value| Literal::Text(value.clone()).to_string()).collect();
                text.push_str(&format!("{} IN ({})", name(field)?, values.join(",")));
            }
            Condition::All(all) => {
                text.push('(');
                joined(text, all, " AND ")?;
                text.push(')');
            }
            Condition::Any(any) => {
                text.push('(');
                joined(text, any, " OR ")?;
                text.push(')');
            }
        }
    }
    Ok(())
}

fn name(name: &str) -> Result<&str, CrmError> {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
    if is_name {
        Ok(name)
    } else {
        Err(CrmError::Refused(format!("a name is not Salesforce's ({} letters)", name.len())))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Text(text) => {
                f.write_str("'")?;
                for c in text.chars() {
                    match c {
                        '\'' => f.write_str("\\'")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
                        c => write!(f, "{c}")?,
                    }
                }
                f.write_str("'")
            }
            Literal::Moment(at) => f.write_str(&write_instant(*at)),
            Literal::Bare(text) => f.write_str(text),
            Literal::Truth(truth) => write!(f, "{truth}"),
            Literal::Null => f.write_str("null"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::*;

    /// Reads a quoted text as the vendor's grammar does: where it ends, and what it says.
    fn unquote(text: &str) -> Option<(String, &str)> {
        let mut rest = text.strip_prefix('\'')?.chars();
        let mut said = String::new();
        loop {
            match rest.next()? {
                '\'' => return Some((said, rest.as_str())),
                '\\' => match rest.next()? {
                    'n' => said.push('\n'),
                    'r' => said.push('\r'),
                    't' => said.push('\t'),
                    'u' => {
                        let code: String = rest.by_ref().take(4).collect();
                        said.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
                    }
                    c @ ('\'' | '\\') => said.push(c),
                    _ => return None,
                },
                c if c.is_control() => return None,
                c => said.push(c),
            }
        }
    }

    proptest! {
        #[test]
        fn a_text_ends_where_it_is_closed_and_says_what_it_said(text in any::<String>(), other in "[\\\\'\" \n()a-z]{0,12}") {
            let written = Literal::Text(text.clone()).to_string();
            prop_assert_eq!(unquote(&written), Some((text.clone(), "")));
            let question = Select {
                fields: vec!["Id".into()],
                from: "Lead".into(),
                conditions: vec![Condition::In("Company".into(), vec![text.clone(), other.clone()])],
                ..Select::default()
            };
            let written = question.write().unwrap();
            let rest = written.strip_prefix("SELECT Id FROM Lead WHERE Company IN (").unwrap();
            let (first, rest) = unquote(rest).unwrap();
            let (second, rest) = unquote(rest.strip_prefix(',').unwrap()).unwrap();
            prop_assert_eq!((first, second, rest), (text, other, ")"));
        }

        #[test]
        fn no_name_brings_anything_with_it(text in any::<String>()) {
            let question = Select { fields: vec![text.clone()], from: "Lead".into(), ..Select::default() };
            if let Ok(written) = question.write() {
                prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.'));
                prop_assert_eq!(written, format!("SELECT {text} FROM Lead"));
            }
        }
    }

    #[test]
    fn a_question_has_the_form_of_its_parts() {
        let at = Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap();
        let stamp = || "SystemModstamp".to_owned();
        let question = Select {
            fields: vec!["Id".into(), "Account.Name".into()],
            from: "Opportunity".into(),
            conditions: vec![
                Condition::Any(vec![
                    Condition::Is(stamp(), Compare::Over, Literal::Moment(at)),
                    Condition::All(vec![
                        Condition::Is(stamp(), Compare::Equal, Literal::Moment(at)),
                        Condition::Is("Id".into(), Compare::Over, Literal::Text("006'".into())),
                    ]),
                ]),
                Condition::equal("IsDeleted", Literal::Truth(false)),
                Condition::equal("Amount", Literal::Bare("1.50".into())),
                Condition::equal("TaskSubtype", Literal::Null),
            ],
            order: vec![stamp(), "Id DESC".into()],
            limit: Some(2000),
        };
        assert_eq!(
            question.write().unwrap(),
            "SELECT Id, Account.Name FROM Opportunity WHERE (SystemModstamp > 2026-11-21T10:00:00.000Z OR \
             (SystemModstamp = 2026-11-21T10:00:00.000Z AND Id > '006\\'')) AND IsDeleted = false AND Amount = 1.50 \
             AND TaskSubtype = null ORDER BY SystemModstamp, Id DESC LIMIT 2000"
        );
        assert_eq!(Select { from: "Lead".into(), ..Select::default() }.write().unwrap(), "SELECT COUNT() FROM Lead");
        assert!(Select { from: "Lead, User".into(), ..Select::default() }.write().is_err());
    }
}
