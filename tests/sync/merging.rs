//! Merge conflicts with their answers, and a dry run of the push.

use std::sync::Arc;

use chrono::SubsecRound;
use drumbeat_app::api::Nothing;
use drumbeat_app::{activity, notices, preview, resolve};
use drumbeat_model::change::OpState;
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::DecisionId;
use drumbeat_model::merge::{MergeAnswer, MergeKind, MergeValue, NoticeAbout, NoticeRef, PreviewVerdict, ResolveMerge};
use drumbeat_sandbox::{Fault, Faults};

use crate::bench::http;
use crate::desk::{ANA, Desk};

fn resolve(desk: &Desk, decision: &DecisionId, answer: MergeAnswer, edit: Option<&str>, same: bool) -> u32 {
    let property = desk.property(ObjectKind::Deal, Field::NextStep);
    let values = edit.map(|value| MergeValue { property, value: Some(value.to_owned()) }).into_iter().collect();
    let op = desk.op(decision).id;
    resolve::resolve_merge(&desk.ws, ResolveMerge { op, answer, values, seen: None, same }).unwrap().answered
}

async fn a_merge_conflict_shows_was_yours_and_theirs_with_who_and_when_and_each_answer_does_what_it_says(crm: Vendor) {
    let desk = Desk::new(crm).await;
    for (place, answer, edit, expected) in [
        (0, MergeAnswer::KeepMine, None, "mine"),
        (1, MergeAnswer::TakeTheirs, None, "theirs"),
        (2, MergeAnswer::Edit, Some("both of us"), "both of us"),
    ] {
        let deal = desk.deal(place);
        let was = desk.seen(ObjectKind::Deal, &deal, Field::NextStep);
        let decision = desk.set(&deal, Field::NextStep, "mine");
        desk.edit(ObjectKind::Deal, &deal, &[(Field::NextStep, "theirs")]);
        desk.wait(120);
        desk.sync().await;
        let rows = desk.merges();
        let row = rows.iter().find(|row| row.decision == decision).unwrap();
        let field = &row.fields[0];
        assert_eq!((row.kind, row.fields.len()), (MergeKind::Changed, 1));
        assert_eq!(field.base.clone().unwrap_or_default(), was);
        assert_eq!((field.mine.as_deref(), field.theirs.as_deref()), (Some("mine"), Some("theirs")));
        assert!(field.their_when.is_some(), "{field:?}");
        assert!(field.their_who.is_some(), "{field:?}");

        assert_eq!(resolve(&desk, &decision, answer, edit, false), 1);
        desk.sync().await;
        assert_eq!(desk.seen(ObjectKind::Deal, &deal, Field::NextStep), expected, "{answer:?}");
        let next_step = desk.property(ObjectKind::Deal, Field::NextStep);
        assert_eq!(desk.mirrored(ObjectKind::Deal, &deal)[&next_step], expected);
        assert!(desk.merges().is_empty());
        assert!(desk.audit().contains("mine"), "yours is in the trail");
    }
}

async fn an_answer_to_what_was_seen_is_refused_when_theirs_has_changed_since(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let decision = desk.set(&deal, Field::NextStep, "mine");
    desk.edit(ObjectKind::Deal, &deal, &[(Field::NextStep, "theirs")]);
    desk.wait(120);
    desk.sync().await;
    let row = desk.merges().remove(0);
    let seen: Vec<MergeValue> = row
        .fields
        .iter()
        .map(|field| MergeValue { property: field.property.clone(), value: Some(field.theirs_raw.clone()) })
        .collect();
    // While the screen is open somebody changes it again.
    desk.edit(ObjectKind::Deal, &deal, &[(Field::NextStep, "theirs, once more")]);
    desk.wait(120);
    desk.sync().await;
    let answered = |seen: &[MergeValue], answer| {
        let seen = Some(seen.to_vec());
        let request = ResolveMerge { op: row.op.clone(), answer, values: Vec::new(), seen, same: false };
        resolve::resolve_merge(&desk.ws, request)
    };
    for answer in [MergeAnswer::KeepMine, MergeAnswer::TakeTheirs] {
        let refused = answered(&seen, answer).unwrap_err();
        assert_eq!(refused.id, "merge.changed");
        assert!(
            refused.message.contains("changed meanwhile") && refused.message.contains("theirs, once more"),
            "{refused:?}"
        );
    }
    assert_eq!(desk.merges().len(), 1, "it waits as before");
    let property = desk.property(ObjectKind::Deal, Field::NextStep);
    let fresh = [MergeValue { property, value: Some("theirs, once more".to_owned()) }];
    assert!(answered(&[], MergeAnswer::KeepMine).is_err(), "a field that was not shown was not seen");
    assert_eq!(answered(&fresh, MergeAnswer::KeepMine).unwrap().answered, 1);
    desk.sync().await;
    assert_eq!(desk.seen(ObjectKind::Deal, &deal, Field::NextStep), "mine");
    desk.assert_landed(&decision);
}

async fn a_later_moment_that_others_noted_is_kept_and_what_the_crm_calculates_is_never_sent(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let noted = desk.property(ObjectKind::Deal, Field::StageNotesAt);
    let decision = desk.set(&deal, Field::StageNotes, "as we heard it");
    let later = (desk.sandbox.now() + chrono::TimeDelta::hours(5)).trunc_subsecs(0).to_rfc3339();
    desk.edit(ObjectKind::Deal, &deal, &[(Field::StageNotesAt, &later)]);
    desk.wait(120);
    desk.sync().await;
    desk.assert_landed(&decision);
    assert!(desk.merges().is_empty());
    let now = desk.mirrored(ObjectKind::Deal, &deal)[&noted].clone();
    assert!(drumbeat_model::value::same(Some(&now), Some(&later)), "{now} {later}");

    desk.ws
        .store
        .write(drumbeat_store::Why::Mirror { at: desk.sandbox.now() }, |w| {
            let mut schema = w.schema()?.unwrap();
            let deals = schema.objects.get_mut(&ObjectKind::Deal).unwrap();
            deals.properties.iter_mut().find(|known| known.name == noted).unwrap().read_only = true;
            w.put_schema(&schema)
        })
        .unwrap();
    let decision = desk.set(&deal, Field::StageNotes, "and again");
    let drumbeat_model::change::OpKind::Set { desired, .. } = desk.op(&decision).kind else { panic!("a set") };
    assert!(!desired.contains_key(&noted) && desired.len() == 1, "{desired:?}");
}

async fn the_same_answer_goes_to_identical_conflicts_and_to_no_other(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let mut decisions = Vec::new();
    for (place, theirs) in [(0, "theirs"), (1, "theirs"), (2, "something else")] {
        let deal = desk.deal(place);
        desk.edit(ObjectKind::Deal, &deal, &[(Field::NextStep, "the same base")]);
        decisions.push((deal, theirs));
    }
    desk.wait(120);
    desk.sync().await;
    let decisions: Vec<DecisionId> = decisions
        .iter()
        .map(|(deal, theirs)| {
            let decision = desk.set(deal, Field::NextStep, "mine");
            desk.edit(ObjectKind::Deal, deal, &[(Field::NextStep, theirs)]);
            decision
        })
        .collect();
    desk.wait(120);
    desk.sync().await;
    let same: Vec<u32> = decisions
        .iter()
        .map(|decision| desk.merges().iter().find(|row| row.decision == *decision).unwrap().same_as)
        .collect();
    assert_eq!(same, [1, 1, 0]);
    assert_eq!(resolve(&desk, &decisions[0], MergeAnswer::TakeTheirs, None, true), 2);
    let left: Vec<DecisionId> = desk.merges().into_iter().map(|row| row.decision).collect();
    assert_eq!(left, [decisions[2].clone()]);
}

async fn a_value_that_was_written_over_is_told_and_can_be_written_back_once(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let next_step = desk.property(ObjectKind::Deal, Field::NextStep);
    let decision = desk.set(&deal, Field::NextStep, "mine");
    let properties = [(next_step.clone(), "a moment before".to_owned())].into();
    desk.fail("PATCH", ObjectKind::Deal, Fault::Edited { properties, user: ANA.to_owned() }, 1);
    desk.sync().await;
    desk.sandbox.set_faults(Faults::default());
    desk.assert_landed(&decision);
    let told = notices::notices(&desk.ws, Nothing {}).unwrap();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!((told[0].about, told[0].theirs.as_deref()), (NoticeAbout::Overwrote, Some("a moment before")));
    assert!(told[0].can_restore);
    notices::restore_value(&desk.ws, NoticeRef { id: told[0].id }).unwrap();
    assert!(notices::restore_value(&desk.ws, NoticeRef { id: told[0].id }).is_err(), "once is enough");
    assert!(notices::notices(&desk.ws, Nothing {}).unwrap().is_empty());
    desk.sync().await;
    assert_eq!(desk.mirrored(ObjectKind::Deal, &deal)[&next_step], "a moment before");
}

async fn a_dry_run_sends_nothing_and_says_what_the_push_then_does(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (clean, contested, bad) = (desk.deal(0), desk.deal(1), desk.deal(2));
    let motion = desk.property(ObjectKind::Deal, Field::Motion);
    let sent = desk.set(&clean, Field::NextStep, "first");
    let then = desk.set(&clean, Field::NextStep, "second");
    let asks = desk.set(&contested, Field::NextStep, "mine");
    desk.edit(ObjectKind::Deal, &contested, &[(Field::NextStep, "theirs")]);
    let claim = desk.open().remove(0);
    let approved = drumbeat_app::registrations::approve(
        &desk.ws,
        drumbeat_model::registration::Approve {
            registration: claim.id.clone(),
            protection_days: None,
            seller: None,
            link_deal: None,
            message: None,
            reason: Some("we know them".to_owned()),
        },
    )
    .unwrap()
    .decision;
    // A value that the CRM's list does not have.
    let refused = desk.set(&bad, Field::NextStep, "fine");
    desk.ws
        .keep(|w| {
            let mut op = w.ops_of(&refused)?.pop().unwrap();
            if let drumbeat_model::change::OpKind::Set { desired, base, .. } = &mut op.kind {
                desired.insert(motion.clone(), "no such motion".to_owned());
                let now = w.mirrored(ObjectKind::Deal, &bad)?.unwrap().properties;
                base.insert(motion.clone(), now.get(&motion).cloned().unwrap_or_default());
            }
            w.rebase(&op.id, &op.kind)
        })
        .unwrap();

    let before = desk.sandbox.ledger().len();
    let seen = preview::preview_push(Arc::clone(&desk.ws), Nothing {}).await.unwrap();
    assert_eq!(desk.sandbox.ledger().len(), before, "nothing was sent");
    assert!(seen.fresh, "{:?}", seen.note);
    let verdicts = |decision: &DecisionId| -> Vec<PreviewVerdict> {
        seen.ops.iter().filter(|op| op.decision == *decision).map(|op| op.verdict).collect()
    };
    assert_eq!(verdicts(&sent), [PreviewVerdict::Send]);
    assert_eq!(verdicts(&then), [PreviewVerdict::Send], "it comes after the first, over its value: {:#?}", seen.ops);
    assert_eq!(verdicts(&asks), [PreviewVerdict::Conflict]);
    assert_eq!(verdicts(&refused), [PreviewVerdict::Refused]);
    assert!(verdicts(&approved).iter().all(|verdict| *verdict == PreviewVerdict::Send), "{:#?}", seen.ops);
    let contested = seen.ops.iter().find(|op| op.decision == asks).unwrap();
    assert_eq!(contested.fields[0].theirs.as_deref(), Some("theirs"), "read from the CRM, not from the mirror");
    assert!(seen.ops.iter().all(|op| !op.undo.is_empty()));

    desk.sync().await;
    desk.assert_landed(&sent);
    desk.assert_landed(&then);
    desk.assert_landed(&approved);
    assert_eq!(desk.op(&asks).state, OpState::Conflict);
    assert_eq!(desk.op(&refused).state, OpState::Rejected, "{:#?}", desk.op(&refused).evidence);
}

async fn the_outbox_shows_both_clocks_of_an_op(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let decided_at = desk.sandbox.now();
    let decision = desk.set(&desk.deal(0), Field::NextStep, "mine");
    desk.wait(3 * 3600);
    desk.sync().await;
    let rows = activity::outbox(&desk.ws, Nothing {}).unwrap();
    let row = rows.iter().find(|row| row.decision == decision).unwrap();
    let (decided, landed) = (row.decided_at.unwrap(), row.landed_at.unwrap());
    assert!((decided - decided_at).num_seconds().abs() < 60, "{decided} {decided_at}");
    assert!((landed - decided).num_hours() >= 3, "{decided} {landed}");
}

async fn changes_of_two_records_that_were_merged_meanwhile_meet_one_after_the_other(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (loser, winner) = (desk.deal(0), desk.deal(1));
    for deal in [&loser, &winner] {
        desk.edit(ObjectKind::Deal, deal, &[(Field::NextStep, "call them")]);
    }
    desk.wait(120);
    desk.sync().await;
    let (first, second) = (desk.set(&loser, Field::NextStep, "first"), desk.set(&winner, Field::NextStep, "second"));
    let body = format!(r#"{{"primaryObjectId":"{winner}","objectIdToMerge":"{loser}"}}"#);
    let path = format!("/crm/v3/objects/{}/merge", desk.path(ObjectKind::Deal));
    let (status, answer) = http(&desk.sandbox, "POST", &path, &body).await;
    assert_eq!(status, 200, "{answer}");
    let survivor = answer["id"].as_str().unwrap();
    desk.wait(120);
    desk.sync().await;
    let (first, second) = (desk.op(&first), desk.op(&second));
    assert_eq!((first.record.as_str(), second.record.as_str()), (survivor, survivor), "one lane");
    assert_eq!((first.state, second.state), (OpState::Done, OpState::Conflict), "{first:#?} {second:#?}");
    let row = desk.merges().into_iter().find(|row| row.op == second.id).unwrap();
    assert_eq!(row.fields[0].theirs.as_deref(), Some("first"), "nothing of ours was written over unseen");
}

for_each_crm! {
    a_merge_conflict_shows_was_yours_and_theirs_with_who_and_when_and_each_answer_does_what_it_says,
    an_answer_to_what_was_seen_is_refused_when_theirs_has_changed_since,
    a_later_moment_that_others_noted_is_kept_and_what_the_crm_calculates_is_never_sent,
    the_same_answer_goes_to_identical_conflicts_and_to_no_other,
    a_dry_run_sends_nothing_and_says_what_the_push_then_does,
    the_outbox_shows_both_clocks_of_an_op,
}

// Salesforce writes nothing over that nobody has seen, and merges no deals.
for_hubspot! {
    a_value_that_was_written_over_is_told_and_can_be_written_back_once,
    changes_of_two_records_that_were_merged_meanwhile_meet_one_after_the_other,
}
