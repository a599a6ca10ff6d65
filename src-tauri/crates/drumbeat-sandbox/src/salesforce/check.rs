//! What Salesforce refuses to write: unknown, locked, ill-typed, missing and already-taken values.
//!
//! Callers rely on: nothing here changes anything; what comes back can be stored without another question.

use serde_json::{Map, Value};

use crate::json::parse_day;
use crate::salesforce::id::Id;
use crate::salesforce::org::{FieldIx, Object, ObjectIx, Org, RowIx};
use crate::salesforce::problem::Problem;
use crate::salesforce::schema::{Field, Type};
use crate::salesforce::soql::{number, time};
use crate::salesforce::view::Hidden;

/// Values ready to be stored; `None` empties.
pub(crate) type Values = Vec<(FieldIx, Option<String>)>;

/// The value that a write gives a field, where it gives one.
pub(crate) fn given(values: &Values, field: FieldIx) -> Option<Option<&str>> {
    values.iter().find(|(f, _)| *f == field).map(|(_, v)| v.as_deref())
}

#[derive(Clone, Copy)]
pub(crate) struct Rights<'a> {
    pub(crate) hidden: &'a Hidden,
    /// Fields that the user may see and not change, in lower case.
    pub(crate) locked: &'a Hidden,
}

/// Checks the members of a record that is to be made (`row` is none) or changed.
pub(crate) fn check(
    org: &Org,
    object: ObjectIx,
    body: &Map<String, Value>,
    row: Option<RowIx>,
    rights: &Rights<'_>,
) -> Result<Values, Problem> {
    let o = org.at(object);
    let mut values = Values::with_capacity(body.len());
    for (name, value) in body.iter().filter(|(n, _)| *n != "attributes") {
        if let (Value::Object(to), Some(ix)) = (value, relation(o, name)) {
            values.push((ix, Some(referred(org, o.field(ix), to)?)));
            continue;
        }
        let full = format!("{}.{name}", o.name).to_ascii_lowercase();
        let found = o.field_ix(name).filter(|_| !rights.hidden.contains(&full));
        let ix = found.ok_or_else(|| Problem::no_column(name, &o.name))?;
        let field = o.field(ix);
        let may = if row.is_none() { field.createable } else { field.updateable };
        if row.is_none() && name.eq_ignore_ascii_case("Id") {
            return Err(
                Problem::bad("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call").of(&["Id"])
            );
        }
        if !may || rights.locked.contains(&full) {
            return Err(Problem::bad(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                format!("Unable to create/update fields: {}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", field.name),
            )
            .of(&[&field.name]));
        }
        values.push((ix, accept(org, field, value)?));
    }
    restricted(o, &values, row)?;
    unique(o, &values, row)?;
    missing(o, &values, row)?;
    Ok(values)
}

fn relation(object: &Object, name: &str) -> Option<FieldIx> {
    let named = |f: &Field| f.relationship.as_deref().is_some_and(|r| r.eq_ignore_ascii_case(name));
    object.fields.iter().position(named).map(|ix| ix as FieldIx)
}

/// The record that an external id names: `{"Partner__r": {"Drumbeat_Op_Id__c": "…"}}`.
fn referred(org: &Org, field: &Field, to: &Map<String, Value>) -> Result<String, Problem> {
    let wanted: Vec<(&String, &str)> =
        to.iter().filter_map(|(n, v)| Some((n, v.as_str()?))).filter(|(n, _)| *n != "attributes").collect();
    let target = field.refers.first().and_then(|n| org.object(n));
    if let (Some(o), [(name, value)]) = (target, &wanted[..])
        && let Some(row) = o.field_ix(name).and_then(|ix| o.holder(ix, value))
    {
        return Ok(o.row(row).id.text());
    }
    Err(Problem::bad(
        "INVALID_FIELD",
        format!(
            "Foreign key external ID not found for field {} in entity {}",
            wanted.first().map_or("", |w| w.0),
            field.refers.join(",")
        ),
    ))
}

fn parser(kind: &str, value: &Value) -> Problem {
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Problem::bad(
        "JSON_PARSER_ERROR",
        format!(
            "Cannot deserialize instance of {kind} from VALUE_STRING value {shown} or request may be missing a required field at [line:1, column:2]"
        ),
    )
}

/// A value as it is stored, or why not.
fn accept(org: &Org, field: &Field, value: &Value) -> Result<Option<String>, Problem> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(s) => s.clone(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Array(_) | Value::Object(_) => return Err(parser(field.of.word(), value)),
    };
    if text.trim().is_empty() {
        if field.of == Type::Boolean {
            return Err(Problem::bad(
                "INVALID_TYPE_ON_FIELD_IN_RECORD",
                format!("{}: value not of required type: ", field.label),
            )
            .of(&[&field.name]));
        }
        return Ok(None);
    }
    let too_long = |text: &str| text.chars().count() > field.length as usize;
    let stored = match field.of {
        Type::Boolean => match text.as_str() {
            "true" | "false" => text,
            _ => return Err(parser("boolean", value)),
        },
        Type::Currency | Type::Double | Type::Percent => {
            let n = number(&text).ok_or_else(|| parser("double", value))?;
            n.round_dp(field.scale.max(2)).normalize().to_string()
        }
        Type::Int => {
            let n = number(&text).ok_or_else(|| parser("int", value))?;
            n.trunc().to_string()
        }
        Type::Date => {
            let day = text.get(..10).filter(|day| parse_day(day).is_some());
            day.ok_or_else(|| parser("date", value))?.to_owned()
        }
        Type::DateTime => match time(&text) {
            // The vendor keeps no fractions of a second.
            Some(t) => format!("{}.000Z", &t[..19]),
            None if parse_day(&text).is_some() => format!("{text}T00:00:00.000Z"),
            None => return Err(parser("datetime", value)),
        },
        Type::Reference => {
            let Some(id) = Id::parse(&text) else {
                return Err(Problem::bad(
                    "MALFORMED_ID",
                    format!("{}: id value of incorrect type: {text}", field.label),
                )
                .of(&[&field.name]));
            };
            reference(org, field, id)?;
            id.text()
        }
        Type::Picklist if field.restricted && !field.choices.iter().any(|c| c.active && c.value == text) => {
            return Err(bad_choice(field, &text));
        }
        Type::MultiPicklist => {
            let wrong = text
                .split(';')
                .find(|one| field.restricted && !field.choices.iter().any(|c| c.active && c.value == *one));
            if let Some(wrong) = wrong {
                return Err(bad_choice(field, wrong));
            }
            text
        }
        Type::Email if !text.contains('@') => {
            return Err(Problem::bad(
                "INVALID_EMAIL_ADDRESS",
                format!("{}: invalid email address: {text}", field.label),
            )
            .of(&[&field.name]));
        }
        _ if too_long(&text) && field.of != Type::Base64 => {
            return Err(Problem::bad(
                "STRING_TOO_LONG",
                format!("{}: data value too large: {text} (max length={})", field.label, field.length),
            )
            .of(&[&field.name]));
        }
        _ => text,
    };
    Ok(Some(stored))
}

fn bad_choice(field: &Field, text: &str) -> Problem {
    Problem::bad(
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        format!("{}: bad value for restricted picklist field: {text}", field.label),
    )
    .of(&[&field.name])
}

fn reference(org: &Org, field: &Field, id: Id) -> Result<(), Problem> {
    let Some((object, row)) = org.find(id) else {
        // An id of the right type that leads nowhere is told apart from one of another type.
        let right = org.of_id(id).is_some_and(|o| field.refers.contains(&org.at(o).name));
        return Err(if right || org.of_id(id).is_none() {
            Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        } else {
            wrong_type(field, id)
        });
    };
    if !field.refers.contains(&org.at(object).name) {
        return Err(wrong_type(field, id));
    }
    if org.at(object).row(row).deleted.is_some() {
        return Err(Problem::bad("ENTITY_IS_DELETED", "entity is deleted"));
    }
    Ok(())
}

fn wrong_type(field: &Field, id: Id) -> Problem {
    Problem::bad("FIELD_INTEGRITY_EXCEPTION", format!("{}: id value of incorrect type: {id}", field.label))
        .of(&[&field.name])
}

/// Choices that the record's type leaves; stages and states are among the vendor's own.
fn restricted(o: &Object, values: &Values, row: Option<RowIx>) -> Result<(), Problem> {
    let of_type = o.field_ix("RecordTypeId");
    let id = of_type.and_then(|ix| match given(values, ix) {
        Some(given) => given.map(str::to_owned),
        None => row.and_then(|r| o.row(r).get(ix)).map(str::to_owned),
    });
    let chosen = id.and_then(|id| o.record_types.iter().find(|t| t.id.text() == id));
    for (ix, value) in values {
        let (field, Some(value)) = (o.field(*ix), value) else { continue };
        let own = matches!((o.name.as_str(), field.name.as_str()), ("Opportunity", "StageName") | ("Lead", "Status"));
        if own && !field.choices.iter().any(|c| c.value == *value) {
            return Err(bad_choice(field, value));
        }
        let left = chosen.and_then(|t| t.picklists.iter().find(|(n, _)| *n == field.name));
        if left.is_some_and(|(_, left)| !left.contains(value)) {
            return Err(bad_choice(field, value));
        }
    }
    Ok(())
}

fn unique(o: &Object, values: &Values, row: Option<RowIx>) -> Result<(), Problem> {
    for (ix, value) in values {
        let (field, Some(value)) = (o.field(*ix), value) else { continue };
        let holder = o.holder(*ix, value).filter(|h| field.unique && Some(*h) != row);
        if let Some(holder) = holder {
            return Err(Problem::bad(
                "DUPLICATE_VALUE",
                format!(
                    "duplicate value found: {} duplicates value on record with id: {}",
                    field.name,
                    o.row(holder).id
                ),
            ));
        }
    }
    Ok(())
}

fn missing(o: &Object, values: &Values, row: Option<RowIx>) -> Result<(), Problem> {
    let lacks = |(ix, field): &(usize, &Field)| {
        field.required
            && match (given(values, *ix as FieldIx), row) {
                (Some(value), _) => value.is_none(),
                (None, None) => true,
                (None, Some(_)) => false,
            }
    };
    let names: Vec<&str> = o.fields.iter().enumerate().filter(lacks).map(|(_, f)| f.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Problem::bad("REQUIRED_FIELD_MISSING", format!("Required fields are missing: [{}]", names.join(", ")))
        .of(&names))
}
