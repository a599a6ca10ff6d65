//! Failures that other systems are known for and that must never happen here, one test each.

use drumbeat_app::api::Nothing;
use drumbeat_app::{activity, resolve};
use drumbeat_model::change::{DecisionStatus, OpAnswer, OpKind, OpState, SettleOp};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::merge::{MergeAnswer, MergeKind, MergeValue, ResolveMerge};
use drumbeat_model::registration::Approve;
use drumbeat_model::workspace::SyncOptions;
use drumbeat_sandbox::{Fault, FaultScript, Faults};

use crate::desk::Desk;
use crate::door;

const DEAL: ObjectKind = ObjectKind::Deal;

async fn an_edit_typed_while_a_slow_pull_runs_is_not_overwritten_by_the_older_copy(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    // Every page of the pull comes late, with copies that are older than the edit.
    let late = FaultScript {
        skip: 0,
        count: 1000,
        method: None,
        path: Some(door::records(crm)),
        object: None,
        fault: Fault::Latency { ms: 150 },
    };
    desk.sandbox.set_faults(Faults { scripts: vec![late], ..Faults::default() });
    let typing = async {
        while desk.ws.jobs.progress().is_none() {
            tokio::task::yield_now().await;
        }
        desk.set(&deal, Field::NextStep, "typed during the pull")
    };
    let options = SyncOptions { full: true, pull_only: true, ..SyncOptions::default() };
    let (_, decision) = tokio::join!(desk.sync_with(options), typing);
    desk.sandbox.set_faults(Faults::default());
    assert_eq!(desk.seen(DEAL, &deal, Field::NextStep), "typed during the pull");
    assert_eq!(desk.op(&decision).state, OpState::Queued);
    desk.sync().await;
    desk.assert_landed(&decision);
}

async fn a_record_deleted_in_the_crm_neither_stops_other_edits_nor_loses_what_was_typed(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (gone, other) = (desk.deal(0), desk.deal(1));
    let decision = desk.set(&gone, Field::NextStep, "typed with care");
    let next = desk.set(&other, Field::NextStep, "goes on");
    desk.delete(DEAL, &gone).await;
    desk.wait(120);
    desk.sync().await;
    desk.assert_landed(&next);
    let row = desk.merges().into_iter().find(|row| row.decision == decision).unwrap();
    assert_eq!(row.kind, MergeKind::Archived);
    assert_eq!(row.fields[0].mine.as_deref(), Some("typed with care"));
    assert_eq!(row.answers, [MergeAnswer::KeepNote, MergeAnswer::TakeTheirs]);
    // The way on: what was typed becomes a note at the company.
    let request =
        ResolveMerge { op: row.op, answer: MergeAnswer::KeepNote, values: Vec::new(), seen: None, same: false };
    resolve::resolve_merge(&desk.ws, request).unwrap();
    desk.sync().await;
    let notes = desk.sandbox.ledger().into_iter().filter(|entry| entry.object == desk.path(ObjectKind::Note));
    let texts: Vec<String> = notes.map(|entry| format!("{:?}", entry.after)).collect();
    assert!(texts.iter().any(|text| text.contains("typed with care")), "{texts:?}");
    assert!(desk.merges().is_empty());
}

async fn a_decision_that_a_rule_of_the_crm_refuses_stays_with_the_reason_and_a_way_on(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let property = desk.property(DEAL, Field::NextStep);
    let decision = desk.set(&deal, Field::NextStep, "not like this");
    let fault = Fault::Refused { property: property.clone(), message: "Not on a Friday".to_owned() };
    desk.fail("PATCH", DEAL, fault, 1);
    let summary = desk.sync().await;
    desk.sandbox.set_faults(Faults::default());
    assert_eq!((desk.op(&decision).state, summary.needs_you), (OpState::Rejected, 1));
    assert_eq!(desk.seen(DEAL, &deal, Field::NextStep), "not like this", "it is still shown");
    let rows = activity::outbox(&desk.ws, Nothing {}).unwrap();
    let row = rows.iter().find(|row| row.decision == decision).unwrap();
    assert!(row.text.contains("Not on a Friday") && row.can_retry && row.can_withdraw, "{row:?}");
    let edit = row.fields.iter().find_map(|field| field.edit.as_ref()).unwrap();
    assert_eq!((&edit.property, edit.raw.as_str()), (&property, "not like this"), "it can be corrected from here");
    for _ in 0..2 {
        desk.wait(120);
        desk.sync().await;
        assert_eq!(desk.op(&decision).state, OpState::Rejected, "no sync drops it");
    }
    let values = vec![MergeValue { property, value: Some("like this".to_owned()) }];
    let request = ResolveMerge { op: row.id.clone(), answer: MergeAnswer::Edit, values, seen: None, same: false };
    resolve::resolve_merge(&desk.ws, request).unwrap();
    desk.sync().await;
    desk.assert_landed(&decision);
    assert_eq!(desk.seen(DEAL, &deal, Field::NextStep), "like this");
    assert!(desk.audit().contains("not like this"), "what was typed first is in the trail");
}

async fn neither_the_server_nor_the_client_wins_by_default(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let decision = desk.set(&deal, Field::NextStep, "mine");
    desk.edit(DEAL, &deal, &[(Field::NextStep, "theirs")]);
    for _ in 0..3 {
        desk.wait(3600);
        desk.sync().await;
        assert_eq!(desk.op(&decision).state, OpState::Conflict, "only a person answers it");
        assert_eq!(desk.mirrored(DEAL, &deal)[&desk.property(DEAL, Field::NextStep)], "theirs");
        assert_eq!(desk.seen(DEAL, &deal, Field::NextStep), "mine");
    }
    assert!(desk.is_here(&decision), "nothing was written over theirs");
}

async fn rebuilding_the_cache_keeps_edits_that_were_not_pushed(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let decision = desk.set(&deal, Field::NextStep, "not pushed");
    let claim = desk.open().remove(0);
    let declined = desk.decline(&claim.id);
    desk.sync_with(SyncOptions { full: true, pull_only: true, ..SyncOptions::default() }).await;
    desk.ws.keep(|w| w.rebuild()).unwrap();
    assert_eq!(desk.seen(DEAL, &deal, Field::NextStep), "not pushed");
    assert!(!desk.open().iter().any(|open| open.id == claim.id), "the claim is still declined here");
    assert_eq!(desk.op(&decision).state, OpState::Queued);
    desk.sync().await;
    desk.assert_landed(&decision);
    desk.assert_landed(&declined);
}

async fn a_failed_parent_does_not_block_its_children_for_ever(crm: Vendor) {
    let desk = Desk::new(crm).await;
    for (answer, ends) in [(OpAnswer::Retry, DecisionStatus::Landed), (OpAnswer::Withdraw, DecisionStatus::Withdrawn)] {
        let claim = desk.open().remove(0);
        let approve = Approve {
            registration: claim.id.clone(),
            protection_days: None,
            seller: None,
            link_deal: None,
            message: None,
            reason: Some("we know them".to_owned()),
        };
        let decision = drumbeat_app::registrations::approve(&desk.ws, approve).unwrap().decision;
        // The first op of the decision is the claim itself; everything else waits for it.
        let property = desk.property(ObjectKind::Registration, Field::Status);
        let fault = Fault::Refused { property, message: "Locked by a workflow".to_owned() };
        desk.fail("PATCH", ObjectKind::Registration, fault, 1);
        desk.sync().await;
        desk.sandbox.set_faults(Faults::default());
        let refused = desk.ops(&decision).into_iter().find(|op| op.state == OpState::Rejected).unwrap();
        assert_eq!(desk.status(&decision), DecisionStatus::NeedsYou, "it says so, instead of waiting in silence");
        activity::settle_op(&desk.ws, SettleOp { op: refused.id, answer }).unwrap();
        desk.sync().await;
        assert_eq!(desk.status(&decision), ends, "{answer:?}: {:#?}", desk.ops(&decision));
        assert!(desk.ops(&decision).iter().all(|op| op.state.is_final()), "none is left waiting");
    }
}

async fn typed_text_survives_every_answer_to_a_merge_conflict(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let property = desk.property(DEAL, Field::NextStep);
    for (place, answer) in [MergeAnswer::TakeTheirs, MergeAnswer::KeepMine, MergeAnswer::Edit].into_iter().enumerate() {
        let (deal, typed) = (desk.deal(place), format!("typed {place} with care"));
        let decision = desk.set(&deal, Field::NextStep, &typed);
        desk.edit(DEAL, &deal, &[(Field::NextStep, "theirs")]);
        desk.wait(120);
        desk.sync().await;
        let op = desk.op(&decision);
        let edit = MergeValue { property: property.clone(), value: Some("shorter".to_owned()) };
        let values = if answer == MergeAnswer::Edit { vec![edit] } else { Vec::new() };
        resolve::resolve_merge(&desk.ws, ResolveMerge { op: op.id.clone(), answer, values, seen: None, same: false })
            .unwrap();
        assert!(desk.audit().contains(&typed), "{answer:?}: it is in the audit trail");
        let kept = desk.ws.store.read(|r| r.op(&op.id)).unwrap().unwrap();
        assert!(
            matches!(kept.kind, OpKind::Set { desired, .. } if desired[&property] == typed),
            "{answer:?}: and in the op"
        );
    }
}

async fn a_change_that_reverts_between_two_looks_is_shown_with_who_and_when(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let was = desk.seen(DEAL, &deal, Field::CloseDate);
    desk.wait(3600);
    desk.edit(DEAL, &deal, &[(Field::CloseDate, "2027-05-31")]);
    desk.wait(3600);
    desk.edit(DEAL, &deal, &[(Field::CloseDate, &was)]);
    desk.wait(120);
    desk.sync().await;
    assert_eq!(desk.seen(DEAL, &deal, Field::CloseDate), was, "the mirror alone shows nothing of it");
    let moves = || {
        let all = desk.ws.store.read(|r| r.movements(DEAL, &deal, None, 100)).unwrap();
        all.into_iter().filter(|movement| movement.field == Field::CloseDate).collect::<Vec<_>>()
    };
    let [back, out] = &moves()[..] else { panic!("{:#?}", moves()) };
    assert!(out.after.as_deref().is_some_and(|day| day.starts_with("2027-05-31")), "{out:?}");
    assert_eq!((&back.before, &back.after), (&out.after, &out.before));
    assert!(out.by.is_some() && back.by.is_some() && !out.ours && !back.ours);
    assert_eq!((back.at - out.at).num_minutes(), 60);
    desk.wait(60);
    desk.sync().await;
    assert_eq!(moves().len(), 2, "each is told once");
}

async fn our_own_changes_are_told_once_and_as_ours(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    desk.wait(3600);
    let decision = desk.set(&deal, Field::CloseDate, "2027-06-30");
    desk.sync().await;
    desk.assert_landed(&decision);
    for _ in 0..2 {
        desk.wait(120);
        desk.sync().await;
    }
    let all = desk.ws.store.read(|r| r.movements(DEAL, &deal, None, 100)).unwrap();
    let moves: Vec<_> = all.into_iter().filter(|movement| movement.field == Field::CloseDate).collect();
    assert_eq!(moves.len(), 1, "{moves:#?}");
    assert!(moves[0].ours);
}

for_each_crm! {
    an_edit_typed_while_a_slow_pull_runs_is_not_overwritten_by_the_older_copy,
    a_record_deleted_in_the_crm_neither_stops_other_edits_nor_loses_what_was_typed,
    a_decision_that_a_rule_of_the_crm_refuses_stays_with_the_reason_and_a_way_on,
    neither_the_server_nor_the_client_wins_by_default,
    rebuilding_the_cache_keeps_edits_that_were_not_pushed,
    a_failed_parent_does_not_block_its_children_for_ever,
    typed_text_survives_every_answer_to_a_merge_conflict,
    a_change_that_reverts_between_two_looks_is_shown_with_who_and_when,
    our_own_changes_are_told_once_and_as_ours,
}
