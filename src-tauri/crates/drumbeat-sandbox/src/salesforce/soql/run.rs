//! Which rows a query finds, in which order, with as little walking as the question allows.
//!
//! The hard idea: a first sync asks for rows by id and a poll by time of change, both with a limit; both orders are kept, so a
//! page costs what it shows and not what the table holds.

use std::cmp::Ordering;

use crate::clock::Millis;
use crate::json::parse_time;
use crate::salesforce::id::Id;
use crate::salesforce::org::{FieldIx, Object, RowIx};
use crate::salesforce::schema::{Held, Type};
use crate::salesforce::soql::bound::{Bound, Key};
use crate::salesforce::soql::route::{Route, value};
use crate::salesforce::soql::test::{Against, Check, What, decimal, passes};
use crate::salesforce::soql::tree::Op;
use crate::salesforce::view::View;

/// The rows that answer, `deleted` ones too where asked, in order and cut to limit and offset.
pub(crate) fn rows(view: &View<'_>, bound: &Bound, deleted: bool) -> Vec<RowIx> {
    let object = view.org.at(bound.object);
    rows_among(view, bound, deleted, narrowed(object, bound.check.as_ref(), deleted))
}

/// How many rows answer.
pub(crate) fn count(view: &View<'_>, bound: &Bound, deleted: bool) -> usize {
    rows(view, &Bound { keys: Vec::new(), ..bound.clone() }, deleted).len()
}

/// The same among rows that are known already, in the order of their ids.
pub(crate) fn rows_among(view: &View<'_>, bound: &Bound, deleted: bool, known: Option<Vec<RowIx>>) -> Vec<RowIx> {
    let object = view.org.at(bound.object);
    let most = bound.limit.map_or(usize::MAX, |l| l.saturating_add(bound.offset));
    let fits = |row: &RowIx| {
        (deleted || object.row(*row).deleted.is_none())
            && bound.check.as_ref().is_none_or(|c| passes(view, (bound.object, *row), c, &|_| None))
    };
    let mut found: Vec<RowIx> = match (known, walk(object, &bound.keys)) {
        (Some(known), _) => {
            let mut all: Vec<RowIx> = known.into_iter().filter(|r| fits(r)).collect();
            sort(view, bound, &mut all);
            all.truncate(most);
            all
        }
        (None, Some(Walk::Ids(down))) => {
            let from = bound
                .check
                .as_ref()
                .and_then(|c| floor_id(object, c))
                .map_or(0, |id| object.rows.partition_point(|r| r.id < id));
            let range = from as RowIx..object.rows.len() as RowIx;
            if down { range.rev().filter(fits).take(most).collect() } else { range.filter(fits).take(most).collect() }
        }
        (None, Some(Walk::Stamps(down))) => {
            let from = bound.check.as_ref().and_then(|c| floor_stamp(object, c)).unwrap_or(Millis::MIN);
            let range = object.stamps.range((from, 0)..).map(|(_, row)| *row);
            if down { range.rev().filter(fits).take(most).collect() } else { range.filter(fits).take(most).collect() }
        }
        (None, None) => {
            let floor = bound.check.as_ref().and_then(|c| floor_stamp(object, c));
            let mut all: Vec<RowIx> = match floor {
                Some(from) => object.stamps.range((from, 0)..).map(|(_, row)| *row).filter(fits).collect(),
                None => (0..object.rows.len() as RowIx).filter(fits).collect(),
            };
            sort(view, bound, &mut all);
            all.truncate(most);
            all
        }
    };
    found.drain(..bound.offset.min(found.len()));
    found
}

/// An order that is kept already.
enum Walk {
    Ids(bool),
    Stamps(bool),
}

fn held(object: &Object, route: &Route) -> Option<Held> {
    route.direct().map(|ix| object.field(ix).held)
}

fn walk(object: &Object, keys: &[Key]) -> Option<Walk> {
    let kinds: Vec<(Option<Held>, bool)> = keys.iter().map(|k| (held(object, &k.route), k.down)).collect();
    match kinds[..] {
        [] => None,
        [(Some(Held::Id), down)] => Some(Walk::Ids(down)),
        [(Some(Held::Stamp), down)] => Some(Walk::Stamps(down)),
        [(Some(Held::Stamp), down), (Some(Held::Id), also)] if down == also => Some(Walk::Stamps(down)),
        _ => None,
    }
}

/// No row before this id can pass.
fn floor_id(object: &Object, check: &Check) -> Option<Id> {
    match check {
        Check::All(list) => list.iter().filter_map(|c| floor_id(object, c)).max(),
        Check::Any(list) => list.iter().map(|c| floor_id(object, c)).collect::<Option<Vec<_>>>()?.into_iter().min(),
        Check::Is { of: What::Cell(route), op: Op::More | Op::AtLeast, against: Against::Id(id) }
            if held(object, route) == Some(Held::Id) =>
        {
            Some(*id)
        }
        _ => None,
    }
}

/// No row changed before this can pass. A person's change is never later than the system's.
fn floor_stamp(object: &Object, check: &Check) -> Option<Millis> {
    match check {
        Check::All(list) => list.iter().filter_map(|c| floor_stamp(object, c)).max(),
        Check::Any(list) => list.iter().map(|c| floor_stamp(object, c)).collect::<Option<Vec<_>>>()?.into_iter().min(),
        Check::Is { of: What::Cell(route), op, against } => {
            let from = match (op, against) {
                (Op::More | Op::AtLeast | Op::Is, Against::Moment(t)) => t,
                (Op::AtLeast | Op::Is, Against::Span(from, _)) => from,
                (Op::More, Against::Span(_, to)) => to,
                _ => return None,
            };
            let of = held(object, route)?;
            matches!(of, Held::Stamp | Held::Modified | Held::Created).then(|| parse_time(from)).flatten()
        }
        _ => None,
    }
}

/// The rows among which all that pass are, where an id, a reference or a unique value names them.
fn narrowed(object: &Object, check: Option<&Check>, deleted: bool) -> Option<Vec<RowIx>> {
    // What is in the bin has given its unique values back.
    let unique = |ix| object.has_uniques(ix) && !deleted;
    match check? {
        Check::All(list) => {
            let each = list.iter().filter_map(|c| narrowed(object, Some(c), deleted));
            each.chain(spanned(object, list)).min_by_key(Vec::len)
        }
        Check::Any(list) => {
            let mut all: Vec<RowIx> =
                list.iter().map(|c| narrowed(object, Some(c), deleted)).collect::<Option<Vec<_>>>()?.concat();
            all.sort_unstable();
            all.dedup();
            Some(all)
        }
        Check::Is { of: What::Cell(route), op: Op::Is, against } => {
            let ix = route.direct()?;
            match against {
                Against::Id(id) => by_id(object, ix, *id),
                Against::Text(t) => unique(ix).then(|| object.holder(ix, t).into_iter().collect()),
                _ => None,
            }
        }
        Check::In { of, not: false, values, null: false } => {
            let ix = of.direct()?;
            let each = values.iter().map(|v| match of.of {
                Type::Id | Type::Reference => by_id(object, ix, Id::parse(v)?),
                _ => unique(ix).then(|| object.holder(ix, v).into_iter().collect()),
            });
            let mut all: Vec<RowIx> = each.collect::<Option<Vec<_>>>()?.concat();
            all.sort_unstable();
            all.dedup();
            Some(all)
        }
        _ => None,
    }
}

/// The rows whose reference lies between two ids that a question names.
fn spanned(object: &Object, list: &[Check]) -> Option<Vec<RowIx>> {
    let bound = |ops: [Op; 2]| {
        list.iter().find_map(|check| match check {
            Check::Is { of: What::Cell(route), op, against: Against::Id(id) } if ops.contains(op) => {
                Some((route.direct()?, *id))
            }
            _ => None,
        })
    };
    let ((field, from), (also, to)) = (bound([Op::More, Op::AtLeast])?, bound([Op::Less, Op::AtMost])?);
    (field == also && object.field(field).held == Held::Cell && from <= to)
        .then(|| object.referrers_among(field, from..=to))
        .flatten()
}

fn by_id(object: &Object, field: FieldIx, id: Id) -> Option<Vec<RowIx>> {
    match object.field(field).held {
        Held::Id => Some(object.row_ix(id).into_iter().collect()),
        Held::Cell => object.referrers(field, id).map(<[RowIx]>::to_vec),
        _ => None,
    }
}

fn sort(view: &View<'_>, bound: &Bound, rows: &mut [RowIx]) {
    if bound.keys.is_empty() {
        return;
    }
    let key = |row: RowIx| -> Vec<Option<String>> {
        bound.keys.iter().map(|k| value(view, (bound.object, row), &k.route)).collect()
    };
    let mut keyed: Vec<(Vec<Option<String>>, RowIx)> = rows.iter().map(|r| (key(*r), *r)).collect();
    keyed.sort_by(|a, b| {
        let each = bound.keys.iter().zip(a.0.iter().zip(&b.0));
        let order = each.map(|(k, (a, b))| compare(k.route.of, a.as_deref(), b.as_deref(), k.down, k.nulls_last));
        order.fold(Ordering::Equal, Ordering::then).then(a.1.cmp(&b.1))
    });
    for (place, (_, row)) in rows.iter_mut().zip(keyed) {
        *place = row;
    }
}

/// Nulls stand where they are told to, whichever way the values run.
pub(crate) fn compare(of: Type, a: Option<&str>, b: Option<&str>, down: bool, nulls_last: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => {
            if nulls_last {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (Some(_), None) => {
            if nulls_last {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (Some(a), Some(b)) => {
            let order = match of {
                Type::Id | Type::Reference | Type::Date | Type::DateTime => a.cmp(b),
                of if of.is_number() => decimal(a).cmp(&decimal(b)),
                _ => a.to_lowercase().cmp(&b.to_lowercase()),
            };
            if down { order.reverse() } else { order }
        }
    }
}
