//! A deal moves through its gate as it will be with the edit, not as it was before.

use drumbeat_app::{deals, review};
use drumbeat_model::crm::{Holds, ObjectKind, Outcome};
use drumbeat_model::deal::{DealField, EditDeal, FieldEdit, FieldState, Need};
use drumbeat_model::field::Field;
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

fn edit(desk: &Desk, deal: &str, set: Vec<FieldEdit>) -> Result<(), String> {
    let request = EditDeal { deal: deal.into(), set, override_reason: None };
    deals::edit_deal(&desk.ws, request).map(drop).map_err(|error| error.id.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_same_edit_fills_in_or_clears_counts_at_the_gate() {
    let desk = Desk::new().await;
    let held = Err("gate.held".to_owned());
    let open: Vec<(String, String)> = (0..50)
        .map(|place| desk.deal(place))
        .filter_map(|deal| next_stage(&desk, &deal).map(|stage| (deal, stage)))
        .collect();
    let of_partner = |deal: &str| deals::deal(&desk.ws, deal.into()).unwrap().partner_id.is_some();
    let lacking = open.iter().find(|(deal, _)| {
        let missing = missing(&desk, deal);
        of_partner(deal) && !missing.is_empty() && missing.iter().all(|field| field.editable)
    });
    let (deal, stage) = lacking.unwrap();
    let to_stage = FieldEdit { field: Field::Stage, value: Some(stage.clone()) };
    assert_eq!(edit(&desk, deal, vec![to_stage.clone()]), held, "something is missing");
    let mut all: Vec<FieldEdit> = missing(&desk, deal).iter().map(filled).collect();
    all.push(to_stage);
    let mut clearing = all.clone();
    clearing.push(FieldEdit { field: Field::StageNotes, value: None });
    assert_eq!(edit(&desk, deal, clearing), held, "what the move itself clears is missing");
    assert_eq!(edit(&desk, deal, all), Ok(()), "filled in with the move itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_note_of_a_review_counts_at_the_gate_that_its_item_moves_through() {
    let desk = Desk::new().await;
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
    let moved = FieldEdit { field: Field::Stage, value: Some(stage.clone()) };
    assert_eq!(edit(&desk, &deal, vec![moved.clone()]), Err("gate.held".to_owned()), "it has no notes");
    let (next_step, owner, due) = desk.promise();
    let request = LogItem {
        review: review.id.clone(),
        item: item.id.clone(),
        verdict: ItemVerdict::ChangePlan,
        text: "They have a budget".to_owned(),
        next_step,
        owner,
        due,
        edits: vec![moved],
        override_reason: None,
    };
    review::log_item(&desk.ws, request).unwrap();
    assert_eq!(desk.seen(ObjectKind::Deal, &deal, Field::Stage), stage);
}
