//! Everything Drumbeat can do, in one table.
//!
//! A line names an operation, its request, its answer and what a query reads. The window's client,
//! the dispatcher behind the one IPC command and the tests that walk all operations come from it. To
//! add an operation: one line here, one function in the noun's module, `cargo xtask gen`.
//!
//! A *query* only reads. A *command* changes something and answers when it is durable. A *job* runs
//! in the background, reports progress and can be cancelled; its answer comes when it has ended.

use drumbeat_model::activity::{AuditQuery, AuditRow, AuditVerdict};
use drumbeat_model::board::{Board, BoardQuery, MendList, MendQuery, Rehearsed};
use drumbeat_model::change::{MessageRow, OutboxRow, SettleOp};
use drumbeat_model::channel::{
    ConflictDetail, ConflictFilters, ConflictMeasures, ConflictRef, ConflictRow, ConflictView, ConflictsQuery,
    MovedSince, PassDone, VerdictMoved,
};
use drumbeat_model::clocks::{AttainmentQuery, AttainmentReport, ClocksPage, ClocksQuery};
use drumbeat_model::deal::{DealDetail, DealFilter, DealRow, DealTotals, DealView, DealViewRef, DealsQuery, EditDeal};
use drumbeat_model::forecast::{
    Backtest, BacktestRequest, DealForecast, Forecast, ForecastDealQuery, ForecastLearnt, ForecastQuery,
};
use drumbeat_model::gate::{DealStanding, EditDeals, EditPreview, EditsDone, RehearseGate};
use drumbeat_model::ids::{
    DealId, ImportId, JobId, OpId, PartnerId, RegistrationId, ReviewId, ReviewItemId, WorkspaceId,
};
use drumbeat_model::inbox::{CheckCounts, InboxQuery, InboxRow, RegistrationDetail};
use drumbeat_model::intake::{
    AdminGuide, EditImportRow, Import, ImportRows, ImportSaved, ImportUndone, IntakeForms, IntakeRow, OpenedImport,
    PasteImport, RejectsWritten, RemapImport, SaveImport,
};
use drumbeat_model::lifecycle::{
    AddInfluence, AnswerInfo, Award, Bulk, BulkDone, ConvertLead, Cover, DealPartners, DecideAppeal, DraftRequest,
    Expire, Extend, InboxView, InboxViewRef, LapseHold, LogMeeting, MessageDraft, OpenAppeal, ProtectionRow,
    ProtectionsQuery, Reassign, RefuseExtension, ReleaseProtection, RequestExtension, SaveCovers, SaveMessage,
    SavedFile, SetPartners, Snooze, SplitClaims, WarnUntouched, Withdraw,
};
use drumbeat_model::look::{LogoChosen, LookChecked, PackLook, SaveLook};
use drumbeat_model::merge::{
    DecisionRef, HeldDecision, MergeResolved, MergeRow, NoticeRef, NoticeRow, PushPreview, ReleaseHeld, ResolveMerge,
    UndoPlan,
};
use drumbeat_model::metrics::{
    Engagement, ImportTargets, MetricRecords, MetricRecordsQuery, MetricsQuery, MetricsReport, MetricsWritten,
    OfQuarter, SaveTargets, StageSteps, Target,
};
use drumbeat_model::movement::{MovementQuery, ReviewMovement};
use drumbeat_model::pack::{
    PackBatch, PackBatchDone, PackMade, PackPreview, PackRef, PackRequest, PackWords, ShareContents, ShareRequest,
    ShareRow, ShareWritten,
};
use drumbeat_model::page::Page;
use drumbeat_model::partner::{CallSheet, PartnerDetail, PartnerRow, PartnersQuery, QuickLog};
use drumbeat_model::plan::SetPlanItem;
use drumbeat_model::policy::{
    PolicyChange, PolicyChecked, PolicyDraft, PolicyPair, PolicyQuery, PolicyReplay, PolicyView, PublishPolicy,
    PublishedPolicy, ReplayPolicy, SavePolicy,
};
use drumbeat_model::present::{Present, Presented};
use drumbeat_model::registration::{Approve, AskInfo, Claim, Decided, Decline, Undo};
use drumbeat_model::review::{
    ClearRest, LogItem, MarkItem, Minutes, PreRead, PreReadRequest, Review, ReviewItemDetail, ReviewMail, ReviewRow,
    SaveReviewDocument, StartReview,
};
use drumbeat_model::settings::{SaveSettings, Settings};
use drumbeat_model::settling::{
    AcknowledgeConflict, AddEvidence, AppealConflict, ApproveSettling, AskSeller, ConflictStepped, ConflictsDone,
    DismissConflicts, EscalateConflict, MeasureConflicts, PlanConflict, RefuseConflictAppeal, RemoveEvidence,
    SellerAnswered, Settle, SettlementPreview,
};
use drumbeat_model::today::{SearchHit, SearchQuery, Today};
use drumbeat_model::workspace::{
    Connect, Connected, Finding, MappingView, ProvisionPlan, SaveMapping, SignIn, Status, SyncOptions, SyncSummary,
    WorkspaceRow,
};

/// Calls `$with!` with the table of operations.
macro_rules! operations {
    ($with:ident) => {
        $with! {
            // the frame
            query   status           (Nothing)         -> Status, reads [Deal, Partner, Registration, Outbox, Review, Workspace];
            query   workspaces       (Nothing)         -> Vec<WorkspaceRow>, reads [Workspace];
            query   search           (SearchQuery)     -> Vec<SearchHit>, reads [Deal, Partner, Registration];
            command open_workspace   (OpenWorkspace)   -> Status;
            command open_sample      (Nothing)         -> Status;
            command lock             (Nothing)         -> Status;
            command unlock           (Unlock)          -> Status;
            command cancel_job       (JobId)           -> Nothing;
            // setting up
            job     connect          (Connect)         -> Connected;
            job     sign_in          (SignIn)          -> Connected;
            command stop_sign_in     (Nothing)         -> Nothing;
            job     disconnect       (Nothing)         -> Nothing;
            query   mapping          (Nothing)         -> MappingView, reads [Workspace];
            command save_mapping     (SaveMapping)     -> MappingView;
            job     provision_plan   (Nothing)         -> ProvisionPlan;
            job     provision        (Nothing)         -> ProvisionPlan;
            job     sync             (SyncOptions)     -> SyncSummary;
            query   settings         (Nothing)         -> Settings, reads [Workspace];
            command save_settings    (SaveSettings)    -> Settings;
            query   doctor           (Nothing)         -> Vec<Finding>, reads [];
            // today and inbox
            query   today            (Nothing)         -> Today, reads [Deal, Partner, Registration, Outbox, Review];
            query   clocks           (ClocksQuery)     -> ClocksPage, reads [Deal, Partner, Registration, Touch, Outbox, Workspace];
            query   metrics          (MetricsQuery)    -> MetricsReport, reads [Deal, Registration, Partner, ChannelConflict, Outbox, Workspace];
            query   metric_records   (MetricRecordsQuery) -> MetricRecords, reads [Deal, Registration, Partner, ChannelConflict, Workspace];
            query   stage_steps      (OfQuarter)       -> StageSteps, reads [Deal, Workspace];
            query   engagement       (OfQuarter)       -> Engagement, reads [Deal, Partner, Touch, Workspace];
            job     export_metrics   (MetricsQuery)    -> MetricsWritten;
            query   targets          (Nothing)         -> Vec<Target>, reads [Workspace];
            command save_targets     (SaveTargets)     -> Vec<Target>;
            command import_targets   (ImportTargets)   -> Vec<Target>;
            query   attainment       (AttainmentQuery) -> AttainmentReport, reads [Deal, Partner, Registration, Touch, Outbox, Workspace];
            query   inbox            (InboxQuery)      -> Page<InboxRow>, reads [Registration, Partner, Deal, Outbox, Workspace];
            query   check_counts     (RegistrationId)  -> Option<CheckCounts>, reads [Registration, Partner, Deal, Outbox, Workspace];
            query   registration     (RegistrationId)  -> RegistrationDetail, reads [Registration, Partner, Deal, Outbox, Workspace];
            command approve          (Approve)         -> Decided;
            command decline          (Decline)         -> Decided;
            command ask_info         (AskInfo)         -> Decided;
            command claim            (Claim)           -> Decided;
            command undo             (Undo)            -> Nothing;
            // the rest of a registration's life
            command withdraw         (Withdraw)         -> Decided;
            command answer_info      (AnswerInfo)       -> Decided;
            command expire           (Expire)           -> Decided;
            command convert_lead     (ConvertLead)      -> Decided;
            command open_appeal      (OpenAppeal)       -> Decided;
            command decide_appeal    (DecideAppeal)     -> Decided;
            command request_extension(RequestExtension) -> Decided;
            command extend           (Extend)           -> Decided;
            command refuse_extension (RefuseExtension)  -> Decided;
            command warn_untouched   (WarnUntouched)    -> Decided;
            command release_protection(ReleaseProtection) -> Decided;
            command reassign         (Reassign)         -> Decided;
            command log_meeting      (LogMeeting)       -> Decided;
            command lapse_hold       (LapseHold)        -> Decided;
            command award            (Award)            -> Decided;
            command split_claims     (SplitClaims)      -> Decided;
            query   protections      (ProtectionsQuery) -> Vec<ProtectionRow>, reads [Registration, Partner, Deal, Outbox];
            command bulk             (Bulk)             -> BulkDone;
            command snooze           (Snooze)           -> Nothing;
            query   inbox_views      (Nothing)          -> Vec<InboxView>, reads [Workspace];
            command save_inbox_view  (InboxView)        -> Vec<InboxView>;
            command forget_inbox_view(InboxViewRef)     -> Vec<InboxView>;
            query   covers           (Nothing)          -> Vec<Cover>, reads [Workspace];
            command save_covers      (SaveCovers)       -> Vec<Cover>;
            query   message_draft    (DraftRequest)     -> MessageDraft, reads [Registration, Partner, Deal];
            command save_message     (SaveMessage)      -> SavedFile;
            // intake
            job     open_import      (Nothing)         -> OpenedImport;
            job     paste_import     (PasteImport)     -> Import;
            query   import_draft     (ImportId)        -> Import, reads [Registration, Partner, Deal];
            query   import_rows      (ImportRows)      -> Page<IntakeRow>, reads [Registration, Partner, Deal];
            job     remap_import     (RemapImport)     -> Import;
            command edit_import_row  (EditImportRow)   -> IntakeRow;
            job     save_import      (SaveImport)      -> ImportSaved;
            command undo_import      (ImportId)        -> ImportUndone;
            job     write_rejects    (ImportId)        -> RejectsWritten;
            command close_import     (ImportId)        -> Nothing;
            query   admin_guide      (Nothing)         -> AdminGuide, reads [Workspace];
            command save_admin_package(Nothing)        -> SavedFile;
            job     intake_forms     (Nothing)         -> IntakeForms;
            job     create_intake_forms(Nothing)       -> IntakeForms;
            // deals and partners
            query   deals            (DealsQuery)      -> Page<DealRow>, reads [Deal, Partner, Outbox];
            query   deal_totals      (DealFilter)      -> DealTotals, reads [Deal, Partner, Outbox];
            query   deal             (DealId)          -> DealDetail, reads [Deal, Partner, Touch, Outbox];
            command edit_deal        (EditDeal)        -> Decided;
            query   preview_edit     (EditDeal)        -> EditPreview, reads [Deal, Partner, Registration, Outbox, Workspace];
            query   preview_edits    (EditDeals)       -> Vec<EditPreview>, reads [Deal, Partner, Registration, Outbox, Workspace];
            command edit_deals       (EditDeals)       -> EditsDone;
            query   deal_standing    (DealId)          -> DealStanding, reads [Deal, Outbox, Workspace];
            command set_plan_item    (SetPlanItem)     -> Decided;
            query   board            (BoardQuery)      -> Board, reads [Deal, Workspace];
            query   mend_list        (MendQuery)       -> MendList, reads [Deal, Workspace];
            job     rehearse_gate    (RehearseGate)    -> Rehearsed;
            query   deal_views       (Nothing)         -> Vec<DealView>, reads [Workspace];
            command save_deal_view   (DealView)        -> Vec<DealView>;
            command forget_deal_view (DealViewRef)     -> Vec<DealView>;
            query   partners         (PartnersQuery)   -> Page<PartnerRow>, reads [Partner, Deal, Registration, Touch];
            query   partner          (PartnerId)       -> PartnerDetail, reads [Partner, Deal, Registration, Touch];
            query   call_sheet       (PartnerId)       -> CallSheet, reads [Partner, Deal, Registration, Touch];
            command quick_log        (QuickLog)        -> Decided;
            query   deal_partners    (DealId)           -> DealPartners, reads [Deal, Partner, Outbox];
            command set_partners     (SetPartners)      -> Decided;
            command add_influence    (AddInfluence)     -> Decided;
            // review
            query   reviews          (Nothing)         -> Vec<ReviewRow>, reads [Review];
            query   review           (ReviewId)        -> Review, reads [Review];
            query   review_item      (ReviewItem)      -> ReviewItemDetail, reads [Review, Deal, Registration, Partner, Outbox];
            query   minutes          (ReviewId)        -> Minutes, reads [Review, Outbox];
            query   review_movement  (MovementQuery)   -> ReviewMovement, reads [Review, Deal, Partner];
            query   pre_read         (PreReadRequest)  -> PreRead, reads [Review, Deal, Registration, Partner, ChannelConflict];
            query   review_mails     (ReviewId)        -> Vec<ReviewMail>, reads [Review, Outbox];
            command save_review_document (SaveReviewDocument) -> SavedFile;
            command start_review     (StartReview)     -> Review;
            command log_item         (LogItem)         -> Review;
            command mark_item        (MarkItem)        -> Review;
            command undo_item        (ReviewItem)      -> Review;
            command clear_rest       (ClearRest)       -> Review;
            command finish_review    (ReviewId)        -> Minutes;
            // channel conflicts
            query   conflicts        (ConflictsQuery)  -> Page<ConflictRow>, reads [ChannelConflict, Deal, Partner, Registration, Touch, Workspace];
            query   conflict         (ConflictRef)     -> ConflictDetail, reads [ChannelConflict, Deal, Partner, Registration, Touch, Outbox, Workspace];
            query   deal_conflicts   (DealId)          -> Vec<ConflictRow>, reads [ChannelConflict, Deal, Partner, Workspace];
            query   conflicts_against (RegistrationId) -> Vec<ConflictDetail>, reads [ChannelConflict, Deal, Partner, Registration, Touch, Outbox, Workspace];
            query   conflict_views   (Nothing)         -> Vec<ConflictView>, reads [ChannelConflict, Deal, Partner, Registration, Touch, Workspace];
            query   conflict_filters (Nothing)         -> ConflictFilters, reads [ChannelConflict, Deal, Partner, Registration, Touch, Workspace];
            query   preview_settlement (Settle)        -> SettlementPreview, reads [ChannelConflict, Deal, Partner, Registration, Outbox, Workspace];
            query   verdicts_moved   (MovedSince)      -> Vec<VerdictMoved>, reads [ChannelConflict, Deal, Partner, Registration, Touch, Workspace];
            query   conflict_measures (MeasureConflicts) -> ConflictMeasures, reads [ChannelConflict, Deal];
            job     judge_conflicts  (Nothing)         -> PassDone;
            command acknowledge_conflict (AcknowledgeConflict) -> ConflictStepped;
            command ask_seller       (AskSeller)       -> ConflictStepped;
            command seller_answered  (SellerAnswered)  -> ConflictStepped;
            command plan_conflict    (PlanConflict)    -> ConflictStepped;
            command escalate_conflict (EscalateConflict) -> ConflictStepped;
            command settle_conflict  (Settle)          -> ConflictStepped;
            command approve_settling (ApproveSettling) -> Decided;
            command dismiss_conflicts (DismissConflicts) -> ConflictsDone;
            command appeal_conflict  (AppealConflict)  -> ConflictStepped;
            command refuse_conflict_appeal (RefuseConflictAppeal) -> ConflictStepped;
            command add_evidence     (AddEvidence)     -> ConflictStepped;
            command remove_evidence  (RemoveEvidence)  -> ConflictStepped;
            // presenter view
            query   presented        (Present)         -> Presented, reads [Deal, Partner, Registration, Outbox, Workspace];
            command present          (Present)         -> Presented;
            // the forecast
            query   forecast         (ForecastQuery)   -> Forecast, reads [Deal, Workspace];
            query   forecast_deal    (ForecastDealQuery) -> DealForecast, reads [Deal, Workspace];
            job     learn_forecast   (Nothing)         -> ForecastLearnt;
            job     backtest         (BacktestRequest) -> Backtest;
            // packs
            query   pack_preview     (PackRequest)     -> PackPreview, reads [Deal, Partner, Registration, Outbox];
            job     export_pack      (PackRequest)     -> PackMade;
            job     export_packs     (PackBatch)       -> PackBatchDone;
            query   packs            (Nothing)         -> Vec<PackMade>, reads [Pack];
            query   pack_words       (PackRef)         -> PackWords, reads [Workspace];
            command save_pack_words  (PackWords)       -> PackWords;
            query   pack_look        (Nothing)         -> PackLook, reads [Workspace];
            query   check_look       (SaveLook)        -> LookChecked, reads [];
            job     choose_logo      (Nothing)         -> LogoChosen;
            command save_look        (SaveLook)        -> PackLook;
            query   share_contents   (ShareRequest)    -> ShareContents, reads [Deal, Partner, Registration, Outbox, Workspace];
            job     share            (ShareRequest)    -> ShareWritten;
            query   shares           (Nothing)         -> Vec<ShareRow>, reads [Workspace];
            // the policy
            query   policy           (PolicyQuery)     -> PolicyView, reads [Workspace];
            query   check_policy     (PolicyDraft)     -> PolicyChecked, reads [Workspace];
            query   policy_difference (PolicyPair)     -> Vec<PolicyChange>, reads [Workspace];
            query   replay_policy    (ReplayPolicy)    -> PolicyReplay, reads [Workspace, Outbox];
            command save_policy      (SavePolicy)      -> PolicyView;
            command publish_policy   (PublishPolicy)   -> PublishedPolicy;
            // activity
            query   outbox           (Nothing)         -> Vec<OutboxRow>, reads [Outbox];
            query   messages         (Nothing)         -> Vec<MessageRow>, reads [Outbox];
            command settle_op        (SettleOp)        -> Nothing;
            query   merges           (Nothing)         -> Vec<MergeRow>, reads [Outbox, Deal, Registration, Partner];
            command resolve_merge    (ResolveMerge)    -> MergeResolved;
            query   notices          (Nothing)         -> Vec<NoticeRow>, reads [Outbox];
            command put_notice_aside (NoticeRef)       -> Nothing;
            command restore_value    (NoticeRef)       -> Decided;
            query   held             (Nothing)         -> Vec<HeldDecision>, reads [Outbox, Deal, Registration, Partner];
            command release_held     (ReleaseHeld)     -> Nothing;
            job     preview_push     (Nothing)         -> PushPreview;
            query   undo_plan        (DecisionRef)     -> UndoPlan, reads [Outbox, Deal, Registration, Partner];
            command undo_pushed      (DecisionRef)     -> Decided;
            query   recovered        (Nothing)         -> Vec<RecoveredRow>, reads [Outbox];
            command confirm_recovered (OpId)           -> Nothing;
            command discard_recovered (OpId)           -> Nothing;
            command repair           (Unlock)          -> Repaired;
            query   backups          (Nothing)         -> Vec<BackupRow>, reads [Workspace];
            command restore_backup   (RestoreBackup)   -> Restored;
            query   audit            (AuditQuery)      -> Page<AuditRow>, reads [Audit];
            query   verify_audit     (Nothing)         -> AuditVerdict, reads [Audit];
        }
    };
}

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::backups::{BackupRow, RestoreBackup, Restored};
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError};
use crate::recovery::RecoveredRow;
use crate::repair::Repaired;
use crate::workspace::Workspace;

/// No request, no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Open a workspace of this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct OpenWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
}

/// Unlock the open workspace.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Unlock {
    /// Passphrase, where the keyring does not hold the key.
    #[serde(default)]
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unlock")
    }
}

/// One item of one review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ReviewItem {
    /// Review.
    pub review: ReviewId,
    /// Item.
    pub item: ReviewItemId,
}

/// What kind of operation one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Only reads.
    Query,
    /// Changes something, durable when it answers.
    Command,
    /// Runs in the background with progress.
    Job,
}

/// One line of the table, as data.
pub struct Operation {
    /// Rust name, snake case.
    pub name: &'static str,
    /// Kind.
    pub kind: OperationKind,
    /// Kinds of data that a query reads.
    pub reads: &'static [crate::events::Kind],
    /// The request type for TypeScript.
    pub request: fn(&mut crate::typescript::Types) -> String,
    /// The answer type for TypeScript.
    pub answer: fn(&mut crate::typescript::Types) -> String,
}

macro_rules! table {
    ($($kind:ident $name:ident ($request:ty) -> $answer:ty $(, reads [$($reads:ident),*])?;)*) => {
        /// The table as data.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: stringify!($name),
            kind: table!(@kind $kind),
            reads: &[$($(crate::events::Kind::$reads),*)?],
            request: |types| types.name_of::<$request>(),
            answer: |types| types.name_of::<$answer>(),
        }),*];
    };
    (@kind query) => { OperationKind::Query };
    (@kind command) => { OperationKind::Command };
    (@kind job) => { OperationKind::Job };
}
operations!(table);

/// Where a use case takes place: in the program, or in the workspace that is open.
trait Place: Sized {
    fn of(app: &Arc<Drumbeat>) -> Answer<Self>;

    /// What is done before a use case, off the async threads.
    fn ready(&self) -> Answer<()> {
        Ok(())
    }
}

impl Place for Arc<Drumbeat> {
    fn of(app: &Arc<Drumbeat>) -> Answer<Self> {
        Ok(Arc::clone(app))
    }
}

impl Place for Arc<Workspace> {
    fn of(app: &Arc<Drumbeat>) -> Answer<Self> {
        app.workspace()
    }

    fn ready(&self) -> Answer<()> {
        Ok(self.heed_policy()?)
    }
}

/// Runs a blocking use case off the async threads.
async fn blocking<P, Q, A>(app: &Arc<Drumbeat>, request: &str, run: fn(&P, Q) -> Answer<A>) -> Answer<String>
where
    P: Place + Send + 'static,
    Q: serde::de::DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    let (place, request): (P, Q) = (P::of(app)?, serde_json::from_str(request)?);
    let done = tokio::task::spawn_blocking(move || {
        place.ready()?;
        Ok(serde_json::to_string(&run(&place, request)?)?)
    })
    .await;
    done.unwrap_or_else(|stopped| {
        Err(ApiError::new(
            crate::error::Code::Bug,
            "operation.stopped",
            format!("The operation stopped unexpectedly ({stopped})"),
        ))
    })
}

/// Runs a job.
async fn job<P, Q, A, F>(app: &Arc<Drumbeat>, request: &str, run: fn(P, Q) -> F) -> Answer<String>
where
    P: Place,
    Q: serde::de::DeserializeOwned,
    A: Serialize,
    F: Future<Output = Answer<A>>,
{
    Ok(serde_json::to_string(&run(P::of(app)?, serde_json::from_str(request)?).await?)?)
}

/// Longest request that is read (trust rules, section 6).
const MAX_REQUEST: usize = 1024 * 1024;

macro_rules! dispatcher {
    ($($kind:ident $name:ident ($request:ty) -> $answer:ty $(, reads [$($reads:ident),*])?;)*) => {
        /// Runs the operation of this name: JSON text in, JSON text out.
        ///
        /// # Errors
        /// What the operation says; [`crate::error::Code::Invalid`] for an unknown name or a request that does not read.
        pub async fn dispatch(app: &Arc<Drumbeat>, name: &str, request: &str) -> Answer<String> {
            if request.len() > MAX_REQUEST {
                return Err(ApiError::invalid("request.too_large", "The request is larger than 1 MiB"));
            }
            match name {
                $(stringify!($name) => dispatcher!(@run $kind app request $name $request, $answer),)*
                _ => Err(ApiError::invalid("operation.unknown", "There is no such operation")),
            }
        }
    };
    (@run query $app:ident $text:ident $name:ident $request:ty, $answer:ty) => { blocking::<_, $request, $answer>($app, $text, uses::$name).await };
    (@run command $app:ident $text:ident $name:ident $request:ty, $answer:ty) => { blocking::<_, $request, $answer>($app, $text, uses::$name).await };
    (@run job $app:ident $text:ident $name:ident $request:ty, $answer:ty) => { job::<_, $request, $answer, _>($app, $text, uses::$name).await };
}
operations!(dispatcher);

/// The use cases by name.
mod uses {
    pub use crate::activity::{audit, messages, outbox, settle_op, verify_audit};
    pub use crate::attribution::{add_influence, deal_partners, set_partners};
    pub use crate::backups::{backups, restore_backup};
    pub use crate::channel::{
        acknowledge_conflict, add_evidence, appeal_conflict, approve_settling, ask_seller, conflict, conflict_filters,
        conflict_measures, conflict_views, conflicts, conflicts_against, deal_conflicts, dismiss_conflicts,
        escalate_conflict, judge_conflicts, plan_conflict, preview_settlement, refuse_conflict_appeal, remove_evidence,
        seller_answered, settle_conflict, verdicts_moved,
    };
    pub use crate::clocks::{attainment, clocks};
    pub use crate::connect::{connect, mapping, provision, provision_plan, save_mapping};
    pub use crate::deals::{
        board, deal, deal_standing, deal_totals, deals, edit_deal, edit_deals, mend_list, preview_edit, preview_edits,
        rehearse_gate, set_plan_item,
    };
    pub use crate::decide::undo;
    pub use crate::doctor::doctor;
    pub use crate::drumbeat::{lock, open_sample, open_workspace, unlock, workspaces};
    pub use crate::forecast::{backtest, forecast, forecast_deal, learn_forecast};
    pub use crate::forms::{create_intake_forms, intake_forms};
    pub use crate::guide::admin_guide;
    pub use crate::held::{held, release_held};
    pub use crate::inbox::{check_counts, inbox, registration};
    pub use crate::intake::{
        close_import, edit_import_row, import_draft, import_rows, open_import, paste_import, remap_import, save_import,
        undo_import, write_rejects,
    };
    pub use crate::letters::{message_draft, save_message};
    pub use crate::merges::merges;
    pub use crate::metrics::{engagement, export_metrics, metric_records, metrics, stage_steps};
    pub use crate::notices::{notices, put_notice_aside, restore_value};
    pub use crate::package::save_admin_package;
    pub use crate::packs::{
        check_look, choose_logo, export_pack, export_packs, pack_look, pack_preview, pack_words, packs, save_look,
        save_pack_words, share, share_contents, shares,
    };
    pub use crate::partners::{call_sheet, partner, partners, quick_log};
    pub use crate::policy::{check_policy, policy, policy_difference, publish_policy, replay_policy, save_policy};
    pub use crate::present::{present, presented};
    pub use crate::preview::preview_push;
    pub use crate::recovery::{confirm_recovered, discard_recovered, recovered};
    pub use crate::registrations::{
        answer_info, approve, ask_info, award, bulk, claim, convert_lead, decide_appeal, decline, expire, extend,
        lapse_hold, log_meeting, open_appeal, protections, reassign, refuse_extension, release_protection,
        request_extension, snooze, split_claims, warn_untouched, withdraw,
    };
    pub use crate::repair::repair;
    pub use crate::resolve::resolve_merge;
    pub use crate::review::{
        clear_rest, finish_review, log_item, mark_item, minutes, pre_read, review, review_item, review_mails,
        review_movement, reviews, save_review_document, start_review, undo_item,
    };
    pub use crate::routing::{covers, save_covers};
    pub use crate::settings::{save_settings, settings};
    pub use crate::signing_in::{disconnect, sign_in, stop_sign_in};
    pub use crate::status::{cancel_job, status};
    pub use crate::syncing::sync;
    pub use crate::targets::{import_targets, save_targets, targets};
    pub use crate::today::{search, today};
    pub use crate::undoing::{undo_plan, undo_pushed};
    pub use crate::views::{
        deal_views, forget_deal_view, forget_inbox_view, inbox_views, save_deal_view, save_inbox_view,
    };
}
