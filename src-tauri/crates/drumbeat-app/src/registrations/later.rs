//! Acts that are written down for the window before they are there.

use std::sync::Arc;

use drumbeat_model::ids::DealId;
use drumbeat_model::lifecycle::*;
use drumbeat_model::registration::Decided;

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

fn later<T>() -> Answer<T> {
    Err(ApiError::invalid("act.later", "This cannot be done yet").kept("Nothing was changed"))
}

/// See the request.
///
/// # Errors
/// Always.
pub fn withdraw(_: &Arc<Workspace>, _: Withdraw) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn answer_info(_: &Arc<Workspace>, _: AnswerInfo) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn expire(_: &Arc<Workspace>, _: Expire) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn convert_lead(_: &Arc<Workspace>, _: ConvertLead) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn open_appeal(_: &Arc<Workspace>, _: OpenAppeal) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn decide_appeal(_: &Arc<Workspace>, _: DecideAppeal) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn request_extension(_: &Arc<Workspace>, _: RequestExtension) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn extend(_: &Arc<Workspace>, _: Extend) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn refuse_extension(_: &Arc<Workspace>, _: RefuseExtension) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn warn_untouched(_: &Arc<Workspace>, _: WarnUntouched) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn release_protection(_: &Arc<Workspace>, _: ReleaseProtection) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn reassign(_: &Arc<Workspace>, _: Reassign) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn log_meeting(_: &Arc<Workspace>, _: LogMeeting) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn lapse_hold(_: &Arc<Workspace>, _: LapseHold) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn award(_: &Arc<Workspace>, _: Award) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn split_claims(_: &Arc<Workspace>, _: SplitClaims) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn protections(_: &Arc<Workspace>, _: ProtectionsQuery) -> Answer<Vec<ProtectionRow>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn bulk(_: &Arc<Workspace>, _: Bulk) -> Answer<BulkDone> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn snooze(_: &Arc<Workspace>, _: Snooze) -> Answer<Nothing> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn inbox_views(_: &Arc<Workspace>, _: Nothing) -> Answer<Vec<InboxView>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn save_inbox_view(_: &Arc<Workspace>, _: InboxView) -> Answer<Vec<InboxView>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn forget_inbox_view(_: &Arc<Workspace>, _: InboxViewRef) -> Answer<Vec<InboxView>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn covers(_: &Arc<Workspace>, _: Nothing) -> Answer<Vec<Cover>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn save_covers(_: &Arc<Workspace>, _: SaveCovers) -> Answer<Vec<Cover>> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn message_draft(_: &Arc<Workspace>, _: DraftRequest) -> Answer<MessageDraft> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn save_message(_: &Arc<Workspace>, _: SaveMessage) -> Answer<SavedFile> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn deal_partners(_: &Arc<Workspace>, _: DealId) -> Answer<DealPartners> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn set_partners(_: &Arc<Workspace>, _: SetPartners) -> Answer<Decided> {
    later()
}

/// See the request.
///
/// # Errors
/// Always.
pub fn add_influence(_: &Arc<Workspace>, _: AddInfluence) -> Answer<Decided> {
    later()
}
