//! The account as it describes itself, read-only tokens, and adding properties to it.

use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::mapping::{detect, provision_plan};
use drumbeat_model::crm::{Holds, ObjectKind, Outcome, ProvisionItem};
use drumbeat_model::field::Field;
use serde_json::{Value, json};

use crate::desk::{Asked, Desk, Reply, TOKEN, client, problem};

fn text(name: &str, label: &str) -> Value {
    json!({"name": name, "label": label, "type": "string", "fieldType": "text", "groupName": "g", "options": [], "hasUniqueValue": false,
        "modificationMetadata": {"archivable": true, "readOnlyValue": false}})
}

fn account(asked: &Asked, scopes: &[&str]) -> Reply {
    let answer = match asked.path.as_str() {
        "/account-info/2026-09/details" => {
            json!({"portalId": 4242, "accountType": "STANDARD", "timeZone": "Europe/Berlin", "companyCurrency": "EUR"})
        }
        "/oauth/v2/private-apps/get/access-token-info" => {
            assert_eq!(asked.body, json!({"tokenKey": TOKEN}));
            json!({"userId": 77, "hubId": 4242, "appId": 1, "scopes": scopes})
        }
        "/crm-object-schemas/2026-09/schemas" => json!({"results": [
            {"objectTypeId": "2-900", "name": "event_registration", "labels": {"singular": "Event registration", "plural": "Event registrations"}},
            {"objectTypeId": "2-1001", "name": "partner_registration", "fullyQualifiedName": "p4242_partner_registration", "labels": {"singular": "Registration", "plural": "Registrations"}},
            {"objectTypeId": "2-1002", "name": "partner_certification", "labels": {"singular": "Certification", "plural": "Certifications"}},
            {"objectTypeId": "2-1003", "name": "certification", "archived": true, "labels": null}]}),
        "/crm/properties/2026-09/companies" => json!({"results": [text("name", "Name"), text("domain", "Domain"),
            {"name": "is_partner", "label": "Is partner", "type": "enumeration", "fieldType": "booleancheckbox", "options": [{"label": "Yes", "value": "true"}, {"label": "No", "value": "false"}]},
            {"name": "partner_motions", "label": "Motions", "type": "enumeration", "fieldType": "checkbox", "options": [{"label": "Referral", "value": "referral", "hidden": false}]}]}),
        "/crm/properties/2026-09/deals" => json!({"results": [text("dealname", "Deal name"),
            {"name": "amount", "label": "Amount", "type": "number", "fieldType": "number"},
            {"name": "closedate", "label": "Close date", "type": "datetime", "fieldType": "date"},
            {"name": "protection_end", "label": "Protection end", "type": "date", "fieldType": "date"},
            {"name": "hs_is_closed", "label": "Closed", "type": "bool", "fieldType": "booleancheckbox", "calculated": true, "modificationMetadata": {"readOnlyValue": true}},
            {"name": "partner_motion", "label": "Motion", "type": "enumeration", "fieldType": "select", "options": [{"label": "Referral", "value": "referral"}]},
            {"name": "old", "label": "Old", "type": "string", "archived": true},
            {"name": "drumbeat_op_id", "label": "Op", "type": "string", "fieldType": "text", "hasUniqueValue": true}]}),
        "/crm/properties/2026-09/2-1001" => {
            json!({"results": [text("registration_name", "Name"), text("partner_id", "Partner")]})
        }
        "/crm/properties/2026-09/calls" => return Reply::Json(403, problem("MISSING_SCOPES", "no")),
        path if path.starts_with("/crm/properties/2026-09/") => json!({"results": [text("hs_timestamp", "When")]}),
        "/crm/pipelines/2026-09/deals" => json!({"results": [
            {"id": "old", "label": "Old", "displayOrder": 2, "archived": true, "stages": []},
            {"id": "default", "label": "Sales", "displayOrder": 1, "archived": false, "stages": [
                {"id": "won", "label": "Closed won", "displayOrder": 3, "metadata": {"isClosed": "true", "probability": "1.0"}},
                {"id": "lost", "label": "Closed lost", "displayOrder": 4, "metadata": {"isClosed": "true", "probability": "0.0"}},
                {"id": "first", "label": "First", "displayOrder": 0, "metadata": {"isClosed": "false", "probability": "0.2"}},
                {"id": "second", "label": "Second", "displayOrder": 1, "metadata": {"probability": 0.45}}]}]}),
        "/crm/objects/2026-09/deals/batch/update" => {
            assert_eq!(asked.body, json!({"inputs": []}), "nothing may be changed");
            json!({"status": "COMPLETE", "results": []})
        }
        "/crm/owners/2026-09" if asked.query("after").is_none() => json!({"results": [
            {"id": "11", "email": "ada@example.com", "firstName": "Ada", "lastName": "L", "userId": 76, "archived": false}], "paging": {"next": {"after": "x"}}}),
        "/crm/owners/2026-09" => {
            json!({"results": [{"id": "12", "email": "bob@example.com", "firstName": "", "lastName": null, "userId": 77}]})
        }
        other => panic!("{other}"),
    };
    Reply::Json(200, answer)
}

#[tokio::test]
async fn an_account_is_described_as_it_is() {
    let desk = Desk::open(|asked, _| account(asked, &["crm.objects.deals.read", "crm.objects.deals.write"])).await;
    let hubspot = desk.client();
    let schema = hubspot.describe().await.unwrap();
    assert_eq!(
        (schema.account_id.as_str(), schema.currency.as_str(), schema.time_zone.as_str()),
        ("4242", "EUR", "Europe/Berlin")
    );
    assert_eq!(schema.me.as_deref(), Some("12"));
    assert!(schema.can_write);
    assert_eq!(schema.objects[&ObjectKind::Registration].type_name, "2-1001");
    assert_eq!(schema.objects[&ObjectKind::Certification].type_name, "2-1002");
    assert!(!schema.objects.contains_key(&ObjectKind::Call), "what the token may not see is not there");
    let holds = |kind, name: &str| schema.objects[&kind].properties.iter().find(|p| p.name == name).map(|p| p.holds);
    for (kind, name, expected) in [
        (ObjectKind::Company, "name", Some(Holds::Text)),
        (ObjectKind::Company, "is_partner", Some(Holds::Truth)),
        (ObjectKind::Company, "partner_motions", Some(Holds::Choices)),
        (ObjectKind::Deal, "amount", Some(Holds::Number)),
        (ObjectKind::Deal, "closedate", Some(Holds::Instant)),
        (ObjectKind::Deal, "protection_end", Some(Holds::Day)),
        (ObjectKind::Deal, "partner_motion", Some(Holds::Choice)),
        (ObjectKind::Deal, "old", None),
    ] {
        assert_eq!(holds(kind, name), expected, "{name}");
    }
    let closed = schema.objects[&ObjectKind::Deal].properties.iter().find(|p| p.name == "hs_is_closed").unwrap();
    assert!(closed.read_only);
    let stages: Vec<_> = schema.pipelines[0].stages.iter().map(|s| (s.id.as_str(), s.outcome, s.probability)).collect();
    let expected = [
        ("first", Outcome::Open, 20),
        ("second", Outcome::Open, 45),
        ("won", Outcome::Won, 100),
        ("lost", Outcome::Lost, 0),
    ];
    assert_eq!(stages, expected);
    assert_eq!(schema.pipelines.len(), 1);
    let owners: Vec<_> = schema.owners.iter().map(|o| (o.id.as_str(), o.name.as_str())).collect();
    assert_eq!(owners, [("11", "Ada L"), ("12", "bob@example.com")]);
    // From then on custom objects can be addressed; a server that is not HubSpot has no pages of HubSpot's.
    assert_eq!(hubspot.web_url(ObjectKind::Deal, "1"), None);
    assert!(hubspot.links(ObjectKind::Registration, &[], ObjectKind::Deal).await.is_ok());
}

#[tokio::test]
async fn a_token_that_may_only_read_connects_and_is_known_as_such() {
    for (scopes, expected) in [
        (&["crm.objects.deals.read", "crm.objects.companies.write"][..], false),
        (&["crm.objects.deals.write"][..], true),
        (&[][..], true),
    ] {
        let desk = Desk::open(move |asked, _| match asked.path.as_str() {
            "/crm-object-schemas/2026-09/schemas" => Reply::Json(403, problem("MISSING_SCOPES", "no")),
            _ => account(asked, scopes),
        })
        .await;
        let schema = desk.client().describe().await.unwrap();
        assert_eq!(schema.can_write, expected, "{scopes:?}");
        assert!(!schema.objects.contains_key(&ObjectKind::Registration));
    }
    // A kind of token that cannot be asked about is tried on a change of nothing.
    for (status, expected) in [(200, true), (400, true), (403, false)] {
        let desk = Desk::open(move |asked, _| match asked.path.as_str() {
            "/oauth/v2/private-apps/get/access-token-info" => {
                Reply::Json(400, problem("BAD_REQUEST", "not a private app"))
            }
            "/crm/objects/2026-09/deals/batch/update" if status != 200 => Reply::Json(status, problem("X", "no")),
            _ => account(asked, &[]),
        })
        .await;
        let schema = desk.client().describe().await.unwrap();
        assert_eq!((schema.can_write, schema.me), (expected, None), "{status}");
    }
}

#[tokio::test]
async fn a_record_has_a_page_where_the_vendor_has_one() {
    let desk = Desk::open(|asked, _| account(asked, &[])).await;
    let schema = desk.client().describe().await.unwrap();
    let hubspot = client("https://api-eu1.hubapi.com");
    assert_eq!(hubspot.web_url(ObjectKind::Deal, "1"), None, "not before the account is known");
    hubspot.use_schema(&schema);
    for (kind, id, expected) in [
        (ObjectKind::Deal, "1", Some("https://app.hubspot.com/contacts/4242/record/0-3/1")),
        (ObjectKind::Company, "2", Some("https://app.hubspot.com/contacts/4242/record/0-2/2")),
        (ObjectKind::Registration, "3", Some("https://app.hubspot.com/contacts/4242/record/2-1001/3")),
        (ObjectKind::Note, "4", None),
        (ObjectKind::Deal, "local:0190", None),
    ] {
        assert_eq!(hubspot.web_url(kind, id).as_deref(), expected);
    }
}

#[tokio::test]
async fn without_deals_there_is_nothing_to_connect_to() {
    let desk = Desk::open(|asked, _| match asked.path.as_str() {
        "/crm/properties/2026-09/deals" => Reply::Json(403, problem("MISSING_SCOPES", "deals")),
        _ => account(asked, &[]),
    })
    .await;
    assert!(matches!(desk.client().describe().await, Err(CrmError::Forbidden(_))));
}

#[tokio::test]
async fn what_is_detected_is_what_would_be_provisioned() {
    let desk = Desk::open(|asked, _| account(asked, &[])).await;
    let schema = desk.client().describe().await.unwrap();
    let detected = detect(&schema);
    assert_eq!(detected.mapping.property(ObjectKind::Deal, Field::OpId), Some("drumbeat_op_id"));
    assert!(detected.unmapped.contains(&(ObjectKind::Deal, Field::LastOp)));
    let plan = provision_plan(&schema, &detected.mapping);
    let present = |kind, property: &str| {
        plan.iter().find(|item| item.object == kind && item.property == property).map(|item| item.present)
    };
    assert_eq!(present(ObjectKind::Deal, "drumbeat_op_id"), Some(true));
    assert_eq!(present(ObjectKind::Deal, "drumbeat_last_op"), Some(false));
    assert_eq!(present(ObjectKind::Registration, "drumbeat_claimed_by"), Some(false));
    assert_eq!(present(ObjectKind::Company, "is_partner"), Some(true));
    assert!(plan.iter().all(|item| !item.why.is_empty() && (item.property == "drumbeat_op_id") == item.unique));
}

fn item(property: &str, unique: bool) -> ProvisionItem {
    ProvisionItem {
        object: ObjectKind::Deal,
        object_name: "deals".into(),
        property: property.into(),
        label: "Label".into(),
        why: "Because.".into(),
        unique,
        present: false,
    }
}

#[tokio::test]
async fn a_property_is_added_with_its_group_and_form() {
    let desk = Desk::open(|asked, _| match (asked.method.as_str(), asked.path.as_str()) {
        ("POST", "/crm/properties/2026-09/deals/groups") => Reply::Json(409, problem("OBJECT_ALREADY_EXISTS", "there")),
        ("POST", "/crm/properties/2026-09/deals") => Reply::Json(201, asked.body.clone()),
        other => panic!("{other:?}"),
    })
    .await;
    let hubspot = desk.client();
    for (property, unique) in [("drumbeat_op_id", true), ("partner_motion", false), ("protection_end", false)] {
        hubspot.provision(&item(property, unique)).await.unwrap();
    }
    let made: Vec<Value> =
        desk.asked().into_iter().filter(|asked| asked.path.ends_with("/deals")).map(|asked| asked.body).collect();
    assert_eq!(
        (&made[0]["type"], &made[0]["hasUniqueValue"], &made[0]["groupName"]),
        (&json!("string"), &json!(true), &json!("drumbeat"))
    );
    assert_eq!((&made[1]["type"], &made[1]["fieldType"]), (&json!("enumeration"), &json!("select")));
    assert_eq!(made[1]["options"][1]["value"], "reseller");
    assert_eq!(made[2]["type"], "date");
}

#[tokio::test]
async fn done_already_is_done_but_an_op_id_that_may_repeat_is_not() {
    for (there_unique, wanted_unique, expected) in [(true, true, true), (false, false, true), (false, true, false)] {
        let desk = Desk::open(move |asked, _| match asked.method.as_str() {
            "POST" => Reply::Json(409, problem("OBJECT_ALREADY_EXISTS", "there")),
            _ => Reply::Json(200, json!({"name": "x", "label": "x", "type": "string", "hasUniqueValue": there_unique})),
        })
        .await;
        assert_eq!(desk.client().provision(&item("x", wanted_unique)).await.is_ok(), expected);
    }
    let desk = Desk::open(|_, _| Reply::Json(403, problem("MISSING_SCOPES", "no"))).await;
    assert!(matches!(desk.client().provision(&item("x", false)).await, Err(CrmError::Forbidden(_))));
}
