//! What people do about a channel conflict (C-05): acknowledge, ask the seller, plan, award, split, joint roles, dismiss,
//! escalate, appeal. Requests and their words; when one makes sense is `drumbeat-rules`'.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::channel::PartyEvidence;
use crate::deal::words;
use crate::dossier::{PartnerRole, Proof, ProofKind};
use crate::ids::{DecisionId, OwnerId, PartnerId};
use crate::time::{Day, Instant};
use crate::verdict::RecordLink;

words! {
    /// Something that can be done about a finding.
    ConflictAct {
        Acknowledge "acknowledge" "Acknowledge",
        AskSeller "ask_seller" "Ask the seller",
        Plan "plan" "Plan",
        Award "award" "Award",
        Split "split" "Split",
        Joint "joint" "Joint roles",
        Dismiss "dismiss" "Dismiss",
        Escalate "escalate" "Escalate",
        Appeal "appeal" "Appeal",
        DecideAppeal "decide_appeal" "Decide the appeal",
    }
}

words! {
    /// How a channel conflict was settled.
    Settlement {
        Awarded "awarded" "Awarded",
        Split "split" "Split",
        Joint "joint" "Joint roles",
        Dismissed "dismissed" "Dismissed",
    }
}

/// One party's part of a split or of joint roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PartyShare {
    /// Whose: a party's key (a partner's id, or `direct`).
    pub party: String,
    /// Its share in whole points.
    pub pct: u32,
    /// What it does on the deal; needed for joint roles.
    #[serde(default)]
    pub role: Option<PartnerRole>,
}

/// Settle a channel conflict: award, split or joint roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct Settle {
    /// Which.
    pub conflict: String,
    /// How.
    pub outcome: Settlement,
    /// With an award: the party that has the account, by key.
    #[serde(default)]
    pub winner: Option<String>,
    /// With a split or joint roles: each party's part.
    #[serde(default)]
    pub shares: Vec<PartyShare>,
    /// Why; needed where the policy's rule says otherwise or says nothing.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a settlement would write, and to whom it would say what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettlementPreview {
    /// What would be done, for people.
    pub title: String,
    /// As the policy's rule says.
    pub by_rule: bool,
    /// The records that would be written, in the order of their changes.
    pub records: Vec<WrittenRecord>,
    /// The letters, each as its own party would read it.
    pub drafts: Vec<SettlementDraft>,
    /// What the CRM has no place for.
    pub unmapped: Vec<String>,
}

/// A record with what would be written to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WrittenRecord {
    /// Which.
    pub record: RecordLink,
    /// Its fields.
    pub fields: Vec<WrittenField>,
}

/// A field before and after, for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct WrittenField {
    /// Label.
    pub label: String,
    /// Was.
    pub was: Option<String>,
    /// Would be.
    pub now: Option<String>,
}

/// A letter to one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct SettlementDraft {
    /// The party that it goes to, by key.
    pub party: Option<String>,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// Approve a registration and settle the channel conflicts on its account in the same act (C-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApproveSettling {
    /// The approval.
    pub approve: crate::registration::Approve,
    /// How each open channel conflict of the account is settled.
    pub settle: Vec<Settle>,
}

/// Put findings aside with a reason: one or many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DismissConflicts {
    /// Which.
    pub conflicts: Vec<String>,
    /// Why.
    pub reason: String,
}

/// What became of each of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictsDone {
    /// Done.
    pub done: Vec<String>,
    /// Their decisions, for taking all of them back; one that the CRM has nothing to be told of has none.
    pub decisions: Vec<DecisionId>,
    /// Not done, with why.
    pub failed: Vec<ConflictFailed>,
}

/// One that was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictFailed {
    /// Which.
    pub conflict: String,
    /// Why.
    pub why: String,
}

/// What a step has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictStepped {
    /// Which finding.
    pub conflict: String,
    /// What was done, for people.
    pub title: String,
    /// The decision on its way to the CRM; absent where the CRM has nothing to be told.
    pub decision: Option<DecisionId>,
}

/// Somebody has seen it (S-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeConflict {
    /// Which.
    pub conflict: String,
}

/// Ask the seller of a deal; the answer has a clock of its own (C-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AskSeller {
    /// Which.
    pub conflict: String,
    /// What.
    pub question: String,
    /// Whom; the owner of the direct deal, else of the account, when absent.
    #[serde(default)]
    pub seller: Option<OwnerId>,
}

/// What the seller has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SellerAnswered {
    /// Which.
    pub conflict: String,
    /// The answer.
    pub answer: String,
}

/// How it is to be settled (S-07).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PlanConflict {
    /// Which.
    pub conflict: String,
    /// The plan.
    pub text: String,
    /// By when.
    #[serde(default)]
    pub due: Option<Day>,
}

/// Give it to somebody else to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EscalateConflict {
    /// Which.
    pub conflict: String,
    /// To whom.
    pub to: OwnerId,
    /// Why.
    pub reason: String,
}

/// A party appeals against how it was settled, with evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AppealConflict {
    /// Which.
    pub conflict: String,
    /// The partner that appeals.
    pub partner: PartnerId,
    /// What it says.
    pub text: String,
    /// With which evidence.
    pub proofs: Vec<Proof>,
}

/// The appeal is refused; to uphold it, settle the conflict anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RefuseConflictAppeal {
    /// Which.
    pub conflict: String,
    /// Why.
    pub reason: String,
}

/// Evidence for one party, added by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct AddEvidence {
    /// Which finding.
    pub conflict: String,
    /// Whose: a party's key.
    pub party: String,
    /// What it is, its day and what it says.
    pub proof: Proof,
    /// Where it comes from.
    #[serde(default)]
    pub source: Option<String>,
}

/// Take evidence away that was added by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveEvidence {
    /// Which finding.
    pub conflict: String,
    /// Which piece.
    pub evidence: u32,
}

/// How a channel conflict was settled, as the deal's record in the CRM keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct SettledNote {
    /// Kind and parties of the finding.
    pub key: String,
    /// The facts that it was settled for.
    pub fingerprint: String,
    /// How.
    pub outcome: Settlement,
    /// In words.
    pub text: String,
    /// By the policy's rule.
    pub by_rule: bool,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// The party that has the account, by key.
    #[serde(default)]
    pub winner: Option<String>,
}

words! {
    /// What was done about a channel conflict before it was settled.
    StepKind {
        Acknowledged "acknowledged" "Acknowledged",
        Planned "planned" "Planned",
        Asked "asked" "Asked",
        Answered "answered" "Answered",
        Evidence "evidence" "Evidence",
        EvidenceGone "evidence_gone" "Evidence taken away",
    }
}

/// Something that was done about a channel conflict before it was settled, as the deals' record in the CRM keeps it, so
/// that another computer knows it. What a newer version calls by another word is kept and not understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStep {
    /// Kind and parties of the finding.
    pub key: String,
    /// What: the name of a [`StepKind`].
    pub what: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// What was planned, asked or answered, or what the evidence says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// By when it is planned, or the day that the evidence shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// Whose evidence: a party's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<String>,
    /// What kind of evidence: the name of a [`ProofKind`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// Where the evidence comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The number of the evidence that is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
}

impl ChannelStep {
    /// The number by which evidence is known on every computer; above all numbers of evidence that is kept on one.
    #[must_use]
    pub fn number(&self) -> u32 {
        let text = format!("{}|{}|{:?}|{:?}|{:?}|{:?}", self.key, self.at, self.party, self.proof, self.due, self.text);
        let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        hash | 0x8000_0000
    }

    /// The evidence that it adds.
    #[must_use]
    pub fn evidence(&self) -> Option<PartyEvidence> {
        if StepKind::from_name(&self.what) != Some(StepKind::Evidence) {
            return None;
        }
        Some(PartyEvidence {
            id: Some(self.number()),
            party: self.party.clone()?,
            kind: ProofKind::from_name(self.proof.as_deref()?)?,
            day: self.due?,
            text: self.text.clone().unwrap_or_default(),
            source: self.source.clone().unwrap_or_else(|| format!("added by {}", self.by)),
        })
    }
}

/// The time that measures are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MeasureConflicts {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}
