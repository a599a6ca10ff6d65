//! What the org says of itself: versions, limits, objects, fields, layouts.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::salesforce::org::{Object, RecordType};
use crate::salesforce::problem::{Done, Problem};
use crate::salesforce::schema::{Field, Type};
use crate::salesforce::view::View;

const OLDEST: u32 = 31;
const NEWEST: u32 = 68;

/// The number of `v62.0`, if the API has it.
pub(crate) fn version(word: &str) -> Option<u32> {
    let number = word.strip_prefix('v')?.strip_suffix(".0")?.parse().ok()?;
    (OLDEST..=NEWEST).contains(&number).then_some(number)
}

pub(crate) fn versions() -> Answer {
    let all: Vec<Value> = (OLDEST..=NEWEST)
        .map(|n| {
            let season = ["Winter", "Spring", "Summer"][(n as usize + 1) % 3];
            let year = 2014 + (n as i32 - 31 + 1) / 3;
            json!({"label": format!("{season} '{:02}", year % 100), "url": format!("/services/data/v{n}.0"), "version": format!("{n}.0")})
        })
        .collect();
    Answer::json(200, &Value::Array(all))
}

pub(crate) fn resources(v: &str) -> Answer {
    let base = format!("/services/data/{v}");
    let words = ["sobjects", "query", "queryAll", "composite", "limits", "tooling", "jobs", "search", "recent"];
    let all = words.iter().map(|w| ((*w).to_owned(), Value::from(format!("{base}/{w}"))));
    Answer::json(200, &Value::Object(all.collect()))
}

pub(crate) fn limits(most: u32, used: u32) -> Answer {
    let of = |most: u32, left: u32| json!({"Max": most, "Remaining": left});
    Answer::json(
        200,
        &json!({
            "DailyApiRequests": of(most, most.saturating_sub(used)),
            "DailyBulkV2QueryJobs": of(10_000, 10_000),
            "DailyBulkApiBatches": of(15_000, 15_000),
            "DailyBulkV2QueryFileStorageMB": of(976_562, 976_562),
            "DataStorageMB": of(1_024, 800),
            "FileStorageMB": of(10_240, 9_000),
            "SingleEmail": of(5_000, 5_000),
        }),
    )
}

/// What an object's address answers for itself.
fn brief(object: &Object, v: &str) -> Value {
    let base = format!("/services/data/{v}/sobjects/{}", object.name);
    let read_only = object.fields.iter().all(|f| !f.createable);
    json!({
        "activateable": false, "associateEntityType": null, "associateParentEntity": null, "createable": !read_only,
        "custom": object.custom, "customSetting": false, "deepCloneable": false, "deletable": !read_only,
        "deprecatedAndHidden": false, "feedEnabled": false, "hasSubtypes": false, "isInterface": false, "isSubtype": false,
        "keyPrefix": object.prefix, "label": object.label, "labelPlural": object.plural, "layoutable": true,
        "mergeable": matches!(object.name.as_str(), "Account" | "Contact" | "Lead"), "mruEnabled": true, "name": object.name,
        "queryable": true, "replicateable": true, "retrieveable": true, "searchable": true, "triggerable": true,
        "undeletable": !read_only, "updateable": object.fields.iter().any(|f| f.updateable),
        "urls": {"sobject": base, "describe": format!("{base}/describe"), "rowTemplate": format!("{base}/{{ID}}"),
            "layouts": format!("{base}/describe/layouts")},
    })
}

pub(crate) fn global(view: &View<'_>, v: &str) -> Answer {
    let all: Vec<Value> = view.org.objects.iter().filter(|o| view.sees_object(&o.name)).map(|o| brief(o, v)).collect();
    Answer::json(200, &json!({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": all}))
}

pub(crate) fn basic(object: &Object, v: &str) -> Answer {
    Answer::json(200, &json!({"objectDescribe": brief(object, v), "recentItems": []}))
}

pub(crate) fn describe(view: &View<'_>, object: &Object, v: &str) -> Answer {
    let sees = |object: &str, field: &str| view.sees(object, field);
    let mut all = brief(object, v);
    let fields: Vec<Value> = object
        .fields
        .iter()
        .filter(|f| !f.gone && sees(&object.name, &f.name))
        .map(|f| f.describe(view.may_change(&object.name, &f.name)))
        .collect();
    let mut children = Vec::new();
    for other in &view.org.objects {
        for field in
            other.fields.iter().filter(|f| !f.gone && sees(&other.name, &f.name) && f.refers.contains(&object.name))
        {
            children.push(json!({"cascadeDelete": false, "childSObject": other.name, "deprecatedAndHidden": false, "field": field.name,
                "junctionIdListNames": [], "junctionReferenceTo": [], "relationshipName": field.children, "restrictedDelete": false}));
        }
    }
    let mut types: Vec<Value> = object.record_types.iter().map(|t| record_type(object, t, v)).collect();
    types.push(json!({"active": true, "available": true, "defaultRecordTypeMapping": object.record_types.is_empty(), "developerName": "Master",
        "master": true, "name": "Master", "recordTypeId": "012000000000000AAA",
        "urls": {"layout": format!("/services/data/{v}/sobjects/{}/describe/layouts/012000000000000AAA", object.name)}}));
    if let Value::Object(map) = &mut all {
        map.insert("actionOverrides".into(), json!([]));
        map.insert("childRelationships".into(), children.into());
        map.insert("compactLayoutable".into(), true.into());
        map.insert("fields".into(), fields.into());
        map.insert("recordTypeInfos".into(), types.into());
        map.insert(
            "supportedScopes".into(),
            json!([{"label": format!("All {}", object.plural), "name": "everything"}]),
        );
    }
    Answer::json(200, &all)
}

fn record_type(object: &Object, t: &RecordType, v: &str) -> Value {
    let first = object.record_types.iter().find(|t| t.active).map(|t| t.id);
    json!({"active": t.active, "available": t.active, "defaultRecordTypeMapping": first == Some(t.id), "developerName": t.developer, "master": false,
        "name": t.name, "recordTypeId": t.id.text(),
        "urls": {"layout": format!("/services/data/{v}/sobjects/{}/describe/layouts/{}", object.name, t.id)}})
}

/// The choices that a record type leaves of each picklist.
fn picklists(object: &Object, t: Option<&RecordType>) -> Vec<Value> {
    let of = |field: &&Field| matches!(field.of, Type::Picklist | Type::MultiPicklist | Type::Combobox);
    object
        .fields
        .iter()
        .filter(of)
        .map(|field| {
            let left = t.and_then(|t| t.picklists.iter().find(|(name, _)| *name == field.name));
            let values: Vec<Value> = field
                .choices
                .iter()
                .filter(|c| c.active && left.is_none_or(|(_, left)| left.contains(&c.value)))
                .map(|c| json!({"active": true, "defaultValue": false, "label": c.label, "validFor": null, "value": c.value}))
                .collect();
            json!({"picklistName": field.name, "picklistValues": values})
        })
        .collect()
}

fn mapping(object: &Object, t: Option<&RecordType>, v: &str) -> Value {
    let id = t.map_or_else(|| "012000000000000AAA".to_owned(), |t| t.id.text());
    json!({"available": true, "defaultRecordTypeMapping": t.is_none() == object.record_types.is_empty(), "layoutId": "00hHn0000000001AAA",
        "master": t.is_none(), "name": t.map_or("Master", |t| &t.name), "developerName": t.map_or("Master", |t| &t.developer),
        "picklistsForRecordType": picklists(object, t), "recordTypeId": id,
        "urls": {"layout": format!("/services/data/{v}/sobjects/{}/describe/layouts/{id}", object.name)}})
}

/// All layouts, or with a record type its own.
pub(crate) fn layouts(object: &Object, v: &str, only: Option<&str>) -> Done {
    let active = object.record_types.iter().filter(|t| t.active);
    match only {
        None => {
            let mut all: Vec<Value> = active.map(|t| mapping(object, Some(t), v)).collect();
            all.push(mapping(object, None, v));
            let chosen = json!(!object.record_types.is_empty());
            Ok(Answer::json(
                200,
                &json!({"layouts": [], "recordTypeMappings": all, "recordTypeSelectorRequired": [chosen]}),
            ))
        }
        Some(id) => {
            let known = object.record_types.iter().any(|t| t.id.text() == id || t.id.text()[..15] == *id);
            if !known && !id.starts_with("012000000000000") {
                return Err(Problem::no_resource());
            }
            Ok(Answer::json(
                200,
                &json!({"buttonLayoutSection": {"detailButtons": []}, "detailLayoutSections": [], "editLayoutSections": [], "id": "00hHn0000000001AAA", "relatedLists": []}),
            ))
        }
    }
}
