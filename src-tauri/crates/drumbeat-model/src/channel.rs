//! Channel conflicts: two parties with a claim on one account, and the early signs of one (C).
//!
//! A finding is what the rules see; its record here is that finding with what people have done about it: who has seen
//! it, what was planned, how it was settled. The one hard idea is the fingerprint: it stands for the facts that make
//! the finding and for nothing that only makes it more urgent (amounts, stages, days), so that what a person has
//! settled stays settled until the facts themselves change. A party is a partner, or direct sales where the partner
//! is absent. What is done about a finding is in [`crate::settling`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::ObjectKind;
use crate::deal::{ConflictStatus, Motion, words};
use crate::dossier::ProofKind;
use crate::ids::{AccountId, DealId, DecisionId, PartnerId};
use crate::money::Money;
use crate::time::{Day, Instant};
use crate::verdict::{Clause, Clock, RecordLink};

words! {
    /// What kind of channel conflict (C-01); an early sign has one party, or none that collides yet.
    ConflictKind {
        Horizontal "horizontal" "Two partners",
        Vertical "vertical" "Direct and partner",
        MultiChannel "multi_channel" "Two motions",
        Renewal "renewal" "Renewal",
        Sign "sign" "Early sign",
    }
}

words! {
    /// Where a signal comes from (C-02).
    SignalFamily {
        Pricing "pricing" "Pricing",
        Pipeline "pipeline" "Pipeline",
        Engagement "engagement" "Engagement",
        Renewal "renewal" "Renewal",
    }
}

words! {
    /// One fact that points at a channel conflict (C-02).
    ChannelSignal {
        UnusualDiscount "unusual_discount" "Unusual discount",
        OverlappingProtection "overlapping_protection" "Overlapping price protection",
        DuplicateQuote "duplicate_quote" "Duplicate quote",
        TwoOpenDeals "two_open_deals" "Two open deals, one account",
        DuplicateDeal "duplicate_deal" "Duplicate deal",
        DuplicateAccount "duplicate_account" "Duplicate account",
        TwoClaims "two_claims" "Two registrations, one account",
        MissingPartner "missing_partner" "Partner fields without a partner",
        OwnerChange "owner_change" "Sudden owner change",
        Complaint "complaint" "Fairness complaint",
        SilentAfterPolicy "silent_after_policy" "Silent since the policy changed",
        SlowerReplies "slower_replies" "Slower replies",
        IncumbentTouched "incumbent_touched" "Incumbent’s account engaged",
        RenewalUnconfirmed "renewal_unconfirmed" "Renewal without a confirmed owner",
    }
}

impl ChannelSignal {
    /// Where it belongs.
    #[must_use]
    pub fn family(self) -> SignalFamily {
        match self {
            Self::UnusualDiscount | Self::OverlappingProtection | Self::DuplicateQuote => SignalFamily::Pricing,
            Self::TwoOpenDeals
            | Self::DuplicateDeal
            | Self::DuplicateAccount
            | Self::TwoClaims
            | Self::MissingPartner
            | Self::OwnerChange => SignalFamily::Pipeline,
            Self::Complaint | Self::SilentAfterPolicy | Self::SlowerReplies => SignalFamily::Engagement,
            Self::IncumbentTouched | Self::RenewalUnconfirmed => SignalFamily::Renewal,
        }
    }

    /// Its place among all, for keeping a set of them in one number.
    #[must_use]
    pub fn bit(self) -> i64 {
        1 << Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }
}

words! {
    /// How far people have come with a finding.
    ConflictState {
        Open "open" "New",
        Acknowledged "acknowledged" "Acknowledged",
        Planned "planned" "Planned",
        Escalated "escalated" "Escalated",
        Appealed "appealed" "Appealed",
        Settled "settled" "Settled",
        Dismissed "dismissed" "Dismissed",
        Ended "ended" "Ended by itself",
    }
}

impl ConflictState {
    /// Somebody has to do something about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Acknowledged | Self::Planned | Self::Escalated | Self::Appealed)
    }
}

words! {
    /// How severe a finding is, in three bands of its points (C-03).
    Severity {
        High "high" "High",
        Medium "medium" "Medium",
        Low "low" "Low",
    }
}

impl Severity {
    /// The band of so many points out of 100.
    #[must_use]
    pub fn of(points: u32) -> Self {
        Self::ALL.iter().copied().find(|band| points >= band.from()).unwrap_or(Self::Low)
    }

    /// The points that it begins with.
    #[must_use]
    pub fn from(self) -> u32 {
        match self {
            Self::High => 67,
            Self::Medium => 34,
            Self::Low => 0,
        }
    }
}

/// Who has a claim on an account: a partner, or direct sales.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct Party {
    /// The partner; direct sales when absent.
    #[serde(default)]
    pub partner: Option<PartnerId>,
    /// Its name.
    pub name: String,
}

impl Party {
    /// Direct sales.
    #[must_use]
    pub fn direct() -> Self {
        Self { partner: None, name: "Direct sales".to_owned() }
    }

    /// The key of a party: its id, or `direct`.
    #[must_use]
    pub fn key(&self) -> &str {
        self.partner.as_ref().map_or("direct", PartnerId::as_str)
    }
}

/// A signal as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignalFound {
    /// Which.
    pub signal: ChannelSignal,
    /// The fact, as a sentence part.
    pub fact: String,
    /// The records that it is about.
    pub records: Vec<RecordLink>,
}

/// One part of a severity, so that a person can add it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Points {
    /// For what.
    pub text: String,
    /// How many.
    pub points: u32,
}

/// A finding as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Of what kind.
    pub kind: ConflictKind,
    /// One or two parties, in the order of their keys.
    pub parties: Vec<Party>,
    /// Risk or active (C-03).
    pub status: ConflictStatus,
    /// 0 to 100: the sum of the points.
    pub severity: u32,
    /// What the severity is made of.
    pub points: Vec<Points>,
    /// What was found, heaviest family first.
    pub signals: Vec<SignalFound>,
    /// One account, as people know it.
    pub account: Option<RecordLink>,
    /// Every record that it is about: accounts, deals, registrations.
    pub records: Vec<RecordLink>,
    /// What is at stake: the larger side, in the account's own currency where it has any.
    pub value: Option<Money>,
    /// Motions on it.
    pub motions: Vec<Motion>,
    /// Region of the account.
    pub region: Option<String>,
    /// Since when the parties meet here.
    pub since: Option<Instant>,
    /// What it is, in a sentence.
    pub text: String,
    /// The smallest change that would end it.
    pub ends_with: String,
    /// Stands for the facts that make it.
    pub fingerprint: String,
    /// Each party's facts beside each other.
    pub sides: Vec<Side>,
    /// Who stands first, and why.
    pub verdict: Standing,
    /// What the deals' record says was done about it, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<crate::settling::ChannelStep>,
}

impl Finding {
    /// Kind and parties: two findings of one account with the same key are one.
    #[must_use]
    pub fn key(&self) -> String {
        let parties: Vec<&str> = self.parties.iter().map(Party::key).collect();
        let sign = match (self.kind, self.signals.first()) {
            (ConflictKind::Sign, Some(found)) => format!(":{}", found.signal.name()),
            _ => String::new(),
        };
        format!("{}{sign}|{}", self.kind.name(), parties.join("|"))
    }
}

/// What one party has on the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct Side {
    /// Who.
    pub party: Party,
    /// Open deals, oldest first.
    pub deals: Vec<SideDeal>,
    /// Registrations that wait or are in force.
    pub claims: Vec<RecordLink>,
    /// The registration or protection that holds the account now, in words.
    pub registered: Option<String>,
    /// Holds the account today.
    pub incumbent: bool,
    /// Has a valid certificate; absent where it is not known or not asked of this party.
    pub certified: Option<bool>,
    /// Tier in words.
    pub tier: Option<String>,
    /// First complete submission.
    pub first_qualified: Option<Instant>,
    /// First meeting with the customer.
    pub first_meeting: Option<Day>,
    /// The account is kept for this party, or is a named account of direct sales.
    pub reserved: bool,
    /// The account lies in the party's territory; absent where that is not known.
    pub in_territory: Option<bool>,
    /// Evidence that was added or read.
    pub evidence: Vec<PartyEvidence>,
}

/// A deal on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct SideDeal {
    /// Which.
    pub id: DealId,
    /// Its name.
    pub name: String,
    /// Amount.
    pub amount: Option<Money>,
    /// Stage position 1 to 5.
    pub position: u32,
    /// Motion.
    pub motion: Option<Motion>,
    /// Created.
    pub created_at: Option<Instant>,
}

/// Who stands first by the policy's hierarchy (C-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct Standing {
    /// The key of the party that stands first; nobody where no rule separates them.
    pub first: Option<String>,
    /// In words, with the clause that decided.
    pub text: String,
    /// Every clause that was looked at, in order.
    pub trace: Vec<Clause>,
    /// Both can hold their part: joint roles are worth a look.
    pub joint: bool,
    /// Evidence or facts that would turn it, each tried by judging again (B3).
    pub turned_by: Vec<String>,
    /// Version of the policy that judged.
    pub policy: u32,
}

/// One piece of evidence for a party, dated, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PartyEvidence {
    /// Number here; absent for what is read from the CRM's activities.
    #[serde(default)]
    pub id: Option<u32>,
    /// Whose: a party's key.
    pub party: String,
    /// What it is.
    pub kind: ProofKind,
    /// The day that it shows.
    pub day: Day,
    /// What it says.
    pub text: String,
    /// Where it comes from: a person, or a record of the CRM.
    pub source: String,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictRow {
    /// Which.
    pub id: String,
    /// Of what kind.
    pub kind: ConflictKind,
    /// Risk or active.
    pub status: ConflictStatus,
    /// How far people have come.
    pub state: ConflictState,
    /// 0 to 100.
    pub severity: u32,
    /// The same as one of three.
    pub band: Severity,
    /// The account's name, or the company that is claimed.
    pub account: String,
    /// The account, where the CRM has one.
    pub account_id: Option<AccountId>,
    /// The parties, in order.
    pub parties: Vec<Party>,
    /// What is at stake.
    pub value: Option<Money>,
    /// Signals.
    pub signals: Vec<ChannelSignal>,
    /// What it is, in a sentence.
    pub text: String,
    /// Who stands first, by key.
    pub first: Option<String>,
    /// Found here on.
    pub raised_at: Instant,
    /// The clock that runs now, or ended last.
    pub clock: Option<Clock>,
}

/// What the list is asked. All conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ConflictsQuery {
    /// Those that are settled, dismissed or ended instead of the open ones.
    pub closed: bool,
    /// Of these kinds; early signs are left out when none is named.
    pub kinds: Vec<ConflictKind>,
    /// With this signal.
    pub signal: Option<ChannelSignal>,
    /// In this state.
    pub state: Option<ConflictState>,
    /// With this partner.
    pub partner: Option<PartnerId>,
    /// With this motion.
    pub motion: Option<Motion>,
    /// In this region.
    pub region: Option<String>,
    /// At stake at least, in whole units of the account's own currency.
    pub value_from: Option<u32>,
    /// Words in the account's or a party's name.
    pub text: Option<String>,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 500; 0 means 100.
    pub limit: u32,
}

/// What the list can be asked for, as far as it depends on what is open now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictFilters {
    /// Regions that occur, in order.
    pub regions: Vec<String>,
}

/// Open channel conflicts by severity, early signs left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ChannelCounts {
    /// Of high severity.
    pub high: u32,
    /// Of medium severity.
    pub medium: u32,
    /// Of low severity.
    pub low: u32,
}

/// A view of the list that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// Stable name.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What it asks.
    pub query: ConflictsQuery,
    /// How many it has now.
    pub count: u32,
}

/// Something that happened with a finding, or on the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct TimelineEntry {
    /// When.
    pub at: Instant,
    /// On whose side: a party's key; absent for what concerns both.
    pub party: Option<String>,
    /// What, in words.
    pub text: String,
    /// Who.
    pub by: Option<String>,
    /// The record that it is in.
    pub record: Option<RecordLink>,
}

/// Who touches the account: one line of the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct GraphEdge {
    /// From: a party's key or a person's name.
    pub from: String,
    /// What a person reads.
    pub from_label: String,
    /// To which record.
    pub to: RecordLink,
    /// By what: deal, registration, activity, incumbent, same company.
    pub by: String,
    /// How often, for activities.
    pub times: u32,
}

/// One finding with everything that the detail shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictDetail {
    /// The list row.
    pub row: ConflictRow,
    /// What was found.
    pub signals: Vec<SignalFound>,
    /// What the severity is made of.
    pub points: Vec<Points>,
    /// Every record that it is about.
    pub records: Vec<RecordLink>,
    /// The smallest change that would end it.
    pub ends_with: String,
    /// Each party's facts beside each other.
    pub sides: Vec<Side>,
    /// Who stands first, and why.
    pub verdict: Standing,
    /// Acknowledged, plan, question to the seller.
    pub clocks: Vec<Clock>,
    /// What is planned.
    pub plan: Option<String>,
    /// How it was settled, in words.
    pub outcome: Option<String>,
    /// The decision that settled it.
    pub decision: Option<DecisionId>,
    /// Until when an appeal can be opened.
    pub appeal_until: Option<Day>,
    /// What can be done now.
    pub acts: Vec<crate::settling::ConflictAct>,
    /// Latest first.
    pub timeline: Vec<TimelineEntry>,
    /// Who touches the account.
    pub graph: Vec<GraphEdge>,
    /// How full each partner's book is now; absent for an early sign.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Vec<PartyCapacity>>,
}

/// How full a partner's book is, against the policy's limit (R-04.8, C-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct PartyCapacity {
    /// Whose: a party's key.
    pub party: String,
    /// Protections in use.
    pub held: u32,
    /// The policy's limit, where it sets one.
    pub limit: Option<u32>,
    /// There is no room for one more: an award needs a reason.
    pub full: bool,
    /// The same in words.
    pub text: String,
}

/// A registration that is about this account and waits, for deciding both in one act (C-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictRef {
    /// Which.
    pub conflict: String,
}

/// How a pass over the accounts went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct PassDone {
    /// All accounts were judged, not only those that changed.
    pub full: bool,
    /// Accounts judged, with their duplicates and group counted as one.
    pub judged: u32,
    /// New findings.
    pub raised: u32,
    /// Findings whose facts have changed.
    pub changed: u32,
    /// Findings whose facts are gone.
    pub ended: u32,
    /// Settled or dismissed ones whose facts have changed.
    pub reopened: u32,
    /// Verdicts that moved.
    pub turned: u32,
    /// It was stopped before the end; the rest waits for the next pass.
    pub cancelled: bool,
}

/// Since when verdicts are asked for that have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MovedSince {
    /// From this moment on.
    pub since: Instant,
}

/// A verdict on a channel conflict that has moved: to another party, or to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VerdictMoved {
    /// Which.
    pub conflict: String,
    /// The account's name.
    pub account: String,
    /// When.
    pub at: Instant,
    /// From what to what, and whether by another version of the policy.
    pub text: String,
    /// Somebody still has to do something about it.
    pub is_open: bool,
}

/// The measures of C-06, for Metrics and packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictMeasures {
    /// Counted from.
    pub from: Day,
    /// Counted to.
    pub to: Day,
    /// Raised in the time.
    pub raised: u32,
    /// Open deals with a partner at its end: what the rate is of.
    pub of_deals: u32,
    /// Raised for every hundred of those deals.
    pub rate_percent: u32,
    /// How many of each kind.
    pub by_kind: Vec<(ConflictKind, u32)>,
    /// How many with each signal: the causes.
    pub by_signal: Vec<(ChannelSignal, u32)>,
    /// Median minutes until it was acknowledged.
    pub minutes_to_acknowledge: Option<u32>,
    /// Median minutes until it was settled or dismissed.
    pub minutes_to_settle: Option<u32>,
    /// Settled in the time.
    pub settled: u32,
    /// Of these by the policy's rule.
    pub by_rule: u32,
    /// Appeals decided in the time.
    pub appeals: u32,
    /// Of these upheld.
    pub upheld: u32,
}

/// A link to an account, deal or registration.
#[must_use]
pub fn link(kind: ObjectKind, id: &str, label: &str) -> RecordLink {
    RecordLink { kind, id: id.to_owned(), label: label.to_owned() }
}
