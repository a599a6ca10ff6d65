//! What this user may not write in the CRM is said, and a decision that needs it is refused whole; what is there and not
//! shown to this user is told apart from what is missing.

use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::{connect, rights, status};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_sandbox::{Fault, FaultRate, Faults, OrgFaults};

use crate::bench::http;
use crate::desk::Desk;

for_each_crm! {
    an_account_in_which_everything_may_be_written_has_nothing_to_say_of_it,
    a_decision_is_refused_before_it_is_saved_where_this_user_may_not_write_a_field_of_it,
}

/// Approving is refused in words with all of these in it, and nothing waits to be sent.
fn refused(desk: &Desk, words: &[&str]) {
    let error = desk.approve().unwrap_err();
    assert_eq!(error.id, "crm.rights", "{error:?}");
    for word in words {
        assert!(error.message.contains(word), "{word}: {error:?}");
    }
    assert!(error.next.is_some_and(|next| next.contains("admin")));
    assert_eq!(status::status(&desk.app, Nothing {}).unwrap().pending, 0, "nothing waits");
}

async fn an_account_in_which_everything_may_be_written_has_nothing_to_say_of_it(crm: Vendor) {
    let desk = Desk::new(crm).await;
    assert_eq!(rights::of(&desk.ws).unwrap(), None);
    assert_eq!(status::status(&desk.app, Nothing {}).unwrap().warning, None);
}

async fn a_decision_is_refused_before_it_is_saved_where_this_user_may_not_write_a_field_of_it(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let name = desk.property(ObjectKind::Deal, Field::ProtectionEnd);
    desk.ws
        .store
        .write(drumbeat_store::Why::Mirror { at: desk.sandbox.now() }, |w| {
            let mut schema = w.schema()?.unwrap();
            let deals = schema.objects.get_mut(&ObjectKind::Deal).unwrap();
            deals.properties.iter_mut().find(|known| known.name == name).unwrap().read_only = true;
            w.put_schema(&schema)
        })
        .unwrap();
    let label = Field::ProtectionEnd.label();
    refused(&desk, &["Deal", label]);
    let warning = status::status(&desk.app, Nothing {}).unwrap().warning.unwrap();
    assert!(warning.contains(label), "{warning}");
    // The right is given: the next sync sees it.
    desk.sync().await;
    desk.approve().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_the_vendor_locks_and_a_user_who_may_only_read_are_both_told_in_words() {
    let desk = Desk::new(Vendor::Salesforce).await;
    let locked = ["Opportunity.StageName", "Opportunity.Protection_End__c"].map(str::to_owned).into();
    desk.sandbox.set_faults(Faults { org: OrgFaults { locked, ..OrgFaults::default() }, ..Faults::default() });
    desk.sync().await;
    refused(&desk, &["Salesforce", Field::Stage.label(), Field::ProtectionEnd.label()]);
    let reading = FaultRate { rate: 1.0, method: None, path: None, object: None, fault: Fault::ReadOnly };
    desk.sandbox.set_faults(Faults { rates: vec![reading], ..Faults::default() });
    desk.sync().await;
    refused(&desk, &["Salesforce", "Registration", Field::Status.label()]);
    desk.sandbox.set_faults(Faults::default());
    desk.sync().await;
    desk.approve().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_and_not_shown_to_this_user_stops_nothing_else_from_being_added() {
    let desk = Desk::bare(Vendor::Salesforce).await;
    let made =
        r#"{"FullName":"Account.Partner_Tier__c","Metadata":{"label":"Partner Tier","type":"Text","length":40}}"#;
    let path = "/services/data/v62.0/tooling/sobjects/CustomField";
    assert_eq!(http(&desk.sandbox, "POST", path, made).await.0, 201);
    let hidden = vec!["Account.Partner_Tier__c".to_owned()];
    desk.sandbox.set_faults(Faults { org: OrgFaults { hidden, ..OrgFaults::default() }, ..Faults::default() });
    let error = connect::provision(Arc::clone(&desk.ws), Nothing {}).await.unwrap_err();
    assert!(error.message.contains("Partner_Tier__c) of Account is there, but not shown to this user"), "{error:?}");
    let plan = connect::provision_plan(Arc::clone(&desk.ws), Nothing {}).await.unwrap();
    let left: Vec<&str> = plan.items.iter().filter(|item| !item.present).map(|item| item.property.as_str()).collect();
    assert!(
        left.contains(&"Partner_Tier__c")
            && left.iter().all(|name| ["Partner_Tier__c", "Deal_Registration"].contains(name)),
        "{left:?}"
    );
}
