//! Leads of Salesforce that a colleague has converted, before or while they are decided here.

use drumbeat_model::change::DecisionStatus;
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::registration::{Approve, Registration, RegistrationStatus};

use drumbeat_app::registrations;
use drumbeat_sandbox::LedgerKind;

use crate::desk::Desk;
use crate::door;

fn claim(desk: &Desk, id: &RegistrationId) -> Registration {
    desk.ws.store.read(|r| r.registration(id)).unwrap().unwrap()
}

fn approve(desk: &Desk, id: &RegistrationId) -> Result<drumbeat_model::ids::DecisionId, drumbeat_app::error::ApiError> {
    let request = Approve {
        registration: id.clone(),
        protection_days: None,
        seller: None,
        link_deal: None,
        message: None,
        reason: Some("agreed".to_owned()),
    };
    registrations::approve(&desk.ws, request).map(|decided| decided.decision)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_a_colleague_has_converted_is_decided_and_its_deal_is_the_one_that_came_of_it() {
    let desk = Desk::new(Vendor::Salesforce).await;
    let id = desk.open()[0].id.clone();
    desk.wait(5);
    let deal = door::convert(&desk.sandbox, id.as_str()).await;
    desk.wait(120);
    desk.sync().await;
    let known = claim(&desk, &id);
    assert_eq!(known.status, RegistrationStatus::Converted);
    assert_eq!(known.deal.as_ref().map(|deal| deal.as_str()), Some(deal.as_str()));
    assert!(desk.open().iter().all(|open| open.id != id), "it waits for nobody");
    assert!(desk.ws.store.read(|r| r.deal(&drumbeat_model::ids::DealId(deal.clone()))).unwrap().is_some());
    let before = desk.sandbox.ledger().len();
    assert!(approve(&desk, &id).is_err(), "it is decided already");
    desk.sync().await;
    assert_eq!(desk.sandbox.ledger().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_a_colleagues_conversion_has_overtaken_makes_no_second_deal() {
    let desk = Desk::new(Vendor::Salesforce).await;
    let id = desk.open()[0].id.clone();
    let decision = approve(&desk, &id).unwrap();
    desk.wait(5);
    let deal = door::convert(&desk.sandbox, id.as_str()).await;
    let made = || {
        let ledger = desk.sandbox.ledger();
        ledger
            .iter()
            .filter(|entry| entry.kind == LedgerKind::Create && entry.object == desk.path(ObjectKind::Deal))
            .count()
    };
    let before = made();
    desk.sync().await;
    assert_eq!(made(), before, "the deal is there already");
    assert_ne!(desk.status(&decision), DecisionStatus::Landed);
    // Held back before anything of it is sent, or stopped by its own look at the claim: either is told with what is there.
    let held = desk.held().into_iter().find(|held| held.decision == decision);
    let told = match held {
        Some(held) => format!("{held:?}"),
        None => format!("{:?}", desk.merges()),
    };
    assert!(told.to_lowercase().contains("converted"), "{told}");
    let known = claim(&desk, &id);
    let seen = desk.mirrored(ObjectKind::Registration, id.as_str());
    assert_eq!(seen.get(&desk.property(ObjectKind::Registration, Field::Deal)), Some(&deal), "{known:?}");
}
