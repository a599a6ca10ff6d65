//! The facts that a decision relied on.

use std::sync::Arc;

use drumbeat_model::merge::{HeldDecision, ReleaseHeld};

use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::workspace::Workspace;

fn unfinished() -> ApiError {
    ApiError::new(Code::NeedsAttention, "merge.unfinished", "This part of the workspace cannot be shown yet")
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn held(_: &Arc<Workspace>, _: Nothing) -> Answer<Vec<HeldDecision>> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn release_held(_: &Arc<Workspace>, _: ReleaseHeld) -> Answer<Nothing> {
    Err(unfinished())
}
