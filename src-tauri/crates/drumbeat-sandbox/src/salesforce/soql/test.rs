//! Conditions: bound to places once, then asked of each row.

use std::cmp::Ordering;
use std::collections::HashSet;

use rust_decimal::Decimal;

use crate::salesforce::id::Id;
use crate::salesforce::org::{ObjectIx, RowIx};
use crate::salesforce::problem::Problem;
use crate::salesforce::schema::Type;
use crate::salesforce::soql::bound::{Reckoned, Scope};
use crate::salesforce::soql::dates;
use crate::salesforce::soql::route::{Route, value};
use crate::salesforce::soql::tree::{Literal, Of, Op, Path, Test};
use crate::salesforce::view::View;

/// What a value is held against.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Against {
    Null,
    /// In lower case.
    Text(String),
    Id(Id),
    Number(Decimal),
    /// Days and times compare as they are written.
    Moment(String),
    /// First day, and the day after the last.
    Span(String, String),
    /// A pattern in lower case.
    Like(Vec<Glob>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Glob {
    One,
    Any,
    Just(char),
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    Cell(Route),
    Sum(Reckoned),
}

#[derive(Debug, Clone)]
pub(crate) enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Never(Box<Check>),
    Is { of: What, op: Op, against: Against },
    In { of: Route, not: bool, values: HashSet<String>, null: bool },
    Holds { of: Route, not: bool, values: Vec<Vec<String>> },
}

/// A value as sets and equality have it: ids without their checksum, all else in lower case.
fn plain(of: Type, text: &str) -> String {
    match (of, Id::parse(text)) {
        (Type::Id | Type::Reference, Some(id)) => id.text(),
        (t, _) if t.is_number() => {
            text.parse::<Decimal>().map_or_else(|_| text.to_owned(), |d| d.normalize().to_string())
        }
        _ => text.to_lowercase(),
    }
}

pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

pub(crate) fn bind(scope: &Scope<'_>, test: &Test) -> Result<Check, Problem> {
    Ok(match test {
        Test::All(list) => Check::All(list.iter().map(|t| bind(scope, t)).collect::<Result<_, _>>()?),
        Test::Any(list) => Check::Any(list.iter().map(|t| bind(scope, t)).collect::<Result<_, _>>()?),
        Test::Never(t) => Check::Never(Box::new(bind(scope, t)?)),
        Test::Is { of: Of::Field(path), op, value, at } => {
            let route = filterable(scope, path)?;
            let against = against(scope, &route, *op, value, *at)?;
            Check::Is { of: What::Cell(route), op: *op, against }
        }
        Test::Is { of: Of::Sum(sum, path), op, value, at } => {
            let against = match value {
                Literal::Number(n) => decimal(n).map(Against::Number),
                Literal::Text(t) => Some(Against::Text(t.to_lowercase())),
                Literal::Date(t) | Literal::Time(t) => Some(Against::Moment(t.clone())),
                _ => None,
            };
            let against = against
                .ok_or_else(|| scope.binder.refuse("MALFORMED_QUERY", *at, "an aggregate is compared with a value"))?;
            Check::Is { of: What::Sum(scope.sum(*sum, path.as_ref())?), op: *op, against }
        }
        Test::In { of, not, values } => {
            let route = filterable(scope, of)?;
            let (mut set, mut null) = (HashSet::new(), false);
            for (literal, at) in values {
                match (literal, against(scope, &route, Op::Is, literal, *at)?) {
                    (_, Against::Null) => null = true,
                    (Literal::Text(t) | Literal::Number(t), _) => drop(set.insert(plain(route.of, t))),
                    (Literal::Bool(b), _) => drop(set.insert(b.to_string())),
                    (Literal::Date(t) | Literal::Time(t), _) => drop(set.insert(t.to_lowercase())),
                    _ => {
                        return Err(scope.binder.refuse(
                            "MALFORMED_QUERY",
                            *at,
                            "a span of days cannot stand in a list",
                        ));
                    }
                }
            }
            Check::In { of: route, not: *not, values: set, null }
        }
        Test::InRows { of, not, rows } => {
            let route = filterable(scope, of)?;
            let values = scope.inner(rows)?.into_iter().map(|v| plain(route.of, &v)).collect();
            Check::In { of: route, not: *not, values, null: false }
        }
        Test::Holds { of, not, values } => {
            let route = filterable(scope, of)?;
            if route.of != Type::MultiPicklist {
                return Err(scope.binder.refuse(
                    "INVALID_QUERY_FILTER_OPERATOR",
                    of.at,
                    "includes or excludes operator only valid on multipicklist field",
                ));
            }
            let each = values.iter().map(|(literal, at)| match literal {
                Literal::Text(t) => Ok(t.split(';').map(str::to_lowercase).collect()),
                _ => Err(scope.binder.refuse("MALFORMED_QUERY", *at, "includes and excludes take texts")),
            });
            Check::Holds { of: route, not: *not, values: each.collect::<Result<_, _>>()? }
        }
    })
}

fn filterable(scope: &Scope<'_>, path: &Path) -> Result<Route, Problem> {
    let route = scope.route(path)?;
    if scope.field(&route).is_some_and(|f| !f.filterable) {
        return Err(scope.binder.refuse(
            "INVALID_FIELD",
            path.at,
            format!("field '{}' can not be filtered in a query call", path.text),
        ));
    }
    Ok(route)
}

fn against(scope: &Scope<'_>, route: &Route, op: Op, literal: &Literal, at: usize) -> Result<Against, Problem> {
    let wrong = |quotes: bool| {
        let name = route.name.rsplit('.').next().unwrap_or_default();
        let kind = match route.of {
            Type::DateTime => "dateTime",
            Type::Currency | Type::Double | Type::Percent => "double",
            Type::Id | Type::Reference => "ID",
            of if of.is_number() || matches!(of, Type::Date | Type::Boolean) => of.word(),
            _ => "string",
        };
        let more = if quotes {
            "must be of type {} and should be enclosed in quotes"
        } else {
            "must be of type {} and should not be enclosed in quotes"
        };
        let more = more.replace("{}", kind);
        Err(scope.binder.refuse("INVALID_FIELD", at, format!("value of filter criterion for field '{name}' {more}")))
    };
    let of = route.of;
    let ids = matches!(of, Type::Id | Type::Reference);
    match literal {
        Literal::Null => Ok(Against::Null),
        Literal::Text(t) if op == Op::Like && !of.is_number() && !ids => Ok(Against::Like(globs(t))),
        Literal::Text(t) if ids => {
            if t.is_empty() {
                return Ok(Against::Null);
            }
            match Id::parse(t) {
                Some(id) => Ok(Against::Id(id)),
                None => Err(scope.binder.refuse("INVALID_QUERY_FILTER_OPERATOR", at, format!("invalid ID field: {t}"))),
            }
        }
        Literal::Text(_) if of.is_number() || matches!(of, Type::Date | Type::DateTime | Type::Boolean) => wrong(false),
        Literal::Text(t) if t.is_empty() => Ok(Against::Null),
        Literal::Text(t) => Ok(Against::Text(unslashed(t).to_lowercase())),
        Literal::Number(n) if of.is_number() => decimal(n).map_or_else(|| wrong(false), |n| Ok(Against::Number(n))),
        Literal::Bool(b) if of == Type::Boolean => Ok(Against::Text(b.to_string())),
        Literal::Date(t) if of == Type::Date => Ok(Against::Moment(t.clone())),
        Literal::Time(t) if of == Type::DateTime => Ok(Against::Moment(t.clone())),
        Literal::Span(word, n) if matches!(of, Type::Date | Type::DateTime) => {
            let (from, to) = dates::span(word, *n, scope.now());
            let whole = |day: String| if of == Type::DateTime { format!("{day}T00:00:00.000Z") } else { day };
            Ok(Against::Span(whole(from), whole(to)))
        }
        _ => wrong(!of.is_number() && !matches!(of, Type::Date | Type::DateTime | Type::Boolean)),
    }
}

/// Signs of patterns mean themselves outside of patterns.
fn unslashed(text: &str) -> String {
    text.replace("\\%", "%").replace("\\_", "_")
}

fn globs(text: &str) -> Vec<Glob> {
    let mut out = Vec::new();
    let lower = text.to_lowercase();
    let mut letters = lower.chars();
    while let Some(c) = letters.next() {
        out.push(match c {
            '%' => Glob::Any,
            '_' => Glob::One,
            '\\' => match letters.next() {
                Some(c) => Glob::Just(c),
                None => Glob::Just('\\'),
            },
            c => Glob::Just(c),
        });
    }
    out
}

/// Does a text follow a pattern? Goes back at most to the last `%`, so that no pattern takes forever.
fn like(text: &str, globs: &[Glob]) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut t, mut g) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match globs.get(g) {
            Some(Glob::Any) => {
                back = Some((t, g));
                g += 1;
            }
            Some(Glob::One) => (t, g) = (t + 1, g + 1),
            Some(Glob::Just(c)) if *c == text[t] => (t, g) = (t + 1, g + 1),
            _ => match back {
                Some((from, star)) => {
                    back = Some((from + 1, star));
                    (t, g) = (from + 1, star + 1);
                }
                None => return false,
            },
        }
    }
    globs[g..].iter().all(|g| *g == Glob::Any)
}

/// Numbers that are groups reckon themselves; a row has none.
pub(crate) type Reckon<'a> = &'a dyn Fn(&Reckoned) -> Option<String>;

/// Does a row pass?
pub(crate) fn passes(view: &View<'_>, at: (ObjectIx, RowIx), check: &Check, reckon: Reckon<'_>) -> bool {
    match check {
        Check::All(list) => list.iter().all(|c| passes(view, at, c, reckon)),
        Check::Any(list) => list.iter().any(|c| passes(view, at, c, reckon)),
        Check::Never(c) => !passes(view, at, c, reckon),
        Check::Is { of, op, against } => {
            let (text, of) = match of {
                What::Cell(route) => (value(view, at, route), route.of),
                What::Sum(r) => (reckon(r), Type::Double),
            };
            is(text.as_deref(), of, *op, against)
        }
        Check::In { of, not, values, null } => match value(view, at, of) {
            Some(v) => values.contains(&plain(of.of, &v)) != *not,
            None => *null != *not,
        },
        Check::Holds { of, not, values } => {
            let held = value(view, at, of).unwrap_or_default().to_lowercase();
            let held: Vec<&str> = held.split(';').collect();
            values.iter().any(|all| all.iter().all(|one| held.contains(&one.as_str()))) != *not
        }
    }
}

fn is(text: Option<&str>, of: Type, op: Op, against: &Against) -> bool {
    let Some(text) = text else {
        // Null is equal to null alone; of a checkbox it means no.
        return match against {
            Against::Null => op == Op::Is,
            Against::Text(t) if of == Type::Boolean => (t == "false") == (op == Op::Is),
            _ => op == Op::Not,
        };
    };
    let order = match against {
        Against::Null => return op == Op::Not,
        Against::Text(t) => text.to_lowercase().cmp(t),
        Against::Id(id) => match Id::parse(text) {
            Some(own) => own.cmp(id),
            None => return op == Op::Not,
        },
        Against::Number(n) => match decimal(text) {
            Some(own) => own.cmp(n),
            None => return false,
        },
        Against::Moment(t) => text.cmp(t.as_str()),
        Against::Span(from, to) => {
            return match op {
                Op::Is => (from.as_str()..to.as_str()).contains(&text),
                Op::Not => !(from.as_str()..to.as_str()).contains(&text),
                Op::Less => text < from.as_str(),
                Op::AtMost => text < to.as_str(),
                Op::More => text >= to.as_str(),
                Op::AtLeast => text >= from.as_str(),
                Op::Like => false,
            };
        }
        Against::Like(globs) => return like(&text.to_lowercase(), globs),
    };
    match op {
        Op::Is | Op::Like => order == Ordering::Equal,
        Op::Not => order != Ordering::Equal,
        Op::Less => order == Ordering::Less,
        Op::AtMost => order != Ordering::Greater,
        Op::More => order == Ordering::Greater,
        Op::AtLeast => order != Ordering::Less,
    }
}
