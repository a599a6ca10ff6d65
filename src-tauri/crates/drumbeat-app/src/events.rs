//! What the rest of the program is told: which kinds of data changed, how far a job is.

use drumbeat_model::ids::{ImportId, JobId};
use drumbeat_model::workspace::{JobProgress, SyncSummary};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Kinds of data that a query can read and a change can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Deals.
    Deal,
    /// Partners, accounts, certificates.
    Partner,
    /// Registrations.
    Registration,
    /// Tasks, notes, meetings, calls, e-mails.
    Touch,
    /// Decisions, ops, messages.
    Outbox,
    /// Reviews.
    Review,
    /// Packs that were written.
    Pack,
    /// The audit trail.
    Audit,
    /// Connection, mapping, settings, lock.
    Workspace,
    /// Channel conflicts.
    ChannelConflict,
}

impl Kind {
    /// Every kind: what a change by another process may have touched.
    pub const ALL: &[Kind] = &[
        Kind::Deal,
        Kind::Partner,
        Kind::Registration,
        Kind::Touch,
        Kind::Outbox,
        Kind::Review,
        Kind::Pack,
        Kind::Audit,
        Kind::Workspace,
        Kind::ChannelConflict,
    ];
}

/// Something that happened and that no one waits for.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "event", content = "is", rename_all = "snake_case")]
pub enum AppEvent {
    /// Data of these kinds may have changed.
    Changed(Vec<Kind>),
    /// A job has come this far.
    Progress(JobProgress),
    /// A sync has ended well or was cancelled.
    SyncEnded(SyncSummary),
    /// A sync has ended badly.
    SyncFailed(crate::error::ApiError),
    /// A job that nobody waits for has ended, well or badly.
    JobEnded(JobId),
    /// Whether the CRM answers.
    Online(bool),
    /// A file is held over the window, or no longer.
    FileOver(bool),
    /// A dropped file was read and is kept as an import.
    ImportOpened(ImportId),
    /// A dropped file was refused.
    ImportFailed(crate::error::ApiError),
}

/// Where events go: the window emits them, the command line prints progress.
pub trait Events: Send + Sync {
    /// Takes one event; must not block.
    fn send(&self, event: AppEvent);
}

/// For callers that look at the result alone.
pub struct NoEvents;

impl Events for NoEvents {
    fn send(&self, _event: AppEvent) {}
}

impl From<drumbeat_store::Touched> for Kind {
    fn from(touched: drumbeat_store::Touched) -> Self {
        use drumbeat_store::Touched;
        match touched {
            Touched::Deal => Kind::Deal,
            Touched::Partner => Kind::Partner,
            Touched::Registration => Kind::Registration,
            Touched::Touch => Kind::Touch,
            Touched::Outbox => Kind::Outbox,
            Touched::Review => Kind::Review,
            Touched::Pack => Kind::Pack,
            Touched::Audit => Kind::Audit,
            Touched::Workspace => Kind::Workspace,
            Touched::ChannelConflict => Kind::ChannelConflict,
        }
    }
}
