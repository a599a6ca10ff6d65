//! Taking back what has landed.

use std::sync::Arc;

use drumbeat_model::merge::{DecisionRef, UndoPlan};
use drumbeat_model::registration::Decided;

use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

fn unfinished() -> ApiError {
    ApiError::new(Code::NeedsAttention, "merge.unfinished", "This part of the workspace cannot be shown yet")
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn undo_plan(_: &Arc<Workspace>, _: DecisionRef) -> Answer<UndoPlan> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn undo_pushed(_: &Arc<Workspace>, _: DecisionRef) -> Answer<Decided> {
    Err(unfinished())
}
