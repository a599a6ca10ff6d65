//! A finding as the rules see it: its parties, what was found, each side's facts, who stands first.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChannelSignal, ConflictKind};
use crate::crm::ObjectKind;
use crate::deal::{ConflictStatus, Motion};
use crate::dossier::ProofKind;
use crate::ids::{DealId, PartnerId};
use crate::money::Money;
use crate::time::{Day, Instant};
use crate::verdict::{Clause, RecordLink};

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
    /// The same in the account's own currency, where it is known.
    #[serde(default)]
    pub home: Option<Money>,
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

/// A link to an account, deal or registration.
#[must_use]
pub fn link(kind: ObjectKind, id: &str, label: &str) -> RecordLink {
    RecordLink { kind, id: id.to_owned(), label: label.to_owned() }
}
