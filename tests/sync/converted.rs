//! Leads of Salesforce that are converted: by their approval here, where the policy wants it, or by a colleague before or
//! while they are decided here.

use drumbeat_app::{decide, inbox, policy, registrations, resolve, undoing};
use drumbeat_model::change::{DecisionStatus, Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::dossier::{Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, RegistrationId};
use drumbeat_model::lifecycle::{Extend, Life, LogMeeting, ProtectionsQuery, Withdraw};
use drumbeat_model::merge::{DecisionRef, MergeAnswer, ResolveMerge};
use drumbeat_model::policy::{PolicyDraft, SavePolicy, SetSetting, SettingValue};
use drumbeat_model::registration::{Approve, Registration, RegistrationKind, RegistrationStatus, Undo};
use drumbeat_sandbox::{Fault, FaultScript, Faults, LedgerKind};

use crate::bench::http;
use crate::desk::{ANA, Desk};
use crate::door;

/// Where leads are converted, for aiming faults.
const SOAP: &str = "/services/Soap/u/62.0";

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

/// A desk whose policy says when leads are converted.
async fn desk(when: &str) -> Desk {
    let desk = Desk::new(Vendor::Salesforce).await;
    ruled(&desk, when);
    desk
}

fn ruled(desk: &Desk, when: &str) {
    let value = SettingValue::Word(when.to_owned());
    let changes = vec![SetSetting { key: "registration.convert_leads".to_owned(), value: Some(value) }];
    let draft = PolicyDraft { changes, ..PolicyDraft::default() };
    let save = SavePolicy { draft, reason: "how leads are approved here".to_owned(), effective: None, seen: None };
    policy::save_policy(&desk.ws, save).unwrap();
}

/// A deal registration that waits.
fn waiting(desk: &Desk) -> RegistrationId {
    desk.open().into_iter().find(|open| open.kind == RegistrationKind::Deal).unwrap().id
}

fn life(desk: &Desk, id: &RegistrationId) -> Life {
    inbox::registration(&desk.ws, id.clone()).unwrap().life.unwrap()
}

/// The op that converts.
fn conversion(desk: &Desk, decision: &DecisionId) -> Op {
    let into = desk.property(ObjectKind::Registration, Field::ConvertedInto);
    let is_it = |op: &Op| matches!(&op.kind, OpKind::Set { desired, .. } if desired.contains_key(&into));
    desk.ops(decision).into_iter().rfind(is_it).expect("it is converted")
}

fn fail(desk: &Desk, fault: Fault, count: u32) {
    let path = Some(SOAP.to_owned());
    let script = FaultScript { skip: 0, count, method: Some("POST".to_owned()), path, object: None, fault };
    desk.sandbox.set_faults(Faults { scripts: vec![script], ..Faults::default() });
}

async fn lead(desk: &Desk, id: &RegistrationId, field: &str) -> String {
    door::value_of(Vendor::Salesforce, &desk.sandbox, "Lead", id.as_str(), field).await
}

/// How often the CRM has converted a lead.
fn conversions(desk: &Desk, id: &RegistrationId) -> usize {
    let ledger = desk.sandbox.ledger();
    ledger.iter().filter(|entry| entry.id == id.as_str() && entry.after.contains_key("IsConverted")).count()
}

/// What this user may do with converted leads.
async fn allow(desk: &Desk, right: &str, yes: bool) {
    let all =
        door::all(Vendor::Salesforce, &desk.sandbox, "UserPermissionAccess", &[right.to_owned()].into(), "").await;
    let id = all.keys().next().unwrap();
    assert!(desk.sandbox.edit("UserPermissionAccess", id, &[(right, &yes.to_string())], ANA));
}

fn extend(desk: &Desk, id: &RegistrationId) -> Result<DecisionId, drumbeat_app::error::ApiError> {
    let day = desk.sandbox.now().date_naive();
    let proof = Proof { kind: ProofKind::Meeting, day, text: "They met".to_owned() };
    let request =
        Extend { registration: id.clone(), days: None, proofs: vec![proof], override_reason: None, message: None };
    registrations::extend(&desk.ws, request).map(|decided| decided.decision)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_converts_the_lead_into_its_deal_behind_everything_that_it_writes_there() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let told = life(&desk, &id).conversion.unwrap();
    assert!(
        told.contains("cannot be taken back") && told.contains("nothing can be changed"),
        "before it is decided: {told}"
    );
    let decision = approve(&desk, &id).unwrap();
    assert_eq!(desk.ops(&decision).last(), Some(&conversion(&desk, &decision)), "it goes last");
    desk.sync().await;
    desk.assert_landed(&decision);
    let deal = claim(&desk, &id).deal.unwrap();
    assert_eq!(lead(&desk, &id, "IsConverted").await, "true");
    assert_eq!(lead(&desk, &id, "ConvertedOpportunityId").await, deal.as_str());
    let of_deal = door::value_of(Vendor::Salesforce, &desk.sandbox, "Opportunity", deal.as_str(), "AccountId").await;
    assert_eq!(lead(&desk, &id, "ConvertedAccountId").await, of_deal);
    assert_eq!(lead(&desk, &id, "Status").await, "Closed - Converted");
    assert_eq!(lead(&desk, &id, "Deal__c").await, deal.as_str(), "what was decided was written before");
    assert!(!lead(&desk, &id, "Protection_End__c").await.is_empty());
    assert_eq!(conversions(&desk, &id), 1);
    let known = claim(&desk, &id);
    assert!(known.status.is_protected(), "{:?}", known.status);
    desk.wait(120);
    desk.sync().await;
    assert!(claim(&desk, &id).status.is_protected());
    assert_eq!((conversions(&desk, &id), desk.merges().len(), desk.held().len()), (1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversion_whose_answer_is_lost_is_seen_to_have_landed_and_not_sent_twice() {
    let desk = desk("always").await;
    for fault in [Fault::Reset { applied: true }, Fault::Status { code: 504, applied: true }, Fault::Truncated] {
        let id = waiting(&desk);
        let decision = approve(&desk, &id).unwrap();
        fail(&desk, fault.clone(), 1);
        desk.sync().await;
        assert_eq!(conversion(&desk, &decision).state, OpState::Unknown, "{fault:?}");
        desk.sandbox.set_faults(Faults::default());
        desk.wait(300);
        desk.sync().await;
        desk.assert_landed(&decision);
        assert_eq!(conversions(&desk, &id), 1, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversion_that_never_arrived_is_sent_again() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    fail(&desk, Fault::Status { code: 503, applied: false }, 1);
    desk.sync().await;
    assert_eq!((conversion(&desk, &decision).state, conversions(&desk, &id)), (OpState::Unknown, 0));
    desk.sandbox.set_faults(Faults::default());
    desk.wait(300);
    desk.sync().await;
    desk.assert_landed(&decision);
    assert_eq!(conversions(&desk, &id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_that_a_colleague_converts_before_our_conversion_keeps_their_deal_and_a_person_is_asked() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    // Everything but the conversion comes through.
    fail(&desk, Fault::Locked, 1);
    desk.sync().await;
    assert_eq!((conversion(&desk, &decision).state, conversions(&desk, &id)), (OpState::Queued, 0));
    desk.sandbox.set_faults(Faults::default());
    let theirs = door::convert(&desk.sandbox, id.as_str()).await;
    desk.wait(120);
    desk.sync().await;
    let op = conversion(&desk, &decision);
    assert_eq!(op.state, OpState::Conflict, "{:?}", op.evidence);
    assert_eq!(lead(&desk, &id, "ConvertedOpportunityId").await, theirs, "nothing was written over");
    let row = desk.merges().into_iter().find(|row| row.op == op.id).unwrap();
    assert_eq!(row.answers, [MergeAnswer::TakeTheirs], "it cannot be converted again: {row:?}");
    let answer = |answer| {
        let request = ResolveMerge { op: op.id.clone(), answer, values: Vec::new(), seen: None, same: false };
        resolve::resolve_merge(&desk.ws, request)
    };
    assert!(answer(MergeAnswer::KeepMine).is_err());
    answer(MergeAnswer::TakeTheirs).unwrap();
    desk.sync().await;
    assert_eq!((desk.merges().len(), conversions(&desk, &id)), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_salesforce_has_against_a_conversion_is_told_and_the_deal_stands_beside_the_lead_then() {
    let desk = desk("always").await;
    let rule =
        Fault::Refused { property: "ConvertedAccountId".to_owned(), message: "A convert needs a budget".to_owned() };
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    fail(&desk, rule, 1);
    desk.sync().await;
    let op = conversion(&desk, &decision);
    assert_eq!(op.state, OpState::Rejected, "{:?}", op.evidence);
    let told = &op.evidence.last().unwrap().text;
    assert!(told.contains("A convert needs a budget") && !told.contains(desk.sandbox.token()), "{told}");
    assert_eq!(lead(&desk, &id, "IsConverted").await, "false");
    assert!(!lead(&desk, &id, "Deal__c").await.is_empty(), "all else has landed");
    // Without the conversion it goes on as any other.
    let request = ResolveMerge {
        op: op.id.clone(),
        answer: MergeAnswer::TakeTheirs,
        values: Vec::new(),
        seen: None,
        same: false,
    };
    desk.sandbox.set_faults(Faults::default());
    resolve::resolve_merge(&desk.ws, request).unwrap();
    desk.wait(60);
    let extended = extend(&desk, &id).unwrap();
    desk.sync().await;
    desk.assert_landed(&extended);
    assert_eq!(conversions(&desk, &id), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_convert_leads_is_told_so_and_the_conversion_waits() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    allow(&desk, "PermissionsConvertLeads", false).await;
    desk.sync().await;
    let op = conversion(&desk, &decision);
    assert_eq!((op.state, conversions(&desk, &id)), (OpState::Blocked, 0), "{:?}", op.evidence);
    assert!(op.evidence.last().unwrap().text.contains("insufficient access rights"), "{:?}", op.evidence);
    allow(&desk, "PermissionsConvertLeads", true).await;
    desk.wait(60);
    desk.sync().await;
    desk.assert_landed(&decision);
    assert_eq!(conversions(&desk, &id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversion_that_was_not_sent_is_taken_back_with_its_approval_and_one_that_was_is_not() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    decide::undo(&desk.ws, Undo { decision: decision.clone() }).unwrap();
    assert!(claim(&desk, &id).status.is_open());
    desk.sync().await;
    assert_eq!((desk.status(&decision), conversions(&desk, &id)), (DecisionStatus::Withdrawn, 0));

    let decision = approve(&desk, &id).unwrap();
    desk.sync().await;
    desk.assert_landed(&decision);
    let plan = undoing::undo_plan(&desk.ws, DecisionRef { decision: decision.clone() }).unwrap();
    let why = plan.refused.unwrap();
    assert!(why.contains("has converted the lead of") && plan.bins.is_empty() && plan.lines.is_empty(), "{why}");
    let before = desk.sandbox.ledger().len();
    assert!(undoing::undo_pushed(&desk.ws, DecisionRef { decision: decision.clone() }).is_err());
    assert!(decide::undo(&desk.ws, Undo { decision }).is_err());
    desk.sync().await;
    assert_eq!(desk.sandbox.ledger().len(), before, "nothing was sent for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_later_about_a_converted_lead_is_refused_before_it_is_queued() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    // The conversion waits: what came behind it would be refused by the CRM.
    for landed in [false, true] {
        if landed {
            desk.sync().await;
            desk.assert_landed(&decision);
        }
        let met = LogMeeting {
            registration: id.clone(),
            day: desk.sandbox.now().date_naive(),
            text: "They met".to_owned(),
            override_reason: None,
        };
        let gone =
            Withdraw { registration: id.clone(), by: None, reason: "they have no budget".to_owned(), message: None };
        let refused = [
            extend(&desk, &id).err(),
            registrations::log_meeting(&desk.ws, met).err(),
            registrations::withdraw(&desk.ws, gone).err(),
        ];
        for error in refused {
            let error = error.expect("nobody writes in a converted lead");
            assert_eq!(error.id, "lead.converted", "{landed} {error:?}");
            assert!(error.message.contains("takes no change of a converted lead"), "{error:?}");
            assert!(error.next.as_deref().is_some_and(|next| next.contains("Go on with the deal")), "{error:?}");
        }
        let shown = life(&desk, &id);
        assert!(shown.acts.is_empty() && shown.conversion.unwrap().contains("takes no change"), "it is not offered");
        let waits = desk.ws.store.read(|r| r.ops_in(&[OpState::Queued])).unwrap();
        assert!(waits.iter().all(|op| op.decision == decision), "nothing else is queued");
    }
    // Nothing asks for a look at it, however long nothing happens.
    desk.wait(80 * 86_400);
    let listed = registrations::protections(&desk.ws, ProtectionsQuery { group: None, partner: None }).unwrap();
    assert!(listed.iter().all(|row| row.id != id));
    // Its deal goes on as any other.
    let deal = claim(&desk, &id).deal.unwrap();
    let edited = desk.set(deal.as_str(), Field::NextStep, "Call them");
    desk.sync().await;
    desk.assert_landed(&edited);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_this_user_may_edit_converted_leads_they_are_converted_and_their_life_goes_on() {
    // What the policy says where nobody has said otherwise.
    let first = Desk::new(Vendor::Salesforce).await;
    let beside = waiting(&first);
    let decision = approve(&first, &beside).unwrap();
    first.sync().await;
    first.assert_landed(&decision);
    assert_eq!(lead(&first, &beside, "IsConverted").await, "false", "nothing would be left to write in");
    allow(&first, "PermissionsAllowViewEditConvertedLeads", true).await;
    let desk = first.beside().await;
    let id = waiting(&desk);
    let decision = approve(&desk, &id).unwrap();
    desk.sync().await;
    desk.assert_landed(&decision);
    assert_eq!(lead(&desk, &id, "IsConverted").await, "true");
    desk.wait(60);
    let before = lead(&desk, &id, "Protection_End__c").await;
    let extended = extend(&desk, &id).unwrap();
    desk.sync().await;
    desk.assert_landed(&extended);
    assert!(lead(&desk, &id, "Protection_End__c").await > before);
    let shown = life(&desk, &id);
    assert!(!shown.acts.is_empty() && shown.conversion.is_none(), "{shown:?}");
    assert!(claim(&desk, &id).status.is_protected());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_policy_says_never_and_for_lead_registrations_the_deal_stands_beside_the_lead() {
    for (when, kind) in [("never", RegistrationKind::Deal), ("always", RegistrationKind::Lead)] {
        let desk = desk(when).await;
        let id = desk.open().into_iter().find(|open| open.kind == kind).unwrap().id;
        let decision = approve(&desk, &id).unwrap();
        desk.sync().await;
        desk.assert_landed(&decision);
        assert_eq!(lead(&desk, &id, "IsConverted").await, "false", "{when}");
        assert!(claim(&desk, &id).deal.is_some());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_of_the_account_with_the_leads_address_is_taken_and_nobody_is_there_twice() {
    let desk = desk("always").await;
    let id = waiting(&desk);
    let known = claim(&desk, &id);
    let email = known.contact_email.unwrap();
    let decision = approve(&desk, &id).unwrap();
    fail(&desk, Fault::Locked, 1);
    desk.sync().await;
    let deal = claim(&desk, &id).deal.unwrap();
    let account = desk.ws.store.read(|r| r.mirror_ids(ObjectKind::Company, None, 1)).unwrap().remove(0);
    assert!(desk.sandbox.edit("Opportunity", deal.as_str(), &[("AccountId", &account)], ANA));
    let body = format!(r#"{{"LastName": "Known", "Email": "{email}", "AccountId": "{account}"}}"#);
    let (status, made) = http(&desk.sandbox, "POST", "/services/data/v62.0/sobjects/Contact", &body).await;
    assert_eq!(status, 201, "{made}");
    desk.wait(120);
    desk.sync().await;
    desk.assert_landed(&decision);
    assert_eq!(lead(&desk, &id, "ConvertedContactId").await, made["id"].as_str().unwrap());
    desk.wait(120);
    desk.sync().await;
    let links = desk.ws.store.read(|r| r.mirrored_links(ObjectKind::Deal, deal.as_str())).unwrap();
    assert!(links.iter().any(|link| link.to == ObjectKind::Contact), "the contact is the deal's: {links:?}");
}
