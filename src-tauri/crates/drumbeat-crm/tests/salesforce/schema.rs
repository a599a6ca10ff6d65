//! What an account is made of, for this user.

use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::mapping;
use drumbeat_model::crm::{Conversion, Holds, ObjectKind, Outcome};
use drumbeat_model::field::Field;
use serde_json::{Value, json};

use crate::desk::{Asked, Desk, REGISTRATION_TYPE, Reply, client, problem, question, rows};

fn field(name: &str, kind: &str) -> Value {
    json!({"name": name, "label": name, "type": kind, "updateable": true, "createable": true, "nillable": true,
        "filterable": true, "unique": false, "picklistValues": []})
}

fn object(fields: &[Value], types: &Value) -> Reply {
    Reply::Json(
        200,
        json!({"name": "x", "labelPlural": "Xs", "updateable": true, "createable": true,
        "fields": fields, "recordTypeInfos": types}),
    )
}

/// An account with two pipelines and registrations as Leads.
pub fn account(asked: &Asked) -> Reply {
    let path = asked.path.strip_prefix("/services/data/v62.0/").unwrap_or(&asked.path);
    let question = question(asked);
    let from = question.split(" FROM ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    match (path, from) {
        ("query", "Organization") => {
            rows(&json!([{"Id": "00D000000000001AAA", "Name": "Hollow Pine", "TimeZoneSidKey": "Europe/Vienna"}]))
        }
        ("query", "CurrencyType") => {
            rows(&json!([{"IsoCode": "EUR", "IsCorporate": true, "ConversionRate": 1, "DecimalPlaces": 2}]))
        }
        ("query", "User") => rows(&json!([
            {"Id": "005000000000001AAA", "Name": "Ana Reyes", "Email": "ana@example.com"},
            {"Id": "005000000000002AAA", "Name": "Bo Lind", "Email": "bo@example.com"}])),
        ("query", "LeadStatus") => rows(&json!([{"ApiName": "Qualified"}, {"ApiName": "Won over"}])),
        ("query", "UserPermissionAccess") => rows(&json!([{"PermissionsAllowViewEditConvertedLeads": true}])),
        ("query", "OpportunityStage") => {
            let stage = |name: &str, closed, won, chance: f64| {
                json!({"ApiName": name, "MasterLabel": name, "IsActive": name != "Old", "IsClosed": closed, "IsWon": won,
                    "DefaultProbability": chance})
            };
            rows(&json!([
                stage("Prospecting", false, false, 10.0),
                stage("Old", false, false, 20.0),
                stage("Proposal", false, false, 50.0),
                stage("Closed Won", true, true, 100.0),
                stage("Closed Lost", true, false, 0.0)
            ]))
        }
        ("sobjects", _) => {
            let there =
                |name: &str, custom: bool| json!({"name": name, "label": name, "custom": custom, "queryable": true});
            Reply::Json(
                200,
                json!({"sobjects": [there("Account", false), there("Opportunity", false),
                there("Contact", false), there("Lead", false), there("Task", false), there("Event", false),
                there("Partner_Certification__c", true), there("Event_Registration__c", true)]}),
            )
        }
        ("sobjects/Opportunity/describe", _) => {
            let mut fixed = field("LastStageChangeDate", "datetime");
            fixed["updateable"] = json!(false);
            let mut unique = field("Drumbeat_Op_Id__c", "string");
            unique["unique"] = json!(true);
            let mut close = field("CloseDate", "date");
            close["nillable"] = json!(false);
            let mut motion = field("Partner_Motion__c", "picklist");
            motion["picklistValues"] = json!([{"value": "resale", "label": "Resale", "active": true},
                {"value": "gone", "label": "Gone", "active": false}]);
            let fields = [
                field("Name", "string"),
                field("Amount", "currency"),
                field("StageName", "picklist"),
                close,
                fixed,
                unique,
                motion,
                field("Price_Protected__c", "boolean"),
                field("RecordTypeId", "reference"),
                field("SystemModstamp", "datetime"),
                field("Partner_Organisation__c", "reference"),
            ];
            let kind = |id: &str, name: &str, active, master| json!({"recordTypeId": id, "name": name, "developerName": name, "active": active, "master": master});
            object(
                &fields,
                &json!([
                    kind("012000000000001AAA", "Resale", true, false),
                    kind("012000000000002AAA", "Closed business", false, false),
                    kind("012000000000003AAA", "Referral", true, false),
                    kind("012000000000000AAA", "Master", true, true)
                ]),
            )
        }
        ("sobjects/Opportunity/describe/layouts", _) => {
            let list = |values: &[&str]| {
                let values: Vec<Value> = values.iter().map(|value| json!({"value": value, "active": true})).collect();
                json!([{"picklistName": "Type", "picklistValues": []}, {"picklistName": "StageName", "picklistValues": values}])
            };
            Reply::Json(
                200,
                json!({"layouts": null, "recordTypeMappings": [
                {"recordTypeId": "012000000000001AAA", "picklistsForRecordType": list(&["Proposal", "Closed Won", "Closed Lost"])},
                {"recordTypeId": "012000000000003AAA", "picklistsForRecordType": list(&["Prospecting", "Closed Won", "Closed Lost"])}]}),
            )
        }
        ("sobjects/Lead/describe", _) => {
            let mut name = field("Name", "string");
            name["updateable"] = json!(false);
            let fields = [
                name,
                field("LastName", "string"),
                field("Company", "string"),
                field("Status", "picklist"),
                field("RecordTypeId", "reference"),
                field("Address", "address"),
            ];
            let kind = |id: &str, name: &str| json!({"recordTypeId": id, "name": name, "developerName": name.replace(' ', "_"), "active": true, "master": false});
            object(
                &fields,
                &json!([kind("012000000000006AAA", "Inbound"), kind(REGISTRATION_TYPE, "Deal Registration")]),
            )
        }
        ("sobjects/Task/describe", _) => {
            object(&[field("Subject", "string"), field("TaskSubtype", "picklist")], &json!([]))
        }
        ("sobjects/Contact/describe", _) => Reply::Json(403, problem("INSUFFICIENT_ACCESS", "no")),
        (path, _) if path.ends_with("/describe") => object(&[field("Name", "string")], &json!([])),
        ("/services/oauth2/userinfo", _) => Reply::Json(200, json!({"user_id": "005000000000002AAA"})),
        (other, from) => panic!("{other} {from}"),
    }
}

#[tokio::test]
async fn an_account_is_described_as_this_user_sees_it() {
    let desk = Desk::open(|asked, _| account(asked)).await;
    let schema = client(&desk.url).describe().await.unwrap();
    assert_eq!((schema.account_id.as_str(), schema.account_name.as_str()), ("00D000000000001AAA", "Hollow Pine"));
    assert_eq!((schema.currency.as_str(), schema.time_zone.as_str()), ("EUR", "Europe/Vienna"));
    assert_eq!(schema.me.as_deref(), Some("005000000000002AAA"));
    assert!(schema.can_write);
    assert!(!schema.objects.contains_key(&ObjectKind::Contact), "what the user may not see is not there");
    let types: Vec<(&str, &str)> =
        schema.objects.iter().map(|(kind, object)| (kind.name(), object.type_name.as_str())).collect();
    let expected = [
        ("company", "Account"),
        ("registration", "Lead"),
        ("deal", "Opportunity"),
        ("certification", "Partner_Certification__c"),
        ("task", "Task"),
        ("note", "Task"),
        ("meeting", "Event"),
        ("call", "Task"),
        ("email", "Task"),
    ];
    assert_eq!(types, expected);
    let deal = &schema.objects[&ObjectKind::Deal];
    let property = |name: &str| deal.properties.iter().find(|property| property.name == name).unwrap();
    assert!(property("LastStageChangeDate").read_only && !property("Amount").read_only);
    assert!(property("Drumbeat_Op_Id__c").unique);
    assert!(property("CloseDate").required && !property("Amount").required);
    assert_eq!(property("Partner_Motion__c").options, [("resale".to_owned(), "Resale".to_owned())]);
    assert_eq!(property("Price_Protected__c").holds, Holds::Truth);
    let lead = &schema.objects[&ObjectKind::Registration];
    let property = |name: &str| lead.properties.iter().find(|property| property.name == name);
    assert!(!property("Name").unwrap().read_only, "a name is written through its parts");
    assert!(property("Address").is_none());
    assert_eq!(
        property("RecordTypeId").unwrap().options,
        [(REGISTRATION_TYPE.to_owned(), "Deal Registration".to_owned())]
    );
}

#[tokio::test]
async fn a_lead_tells_how_it_is_converted_and_whether_this_user_may_go_on_writing_in_it() {
    let described = async |hidden: &'static str| {
        let desk = Desk::open(move |asked, _| match question(asked).contains(&format!("FROM {hidden}")) {
            true => Reply::Json(400, problem("INVALID_TYPE", "sObject type is not supported")),
            false => account(asked),
        });
        let schema = client(&desk.await.url).describe().await.unwrap();
        assert!(schema.objects[&ObjectKind::Deal].conversion.is_none(), "no other record is converted");
        schema.objects[&ObjectKind::Registration].conversion.clone()
    };
    let states = ["Qualified", "Won over"].map(str::to_owned).to_vec();
    let open = Conversion { states, stays_open: true };
    assert_eq!(described("Nothing").await, Some(open.clone()));
    assert_eq!(described("UserPermissionAccess").await, Some(Conversion { stays_open: false, ..open }));
    assert_eq!(described("LeadStatus").await, None);
}

#[tokio::test]
async fn active_record_types_are_pipelines_with_their_own_stages() {
    let desk = Desk::open(|asked, _| account(asked)).await;
    let schema = client(&desk.url).describe().await.unwrap();
    type Shown<'p> = (&'p str, Vec<(&'p str, Outcome, u32)>);
    let shown: Vec<Shown<'_>> = schema
        .pipelines
        .iter()
        .map(|pipeline| {
            let stages = pipeline.stages.iter().map(|stage| (stage.id.as_str(), stage.outcome, stage.probability));
            (pipeline.label.as_str(), stages.collect())
        })
        .collect();
    let ends = [("Closed Won", Outcome::Won, 100), ("Closed Lost", Outcome::Lost, 0)];
    let with = |first| [first].into_iter().chain(ends).collect::<Vec<_>>();
    assert_eq!(
        shown,
        [("Resale", with(("Proposal", Outcome::Open, 50))), ("Referral", with(("Prospecting", Outcome::Open, 10)))]
    );
    let detected = mapping::detect(&schema);
    let mapped = |field| detected.mapping.property(ObjectKind::Deal, field);
    assert_eq!(mapped(Field::Pipeline), Some("RecordTypeId"));
    assert_eq!(mapped(Field::Partner), Some("Partner_Organisation__c"));
    assert!(detected.unmapped.contains(&(ObjectKind::Deal, Field::ProtectionEnd)), "what is not seen is said");
}

#[tokio::test]
async fn without_record_types_all_deals_are_in_one_pipeline() {
    let desk = Desk::open(|asked, _| match asked.path.ends_with("Opportunity/describe") {
        true => object(&[field("Name", "string"), field("StageName", "picklist")], &json!([])),
        false => account(asked),
    })
    .await;
    let schema = client(&desk.url).describe().await.unwrap();
    assert_eq!(schema.pipelines.len(), 1);
    assert_eq!((schema.pipelines[0].label.as_str(), schema.pipelines[0].stages.len()), ("Opportunities", 4));
    let mapping = mapping::detect(&schema).mapping;
    assert_eq!(mapping.property(ObjectKind::Deal, Field::Pipeline), Some("RecordTypeId"));
    assert!(mapping.stage(&schema.pipelines[0].id, "Proposal").is_some());
}

#[tokio::test]
async fn who_may_not_see_deals_is_told_so() {
    let desk = Desk::open(|asked, _| match asked.path.ends_with("Opportunity/describe") {
        true => Reply::Json(404, problem("NOT_FOUND", "The requested resource does not exist")),
        false => account(asked),
    })
    .await;
    assert!(matches!(client(&desk.url).describe().await, Err(CrmError::NotFound(_))));
}
