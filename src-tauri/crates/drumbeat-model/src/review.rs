//! The guided review (W): agenda, items, decisions, minutes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{Choice, DealField, FieldEdit, Motion, Movement, words};
use crate::ids::{DealId, DecisionId, OwnerId, PartnerId, RegistrationId, ReviewId, ReviewItemId};
use crate::money::Money;
use crate::time::{Day, Instant};

words! {
    /// Rhythm of a review (W-01).
    ReviewTemplate {
        Weekly "weekly" "Weekly review",
        Monthly "monthly" "Monthly review",
        Quarterly "quarterly" "Quarterly review",
    }
}

words! {
    /// What an agenda goes by, inside its sections (W-07).
    AgendaOrder {
        Motion "motion" "By motion",
        Seller "seller" "By seller",
    }
}

#[allow(clippy::derivable_impls)]
impl Default for AgendaOrder {
    fn default() -> Self {
        AgendaOrder::Motion
    }
}

words! {
    /// The sections of an agenda: what was promised, then the order of W-02.
    AgendaSection {
        Promised "promised" "Promised and not done",
        Clocks "clocks" "Clocks breached or due",
        Protections "protections" "Protections expiring",
        Conflicts "conflicts" "Channel conflicts",
        Renewals "renewals" "Renewals, no confirmed owner",
        Deals "deals" "Deals by motion",
        Stalled "stalled" "Stalled deals",
        Hygiene "hygiene" "Hygiene",
        Certifications "certifications" "Certifications",
        Changed "changed" "Changed since the last review",
    }
}

words! {
    /// What a person did with an item.
    ItemState {
        Open "open" "Open",
        Decided "decided" "Decided",
        Skipped "skipped" "Skipped",
        Parked "parked" "Parked",
        Flagged "flagged" "Flagged",
    }
}

words! {
    /// The verdict on an item (W-04).
    ItemVerdict {
        KeepPlan "keep_plan" "Keep plan",
        ChangePlan "change_plan" "Change plan",
        GetHelp "get_help" "Get help",
        LetGo "let_go" "Let go",
        NoAction "no_action" "No action",
    }
}

/// Start a review; the agenda is built from the data and frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct StartReview {
    /// Rhythm.
    pub template: ReviewTemplate,
    /// Who is in the room.
    #[serde(default)]
    pub attendees: Vec<String>,
    /// By motion, or by seller when sellers join; by motion when absent.
    #[serde(default)]
    pub order: Option<AgendaOrder>,
}

/// A review as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Review {
    /// Which.
    pub id: ReviewId,
    /// Rhythm.
    pub template: ReviewTemplate,
    /// Started.
    pub started_at: Instant,
    /// Finished.
    pub finished_at: Option<Instant>,
    /// The data it was built from: last sync before the start.
    pub snapshot_at: Option<Instant>,
    /// Planned minutes (W-09: 30 to 45).
    pub minutes_planned: u32,
    /// In the room.
    pub attendees: Vec<String>,
    /// What the agenda goes by.
    #[serde(default)]
    pub order: AgendaOrder,
    /// The agenda in order.
    pub items: Vec<AgendaItem>,
    /// What was promised in the review before, and what had become of it when this one started.
    #[serde(default)]
    pub promises: Vec<Promised>,
    /// The open pipeline of partners when it started, by motion and currency: the proof that movement adds up (W-05).
    #[serde(default)]
    pub pipeline: Vec<PipelineTotal>,
    /// What tells the deals of before its start from those of after; absent in a review that was held without.
    #[serde(default)]
    #[ts(skip)]
    pub mark: Option<u32>,
}

words! {
    /// What became of something promised.
    PromiseState {
        Kept "kept" "Done",
        Open "open" "Open",
        Late "late" "Late",
        Replaced "replaced" "Replaced",
        TakenBack "taken_back" "Taken back",
    }
}

/// A next step that was promised in a review, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Promised {
    /// Account or company.
    pub title: String,
    /// What it is, e.g. the partner.
    pub subtitle: String,
    /// The next step.
    pub text: String,
    /// Who.
    pub owner: Option<OwnerId>,
    /// Who, by name.
    pub owner_name: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// What became of it.
    pub state: PromiseState,
    /// What became of it, in words.
    pub became: String,
    /// The deal it is about.
    pub deal: Option<DealId>,
    /// The registration it is about.
    pub registration: Option<RegistrationId>,
    /// The partner it is about.
    pub partner: Option<PartnerId>,
}

/// The open pipeline of partners in one motion and one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PipelineTotal {
    /// Motion; absent for deals that have none.
    pub motion: Option<Motion>,
    /// Sum of the deals' amounts.
    pub amount: Money,
    /// How many deals.
    pub deals: u32,
}

/// A line of the list of past reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewRow {
    /// Which.
    pub id: ReviewId,
    /// Rhythm.
    pub template: ReviewTemplate,
    /// Started.
    pub started_at: Instant,
    /// Finished; absent while it runs.
    pub finished_at: Option<Instant>,
    /// Items.
    pub items: u32,
    /// Items settled.
    pub settled: u32,
}

/// One item of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AgendaItem {
    /// Which.
    pub id: ReviewItemId,
    /// Section.
    pub section: AgendaSection,
    /// Account or company.
    pub title: String,
    /// What it is, e.g. the deal's name.
    pub subtitle: String,
    /// Why it is on the agenda.
    pub why: String,
    /// Motion.
    pub motion: Option<Motion>,
    /// Amount.
    pub amount: Option<Money>,
    /// Signal rank; higher first (W-03).
    pub rank: u32,
    /// Discussed one by one; the rest is cleared in one batch (W-07).
    pub discussed: bool,
    /// The deal it is about.
    pub deal: Option<DealId>,
    /// The registration it is about.
    pub registration: Option<RegistrationId>,
    /// The partner it is about.
    pub partner: Option<PartnerId>,
    /// The channel conflict it is about.
    #[serde(default)]
    pub conflict: Option<String>,
    /// Whose it is: the owner of the deal or registration.
    #[serde(default)]
    pub seller: Option<OwnerId>,
    /// Whose it is, by name.
    #[serde(default)]
    pub seller_name: Option<String>,
    /// What was done with it.
    pub state: ItemState,
    /// The logged outcome.
    pub outcome: Option<ItemOutcome>,
}

/// What was decided on an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ItemOutcome {
    /// Verdict.
    pub verdict: ItemVerdict,
    /// What was decided.
    pub text: String,
    /// Next step.
    pub next_step: Option<String>,
    /// Who.
    pub owner: Option<OwnerId>,
    /// Who, by name.
    pub owner_name: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// What was changed on the deal with it (W-08).
    #[serde(default)]
    pub edits: Vec<ItemEdit>,
    /// Why the deal moved past a gate that did not hold.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Logged at.
    pub at: Instant,
    /// The decision that carries it to the CRM; absent when the item was cleared with the rest.
    pub decision: Option<DecisionId>,
}

/// One value that was changed on a deal, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemEdit {
    /// Which field.
    pub label: String,
    /// Before; absent when there was none.
    pub before: Option<String>,
    /// After; absent when it was cleared.
    pub after: Option<String>,
}

/// One item with what is needed to decide it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReviewItemDetail {
    /// The item.
    pub item: AgendaItem,
    /// Facts in a line under the title: partner, motion, amount, close.
    pub facts: Vec<Choice>,
    /// Changes since the last review, latest first.
    pub since: Vec<Movement>,
    /// When the last review was.
    pub last_review: Option<Instant>,
    /// Fields of F with their state; empty when it is not about a deal.
    pub fields: Vec<DealField>,
    /// The signals and their weights (W-03).
    pub signals: Vec<Signal>,
    /// What was promised last time, and what became of it.
    pub promised: Option<String>,
    /// Who can own the next step.
    pub owners: Vec<Choice>,
    /// Default owner.
    pub owner: Option<OwnerId>,
    /// Last day allowed for the next step (W-04).
    pub due_by: Day,
    /// What was logged can still be taken back: nothing of it has been sent.
    pub undoable: bool,
}

/// One fact that points at a risk, with what it adds to the rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Signal {
    /// Rule id.
    pub rule: String,
    /// Name.
    pub name: String,
    /// The fact.
    pub fact: String,
    /// Weight from the policy.
    pub weight: u32,
}

/// Log the decision on an item (W-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct LogItem {
    /// Which review.
    pub review: ReviewId,
    /// Which item.
    pub item: ReviewItemId,
    /// Verdict.
    pub verdict: ItemVerdict,
    /// What was decided.
    #[serde(default)]
    pub text: String,
    /// Next step; needed unless the verdict is `no_action`.
    #[serde(default)]
    pub next_step: Option<String>,
    /// Who; needed with a next step.
    #[serde(default)]
    pub owner: Option<OwnerId>,
    /// By when, inside seven days; needed with a next step.
    #[serde(default)]
    pub due: Option<Day>,
    /// Edits of the deal made in the review (W-08).
    #[serde(default)]
    pub edits: Vec<FieldEdit>,
    /// Needed to move the deal past a gate that does not hold (M).
    #[serde(default)]
    pub override_reason: Option<String>,
    /// Criteria that are confirmed with it.
    #[serde(default)]
    pub confirm: Vec<crate::gate::Confirm>,
}

/// Skip, park or flag an item, or open it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct MarkItem {
    /// Which review.
    pub review: ReviewId,
    /// Which item.
    pub item: ReviewItemId,
    /// How.
    pub state: ItemState,
}

/// Clear the items that were not discussed, all with "no action".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ClearRest {
    /// Which review.
    pub review: ReviewId,
    /// Which items; all open ones that are not discussed when empty.
    #[serde(default)]
    pub items: Vec<ReviewItemId>,
}

/// The minutes of a finished review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Minutes {
    /// Which review.
    pub review: ReviewId,
    /// Markdown.
    pub markdown: String,
    /// Decisions queued for the CRM.
    pub queued: u32,
    /// Decisions of this review that have landed there, whole.
    pub landed: u32,
    /// Decisions of this review that wait, or wait for you.
    pub waiting: u32,
}

/// Which pre-read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PreReadRequest {
    /// Rhythm of the review that it is for.
    pub template: ReviewTemplate,
    /// By motion when absent.
    #[serde(default)]
    pub order: Option<AgendaOrder>,
    /// The day of the review; the next working day when absent.
    #[serde(default)]
    pub day: Option<Day>,
}

/// What is read before a review: its agenda as it stands now (W-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreRead {
    /// The day of the review.
    pub day: Day,
    /// Markdown.
    pub markdown: String,
    /// One draft for each seller who has an item, with the seller's own items first.
    pub mails: Vec<ReviewMail>,
}

/// A mail of a review, as a draft; nothing is sent from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewMail {
    /// What it is.
    pub kind: ReviewMailKind,
    /// Whom it is for.
    pub owner: Option<OwnerId>,
    /// To, by name.
    pub to: String,
    /// To, where the CRM has an address.
    pub address: Option<String>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

words! {
    /// The mails of a review.
    ReviewMailKind {
        PreRead "pre_read" "Pre-read",
        Actions "actions" "Actions of one seller",
        Minutes "minutes" "Minutes",
    }
}

/// A document of a review as a file, where the person says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveReviewDocument {
    /// The minutes of this review; the pre-read when absent.
    #[serde(default)]
    pub review: Option<ReviewId>,
    /// Which pre-read; not looked at for minutes.
    #[serde(default)]
    pub pre_read: Option<PreReadRequest>,
    /// As what.
    pub format: ReviewFormat,
}

words! {
    /// What a document of a review is written as.
    ReviewFormat {
        Markdown "markdown" "Markdown",
        Pdf "pdf" "PDF",
    }
}
