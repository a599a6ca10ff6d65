//! Search: filter groups, one sort, pages of two hundred, ten thousand results at most.
//!
//! The hard idea is the lagging index: a record changed a moment ago is searched as it was before, and a new one is not found
//! yet, while the answer shows the record as it is now. Clients that read their own writes through search fail here, as they do
//! at the vendor.
//! Callers rely on: archived records never appear, `total` is the true count, paging beyond the cap is 400.

use serde_json::{Map, Value};

use crate::clock::Millis;
use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::{Column, View, column, kind_of};
use crate::hubspot::world::{Kind, KindIx, Record, World};
use crate::json;
use crate::request::Request;

const CAP: usize = 10_000;
const BODY_CHARACTERS: usize = 3_000;

#[derive(Debug)]
enum Test {
    Eq(String),
    Neq(String),
    Lt(f64),
    Lte(f64),
    Gt(f64),
    Gte(f64),
    Between(f64, f64),
    In(Vec<String>),
    NotIn(Vec<String>),
    Has,
    HasNot,
    Token(String),
    NotToken(String),
    /// Linked to one of these records.
    Linked(KindIx, Vec<u64>),
}

struct Filter {
    column: Column,
    /// Numbers and times compare as numbers, text as lower-case text.
    numeric: bool,
    test: Test,
}

fn refuse(message: String) -> Refusal {
    let mut r = Refusal::invalid(message);
    r.sub = Some("crm.SEARCH_INVALID");
    r
}

fn quantity(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().or_else(|| json::parse_time(text).map(|t| t as f64))
}

fn scalar(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// `associations.contact` is no property but filters by link.
fn linked(world: &World, to: &str, given: &Map<String, Value>) -> Result<Filter, Refusal> {
    let kind = kind_of(world, to)?;
    let listed = given.get("values").and_then(Value::as_array).into_iter().flatten();
    let ids = listed.chain(given.get("value")).filter_map(|v| scalar(Some(v))?.parse().ok()).collect();
    match given.get("operator").and_then(Value::as_str) {
        Some("EQ" | "IN") => Ok(Filter { column: Column::Id, numeric: false, test: Test::Linked(kind, ids) }),
        _ => Err(refuse(format!("associations.{to} can only be searched by EQ or IN"))),
    }
}

fn filter(world: &World, kind: &Kind, given: &Map<String, Value>) -> Result<Filter, Refusal> {
    let name = scalar(given.get("propertyName")).ok_or_else(|| refuse("A filter needs a propertyName".into()))?;
    if let Some(to) = name.strip_prefix("associations.") {
        return linked(world, to, given);
    }
    let column = column(world, kind, &name)
        .ok_or_else(|| refuse(format!("There was a problem with the request: unknown property {name}")))?;
    let of = match column {
        Column::Stored(sym) => kind.property(sym).map(|p| p.of.as_str()).unwrap_or("string"),
        Column::Id => "number",
        Column::Created | Column::Modified => "datetime",
    };
    let numeric = matches!(of, "number" | "date" | "datetime");
    let operator = scalar(given.get("operator")).unwrap_or_default();
    let value = |key: &str| {
        scalar(given.get(key)).ok_or_else(|| refuse(format!("operator {operator} requires {key} on {name}")))
    };
    let amount = |key: &str| {
        value(key).and_then(|v| quantity(&v).ok_or_else(|| refuse(format!("{v} is not a valid {of} for {name}"))))
    };
    let list = || {
        let given = given.get("values").and_then(Value::as_array);
        let list: Vec<String> =
            given.into_iter().flatten().filter_map(|v| scalar(Some(v))).map(|v| v.to_lowercase()).collect();
        if list.is_empty() { Err(refuse(format!("operator {operator} requires values on {name}"))) } else { Ok(list) }
    };
    let test = match operator.as_str() {
        "EQ" => Test::Eq(value("value")?.to_lowercase()),
        "NEQ" => Test::Neq(value("value")?.to_lowercase()),
        "LT" => Test::Lt(amount("value")?),
        "LTE" => Test::Lte(amount("value")?),
        "GT" => Test::Gt(amount("value")?),
        "GTE" => Test::Gte(amount("value")?),
        "BETWEEN" => Test::Between(amount("value")?, amount("highValue")?),
        "IN" => Test::In(list()?),
        "NOT_IN" => Test::NotIn(list()?),
        "HAS_PROPERTY" => Test::Has,
        "NOT_HAS_PROPERTY" => Test::HasNot,
        "CONTAINS_TOKEN" => Test::Token(value("value")?.to_lowercase()),
        "NOT_CONTAINS_TOKEN" => Test::NotToken(value("value")?.to_lowercase()),
        _ => return Err(refuse(format!("{operator} is not a valid operator"))),
    };
    Ok(Filter { column, numeric, test })
}

/// The moment the index has reached for this record; `None` when it has not seen the record at all.
fn seen(record: &Record, horizon: Millis) -> bool {
    record.created <= horizon && record.merged_into.is_none() && record.archived.is_none_or(|at| at > horizon)
}

fn stored(record: &Record, sym: u32, horizon: Millis) -> Option<&str> {
    if record.updated <= horizon { record.get(sym) } else { record.value_at(sym, horizon) }
}

fn number(record: &Record, column: Column, horizon: Millis) -> Option<f64> {
    match column {
        Column::Id => Some(record.id as f64),
        Column::Created => Some(record.created as f64),
        Column::Modified => Some(record.updated_at(horizon) as f64),
        Column::Stored(sym) => stored(record, sym, horizon).and_then(quantity),
    }
}

/// A token search splits at everything that is no letter or digit; `*` stands for any rest.
fn has_token(value: &str, wanted: &str) -> bool {
    let value = value.to_lowercase();
    let tokens = || value.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty());
    wanted.split(|c: char| !c.is_alphanumeric() && c != '*').filter(|w| !w.is_empty()).all(|w| {
        let core = w.trim_matches('*');
        tokens().any(|t| match (w.starts_with('*'), w.ends_with('*')) {
            (true, true) => t.contains(core),
            (true, false) => t.ends_with(core),
            (false, true) => t.starts_with(core),
            (false, false) => t == core,
        })
    })
}

impl Filter {
    fn matches(&self, record: &Record, horizon: Millis) -> bool {
        let number = || number(record, self.column, horizon);
        let text = || match self.column {
            Column::Stored(sym) => stored(record, sym, horizon).map(str::to_lowercase),
            _ => number().map(|n| (n as i64).to_string()),
        };
        let equal = |wanted: &str| match (self.numeric, quantity(wanted)) {
            (true, Some(w)) => number() == Some(w),
            _ => text().is_some_and(|t| t == wanted),
        };
        match &self.test {
            Test::Eq(v) => equal(v),
            Test::Neq(v) => text().is_some() && !equal(v),
            Test::Lt(v) => number().is_some_and(|n| n < *v),
            Test::Lte(v) => number().is_some_and(|n| n <= *v),
            Test::Gt(v) => number().is_some_and(|n| n > *v),
            Test::Gte(v) => number().is_some_and(|n| n >= *v),
            Test::Between(low, high) => number().is_some_and(|n| n >= *low && n <= *high),
            Test::In(list) => list.iter().any(|v| equal(v)),
            Test::NotIn(list) => text().is_some() && !list.iter().any(|v| equal(v)),
            Test::Has => text().is_some(),
            Test::HasNot => text().is_none(),
            Test::Token(v) => text().is_some_and(|t| has_token(&t, v)),
            Test::Linked(kind, ids) => record.links.iter().any(|l| l.kind == *kind && ids.contains(&l.to)),
            Test::NotToken(v) => !text().is_some_and(|t| has_token(&t, v)),
        }
    }
}

fn groups(world: &World, kind: &Kind, body: &Map<String, Value>) -> Result<Vec<Vec<Filter>>, Refusal> {
    let mut groups: Vec<&Value> = body.get("filterGroups").and_then(Value::as_array).into_iter().flatten().collect();
    // Older clients give the filters of a single group at the top.
    let bare = body.get("filters").map(|f| Value::Object([("filters".to_owned(), f.clone())].into_iter().collect()));
    groups.extend(bare.as_ref());
    if groups.len() > 5 {
        return Err(refuse("Too many filterGroups: at most 5 are allowed".into()));
    }
    let mut all = 0;
    let mut out = Vec::new();
    for group in groups {
        let filters: Vec<&Value> = group.get("filters").and_then(Value::as_array).into_iter().flatten().collect();
        all += filters.len();
        if filters.len() > 6 || all > 18 {
            return Err(refuse("Too many filters: at most 6 in a group and 18 in all are allowed".into()));
        }
        let objects =
            filters.into_iter().map(|f| f.as_object().ok_or_else(|| refuse("A filter must be an object".into())));
        let list: Result<Vec<Filter>, Refusal> = objects.map(|f| filter(world, kind, f?)).collect();
        out.push(list?);
    }
    Ok(out)
}

/// The sort asked for: column, and whether it descends.
fn sort(world: &World, kind: &Kind, body: &Map<String, Value>) -> Result<Option<(Column, bool)>, Refusal> {
    let sorts: Vec<&Value> = body.get("sorts").and_then(Value::as_array).into_iter().flatten().collect();
    if sorts.len() > 1 {
        return Err(refuse("Only one sort is allowed".into()));
    }
    let Some(sort) = sorts.first() else { return Ok(None) };
    let (name, down) = match sort {
        Value::String(s) => (s.trim_start_matches('-').to_owned(), s.starts_with('-')),
        other => (
            scalar(other.get("propertyName")).unwrap_or_default(),
            other.get("direction").and_then(Value::as_str).is_some_and(|d| d.eq_ignore_ascii_case("DESCENDING")),
        ),
    };
    let column = column(world, kind, &name).ok_or_else(|| refuse(format!("Invalid sort property {name}")))?;
    Ok(Some((column, down)))
}

fn order(hits: &mut [&Record], kind: &Kind, (column, down): (Column, bool), horizon: Millis) {
    let numeric = match column {
        Column::Stored(sym) => {
            kind.property(sym).is_some_and(|p| matches!(p.of.as_str(), "number" | "date" | "datetime"))
        }
        _ => true,
    };
    if numeric {
        hits.sort_by_cached_key(|r| {
            let n = number(r, column, horizon).unwrap_or(f64::MIN);
            // The order of floats as integers; what has no value comes first.
            let bits = n.to_bits() as i64;
            (bits ^ (((bits >> 63) as u64) >> 1) as i64, r.id)
        });
    } else if let Column::Stored(sym) = column {
        hits.sort_by_cached_key(|r| (stored(r, sym, horizon).map(str::to_lowercase), r.id));
    }
    if down {
        hits.reverse();
    }
}

pub(crate) fn search(world: &World, request: &Request, kind: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    if request.body.len() > BODY_CHARACTERS && String::from_utf8_lossy(&request.body).chars().count() > BODY_CHARACTERS
    {
        return Err(refuse(format!("The request body is longer than {BODY_CHARACTERS} characters")));
    }
    let body = request.object()?;
    let whole = |name: &str, default: usize| match body.get(name) {
        None | Some(Value::Null) => Ok(default),
        Some(Value::String(s)) if s.is_empty() => Ok(default),
        Some(v) => scalar(Some(v))
            .and_then(|s| s.parse::<usize>().ok())
            .ok_or_else(|| refuse(format!("{name} must be a whole number"))),
    };
    let (limit, after) = (whole("limit", 10)?, whole("after", 0)?);
    if limit > 200 {
        return Err(refuse(format!("limit {limit} is greater than the maximum of 200")));
    }
    if after + limit > CAP {
        return Err(refuse(format!(
            "Searches can only return {CAP} results: after {after} with limit {limit} is beyond them"
        )));
    }
    let (groups, sort) = (groups(world, kind, &body)?, sort(world, kind, &body)?);
    let horizon = request.at - world.index_lag;
    let query = body.get("query").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let searchable: Vec<u32> = kind.searchable.iter().filter_map(|n| world.names.find(n)).collect();
    let spoken = |r: &Record| {
        words
            .iter()
            .all(|w| searchable.iter().any(|s| stored(r, *s, horizon).is_some_and(|v| v.to_lowercase().contains(w))))
    };
    let mut hits: Vec<&Record> = kind
        .records
        .iter()
        .filter(|r| {
            seen(r, horizon)
                && (groups.is_empty() || groups.iter().any(|g| g.iter().all(|f| f.matches(r, horizon))))
                && spoken(r)
        })
        .collect();
    if let Some(sort) = sort {
        order(&mut hits, kind, sort, horizon);
    }
    let wanted: Option<Vec<&str>> =
        body.get("properties").and_then(Value::as_array).map(|l| l.iter().filter_map(Value::as_str).collect());
    let view = View::new(world, kind, wanted.as_deref().filter(|w| !w.is_empty()), None, None)?;
    let mut out = Vec::with_capacity(limit * 1024);
    out.extend_from_slice(format!("{{\"total\":{},\"results\":[", hits.len()).as_bytes());
    let (mut first, mut shown) = (true, 0);
    for record in hits.iter().skip(after).take(limit) {
        shown += 1;
        // Found through an index that has not noticed yet: what is gone by now is not shown.
        if record.archived.is_some() {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        view.write(&mut out, world, kind, record, None);
    }
    out.push(b']');
    if after + shown < hits.len() && shown > 0 {
        out.extend_from_slice(format!(",\"paging\":{{\"next\":{{\"after\":\"{}\"}}}}", after + shown).as_bytes());
    }
    out.push(b'}');
    Ok(Answer::raw(200, out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_match_as_whole_words_or_by_star() {
        let cases = [
            ("Acme Corp.", "acme", true),
            ("Acme Corp.", "acm", false),
            ("Acme Corp.", "acm*", true),
            ("Acme Corp.", "*orp", true),
            ("jo@acme.example", "acme", true),
            ("x", "y", false),
        ];
        for (value, wanted, expected) in cases {
            assert_eq!(has_token(value, wanted), expected, "{value} {wanted}");
        }
    }
}
