//! A deal moves through its gate as it will be with the edit, not as it was before.

use drumbeat_app::api::Nothing;
use drumbeat_app::{deals, review};
use drumbeat_model::crm::{Holds, ObjectKind, Outcome, Vendor};
use drumbeat_model::deal::{DealField, EditDeal, FieldEdit, FieldState, Need};
use drumbeat_model::dossier::{Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::gate::{Confirm, EditDeals, ToldBy};
use drumbeat_model::ids::DealId;
use drumbeat_model::plan::{PlanSide, PlanState, SetPlanItem};
use drumbeat_model::registration::Undo;
use drumbeat_model::review::{ItemVerdict, LogItem, ReviewTemplate, StartReview};

use crate::desk::Desk;

/// The stage after the deal's own, where it is open.
fn next_stage(desk: &Desk, deal: &str) -> Option<String> {
    desk.ws
        .store
        .read(|r| {
            let deal = r.deal(&deal.into())?.unwrap();
            let mapping = r.mapping()?;
            let stages = &mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline).unwrap().stages;
            let at = stages.iter().position(|stage| stage.id == deal.stage).unwrap();
            Ok(stages.get(at + 1).filter(|stage| stage.outcome == Outcome::Open).map(|stage| stage.id.clone()))
        })
        .unwrap()
}

/// The hard fields that a deal lacks.
fn missing(desk: &Desk, deal: &str) -> Vec<DealField> {
    let fields = deals::deal(&desk.ws, deal.into()).unwrap().fields;
    fields.into_iter().filter(|field| field.need == Need::Hard && field.state == FieldState::Missing).collect()
}

/// Something that the field takes.
fn filled(field: &DealField) -> FieldEdit {
    let value = match (field.options.first(), field.holds) {
        (Some(option), _) => option.value.clone(),
        (None, Holds::Number) => "10".to_owned(),
        (None, Holds::Day | Holds::Instant) => "2026-11-20".to_owned(),
        (None, Holds::Truth) => "true".to_owned(),
        (None, Holds::Text | Holds::Choice | Holds::Choices) => "as they told us".to_owned(),
    };
    FieldEdit { field: field.field, value: Some(value) }
}

fn request(deal: &str, set: &[FieldEdit], confirm: Vec<Confirm>) -> EditDeal {
    EditDeal { deal: deal.into(), set: set.to_vec(), override_reason: None, confirm }
}

/// The criteria that a person can confirm for an edit, each with its evidence.
fn confirmed(desk: &Desk, deal: &str, set: &[FieldEdit]) -> Vec<Confirm> {
    let preview = deals::preview_edit(&desk.ws, request(deal, set, Vec::new())).unwrap();
    let by_hand = preview.criteria.into_iter().filter(|one| one.told_by == ToldBy::Person && !one.met);
    let seen = Proof { kind: ProofKind::Notes, day: desk.ws.clock.today(), text: "as they told us".to_owned() };
    by_hand.map(|one| Confirm { key: one.key, holds: true, proof: Some(seen.clone()) }).collect()
}

fn edit(desk: &Desk, deal: &str, set: &[FieldEdit], confirm: Vec<Confirm>) -> Result<(), String> {
    deals::edit_deal(&desk.ws, request(deal, set, confirm)).map(drop).map_err(|error| error.id.clone())
}

/// The deal's own record, as the CRM has it.
fn mirrored(desk: &Desk, deal: &str) -> String {
    let all = desk.mirrored(ObjectKind::Deal, deal);
    all.get(&desk.property(ObjectKind::Deal, Field::Dossier)).cloned().unwrap_or_default()
}

fn to(stage: &str) -> FieldEdit {
    FieldEdit { field: Field::Stage, value: Some(stage.to_owned()) }
}

async fn what_the_same_edit_fills_in_or_clears_counts_at_the_gate(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let held = Err("gate.held".to_owned());
    let open: Vec<(String, String)> = (0..50)
        .map(|place| desk.deal(place))
        .filter_map(|deal| next_stage(&desk, &deal).map(|stage| (deal, stage)))
        .collect();
    let of_partner = |deal: &str| deals::deal(&desk.ws, deal.into()).unwrap().partner_id.is_some();
    let all_of = |deal: &str, stage: &str| -> Vec<FieldEdit> {
        missing(&desk, deal).iter().map(filled).chain([to(stage)]).collect()
    };
    let lacking = open.iter().find(|(deal, stage)| {
        let missing = missing(&desk, deal);
        let all = all_of(deal, stage);
        let whole = request(deal, &all, confirmed(&desk, deal, &all));
        of_partner(deal)
            && !missing.is_empty()
            && missing.iter().all(|field| field.editable)
            && !deals::preview_edit(&desk.ws, whole).unwrap().held
    });
    let (deal, stage) = lacking.unwrap();
    let all = all_of(deal, stage);
    let confirm = || confirmed(&desk, deal, &all);
    assert_eq!(edit(&desk, deal, &[to(stage)], confirm()), held, "a field is missing");
    assert_eq!(edit(&desk, deal, &all, Vec::new()), held, "nobody has confirmed what must hold");
    let clearing: Vec<FieldEdit> =
        all.iter().cloned().chain([FieldEdit { field: Field::StageNotes, value: None }]).collect();
    assert_eq!(edit(&desk, deal, &clearing, confirm()), held, "what the move itself clears is missing");
    assert_eq!(edit(&desk, deal, &all, confirm()), Ok(()), "filled in and confirmed with the move itself");
    let standing = deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap();
    assert!(
        standing
            .stages
            .iter()
            .any(|one| one.value == *stage && Some(one.position) == standing.stage.as_ref().map(|s| s.position))
    );
}

async fn no_deal_passes_a_gate_that_does_not_hold_unless_a_reason_is_on_record(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let (mut held, mut free) = (0, 0);
    for deal in (0..40).map(|place| desk.deal(place)) {
        let standing = deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap();
        for stage in standing.stages {
            let preview = deals::preview_edit(&desk.ws, request(&deal, &[to(&stage.value)], Vec::new())).unwrap();
            if preview.writes.is_empty() {
                continue;
            }
            let moved = deals::edit_deal(&desk.ws, request(&deal, &[to(&stage.value)], Vec::new()));
            let refused = moved.as_ref().err().map(|error| error.id.as_str());
            assert_eq!(refused, preview.held.then_some("gate.held"), "{deal} to {stage:?}");
            let decision = if preview.held {
                held += 1;
                let reason = Some("the customer has signed".to_owned());
                let over = EditDeal { override_reason: reason, ..request(&deal, &[to(&stage.value)], Vec::new()) };
                deals::edit_deal(&desk.ws, over).unwrap().decision
            } else {
                free += 1;
                moved.unwrap().decision
            };
            let kept = desk.ws.store.read(|r| r.decision(&decision)).unwrap().unwrap();
            assert_eq!(kept.reason.is_some(), preview.held, "{kept:?}");
            drumbeat_app::decide::undo(&desk.ws, Undo { decision }).unwrap();
        }
    }
    assert!(held > 20 && free > 5, "{held} held, {free} free");
}

async fn what_a_person_confirms_is_in_the_crm_and_counts_on_another_computer(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let found = (0..50).map(|place| desk.deal(place)).find_map(|deal| {
        let standing = deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap();
        let open = standing.criteria.into_iter().find(|one| one.told_by == ToldBy::Person && !one.met)?;
        Some((deal, open))
    });
    let (deal, criterion) = found.unwrap();
    let proof = Some(Proof { kind: ProofKind::Meeting, day: desk.ws.clock.today(), text: "the kick-off".to_owned() });
    let confirm = Confirm { key: criterion.key.clone(), holds: true, proof };
    assert_eq!(edit(&desk, &deal, &[], vec![confirm]), Ok(()));
    desk.sync().await;
    assert!(mirrored(&desk, &deal).contains("the kick-off"), "it is in the CRM");
    let standing = deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap();
    let again = standing.criteria.into_iter().find(|one| one.key == criterion.key).unwrap();
    assert!(again.met && again.fact.ends_with("the kick-off"), "{again:?}");
    let back = Confirm { key: criterion.key.clone(), holds: false, proof: None };
    assert_eq!(edit(&desk, &deal, &[], vec![back]), Ok(()));
    let standing = deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap();
    assert!(standing.criteria.iter().any(|one| one.key == criterion.key && !one.met), "taken back");
}

async fn a_milestone_of_the_plan_lands_in_the_crm_and_each_change_of_it_counts(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let deal = desk.deal(0);
    let planned = |id: Option<String>, text: &str, done| SetPlanItem {
        deal: deal.as_str().into(),
        id,
        text: text.to_owned(),
        side: PlanSide::Partner,
        owner: None,
        due: Some(desk.ws.clock.today()),
        done,
        proof: None,
        risk: None,
        dropped: false,
    };
    deals::set_plan_item(&desk.ws, planned(None, "Workshop at the customer", None)).unwrap();
    let rows = || deals::deal_standing(&desk.ws, deal.as_str().into()).unwrap().plan;
    let id = rows()[0].item.id.clone();
    desk.sync().await;
    desk.wait(60);
    deals::set_plan_item(&desk.ws, planned(Some(id.clone()), "Workshop at the customer", Some(desk.ws.clock.today())))
        .unwrap();
    assert_eq!(rows().iter().map(|row| row.state).collect::<Vec<_>>(), [PlanState::Done]);
    desk.sync().await;
    assert!(mirrored(&desk, &deal).contains("Workshop at the customer"));
    let stray = deals::set_plan_item(&desk.ws, planned(Some("gone".to_owned()), "x", None)).unwrap_err();
    assert_eq!(stray.id, "plan");
}

async fn a_close_needs_its_reason_and_tells_the_partner_once_it_has_landed(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let lost = |deal: &str| {
        let standing = deals::deal_standing(&desk.ws, deal.into()).unwrap();
        standing.stages.into_iter().find(|stage| stage.outcome == Outcome::Lost).map(|stage| stage.value)
    };
    let found = (0..50).map(|place| desk.deal(place)).find_map(|deal| {
        let detail = deals::deal(&desk.ws, deal.as_str().into()).unwrap();
        (detail.partner_id.is_some() && detail.row.outcome == Outcome::Open)
            .then(|| lost(&deal))
            .flatten()
            .map(|stage| (deal, stage))
    });
    let (deal, stage) = found.unwrap();
    assert_eq!(edit(&desk, &deal, &[to(&stage)], Vec::new()), Err("gate.held".to_owned()), "nothing says why");
    let reason = desk.choice(ObjectKind::Deal, Field::LostReason).unwrap_or_else(|| "no budget this year".to_owned());
    let why = FieldEdit { field: Field::LostReason, value: Some(reason.clone()) };
    let both = [to(&stage), why];
    let preview = deals::preview_edit(&desk.ws, request(&deal, &both, Vec::new())).unwrap();
    assert!(!preview.held && preview.letter.is_some(), "{preview:?}");
    assert_eq!(edit(&desk, &deal, &both, Vec::new()), Ok(()));
    desk.sync().await;
    let told = drumbeat_app::activity::messages(&desk.ws, Nothing {}).unwrap();
    let letter = told.iter().find(|message| Some(&message.subject) == preview.letter.as_ref()).unwrap();
    assert!(!letter.text.contains(&reason), "the reason stays in the house: {}", letter.text);
}

async fn the_same_edit_of_many_says_of_each_what_became_of_it(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ids: Vec<DealId> = (0..3).map(|place| desk.deal(place).as_str().into()).collect();
    let set = vec![FieldEdit { field: Field::CloseDate, value: Some("2027-03-31".to_owned()) }];
    let all =
        EditDeals { deals: [ids.clone(), vec!["nowhere".into(), ids[0].clone()]].concat(), set, override_reason: None };
    let done = deals::edit_deals(&desk.ws, all).unwrap();
    let changed: Vec<bool> = done.rows.iter().map(|row| row.decision.is_some()).collect();
    assert_eq!(changed, [true, true, true, false], "{done:?}");
    for id in &ids {
        let closes = desk.seen(ObjectKind::Deal, id.as_str(), Field::CloseDate);
        assert!(closes.starts_with("2027-03-31"), "{closes}");
    }
    let none = EditDeals { deals: Vec::new(), set: Vec::new(), override_reason: None };
    assert_eq!(deals::edit_deals(&desk.ws, none).unwrap_err().id, "edit.many");
}

async fn the_note_of_a_review_counts_at_the_gate_that_its_item_moves_through(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let weekly = StartReview { template: ReviewTemplate::Weekly, attendees: Vec::new(), order: None };
    let review = review::start_review(&desk.ws, weekly).unwrap();
    let ready = |deal: &str| missing(&desk, deal).iter().all(|field| field.field == Field::StageNotes);
    let item = review.items.iter().find(|item| {
        item.deal.as_ref().is_some_and(|deal| ready(deal.as_str()) && next_stage(&desk, deal.as_str()).is_some())
    });
    let item = item.unwrap();
    let deal = item.deal.clone().unwrap().0;
    desk.edit(ObjectKind::Deal, &deal, &[(Field::StageNotes, "")]);
    desk.wait(120);
    desk.sync().await;
    let stage = next_stage(&desk, &deal).unwrap();
    let confirm = confirmed(&desk, &deal, &[to(&stage)]);
    assert_eq!(edit(&desk, &deal, &[to(&stage)], confirm.clone()), Err("gate.held".to_owned()), "it has no notes");
    let (next_step, owner, due) = desk.promise();
    let request = LogItem {
        review: review.id.clone(),
        item: item.id.clone(),
        verdict: ItemVerdict::ChangePlan,
        text: "They have a budget".to_owned(),
        next_step,
        owner,
        due,
        edits: vec![to(&stage)],
        override_reason: None,
        confirm,
    };
    review::log_item(&desk.ws, request).unwrap();
    assert_eq!(desk.seen(ObjectKind::Deal, &deal, Field::Stage), stage);
}

for_each_crm! {
    what_the_same_edit_fills_in_or_clears_counts_at_the_gate,
    no_deal_passes_a_gate_that_does_not_hold_unless_a_reason_is_on_record,
    what_a_person_confirms_is_in_the_crm_and_counts_on_another_computer,
    a_milestone_of_the_plan_lands_in_the_crm_and_each_change_of_it_counts,
    a_close_needs_its_reason_and_tells_the_partner_once_it_has_landed,
    the_same_edit_of_many_says_of_each_what_became_of_it,
    the_note_of_a_review_counts_at_the_gate_that_its_item_moves_through,
}
