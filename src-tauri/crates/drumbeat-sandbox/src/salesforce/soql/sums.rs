//! Grouped answers: counts, sums, averages and extremes of the rows that pass.

use std::collections::{BTreeMap, HashSet};

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::salesforce::org::RowIx;
use crate::salesforce::schema::Type;
use crate::salesforce::soql::bound::{Bound, Column, Reckoned};
use crate::salesforce::soql::route::value;
use crate::salesforce::soql::run;
use crate::salesforce::soql::shown::double;
use crate::salesforce::soql::test::{decimal, passes};
use crate::salesforce::soql::tree::Sum;
use crate::salesforce::view::View;

/// The value of an aggregate over some rows; `None` is null.
fn reckon(view: &View<'_>, bound: &Bound, rows: &[RowIx], of: &Reckoned) -> Option<String> {
    let Some(route) = &of.of else { return Some(rows.len().to_string()) };
    let values = rows.iter().filter_map(|r| value(view, (bound.object, *r), route));
    match of.sum {
        Sum::Count => Some(values.count().to_string()),
        Sum::Distinct => Some(values.map(|v| v.to_lowercase()).collect::<HashSet<_>>().len().to_string()),
        Sum::Total | Sum::Average => {
            let (mut sum, mut n) = (Decimal::ZERO, 0u32);
            for v in values.filter_map(|v| decimal(&v)) {
                (sum, n) = (sum.checked_add(v)?, n + 1);
            }
            if n == 0 {
                return None;
            }
            let out = if of.sum == Sum::Total { sum } else { sum.checked_div(Decimal::from(n))? };
            Some(out.normalize().to_string())
        }
        Sum::Least => values.min_by(|a, b| run::compare(route.of, Some(a), Some(b), false, false)),
        Sum::Most => values.max_by(|a, b| run::compare(route.of, Some(a), Some(b), false, false)),
    }
}

/// A value of a column with its type, as JSON.
fn shown(bound: &Bound, column: &Column, text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    let of = match column {
        Column::Group(i) => bound.group[*i].of,
        Column::Sum(r) => match r.sum {
            Sum::Count | Sum::Distinct => Type::Int,
            Sum::Average => Type::Double,
            Sum::Total | Sum::Least | Sum::Most => r.of.as_ref().map_or(Type::Int, |r| r.of),
        },
    };
    match of {
        Type::Boolean => (text == "true").into(),
        of if of.is_number() => {
            serde_json::from_str(&if of == Type::Int { text.to_owned() } else { double(text) }).unwrap_or(Value::Null)
        }
        Type::DateTime => text.replace('Z', "+0000").into(),
        _ => text.into(),
    }
}

/// The groups of a query's rows, as records of type `AggregateResult`.
pub(crate) fn answer(view: &View<'_>, bound: &Bound, deleted: bool) -> Value {
    let plain = Bound { limit: None, offset: 0, keys: Vec::new(), ..bound.clone() };
    let rows = run::rows(view, &plain, deleted);
    let mut groups: BTreeMap<Vec<Option<String>>, Vec<RowIx>> = BTreeMap::new();
    if bound.group.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for row in rows {
        let key = bound.group.iter().map(|g| value(view, (bound.object, row), g)).collect();
        groups.entry(key).or_default().push(row);
    }
    let mut kept: Vec<(Vec<Option<String>>, Vec<RowIx>)> = groups
        .into_iter()
        .filter(|(_, rows)| {
            let reckon = |r: &Reckoned| reckon(view, bound, rows, r);
            let first = rows.first().copied().unwrap_or_default();
            bound.having.as_ref().is_none_or(|h| passes(view, (bound.object, first), h, &reckon))
        })
        .collect();
    let text = |column: &Column, key: &[Option<String>], rows: &[RowIx]| match column {
        Column::Group(i) => key[*i].clone(),
        Column::Sum(r) => reckon(view, bound, rows, r),
    };
    if !bound.ranks.is_empty() {
        let ranks = |g: &(Vec<Option<String>>, Vec<RowIx>)| -> Vec<Option<String>> {
            bound.ranks.iter().map(|(c, _)| text(c, &g.0, &g.1)).collect()
        };
        kept.sort_by(|a, b| {
            let (x, y) = (ranks(a), ranks(b));
            let each = bound.ranks.iter().zip(x.iter().zip(&y)).map(|((column, down), (x, y))| {
                let of = match column {
                    Column::Group(i) => bound.group[*i].of,
                    Column::Sum(Reckoned { sum: Sum::Least | Sum::Most, of: Some(r) }) => r.of,
                    Column::Sum(_) => Type::Double,
                };
                run::compare(of, x.as_deref(), y.as_deref(), *down, false)
            });
            each.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
    let records: Vec<Value> = kept
        .iter()
        .skip(bound.offset)
        .take(bound.limit.unwrap_or(2_000).min(2_000))
        .map(|(key, rows)| {
            let mut one = Map::new();
            one.insert("attributes".into(), json!({"type": "AggregateResult"}));
            for (name, column) in &bound.columns {
                one.insert(name.clone(), shown(bound, column, text(column, key, rows).as_deref()));
            }
            Value::Object(one)
        })
        .collect();
    json!({"totalSize": records.len(), "done": true, "records": records})
}
