//! Merge conflicts and notices.

use std::sync::Arc;

use drumbeat_model::merge::{MergeResolved, MergeRow, NoticeRef, NoticeRow, ResolveMerge};
use drumbeat_model::registration::Decided;

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
pub fn merges(_: &Arc<Workspace>, _: Nothing) -> Answer<Vec<MergeRow>> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn resolve_merge(_: &Arc<Workspace>, _: ResolveMerge) -> Answer<MergeResolved> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn notices(_: &Arc<Workspace>, _: Nothing) -> Answer<Vec<NoticeRow>> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn put_notice_aside(_: &Arc<Workspace>, _: NoticeRef) -> Answer<Nothing> {
    Err(unfinished())
}

/// Not built yet.
///
/// # Errors
/// Always.
pub fn restore_value(_: &Arc<Workspace>, _: NoticeRef) -> Answer<Decided> {
    Err(unfinished())
}
