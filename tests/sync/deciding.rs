//! What was decided here goes out, once, over nothing that was not seen.

use drumbeat_model::change::{DecisionStatus, OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::DecisionId;
use drumbeat_model::workspace::SyncOptions;
use drumbeat_sandbox::{Fault, Faults};
use drumbeat_store::{Step, Why};

use crate::bench::{Bench, new_op};
use crate::door;

const PARTS: [&str; 4] = ["deal", "set", "task", "link"];

fn status(bench: &Bench, decision: &str) -> DecisionStatus {
    bench.store.read(|r| r.decision(&DecisionId::from(decision))).unwrap().unwrap().status
}

/// Every part is confirmed, and the CRM's ledger has each write of it once.
fn assert_landed_once(bench: &Bench, decision: &str, case: &str) {
    for part in PARTS {
        let op = bench.op(&format!("{decision}-{part}"));
        assert_eq!(op.state, OpState::Done, "{case}: {part} {:#?}", op.evidence);
        if part != "link" {
            assert_eq!(bench.landings(op.id.as_str()), 1, "{case}: {part} {:#?}", op.evidence);
        }
    }
    assert_eq!(status(bench, decision), DecisionStatus::Landed, "{case}");
}

async fn an_approval_lands_as_one_group_and_releases_its_message(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let registration = bench.registrations().remove(0);
    bench.approve("a", &registration);
    let summary = bench.push().await;
    assert_eq!((summary.pushed, summary.released, summary.waiting, summary.needs_you), (4, 1, 0, 0), "{summary:?}");
    assert_landed_once(&bench, "a", "no fault");
    let deal = bench.store.read(|r| r.resolve("local:a")).unwrap();
    let (status, held) = (
        bench.property(ObjectKind::Registration, Field::Status),
        bench.property(ObjectKind::Registration, Field::Deal),
    );
    assert_eq!(bench.theirs(ObjectKind::Registration, &registration, &status).await, "approved");
    assert_eq!(
        bench.theirs(ObjectKind::Registration, &registration, &held).await,
        deal,
        "the local id was replaced on the way"
    );
    assert_eq!(bench.mirrored(ObjectKind::Registration, &registration)[&held], deal);
    assert!(!bench.registrations().contains(&registration), "it is not open here either");
    assert!(bench.op("a-set").evidence.iter().all(|seen| !seen.text.contains("Overwrote")));
    bench.wait(60);
    let later = bench.sync().await;
    assert_eq!((later.pushed, later.needs_you), (0, 0));
    assert_landed_once(&bench, "a", "after another sync");
}

async fn a_decision_lands_exactly_once_whatever_happens_to_the_answer(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let open = bench.registrations();
    let faults = [
        ("503 after it was applied", Fault::Status { code: 503, applied: true }),
        ("503 before it was applied", Fault::Status { code: 503, applied: false }),
        ("reset after it was applied", Fault::Reset { applied: true }),
        ("reset before it was applied", Fault::Reset { applied: false }),
        ("a web page", Fault::Html { code: 200 }),
        ("a web page with an error", Fault::Html { code: 502 }),
        ("a truncated answer", Fault::Truncated),
    ];
    for (place, (name, fault)) in faults.into_iter().enumerate() {
        for method in ["POST", "PATCH"] {
            let id = format!("{}{place}", method.to_lowercase());
            bench.approve(&id, &open[place * 2 + usize::from(method == "PATCH")]);
            // The create is the only POST about tasks; deals and registrations are also read with POST.
            let path = match method {
                "POST" => door::writes(crm, bench.path(ObjectKind::Task)),
                _ => door::records(crm),
            };
            let script = drumbeat_sandbox::FaultScript {
                skip: 0,
                count: 1,
                method: Some(method.to_owned()),
                path: Some(path),
                object: None,
                fault: fault.clone(),
            };
            bench.sandbox.set_faults(Faults { scripts: vec![script], ..Faults::default() });
            bench.push().await;
            bench.sandbox.set_faults(Faults::default());
            let struck = if method == "POST" { "task" } else { "set" };
            let op = bench.op(&format!("{id}-{struck}"));
            assert!(
                op.state == OpState::Unknown || op.state == OpState::Done,
                "{name} on {method}: {:#?}",
                op.evidence
            );
            bench.push().await;
            let waits = bench.landings(op.id.as_str()) == 0;
            let expected = if waits { OpState::Unknown } else { OpState::Done };
            assert_eq!(
                bench.op(op.id.as_str()).state,
                expected,
                "{name} on {method}: only its mark ends the quarantine early"
            );
            bench.wait(130);
            bench.push().await;
            assert_landed_once(&bench, &id, &format!("{name} on {method}"));
        }
    }
}

async fn a_partner_joined_to_a_deal_is_known_again_when_the_answer_is_lost(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let deal = bench.deal(0);
    let known = |store: &drumbeat_store::Store| store.read(|r| r.mirrored_links(ObjectKind::Deal, &deal)).unwrap();
    let before = known(&bench.store);
    let companies = bench.store.read(|r| r.mirror_ids(ObjectKind::Company, None, 50)).unwrap();
    let partner = companies.into_iter().find(|id| !before.iter().any(|link| link.id == *id)).unwrap();
    let link = Link { to: ObjectKind::Company, id: partner.clone(), primary: false };
    bench.decide(
        "p",
        (ObjectKind::Deal, &deal),
        vec![new_op("p", ObjectKind::Deal, &deal, OpKind::Link { link: link.clone() }, &[])],
    );
    let method = if crm == Vendor::Hubspot { "PUT" } else { "POST" };
    bench.fail(method, Fault::Reset { applied: true }, 1);
    bench.push().await;
    assert_ne!(bench.op("p").state, OpState::Done, "nobody has said yes");
    bench.sandbox.set_faults(Faults::default());
    let landed = bench.sandbox.ledger().len();
    bench.wait(3600);
    bench.push().await;
    assert_eq!(bench.op("p").state, OpState::Done, "{:#?}", bench.op("p").evidence);
    assert_eq!(bench.sandbox.ledger().len(), landed, "it is not made again");
    bench.sync_with(SyncOptions { full: true, ..SyncOptions::default() }).await.unwrap();
    let after = known(&bench.store);
    assert!(after.contains(&link) && before.iter().all(|link| after.contains(link)), "{before:?} {after:?}");
}

async fn a_storm_of_429_only_delays(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    bench.approve("a", &bench.registrations()[0]);
    bench.fail("PATCH", Fault::TooMany { retry_after: Some(1), secondly: false }, 2);
    bench.push().await;
    for _ in 0..3 {
        bench.wait(door::too_many(crm));
        bench.push().await;
    }
    assert_landed_once(&bench, "a", "429");
    assert!(bench.op("a-set").evidence.iter().any(|seen| seen.text.contains("asks to wait")));
}

async fn a_process_that_dies_while_sending_is_settled_by_reading(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let next_step = bench.property(ObjectKind::Deal, Field::NextStep);
    for (place, applied) in [(0, false), (1, true)] {
        let (deal, id) = (bench.deal(place), format!("s{place}"));
        bench.decide(
            &id,
            (ObjectKind::Deal, &deal),
            vec![bench.set(&id, ObjectKind::Deal, &deal, &[(&next_step, "Call")], &[], &[])],
        );
        let op = bench.op(&id);
        let at = bench.sandbox.now();
        let step = Step {
            to: OpState::Sending,
            at,
            attempt: Some(1),
            not_before: None,
            sent_at: Some(at),
            text: "sent".into(),
        };
        bench.store.write(Why::Mirror { at }, |w| w.move_op(&op.id, &step)).unwrap();
        if applied {
            let mark = bench.property(ObjectKind::Deal, Field::LastOp);
            bench.edit(ObjectKind::Deal, &deal, &[(&next_step, "Call"), (&mark, &format!("{id}#1"))]);
        }
        bench.push().await;
        assert_eq!(
            bench.op(&id).state,
            if applied { OpState::Done } else { OpState::Unknown },
            "only a proof settles it at once"
        );
        bench.wait(130);
        bench.push().await;
        assert_eq!(bench.op(&id).state, OpState::Done, "{:#?}", bench.op(&id).evidence);
        assert_eq!(bench.landings(&id), 1);
    }
}

async fn another_persons_edit_of_the_same_field_becomes_a_merge_conflict_with_both_values(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    bench.edit(ObjectKind::Deal, &deal, &[(&next_step, "theirs")]);
    let summary = bench.push().await;
    assert_eq!((summary.needs_you, summary.pushed), (1, 0), "{summary:?}");
    let op = bench.op("o");
    assert_eq!(op.state, OpState::Conflict);
    let said = &op.evidence.last().unwrap().text;
    assert!(said.contains("mine") && said.contains("theirs"), "{said}");
    assert_eq!(bench.theirs(ObjectKind::Deal, &deal, &next_step).await, "theirs", "nothing was overwritten");
    assert_eq!(bench.mirrored(ObjectKind::Deal, &deal)[&next_step], "theirs", "the mirror shows what they have");
    assert_eq!(bench.landings("o"), 0);
}

async fn an_edit_in_the_last_moment_is_never_overwritten_in_silence(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    let properties = [(next_step.clone(), "a moment before".to_owned())].into();
    bench.fail("PATCH", Fault::Edited { properties, user: "ana@example.com".to_owned() }, 1);
    bench.push().await;
    let op = bench.op("o");
    let said = &op.evidence.last().unwrap().text;
    assert!(said.contains("a moment before"), "{:#?}", op.evidence);
    if door::overwrites(crm) {
        assert_eq!(op.state, OpState::Done);
        assert!(said.contains("Overwrote"), "{said}");
    } else {
        assert_eq!((op.state, bench.landings("o")), (OpState::Conflict, 0), "{said}");
    }
}

async fn an_edit_of_another_field_disturbs_nobody(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    let name = bench.property(ObjectKind::Deal, Field::Name);
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    bench.edit(ObjectKind::Deal, &deal, &[(&name, "New name")]);
    bench.push().await;
    assert_eq!(bench.op("o").state, OpState::Done);
    let mirrored = bench.mirrored(ObjectKind::Deal, &deal);
    assert_eq!((mirrored[&name].as_str(), mirrored[&next_step].as_str()), ("New name", "mine"));
}

async fn a_decision_whose_ground_is_gone_is_not_sent(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let registration = bench.registrations().remove(0);
    let status = bench.property(ObjectKind::Registration, Field::Status);
    bench.approve("a", &registration);
    bench.edit(ObjectKind::Registration, &registration, &[(&status, "withdrawn")]);
    bench.push().await;
    let op = bench.op("a-set");
    assert_eq!((op.state, bench.landings("a-set")), (OpState::Conflict, 0), "{:#?}", op.evidence);
    assert!(op.evidence.last().unwrap().text.contains("withdrawn"));
}

async fn an_edit_of_a_record_that_was_deleted_there_stays(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "typed with care")], &[], &[])],
    );
    bench.delete(ObjectKind::Deal, &deal).await;
    bench.wait(60);
    bench.sync().await;
    let op = bench.op("o");
    assert_eq!(op.state, OpState::Conflict);
    assert!(op.evidence.last().unwrap().text.contains("recycle bin"));
    match op.kind {
        drumbeat_model::change::OpKind::Set { desired, .. } => assert_eq!(desired[&next_step], "typed with care"),
        other => panic!("{other:?}"),
    }
}

async fn an_edit_made_during_the_push_survives(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d1",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o1", ObjectKind::Deal, &deal, &[(&next_step, "first")], &[], &[])],
    );
    // The first write is slow; meanwhile the person edits the same field again, based on what is shown.
    bench.fail("PATCH", Fault::Latency { ms: 800 }, 1);
    let second = async {
        while bench.op("o1").state == OpState::Queued {
            tokio::task::yield_now().await;
        }
        let mut op = bench.set("o2", ObjectKind::Deal, &deal, &[(&next_step, "second")], &[], &[]);
        if let drumbeat_model::change::OpKind::Set { base, .. } = &mut op.kind {
            base.insert(next_step.clone(), "first".to_owned());
        }
        bench.decide("d2", (ObjectKind::Deal, &deal), vec![op]);
        assert_eq!(bench.op("o1").state, OpState::Sending, "the first is still under way");
    };
    let (_, ()) = tokio::join!(bench.push(), second);
    bench.push().await;
    assert_eq!(
        (bench.op("o1").state, bench.op("o2").state),
        (OpState::Done, OpState::Done),
        "{:#?}",
        bench.op("o2").evidence
    );
    assert_eq!(bench.theirs(ObjectKind::Deal, &deal, &next_step).await, "second");
}

async fn what_the_crm_refuses_waits_for_a_person(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    bench.fail("PATCH", Fault::Refused { property: next_step.clone(), message: "Not on a Friday".to_owned() }, 1);
    let summary = bench.push().await;
    assert_eq!((bench.op("o").state, summary.needs_you), (OpState::Rejected, 1));
    assert!(bench.op("o").evidence.last().unwrap().text.contains("Not on a Friday"));
}

async fn a_token_that_may_only_read_blocks_until_it_may_write(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    let rate =
        drumbeat_sandbox::FaultRate { rate: 1.0, method: None, path: None, object: None, fault: Fault::ReadOnly };
    bench.sandbox.set_faults(Faults { rates: vec![rate], ..Faults::default() });
    let summary = bench.sync_with(SyncOptions::default()).await.unwrap();
    assert_eq!((bench.op("o").state, summary.waiting), (OpState::Blocked, 1), "{:#?}", bench.op("o").evidence);
    bench.sandbox.set_faults(Faults::default());
    bench.push().await;
    assert_eq!(bench.op("o").state, OpState::Done, "{:#?}", bench.op("o").evidence);
}

async fn without_markers_edits_still_land_and_new_deals_wait(crm: Vendor) {
    let bench = Bench::unprovisioned(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    bench.approve("a", &bench.registrations()[0]);
    bench.push().await;
    assert_eq!(bench.op("o").state, OpState::Done, "{:#?}", bench.op("o").evidence);
    assert_eq!(bench.op("a-deal").state, OpState::Blocked, "{:#?}", bench.op("a-deal").evidence);
    assert_eq!(bench.op("a-set").state, OpState::Queued, "the registration waits for its deal");
    assert_eq!(bench.theirs(ObjectKind::Deal, &deal, &next_step).await, "mine");
}

async fn only_the_holder_of_the_lease_sends(crm: Vendor) {
    let bench = Bench::new(crm).await;
    bench.sync().await;
    let (deal, next_step) = (bench.deal(0), bench.property(ObjectKind::Deal, Field::NextStep));
    bench.decide(
        "d",
        (ObjectKind::Deal, &deal),
        vec![bench.set("o", ObjectKind::Deal, &deal, &[(&next_step, "mine")], &[], &[])],
    );
    // The preflight is slow; meanwhile another process becomes the sender.
    bench.fail("POST", Fault::Latency { ms: 600 }, 1);
    let epoch = bench.store.read(|r| r.lease()).unwrap();
    let other = async {
        while bench.store.read(|r| r.lease()).unwrap() == epoch {
            tokio::task::yield_now().await;
        }
        let at = bench.sandbox.now();
        bench.store.write(Why::Mirror { at }, |w| w.take_lease("other", at)).unwrap();
    };
    let options = SyncOptions { push_only: true, ..SyncOptions::default() };
    let (pushed, ()) = tokio::join!(bench.sync_with(options), other);
    assert!(matches!(pushed, Err(drumbeat_sync::SyncError::Replaced)), "{pushed:?}");
    assert_eq!((bench.op("o").state, bench.landings("o")), (OpState::Queued, 0));
}

for_each_crm! {
    an_approval_lands_as_one_group_and_releases_its_message,
    a_decision_lands_exactly_once_whatever_happens_to_the_answer,
    a_partner_joined_to_a_deal_is_known_again_when_the_answer_is_lost,
    a_storm_of_429_only_delays,
    a_process_that_dies_while_sending_is_settled_by_reading,
    another_persons_edit_of_the_same_field_becomes_a_merge_conflict_with_both_values,
    an_edit_in_the_last_moment_is_never_overwritten_in_silence,
    an_edit_of_another_field_disturbs_nobody,
    a_decision_whose_ground_is_gone_is_not_sent,
    an_edit_of_a_record_that_was_deleted_there_stays,
    an_edit_made_during_the_push_survives,
    what_the_crm_refuses_waits_for_a_person,
    a_token_that_may_only_read_blocks_until_it_may_write,
    only_the_holder_of_the_lease_sends,
}

// A Salesforce account to which nothing was added has no registrations either.
for_hubspot! {
    without_markers_edits_still_land_and_new_deals_wait,
}
