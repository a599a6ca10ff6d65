//! The registration inbox: rows by time left, and the detail that a decision is made from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::change::DecisionStatus;
use crate::deal::{Choice, DealRow, Motion, words};
use crate::ids::{DecisionId, PartnerId, RegistrationId};
use crate::money::Money;
use crate::page::Direction;
use crate::partner::{Certification, PartnerRow};
use crate::registration::{RegistrationKind, RegistrationStatus};
use crate::time::{Day, Instant};
use crate::verdict::{Check, Clock, Recommendation};

words! {
    /// Whose queue.
    Scope {
        Mine "mine" "Mine",
        Team "team" "Team",
        Unassigned "unassigned" "Unassigned",
    }
}

words! {
    /// Which registrations.
    InboxShow {
        Open "open" "Waiting",
        Decided "decided" "Decided",
        All "all" "All",
        Snoozed "snoozed" "Put aside",
    }
}

words! {
    /// What the inbox sorts by.
    InboxSort {
        TimeLeft "time_left" "SLA time left",
        Company "company" "Company",
        Partner "partner" "Partner",
        Amount "amount" "Amount",
        Submitted "submitted" "Submitted",
    }
}

/// What the inbox is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct InboxQuery {
    /// Whose.
    pub scope: Scope,
    /// Which.
    pub show: InboxShow,
    /// Of this partner.
    pub partner: Option<PartnerId>,
    /// Words in company or partner.
    pub text: Option<String>,
    /// Sorted by.
    pub sort: InboxSort,
    /// Which way.
    pub direction: Direction,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 200; 0 means 50.
    pub limit: u32,
}

impl Default for InboxQuery {
    fn default() -> Self {
        Self {
            scope: Scope::Team,
            show: InboxShow::Open,
            partner: None,
            text: None,
            sort: InboxSort::TimeLeft,
            direction: Direction::Ascending,
            after: None,
            limit: 0,
        }
    }
}

words! {
    /// The heading that a row stands under.
    InboxGroup {
        Over "over" "Over the SLA",
        Today "today" "Due today",
        Tomorrow "tomorrow" "Due tomorrow",
        Later "later" "Later",
        Paused "paused" "Paused, the partner owes an answer",
        Decided "decided" "Decided",
    }
}

/// How the checks of an open registration went, in numbers. Asked for by row, for what is in sight: a list
/// of any length opens without running a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckCounts {
    /// Checks that fail.
    pub fails: u32,
    /// Checks that warn.
    pub warnings: u32,
}

/// One line of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxRow {
    /// Registration.
    pub id: RegistrationId,
    /// Its number.
    pub number: String,
    /// Company claimed.
    pub company: String,
    /// Partner name.
    pub partner: Option<String>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Lead or deal.
    pub kind: RegistrationKind,
    /// State, with pending decisions applied.
    pub status: RegistrationStatus,
    /// Amount.
    pub amount: Option<Money>,
    /// S-02.
    pub clock: Option<Clock>,
    /// Heading.
    pub group: InboxGroup,
    /// Name of the manager who has claimed it.
    pub claimed_by: Option<String>,
    /// The decision that waits or has landed, if one was made here.
    pub decision: Option<RowDecision>,
    /// Put aside until.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Instant>,
    /// Whose it is by the policy, while nobody has claimed it and the CRM names no owner.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned: Option<String>,
    /// An appeal waits for an answer.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appealed: Option<bool>,
}

/// What a row says of a decision made here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowDecision {
    /// Which.
    pub id: DecisionId,
    /// E.g. "approved, not sent".
    pub text: String,
    /// How far it has come.
    pub status: DecisionStatus,
    /// Can be taken back (nothing of it has been sent).
    pub undoable: bool,
}

/// One registration with everything that a decision needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RegistrationDetail {
    /// The list row.
    pub row: InboxRow,
    /// The claim as submitted, label and value, in order.
    pub claim: Vec<ClaimLine>,
    /// Submitted.
    pub submitted_at: Option<Instant>,
    /// By whom.
    pub submitted_by: Option<String>,
    /// The partner's standing.
    pub partner: Option<PartnerRow>,
    /// Its certificates.
    pub certifications: Vec<Certification>,
    /// All checks: fails, then warnings, then passes.
    pub checks: Vec<Check>,
    /// What the policy recommends; absent once decided.
    pub recommendation: Option<Recommendation>,
    /// Records that look like the same opportunity.
    pub similar: Vec<Similar>,
    /// Open deals at the account, to link instead of creating one.
    pub linkable: Vec<DealRow>,
    /// Who can be the seller.
    pub sellers: Vec<Choice>,
    /// The seller that an approval takes by default.
    pub seller: Option<String>,
    /// Default protection in days.
    pub protection_days: u32,
    /// Allowed choices of protection, in days.
    pub protection_choices: Vec<u32>,
    /// Drafted messages by act.
    pub drafts: Drafts,
    /// What has happened to it, latest first.
    pub history: Vec<HistoryLine>,
    /// Where to see it in the CRM.
    pub crm_url: Option<String>,
    /// Everything of R-02 beside the first decision: what can be done, appeals, extensions, meetings, routing.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub life: Option<crate::lifecycle::Life>,
}

/// A fact of the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClaimLine {
    /// Label.
    pub label: String,
    /// Value, or nothing when the partner left it out.
    pub value: Option<String>,
    /// Internal: never shown to a partner.
    pub internal: bool,
}

/// A registration or deal that looks like the same opportunity, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Similar {
    /// Head, e.g. "LR-2026-0932, lead, expired".
    pub title: String,
    /// Why it is here, e.g. "same domain".
    pub why: String,
    /// Its kind and id.
    pub record: crate::verdict::RecordLink,
    /// Label, this claim's value, the other's value, whether they are the same.
    pub lines: Vec<SimilarLine>,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SimilarLine {
    /// Label.
    pub label: String,
    /// Here.
    pub this: Option<String>,
    /// There.
    pub other: Option<String>,
    /// The same.
    pub same: bool,
}

/// Messages to the partner, drafted from the templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Drafts {
    /// On approval.
    pub approve: String,
    /// On decline.
    pub decline: String,
    /// When asking for information.
    pub ask: String,
}

/// One line of a record's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryLine {
    /// When.
    pub at: Instant,
    /// Who.
    pub who: String,
    /// What.
    pub text: String,
    /// Day until which it holds, where it has one.
    pub until: Option<Day>,
    /// The version of the policy that judged it, where it was decided here.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<u32>,
}
