//! The CRM's intake forms: shown first, made once, told by hand where the token may not make them. And what else a CRM's
//! admin is given: the page, and the package of what only an admin may make.

use drumbeat_app::api::Nothing;
use drumbeat_app::{connect, forms, guide, package};
use drumbeat_model::crm::Vendor;
use drumbeat_model::workspace::ProvisionPlan;
use drumbeat_sandbox::{Fault, FaultRate, Faults, OrgFaults};
use serde_json::Value;

use crate::bench::http;
use crate::desk::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_are_shown_then_made_once_and_found_again() {
    let desk = Desk::new(Vendor::Hubspot).await;
    let plan = forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!((plan.missing, plan.refused.clone()), (2, None), "{plan:#?}");
    let names: Vec<&str> = plan.forms.iter().map(|form| form.name.as_str()).collect();
    assert_eq!(names, ["Partner registration: lead", "Partner registration: deal"]);
    for form in &plan.forms {
        let asks = |property: &str| form.fields.iter().find(|field| field.property == property);
        assert!(asks("email").is_some_and(|field| field.required), "the partner's own address");
        let hidden: Vec<&str> = form.fields.iter().filter_map(|field| field.value.as_deref()).collect();
        assert!(hidden.contains(&form.kind.name()) && hidden.contains(&"submitted"), "{hidden:?}");
        assert!(form.fields.len() > 8 && form.not_asked.is_empty(), "{form:#?}");
    }
    assert!(plan.forms[1].fields.len() > plan.forms[0].fields.len(), "a deal is asked more than a lead");
    // Looking has made nothing.
    assert_eq!(forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap(), plan);

    let made = forms::create_intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!(made.missing, 0);
    let again = forms::create_intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!(again, made, "the same two, known by their names");
    assert_eq!(forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap(), made);
    assert!(desk.audit().contains("Partner registration: lead"), "who made them is on record");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_answer_was_lost_is_not_made_twice() {
    let desk = Desk::new(Vendor::Hubspot).await;
    let lost = FaultRate {
        rate: 1.0,
        method: Some("POST".to_owned()),
        path: Some("/marketing/v3/forms".to_owned()),
        object: None,
        fault: Fault::Reset { applied: true },
    };
    desk.sandbox.set_faults(Faults { rates: vec![lost], ..Faults::default() });
    let error = forms::create_intake_forms(desk.ws.clone(), Nothing {}).await.unwrap_err();
    assert!(error.next.as_deref().is_some_and(|next| next.contains("not made twice")), "{error:?}");
    desk.sandbox.set_faults(Faults::default());
    let plan = forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!(plan.missing, 1, "the first one is there");
    assert_eq!(forms::create_intake_forms(desk.ws.clone(), Nothing {}).await.unwrap().missing, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_the_page_for_the_admin_is_what_is_told_and_why() {
    let desk = Desk::new(Vendor::Hubspot).await;
    let fault = FaultRate { rate: 1.0, method: None, path: None, object: None, fault: Fault::ReadOnly };
    desk.sandbox.set_faults(Faults { rates: vec![fault], ..Faults::default() });
    let plan = forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    let why = plan.refused.expect("it may not");
    assert!(why.contains("“forms”") && why.contains("--guide"), "{why}");
    assert_eq!(plan.missing, 2);
    let error = forms::create_intake_forms(desk.ws.clone(), Nothing {}).await.unwrap_err();
    assert_eq!(error.id, "forms.refused");
    let page = guide::admin_guide(&desk.ws, Nothing {}).unwrap().text;
    assert!(page.contains("## 2. The intake forms") && page.contains("## 3. The acknowledgement"));
}

fn left(plan: &ProvisionPlan) -> Vec<&str> {
    plan.items.iter().filter(|item| !item.present).map(|item| item.property.as_str()).collect()
}

fn package_of(desk: &Desk) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drumbeat.zip");
    package::save_admin_package_to(&desk.ws, &path).unwrap();
    std::fs::read(path).unwrap()
}

/// Names stand in an archive as they are.
fn holds(archive: &[u8], name: &str) -> bool {
    archive.windows(name.len()).any(|part| part == name.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_salesforce_account_gets_its_fields_and_its_admin_the_rest_as_a_package() {
    let desk = Desk::bare(Vendor::Salesforce).await;
    let refused = connect::provision(desk.ws.clone(), Nothing {}).await.unwrap_err();
    assert!(refused.message.contains("record type") && refused.message.contains("package"), "{refused:?}");
    assert!(refused.next.as_deref().is_some_and(|next| next.contains("--package")), "{refused:?}");
    let plan = connect::provision_plan(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!(left(&plan), ["Deal_Registration"], "every field is there");
    let named = |name: &str| plan.items.iter().any(|item| item.object_name == "Lead" && item.property == name);
    assert!(named("Deal__c") && !named("ConvertedOpportunityId"), "nobody writes in what a conversion fills in");
    for object in ["Lead", "Opportunity", "Task", "Event"] {
        let (_, body) =
            http(&desk.sandbox, "GET", &format!("/services/data/v62.0/sobjects/{object}/describe"), "").await;
        let fields = body["fields"].as_array().unwrap();
        let named = |name: &str| fields.iter().find(|field| field["name"] == *name).cloned().unwrap_or(Value::Null);
        let op_id = named("Drumbeat_Op_Id__c");
        assert!(op_id["unique"] == true && op_id["externalId"] == true, "{object} {op_id}");
        assert_eq!(named("Drumbeat_Note__c")["type"] == "boolean", object == "Task" || object == "Event", "{object}");
    }
    let page = guide::admin_guide(&desk.ws, Nothing {}).unwrap().text;
    assert!(page.contains("**No lead is a registration yet.**") && page.contains("`Deal_Registration`"), "{page}");
    let archive = package_of(&desk);
    assert!(archive.starts_with(b"PK") && holds(&archive, "package.xml") && holds(&archive, "objects/Lead.object"));
    assert!(!holds(&archive, "objects/Account.object"), "what is there is not made again");
    assert!(desk.audit().contains("package for the CRM's admin"), "that it was written is on record");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_to_make_fields_the_page_and_the_package_have_them_all() {
    let desk = Desk::bare(Vendor::Salesforce).await;
    let org = OrgFaults { no_metadata: true, ..OrgFaults::default() };
    desk.sandbox.set_faults(Faults { org, ..Faults::default() });
    let before = connect::provision_plan(desk.ws.clone(), Nothing {}).await.unwrap();
    let refused = connect::provision(desk.ws.clone(), Nothing {}).await.unwrap_err();
    assert!(refused.next.as_deref().is_some_and(|next| next.contains("--package")), "{refused:?}");
    let plan = connect::provision_plan(desk.ws.clone(), Nothing {}).await.unwrap();
    assert_eq!(left(&plan), left(&before));
    let page = guide::admin_guide(&desk.ws, Nothing {}).unwrap().text;
    for property in left(&plan) {
        assert!(page.contains(&format!("`{property}`")), "{property}");
    }
    assert!(page.contains("**External ID**, **Unique** and case-sensitive"), "{page}");
    let archive = package_of(&desk);
    for object in ["Account", "Activity", "Lead", "Opportunity"] {
        assert!(holds(&archive, &format!("objects/{object}.object")), "{object}");
    }
    let form = forms::intake_forms(desk.ws.clone(), Nothing {}).await.unwrap();
    assert!(form.refused.is_some_and(|why| why.contains("Web-to-Lead")), "it is told, not made");
}

#[tokio::test(flavor = "multi_thread")]
async fn hubspot_takes_no_package_and_says_what_to_do_instead() {
    let desk = Desk::bare(Vendor::Hubspot).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drumbeat.zip");
    let refused = package::save_admin_package_to(&desk.ws, &path).unwrap_err();
    assert!(refused.id == "package.vendor" && refused.next.is_some() && !path.exists(), "{refused:?}");
}
