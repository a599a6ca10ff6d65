//! Workspaces: status bar, connecting, mapping, syncing, health.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::channel::ChannelCounts;
use crate::crm::{Holds, ObjectKind, Owner, ProvisionItem, Vendor};
use crate::deal::words;
use crate::field::Field;
use crate::ids::{JobId, OwnerId, RegistrationId, WorkspaceId};
use crate::mapping::{Mapping, PipelineMapping};
use crate::time::{Day, Instant};

words! {
    /// What the window can show at all.
    Phase {
        None "none" "No workspace is open",
        Locked "locked" "Locked",
        Connected "connected" "Connected, not set up",
        Ready "ready" "Ready",
    }
}

/// Everything that the frame shows: rail counts and status bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// What can be shown.
    pub phase: Phase,
    /// The open workspace.
    pub workspace: Option<WorkspaceId>,
    /// Its name: the CRM account's.
    pub name: String,
    /// CRM.
    pub vendor: Option<Vendor>,
    /// It is the sample and leaves nothing behind.
    pub sample: bool,
    /// The clock that the window counts with.
    pub now: Instant,
    /// The month in which the program's years begin, which a quarter's days follow from.
    pub fiscal_year_starts: u32,
    /// The person, by name.
    pub me: Option<String>,
    /// The CRM answered last time.
    pub online: bool,
    /// Working offline on purpose.
    pub offline_on_purpose: bool,
    /// Why nothing can be written to the CRM, when so.
    pub read_only: Option<String>,
    /// What the person should know about the workspace itself, when there is something.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// What differs between here and the CRM though it was read again, when something does.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// Last finished sync.
    pub last_sync: Option<Instant>,
    /// The sync that runs.
    pub job: Option<JobProgress>,
    /// Ops that are not in the CRM yet.
    pub pending: u32,
    /// Ops that need a person.
    pub merge_conflicts: u32,
    /// Decisions that are held back because facts have moved.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u32>,
    /// Notices that nobody has put aside.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notices: Option<u32>,
    /// Policy version in force.
    pub policy: u32,
    /// The next S-02 that ends.
    pub next_sla: Option<NextSla>,
    /// Rail counts.
    pub counts: RailCounts,
}

/// The next clock that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NextSla {
    /// Registration.
    pub registration: RegistrationId,
    /// Company.
    pub company: String,
    /// Due.
    pub due: Instant,
}

/// Work that waits, per screen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct RailCounts {
    /// Lines of Today that need you or are due.
    pub today: u32,
    /// Registrations waiting.
    pub inbox: u32,
    /// Of these, over the SLA.
    pub inbox_over: u32,
    /// Open items of a running review.
    pub review: u32,
    /// Open deals.
    pub deals: u32,
    /// Partners.
    pub partners: u32,
    /// Ops that need a person.
    pub activity: u32,
    /// Open channel conflicts, as the last pass left them.
    pub channel: ChannelCounts,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct JobProgress {
    /// Which job.
    pub id: JobId,
    /// What it does now, e.g. "Deals".
    pub step: String,
    /// Done so far.
    pub done: u32,
    /// In all, where known.
    pub total: Option<u32>,
    /// A second, over the last while.
    pub rate: u32,
    /// Seconds left, where they can be known.
    pub left: Option<u32>,
}

/// A workspace on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WorkspaceRow {
    /// Folder name.
    pub id: WorkspaceId,
    /// CRM account's name.
    pub name: String,
    /// CRM.
    pub vendor: Vendor,
    /// Needs a passphrase (no keyring holds its key).
    pub passphrase: bool,
}

/// Connect a CRM. The token goes straight into the keyring; it is never sent back.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Connect {
    /// Which CRM.
    pub vendor: Vendor,
    /// Another address than the vendor's own (sandbox).
    #[serde(default)]
    pub base_url: Option<String>,
    /// Private-app token.
    pub token: String,
    /// Passphrase, where there is no keyring or one is wanted.
    #[serde(default)]
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for Connect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect")
            .field("vendor", &self.vendor)
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// Sign in to a CRM in the browser of this computer. Tokens go straight into the keyring; none is ever sent back.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SignIn {
    /// Which CRM.
    pub vendor: Vendor,
    /// Where to sign in, when not at the vendor's own place: a company's own domain, a test organisation, a sandbox.
    #[serde(default)]
    pub login: Option<String>,
    /// Client id (consumer key) of the app that the account's admin has made.
    pub client_id: String,
    /// Its secret, where the vendor wants one.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Port of this computer that the app's callback address names; any free one when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// Passphrase, where there is no keyring or one is wanted.
    #[serde(default)]
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("vendor", &self.vendor).field("login", &self.login).finish_non_exhaustive()
    }
}

/// What connecting found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Connected {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// CRM account's name.
    pub account: String,
    /// Portal or organisation id.
    pub account_id: String,
    /// Why nothing can be written, when so.
    pub read_only: Option<String>,
    /// The mapping found.
    pub mapping: MappingView,
}

/// The mapping for review: every field with what was found for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MappingView {
    /// The mapping as it would be saved.
    pub mapping: Mapping,
    /// One line a field.
    pub lines: Vec<MappingLine>,
    /// Pipelines with what they mean.
    pub pipelines: Vec<PipelineMapping>,
    /// Who "me" can be.
    pub owners: Vec<Owner>,
    /// Go-live day.
    pub go_live: Option<Day>,
}

/// One field of the mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MappingLine {
    /// Kind of record.
    pub kind: ObjectKind,
    /// Field.
    pub field: Field,
    /// What a person reads.
    pub label: String,
    /// The CRM's property, when one was found.
    pub property: Option<String>,
    /// The property's label in the CRM.
    pub property_label: Option<String>,
    /// What it holds.
    pub holds: Option<Holds>,
    /// Needed for checks or required on deals.
    pub wanted: bool,
    /// Up to three real values, once some were read.
    pub samples: Vec<String>,
    /// Properties that it could be instead.
    pub candidates: Vec<String>,
}

/// Save a reviewed mapping; what is shown is rebuilt from the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveMapping {
    /// Changed fields; an absent property unmaps.
    #[serde(default)]
    pub fields: Vec<MappedField>,
    /// Which pipelines count, by id.
    #[serde(default)]
    pub pipelines: Vec<PipelineCounts>,
    /// Who "me" is.
    #[serde(default)]
    pub me: Option<OwnerId>,
    /// Go-live day.
    #[serde(default)]
    pub go_live: Option<Day>,
}

/// One changed field of the mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MappedField {
    /// Kind of record.
    pub kind: ObjectKind,
    /// Field.
    pub field: Field,
    /// The CRM's property.
    pub property: Option<String>,
}

/// Whether a pipeline counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PipelineCounts {
    /// Pipeline id.
    pub id: String,
    /// Counts.
    pub counts: bool,
}

/// What Drumbeat would create in the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProvisionPlan {
    /// The items, also those already there.
    pub items: Vec<ProvisionItem>,
    /// Not yet there.
    pub missing: u32,
    /// Why it cannot be applied from here, when so.
    pub refused: Option<String>,
}

/// How to sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SyncOptions {
    /// Read everything again.
    pub full: bool,
    /// Do not push.
    pub pull_only: bool,
    /// Do not pull.
    pub push_only: bool,
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, TS)]
pub struct SyncSummary {
    /// Records read.
    pub read: u32,
    /// Records new or changed here.
    pub changed: u32,
    /// Records gone from the CRM.
    pub gone: u32,
    /// Ops confirmed.
    pub pushed: u32,
    /// Ops that need a person now.
    pub needs_you: u32,
    /// Ops still waiting.
    pub waiting: u32,
    /// Decisions held back because facts have moved.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<u32>,
    /// Messages released.
    pub released: u32,
    /// Requests made.
    pub requests: u32,
    /// Requests repeated.
    pub retries: u32,
    /// Bytes read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Seconds.
    pub seconds: f64,
    /// Stopped by the person; what was read is kept.
    pub cancelled: bool,
}

/// One finding of the doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Stable name, e.g. `store.integrity`.
    pub check: String,
    /// Fine, worth a look, broken.
    pub outcome: crate::verdict::CheckOutcome,
    /// What was found.
    pub text: String,
    /// What to do, when something is to be done.
    pub next: Option<String>,
}
