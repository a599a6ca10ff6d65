//! The CRM's intake forms: shown first, made once, told by hand where the token may not make them.

use drumbeat_app::api::Nothing;
use drumbeat_app::{forms, guide};
use drumbeat_sandbox::{Fault, FaultRate, Faults};

use drumbeat_model::crm::Vendor;

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
