//! What a push would send.

use std::sync::Arc;

use drumbeat_model::merge::PushPreview;

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
pub async fn preview_push(_: Arc<Workspace>, _: Nothing) -> Answer<PushPreview> {
    Err(unfinished())
}
