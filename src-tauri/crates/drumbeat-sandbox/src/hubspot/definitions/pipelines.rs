//! Pipelines and their stages: reading, making, changing, removing.
//!
//! Callers rely on: a pipeline or stage that records use cannot be removed (the default since 2026-09).

use serde_json::{Map, Value, json};

use crate::clock::Millis;
use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::batch::word;
use crate::hubspot::objects::kind_of;
use crate::hubspot::schema::{Pipeline, Stage};
use crate::hubspot::world::{Kind, World};
use crate::request::Request;

fn pipeline<'a>(kind: &'a Kind, id: &str) -> Result<&'a Pipeline, Refusal> {
    kind.pipelines.iter().find(|p| p.id == id).ok_or_else(|| Refusal::not_found(id))
}

pub(crate) fn read(world: &World, kind: &str, rest: &[&str]) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let body = match rest {
        [] => json!({"results": kind.pipelines.iter().map(Pipeline::wire).collect::<Vec<_>>()}),
        [id] => pipeline(kind, id)?.wire(),
        [id, "audit"] | [id, "stages", _, "audit"] => {
            pipeline(kind, id)?;
            json!({"results": []})
        }
        [id, "stages"] => json!({"results": pipeline(kind, id)?.stages.iter().map(Stage::wire).collect::<Vec<_>>()}),
        [id, "stages", stage] => {
            pipeline(kind, id)?.stages.iter().find(|s| s.id == *stage).ok_or_else(|| Refusal::not_found(stage))?.wire()
        }
        _ => return Err(Refusal::no_such_path()),
    };
    Ok(Answer::json(200, &body))
}

fn stage(body: &Map<String, Value>, id: String, at: Millis) -> Result<Stage, Refusal> {
    let label = word(body, "label").ok_or_else(|| Refusal::invalid("A stage needs a label"))?;
    let mut metadata = body.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    closes(&mut metadata);
    Ok(Stage {
        id,
        label: label.into(),
        order: body.get("displayOrder").and_then(Value::as_i64).unwrap_or(0),
        metadata,
        created: at,
        updated: at,
    })
}

/// A probability of zero or one closes a deal.
fn closes(metadata: &mut Map<String, Value>) {
    let probability =
        metadata.get("probability").and_then(|p| p.as_str().and_then(|s| s.parse::<f64>().ok()).or_else(|| p.as_f64()));
    if let Some(p) = probability {
        metadata.insert("probability".into(), p.to_string().into());
        metadata.insert("isClosed".into(), (p <= 0.0 || p >= 1.0).to_string().into());
    }
}

fn fresh(kind: &Kind) -> u64 {
    990_000_001 + kind.pipelines.iter().map(|p| 1 + p.stages.len() as u64).sum::<u64>()
}

fn uses(world: &World, kind: &Kind, property: &str, value: &str) -> bool {
    let sym = world.names.find(property);
    sym.is_some_and(|s| {
        kind.records.iter().any(|r| r.archived.is_none() && r.merged_into.is_none() && r.get(s) == Some(value))
    })
}

pub(crate) fn write(world: &mut World, request: &Request, method: &str, kind: &str, rest: &[&str]) -> Done {
    let ix = kind_of(world, kind)?;
    let at = request.at;
    if method == "DELETE" {
        let k = world.kind(ix);
        let used = match rest {
            [id] => uses(world, k, "pipeline", id),
            [_, "stages", stage] => uses(world, k, "dealstage", stage),
            _ => return Err(Refusal::no_such_path()),
        };
        if used {
            return Err(Refusal::invalid("It is in use by records and cannot be deleted."));
        }
    }
    let body = request.object()?;
    let k = world.kind_mut(ix);
    match (method, rest) {
        ("POST", []) => {
            let label = word(&body, "label").ok_or_else(|| Refusal::invalid("label is required"))?;
            if k.pipelines.iter().any(|p| p.label == label) {
                return Err(Refusal::new(409, "CONFLICT", format!("A pipeline labelled {label} exists already")));
            }
            let first = fresh(k);
            let id = word(&body, "pipelineId").map_or_else(|| first.to_string(), str::to_owned);
            let mut stages = Vec::new();
            for (i, given) in body.get("stages").and_then(Value::as_array).into_iter().flatten().enumerate() {
                let given = given.as_object().ok_or_else(|| Refusal::invalid("every stage must be an object"))?;
                let id = word(given, "stageId").map_or_else(|| (first + 1 + i as u64).to_string(), str::to_owned);
                stages.push(stage(given, id, at)?);
            }
            let made = Pipeline {
                id,
                label: label.into(),
                order: body.get("displayOrder").and_then(Value::as_i64).unwrap_or(0),
                stages,
                created: at,
                updated: at,
            };
            let wire = made.wire();
            k.pipelines.push(made);
            Ok(Answer::json(201, &wire))
        }
        ("PATCH" | "PUT", [id]) => {
            let p = k.pipelines.iter_mut().find(|p| p.id == *id).ok_or_else(|| Refusal::not_found(id))?;
            p.label = word(&body, "label").map_or_else(|| p.label.clone(), str::to_owned);
            p.order = body.get("displayOrder").and_then(Value::as_i64).unwrap_or(p.order);
            p.updated = at;
            Ok(Answer::json(200, &p.wire()))
        }
        ("DELETE", [id]) => {
            k.pipelines.retain(|p| p.id != *id);
            Ok(Answer::empty(204))
        }
        ("POST", [id, "stages"]) => {
            let next = fresh(k).to_string();
            let p = k.pipelines.iter_mut().find(|p| p.id == *id).ok_or_else(|| Refusal::not_found(id))?;
            let made = stage(&body, word(&body, "stageId").map_or(next, str::to_owned), at)?;
            let wire = made.wire();
            p.stages.push(made);
            Ok(Answer::json(201, &wire))
        }
        ("PATCH" | "PUT", [id, "stages", stage]) => {
            let p = k.pipelines.iter_mut().find(|p| p.id == *id).ok_or_else(|| Refusal::not_found(id))?;
            let s = p.stages.iter_mut().find(|s| s.id == *stage).ok_or_else(|| Refusal::not_found(stage))?;
            s.label = word(&body, "label").map_or_else(|| s.label.clone(), str::to_owned);
            s.order = body.get("displayOrder").and_then(Value::as_i64).unwrap_or(s.order);
            if let Some(given) = body.get("metadata").and_then(Value::as_object) {
                s.metadata.extend(given.clone());
                closes(&mut s.metadata);
            }
            s.updated = at;
            Ok(Answer::json(200, &s.wire()))
        }
        ("DELETE", [id, "stages", stage]) => {
            let p = k.pipelines.iter_mut().find(|p| p.id == *id).ok_or_else(|| Refusal::not_found(id))?;
            p.stages.retain(|s| s.id != *stage);
            Ok(Answer::empty(204))
        }
        _ => Err(Refusal::no_such_path()),
    }
}
