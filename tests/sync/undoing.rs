//! Taking back what has landed: the CRM is as it was before, to the byte, and nobody's work goes with it.

use std::collections::BTreeMap;

use drumbeat_app::api::Nothing;
use drumbeat_app::{notices, resolve, undoing};
use drumbeat_model::change::{DecisionStatus, Op, OpKind, OpState};
use drumbeat_model::crm::{ObjectKind, Properties, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, DecisionId};
use drumbeat_model::merge::{DecisionRef, MergeAnswer, ResolveMerge, UndoPlan};
use drumbeat_sandbox::{Fault, Faults, LedgerKind};
use drumbeat_store::{Gone, Step, Why};

use crate::bench::http;
use crate::desk::{ANA, Desk};
use crate::door;

/// Everything living in the CRM, past the client.
async fn everything(desk: &Desk) -> BTreeMap<String, Properties> {
    let schema = desk.ws.store.read(|r| r.schema()).unwrap().unwrap();
    door::everything(desk.vendor, &desk.sandbox, &schema).await
}

/// Approves the first open registration and lets it land; answers the decision, its deal and its task.
async fn approved(desk: &Desk) -> (DecisionId, String, String) {
    let decision = desk.approve().unwrap();
    desk.sync().await;
    desk.assert_landed(&decision);
    let made = |kind| {
        let is_made = |op: &&Op| op.object == kind && matches!(op.kind, OpKind::Create { .. });
        desk.ops(&decision).iter().find(is_made).unwrap().record.clone()
    };
    let (deal, task) = (made(ObjectKind::Deal), made(ObjectKind::Task));
    (decision, deal, task)
}

fn plan(desk: &Desk, decision: &DecisionId) -> UndoPlan {
    undoing::undo_plan(&desk.ws, DecisionRef { decision: decision.clone() }).unwrap()
}

fn undo(desk: &Desk, decision: &DecisionId) -> DecisionId {
    undoing::undo_pushed(&desk.ws, DecisionRef { decision: decision.clone() }).unwrap().decision
}

/// The op that is to archive a record.
fn archive(desk: &Desk, undone: &DecisionId, record: &str) -> Op {
    let is_it = |op: &&Op| matches!(op.kind, OpKind::Archive { .. }) && op.record == record;
    desk.ops(undone).iter().rfind(is_it).unwrap().clone()
}

/// How often the CRM has put a record into its bin.
fn binned(desk: &Desk, record: &str) -> usize {
    let is_it = |entry: &&drumbeat_sandbox::LedgerEntry| entry.kind == LedgerKind::Archive && entry.id == record;
    desk.sandbox.ledger().iter().filter(is_it).count()
}

fn gone(desk: &Desk, kind: ObjectKind, id: &str) -> Option<Gone> {
    desk.ws.store.read(|r| r.mirrored(kind, id)).unwrap().unwrap().gone
}

async fn an_approval_that_landed_is_taken_back_and_the_crm_is_as_before_to_the_byte(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let before = everything(&desk).await;
    let decision = desk.approve().unwrap();
    assert!(plan(&desk, &decision).refused.is_some(), "not landed yet");
    assert!(undoing::undo_pushed(&desk.ws, DecisionRef { decision: decision.clone() }).is_err());
    desk.sync().await;
    desk.assert_landed(&decision);
    let between = everything(&desk).await;
    assert_eq!(between.len(), before.len() + 2, "a deal and a task");

    let shown = plan(&desk, &decision);
    assert!(shown.refused.is_none(), "{shown:#?}");
    assert_eq!(shown.bins.len(), 2, "{:?}", shown.bins);
    for what in ["task", "deal"] {
        let words = format!("The {what} ");
        let bin = shown.bins.iter().find(|bin| bin.starts_with(&words)).unwrap();
        assert!(bin.contains(&format!("goes into {}'s bin; it can be taken out there", crm.label())), "{bin}");
    }
    assert!(shown.stays.iter().all(|part| part.contains("messages")), "{:?}", shown.stays);

    let undone = undo(&desk, &decision);
    let summary = desk.sync().await;
    assert_eq!(summary.needs_you, 0, "{:#?}", desk.ops(&undone));
    desk.assert_landed(&undone);
    let after = everything(&desk).await;
    for (record, values) in &before {
        assert_eq!(after.get(record), Some(values), "{record} is what it was");
    }
    assert_eq!(after.len(), before.len(), "what was made is not among the living");

    let made: Vec<Op> = desk.ops(&undone).into_iter().filter(|op| op.kind.name() == "archive").collect();
    assert_eq!(made.len(), 2);
    for op in &made {
        assert_eq!((binned(&desk, &op.record), gone(&desk, op.object, &op.record)), (1, Some(Gone::Archived)));
        assert!(desk.ws.store.read(|r| r.effective(op.object, &op.record)).unwrap().is_none(), "it is not shown");
    }
    let stays = plan(&desk, &undone).stays;
    assert_eq!(
        stays.iter().filter(|part| part.contains(&format!("stays in {}'s bin", crm.label()))).count(),
        2,
        "{stays:?}"
    );
    desk.wait(120);
    desk.sync().await;
    desk.assert_landed(&undone);
}

async fn a_deal_that_a_colleague_has_worked_on_since_is_not_archived(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let path = desk.path(ObjectKind::Deal);
    let named = |field| desk.property(ObjectKind::Deal, field);
    for (name, property, keeps) in [
        ("what we wrote", named(Field::Name), true),
        ("what we did not write", named(Field::NextStep), false),
        ("what Drumbeat does not read", unread(&desk), true),
    ] {
        let (decision, deal, task) = approved(&desk).await;
        let undone = undo(&desk, &decision);
        desk.wait(5);
        assert!(desk.sandbox.edit(&path, &deal, &[(&property, "worked on")], ANA));
        desk.sync().await;
        let op = archive(&desk, &undone, &deal);
        assert_eq!((op.state, binned(&desk, &deal)), (OpState::Conflict, 0), "{name}");
        let said = &op.evidence.last().unwrap().text;
        assert!(said.contains(&property) && said.contains("worked on"), "{name}: {said}");
        assert_eq!(binned(&desk, &task), 1, "{name}: nobody has touched the task");
        let row = desk.merges().into_iter().find(|row| row.op == op.id).unwrap();
        assert_eq!(row.fields.len(), 1, "{name}: {row:#?}");
        assert!(row.fields[0].their_when.is_some() && row.fields[0].theirs.as_deref() == Some("worked on"), "{row:#?}");
        assert_eq!(row.answers, [MergeAnswer::KeepMine, MergeAnswer::TakeTheirs]);

        let answer = if keeps { MergeAnswer::TakeTheirs } else { MergeAnswer::KeepMine };
        resolve::resolve_merge(
            &desk.ws,
            ResolveMerge { op: op.id, answer, values: Vec::new(), seen: None, same: false },
        )
        .unwrap();
        desk.sync().await;
        assert_eq!(binned(&desk, &deal), usize::from(!keeps), "{name}: {:#?}", archive(&desk, &undone, &deal));
        assert_eq!(desk.status(&undone), DecisionStatus::Landed, "{name}");
        assert_eq!(gone(&desk, ObjectKind::Deal, &deal), (!keeps).then_some(Gone::Archived), "{name}");
    }
}

/// A property of deals that Drumbeat does not read.
fn unread(desk: &Desk) -> String {
    let schema = desk.ws.store.read(|r| r.schema()).unwrap().unwrap();
    let mapping = desk.ws.store.read(|r| r.mapping()).unwrap();
    let mapped = mapping.properties(ObjectKind::Deal);
    let is_text = |holds| holds == drumbeat_model::crm::Holds::Text;
    let mut properties = schema.objects[&ObjectKind::Deal].properties.iter();
    let unread =
        properties.find(|p| !p.read_only && is_text(p.holds) && !mapped.contains(&p.name) && !p.name.ends_with("Id"));
    unread.unwrap().name.clone()
}

fn keep_mine(desk: &Desk, op: Op) -> Result<(), drumbeat_app::error::ApiError> {
    let answer = MergeAnswer::KeepMine;
    let request = ResolveMerge { op: op.id, answer, values: Vec::new(), seen: None, same: false };
    resolve::resolve_merge(&desk.ws, request).map(drop)
}

async fn what_was_not_shown_is_not_archived_all_the_same(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let path = desk.path(ObjectKind::Deal);
    let property = unread(&desk);
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    desk.wait(5);
    assert!(desk.sandbox.edit(&path, &deal, &[(&property, "worked on")], ANA));
    desk.sync().await;
    let shown = archive(&desk, &undone, &deal);
    assert_eq!(shown.state, OpState::Conflict);
    // Another change is there, and read as far as anything of it is, before the person has answered to the first.
    desk.wait(120);
    assert!(desk.sandbox.edit(&path, &deal, &[(&property, "and again")], ANA));
    desk.wait(120);
    desk.sync().await;
    keep_mine(&desk, shown).unwrap();
    desk.sync().await;
    let op = archive(&desk, &undone, &deal);
    assert_eq!((op.state, binned(&desk, &deal)), (OpState::Conflict, 0), "{:#?}", op.evidence);
    assert!(op.evidence.last().unwrap().text.contains("and again"), "{:#?}", op.evidence);
    keep_mine(&desk, op).unwrap();
    desk.sync().await;
    assert_eq!(binned(&desk, &deal), 1, "{:#?}", archive(&desk, &undone, &deal));
}

async fn work_that_was_taken_out_again_is_no_matter_any_more(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let path = desk.path(ObjectKind::Deal);
    let property = desk.property(ObjectKind::Deal, Field::NextStep);
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    desk.wait(5);
    assert!(desk.sandbox.edit(&path, &deal, &[(&property, "worked on")], ANA));
    desk.sync().await;
    desk.wait(120);
    assert!(desk.sandbox.edit(&path, &deal, &[(&property, "")], ANA));
    desk.wait(120);
    desk.sync().await;
    let op = archive(&desk, &undone, &deal);
    let row = desk.merges().into_iter().find(|row| row.op == op.id).unwrap();
    assert!(row.fields.is_empty(), "{row:#?}");
    keep_mine(&desk, op).unwrap();
    desk.sync().await;
    assert_eq!(binned(&desk, &deal), 1, "{:#?}", archive(&desk, &undone, &deal));
    assert_eq!(desk.status(&undone), DecisionStatus::Landed);
}

async fn work_that_was_logged_on_a_deal_and_changes_that_were_read_keep_it_too(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    let note = door::log_note(crm, &desk.sandbox, &deal, "They want it").await;
    desk.sync().await;
    let op = archive(&desk, &undone, &deal);
    assert_eq!((op.state, binned(&desk, &deal)), (OpState::Conflict, 0), "{:#?}", op.evidence);
    let said = &op.evidence.last().unwrap().text;
    assert!(said.contains(&format!("note {note}")), "{said}");

    // Read before it is asked for: the plan itself says no, and names it.
    let (decision, deal, _) = approved(&desk).await;
    desk.edit(ObjectKind::Deal, &deal, &[(Field::Name, "Ours now")]);
    desk.wait(120);
    desk.sync().await;
    let refused = plan(&desk, &decision).refused.unwrap();
    assert!(refused.contains("Name") && refused.contains("Ours now"), "{refused}");
    assert!(undoing::undo_pushed(&desk.ws, DecisionRef { decision }).is_err());
    assert_eq!(binned(&desk, &deal), 0);
}

async fn what_you_have_made_of_a_deal_yourself_is_taken_back_first(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (decision, deal, _) = approved(&desk).await;
    let edit = desk.set(&deal, Field::NextStep, "call them");
    assert!(plan(&desk, &decision).refused.unwrap().contains("waits to be sent"));
    desk.sync().await;
    let refused = plan(&desk, &decision).refused.unwrap();
    assert!(refused.contains("Next step") && refused.contains("call them"), "{refused}");
    undo(&desk, &edit);
    desk.sync().await;
    assert_eq!(plan(&desk, &decision).refused, None);
    let undone = undo(&desk, &decision);
    desk.sync().await;
    desk.assert_landed(&undone);
    assert_eq!(binned(&desk, &deal), 1);
}

async fn a_record_is_archived_once_whatever_happens_to_the_answer(crm: Vendor) {
    let desk = Desk::new(crm).await;
    for (name, fault, applied) in [
        ("503 after it was applied", Fault::Status { code: 503, applied: true }, 1),
        ("503 before it was applied", Fault::Status { code: 503, applied: false }, 0),
        ("reset after it was applied", Fault::Reset { applied: true }, 1),
        ("reset before it was applied", Fault::Reset { applied: false }, 0),
        ("a web page", Fault::Html { code: 200 }, 0),
    ] {
        let (decision, deal, _) = approved(&desk).await;
        let undone = undo(&desk, &decision);
        desk.fail("DELETE", ObjectKind::Deal, fault, 1);
        desk.sync().await;
        desk.sandbox.set_faults(Faults::default());
        assert_eq!(archive(&desk, &undone, &deal).state, OpState::Unknown, "{name}");
        assert!(binned(&desk, &deal) >= applied, "{name}");
        desk.sync().await;
        assert_eq!(archive(&desk, &undone, &deal).state, OpState::Unknown, "{name}: the quarantine holds");
        desk.wait(130);
        desk.sync().await;
        desk.assert_landed(&undone);
        let op = archive(&desk, &undone, &deal);
        assert_eq!((op.state, binned(&desk, &deal)), (OpState::Done, 1), "{name}: {:#?}", op.evidence);
        assert_eq!(gone(&desk, ObjectKind::Deal, &deal), Some(Gone::Archived), "{name}");
    }
}

async fn a_process_that_dies_while_it_archives_is_settled_by_reading(crm: Vendor) {
    let desk = Desk::new(crm).await;
    for arrived in [false, true] {
        let (decision, deal, _) = approved(&desk).await;
        let undone = undo(&desk, &decision);
        let op = archive(&desk, &undone, &deal);
        let at = desk.sandbox.now();
        let step = Step {
            to: OpState::Sending,
            at,
            attempt: Some(1),
            not_before: None,
            sent_at: Some(at),
            text: "sent".into(),
        };
        desk.ws.store.write(Why::Mirror { at }, |w| w.move_op(&op.id, &step)).unwrap();
        if arrived {
            desk.delete(ObjectKind::Deal, &deal).await;
        }
        desk.sync().await;
        assert_eq!(archive(&desk, &undone, &deal).state, OpState::Unknown, "nothing in a bin says whose it was");
        desk.wait(130);
        desk.sync().await;
        let op = archive(&desk, &undone, &deal);
        assert_eq!((op.state, binned(&desk, &deal)), (OpState::Done, 1), "{:#?}", op.evidence);
        let honest = op.evidence.iter().any(|seen| seen.text.contains("perhaps not by us"));
        assert_eq!(honest, arrived, "{:#?}", op.evidence);
    }
}

async fn an_edit_of_the_last_moment_goes_into_the_bin_but_never_in_silence(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    let properties = [(desk.property(ObjectKind::Deal, Field::NextStep), "a moment before".to_owned())].into();
    desk.fail("DELETE", ObjectKind::Deal, Fault::Edited { properties, user: ANA.to_owned() }, 1);
    desk.sync().await;
    desk.sandbox.set_faults(Faults::default());
    desk.assert_landed(&undone);
    let op = archive(&desk, &undone, &deal);
    assert!(op.evidence.last().unwrap().text.contains("a moment before"), "{:#?}", op.evidence);
    let told = notices::notices(&desk.ws, Nothing {}).unwrap();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].text.contains("a moment before") && told[0].text.contains("take it out there"), "{told:#?}");
    assert!(!told[0].can_restore, "what is in the bin is taken out by hand");
}

async fn what_a_colleague_has_archived_meanwhile_is_left_to_them(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    desk.delete(ObjectKind::Deal, &deal).await;
    desk.sync().await;
    desk.assert_landed(&undone);
    let op = archive(&desk, &undone, &deal);
    assert_eq!((op.state, op.attempt, binned(&desk, &deal)), (OpState::Done, 0, 1), "{:#?}", op.evidence);
}

async fn what_a_colleague_has_merged_meanwhile_is_left_to_them(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let path = desk.path(ObjectKind::Deal);
    let (decision, deal, _) = approved(&desk).await;
    let undone = undo(&desk, &decision);
    let other = desk.deal(0);
    let body = format!(r#"{{"primaryObjectId":"{deal}","objectIdToMerge":"{other}"}}"#);
    let (status, answer) = http(&desk.sandbox, "POST", &format!("/crm/v3/objects/{path}/merge"), &body).await;
    assert_eq!(status, 200, "{answer}");
    desk.sync().await;
    let op = archive(&desk, &undone, &deal);
    assert_eq!(op.state, OpState::Conflict, "{:#?}", op.evidence);
    let row = desk.merges().into_iter().find(|row| row.op == op.id).unwrap();
    assert_eq!(row.answers, [MergeAnswer::TakeTheirs], "another's deal is in it now");
    assert!(desk.ws.store.read(|r| r.deal(&DealId(deal))).is_ok());
}

async fn what_somebody_has_changed_since_is_not_taken_back_and_is_named(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let decision = desk.set(&deal, Field::NextStep, "mine");
    desk.sync().await;
    desk.assert_landed(&decision);
    desk.edit(ObjectKind::Deal, &deal, &[(Field::NextStep, "theirs, later")]);
    desk.wait(120);
    desk.sync().await;
    let refused = undoing::undo_pushed(&desk.ws, DecisionRef { decision: decision.clone() }).unwrap_err();
    assert!(refused.message.contains("Next step") && refused.message.contains("theirs, later"), "{refused:?}");
    // Changed after we looked: the outbox asks, and nothing is overwritten.
    let other = desk.deal(1);
    let decision = desk.set(&other, Field::NextStep, "mine");
    desk.sync().await;
    let undone = undo(&desk, &decision);
    desk.edit(ObjectKind::Deal, &other, &[(Field::NextStep, "theirs, in between")]);
    desk.wait(120);
    desk.sync().await;
    assert_eq!(desk.status(&undone), DecisionStatus::NeedsYou);
    assert_eq!(desk.merges().len(), 1);
}

for_each_crm! {
    an_approval_that_landed_is_taken_back_and_the_crm_is_as_before_to_the_byte,
    work_that_was_logged_on_a_deal_and_changes_that_were_read_keep_it_too,
    what_you_have_made_of_a_deal_yourself_is_taken_back_first,
    a_record_is_archived_once_whatever_happens_to_the_answer,
    a_process_that_dies_while_it_archives_is_settled_by_reading,
    an_edit_of_the_last_moment_goes_into_the_bin_but_never_in_silence,
    what_a_colleague_has_archived_meanwhile_is_left_to_them,
    what_somebody_has_changed_since_is_not_taken_back_and_is_named,
    a_deal_that_a_colleague_has_worked_on_since_is_not_archived,
    what_was_not_shown_is_not_archived_all_the_same,
    work_that_was_taken_out_again_is_no_matter_any_more,
}

// Salesforce merges no opportunities.
for_hubspot! {
    what_a_colleague_has_merged_meanwhile_is_left_to_them,
}
