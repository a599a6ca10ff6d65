//! What people did about a finding on another computer, as the deals' own record in the CRM tells it.
//!
//! A step is taken over when it belongs to the finding as it is open now: after it was raised here, or, where it is met
//! here for the first time, after it was settled last. Steps that were done here are known already and change nothing, so
//! that each is told once. How it was settled is not among them: that is kept with the findings.

use drumbeat_model::channel::ConflictState;
use drumbeat_model::settling::{ChannelStep, SettledNote, StepKind};
use drumbeat_model::time::Instant;
use drumbeat_store::channel::{Event, Kept};

/// Takes over the steps of a finding, oldest first; answers what is to be on its record.
///
/// `raised` is when it was raised here, where it was known; `notes` are how findings on the account were settled.
pub(super) fn heard(kept: &mut Kept, raised: Option<Instant>, notes: &[SettledNote]) -> Vec<Event> {
    if !kept.state.is_open() {
        return Vec::new();
    }
    let key = kept.finding.key();
    let settled = notes.iter().filter(|note| note.key == key).map(|note| note.at).max();
    let closed = kept.life.closed_at;
    let belongs = |step: &&ChannelStep| {
        raised.is_none_or(|raised| step.at >= raised)
            && settled.is_none_or(|at| step.at > at)
            && closed.is_none_or(|at| step.at > at)
    };
    let steps: Vec<ChannelStep> = kept.finding.steps.iter().filter(belongs).cloned().collect();
    let mut events = Vec::new();
    for step in steps {
        if let Some((what, text)) = take(kept, &step) {
            events.push(Event { at: step.at, what: what.to_owned(), text, by: Some(step.by) });
        }
    }
    events
}

/// Nothing where the finding knows of it.
fn take(kept: &mut Kept, step: &ChannelStep) -> Option<(&'static str, String)> {
    let life = &mut kept.life;
    let later = |than: Option<Instant>| than.is_none_or(|than| step.at > than);
    let text = step.text.clone().unwrap_or_default();
    let told = match StepKind::from_name(&step.what)? {
        StepKind::Acknowledged if life.acknowledged_at.is_none() => ("acknowledged", "acknowledged".to_owned()),
        StepKind::Planned if later(life.planned_at) => {
            life.planned_at = Some(step.at);
            (life.plan, life.plan_due) = (Some(text.clone()), step.due);
            if matches!(kept.state, ConflictState::Open | ConflictState::Acknowledged) {
                kept.state = ConflictState::Planned;
            }
            let due = step.due.map_or_else(String::new, |due| format!(", by {due}"));
            ("planned", format!("plan: {text}{due}"))
        }
        StepKind::Asked if later(life.asked_at) => {
            (life.asked_at, life.answered_at) = (Some(step.at), None);
            life.question = Some(text.clone());
            ("asked", format!("a seller was asked: {text}"))
        }
        StepKind::Answered if life.asked_at.is_some_and(|asked| step.at >= asked) && later(life.answered_at) => {
            life.answered_at = Some(step.at);
            ("answered", format!("the seller answered: {text}"))
        }
        // Evidence is in the facts of its party.
        StepKind::Acknowledged
        | StepKind::Planned
        | StepKind::Asked
        | StepKind::Answered
        | StepKind::Evidence
        | StepKind::EvidenceGone => return None,
    };
    kept.life.acknowledged_at.get_or_insert(step.at);
    if kept.state == ConflictState::Open {
        kept.state = ConflictState::Acknowledged;
    }
    Some(told)
}
