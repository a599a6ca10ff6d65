//! What HubSpot refuses to write: unknown, read-only, ill-typed, missing and already-taken values.
//!
//! Callers rely on: `check` changes nothing; what it returns can be stored without another question. Computed properties that
//! follow from others (closed, won, probability) are part of what it returns.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::data::currencies;
use crate::hubspot::answer::{Detail, Refusal};
use crate::hubspot::world::{KindIx, Record, Sym, World};
use crate::json::time_text;
use crate::request::Request;

/// Values ready to be stored.
pub(crate) type Values = Vec<(Sym, String)>;

/// A JSON scalar as the text HubSpot keeps.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Checks the properties of a write against the account's definitions. `record` is `None` for a create.
pub(crate) fn check(
    world: &World,
    kind: KindIx,
    given: &Map<String, Value>,
    record: Option<&Record>,
    request: &Request,
    dated: bool,
) -> Result<Values, Refusal> {
    let k = world.kind(kind);
    let mut details = Vec::new();
    let mut values: Values = Vec::with_capacity(given.len());
    for (name, value) in given {
        let name = name.to_ascii_lowercase();
        let detail = |code, message| Detail { message, code, property: name.clone() };
        let known =
            world.names.find(&name).and_then(|s| k.property(s).map(|p| (s, p))).filter(|(_, p)| p.archived.is_none());
        let Some((sym, property)) = known else {
            details.push(detail("PROPERTY_DOESNT_EXIST", format!("Property \"{name}\" does not exist")));
            continue;
        };
        if property.read_only {
            details.push(detail(
                "READ_ONLY_VALUE",
                format!("\"{name}\" is a read only property; its value cannot be set."),
            ));
            continue;
        }
        let Some(text) = text(value) else {
            details.push(detail("INVALID_FORMAT", format!("\"{name}\" must be a string")));
            continue;
        };
        match property.accept(&text) {
            Ok(stored) => values.push((sym, stored)),
            Err((code, message)) => details.push(detail(code, message)),
        }
    }
    if !details.is_empty() {
        return Err(Refusal::properties(details));
    }
    unique(world, kind, &values, record)?;
    owner(world, &values)?;
    stage(world, kind, &mut values, record, request)?;
    converted(world, kind, &mut values, record);
    if record.is_none() || dated {
        required(world, kind, &values, record)?;
    }
    if k.path == "tasks" {
        let done = world
            .names
            .find("hs_task_status")
            .and_then(|s| values.iter().find(|(v, _)| *v == s))
            .map(|(_, v)| v == "COMPLETED");
        if let (Some(done), Some(sym)) = (done, world.names.find("hs_task_completion_date")) {
            values.push((sym, if done { time_text(request.at) } else { String::new() }));
        }
    }
    Ok(values)
}

fn unique(world: &World, kind: KindIx, values: &Values, record: Option<&Record>) -> Result<(), Refusal> {
    let k = world.kind(kind);
    for (sym, value) in values {
        let Some(holder) = k.uniques.get(sym).and_then(|i| i.get(&value.to_lowercase())).filter(|_| !value.is_empty())
        else {
            continue;
        };
        if record.is_some_and(|r| r.id == *holder) {
            continue;
        }
        let name = world.names.text(*sym);
        if k.path == "contacts" && name == "email" {
            return Err(Refusal::new(409, "CONFLICT", format!("Contact already exists. Existing ID: {holder}")));
        }
        return Err(Refusal::properties(vec![Detail {
            message: format!("{value} is already the value of {name} on {} {holder}.", k.qualified),
            code: "CONFLICTING_UNIQUE_VALUE",
            property: name.into(),
        }]));
    }
    Ok(())
}

fn owner(world: &World, values: &Values) -> Result<(), Refusal> {
    let Some(sym) = world.names.find("hubspot_owner_id") else { return Ok(()) };
    let given = values.iter().find(|(s, v)| *s == sym && !v.is_empty());
    match given {
        Some((_, id)) if !world.owners.iter().any(|o| o.id.to_string() == *id) => {
            Err(Refusal::properties(vec![Detail {
                message: format!("{id} is not a valid owner."),
                code: "INVALID_OWNER_ID",
                property: "hubspot_owner_id".into(),
            }]))
        }
        _ => Ok(()),
    }
}

/// A deal's stage belongs to its pipeline, and what is closed or won follows from it.
fn stage(
    world: &World,
    kind: KindIx,
    values: &mut Values,
    record: Option<&Record>,
    request: &Request,
) -> Result<(), Refusal> {
    let k = world.kind(kind);
    if k.path != "deals" || k.pipelines.is_empty() {
        return Ok(());
    }
    let sym = |name| world.names.find(name).unwrap_or(Sym::MAX);
    let (stage_sym, pipeline_sym) = (sym("dealstage"), sym("pipeline"));
    let given = |values: &Values, s: Sym| values.iter().find(|(v, _)| *v == s).map(|(_, v)| v.clone());
    let (stage, pipeline) = (given(values, stage_sym), given(values, pipeline_sym));
    if stage.is_none() && pipeline.is_none() {
        return Ok(());
    }
    let kept = |s: Sym| record.and_then(|r| r.get(s)).map(str::to_owned);
    let stage_id = stage.clone().or_else(|| kept(stage_sym)).unwrap_or_default();
    let wanted = pipeline.clone().or_else(|| kept(pipeline_sym));
    let refuse = |property: &str, message: String| {
        Err(Refusal::properties(vec![Detail { message, code: "INVALID_OPTION", property: property.into() }]))
    };
    let holder = match &wanted {
        Some(id) => match k.pipelines.iter().find(|p| p.id == *id) {
            Some(p) => p,
            None => {
                return refuse(
                    "pipeline",
                    format!("{id} was not one of the allowed options: pipelines of {}", k.qualified),
                );
            }
        },
        None => {
            match k.pipelines.iter().find(|p| p.stages.iter().any(|s| s.id == stage_id)).or_else(|| k.pipelines.first())
            {
                Some(p) => p,
                None => return Ok(()),
            }
        }
    };
    let Some(found) = holder.stages.iter().find(|s| s.id == stage_id) else {
        let allowed: Vec<&str> = holder.stages.iter().map(|s| s.id.as_str()).collect();
        return refuse("dealstage", format!("{stage_id} was not one of the allowed options: {allowed:?}"));
    };
    if wanted.is_none() {
        values.push((pipeline_sym, holder.id.clone()));
    }
    let moved = kept(stage_sym).as_deref() != Some(stage_id.as_str());
    let (closed, won, probability) = (found.closed(), found.won(), found.probability().to_owned());
    // The customer's own workflow stamps the day a deal enters a stage.
    if let Some(stamp) = world.names.find("stage_entered_at").filter(|s| moved && k.property(*s).is_some())
        && given(values, stamp).is_none()
    {
        values.push((stamp, time_text(request.at)));
    }
    values.push((sym("hs_is_closed"), closed.to_string()));
    values.push((sym("hs_is_closed_won"), won.to_string()));
    values.push((sym("hs_deal_stage_probability"), probability));
    Ok(())
}

/// An amount has its worth in the company's own currency beside it, where the account has several.
fn converted(world: &World, kind: KindIx, values: &mut Values, record: Option<&Record>) {
    let sym = |name| world.names.find(name).filter(|sym| world.kind(kind).property(*sym).is_some());
    let (Some(amount), Some(rate), Some(home)) =
        (sym("amount"), sym("hs_exchange_rate"), sym("amount_in_home_currency"))
    else {
        return;
    };
    let of = |wanted: Sym| {
        let given = values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone());
        given.or_else(|| record.and_then(|record| record.get(wanted)).map(str::to_owned))
    };
    if !values.iter().any(|(name, _)| *name == amount) {
        return;
    }
    let rate = of(rate).and_then(|rate| rate.parse().ok()).unwrap_or(Decimal::ONE);
    let own = of(amount).map(|amount| currencies::converted(&amount, rate)).unwrap_or_default();
    values.push((home, own));
}

fn required(world: &World, kind: KindIx, values: &Values, record: Option<&Record>) -> Result<(), Refusal> {
    let k = world.kind(kind);
    let value =
        |name: &str| world.names.find(name).and_then(|s| values.iter().find(|(v, _)| *v == s)).map(|(_, v)| v.as_str());
    let missing: Vec<&String> = k
        .required
        .iter()
        .filter(|name| match (record, value(name)) {
            (Some(_), None) => false,
            (_, given) => given.is_none_or(str::is_empty),
        })
        .collect();
    let nameless = record.is_none()
        && k.path == "companies"
        && value("name").or_else(|| value("domain")).is_none_or(str::is_empty);
    if missing.is_empty() && !nameless {
        return Ok(());
    }
    let names: Vec<String> = if nameless { vec!["name".into()] } else { missing.into_iter().cloned().collect() };
    let mut refusal =
        Refusal::invalid(format!("Error creating {}. Some required properties were not set.", k.qualified));
    refusal.context.insert("properties".into(), names.clone().into());
    refusal.errors = names
        .into_iter()
        .map(|n| Detail {
            message: format!("{n} is required and was not set."),
            code: "REQUIRED_PROPERTY_MISSING",
            property: n,
        })
        .collect();
    Err(refusal)
}
