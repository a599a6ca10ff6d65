//! What the program knows of a registration or a deal and the CRM has no field for: appeals, extensions, the first
//! meeting, warnings, handovers; several partners with their shares, amendments, influence.
//!
//! All of it is one JSON text in one property of the record (`Field::Dossier`), so that it is in the CRM, travels
//! with the record, and is in the same request as the fields that it explains. What two people write at once is put
//! together entry by entry ([`merge`]), as far as no entry is the same one. What a newer version put there is kept as it is. Text that does not read is
//! [`unread`](Dossier::unread): it counts as empty for looking, and nothing may be written over it.
//!
//! Percentages are whole points. No rule is here: when something may be written is `drumbeat-rules`'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::{Attribution, words};
use crate::ids::{PartnerId, RegistrationId};
use crate::time::{Day, Instant};

/// A dossier that is longer than this is not written: the CRM's texts end near it.
pub const LONGEST: usize = 60_000;

words! {
    /// What shows that something happened (R-06, C-04).
    ProofKind {
        Meeting "meeting" "Meeting",
        Discovery "discovery" "Discovery",
        Validation "validation" "Validation",
        Proposal "proposal" "Proposal",
        Invite "invite" "Meeting invite",
        Notes "notes" "Notes",
        FirstActivity "first_activity" "First activity",
        Certificate "certificate" "Certificate",
    }
}

/// One piece of evidence, dated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Proof {
    /// What it is.
    pub kind: ProofKind,
    /// The day that it shows.
    pub day: Day,
    /// What it says, and where it is.
    pub text: String,
}

words! {
    /// How far a request of the partner has come.
    Answered {
        Waiting "waiting" "Waiting",
        Granted "granted" "Granted",
        Refused "refused" "Refused",
    }
}

/// A partner's appeal against a decline (R-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Appeal {
    /// When it came.
    pub opened_at: Instant,
    /// From whom.
    #[serde(default)]
    pub by: Option<String>,
    /// What the partner says.
    pub text: String,
    /// With which evidence.
    pub proofs: Vec<Proof>,
    /// How far it has come.
    pub answered: Answered,
    /// When it was decided.
    #[serde(default)]
    pub answered_at: Option<Instant>,
    /// By whom.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// More protection, asked for or given (R-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Extension {
    /// When it was asked for.
    pub asked_at: Instant,
    /// By whom.
    #[serde(default)]
    pub by: Option<String>,
    /// With which evidence of progress.
    pub proofs: Vec<Proof>,
    /// How far it has come.
    pub answered: Answered,
    /// When it was decided.
    #[serde(default)]
    pub answered_at: Option<Instant>,
    /// By whom.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// The protection ended on this day before.
    #[serde(default)]
    pub from: Option<Day>,
    /// And ends on this day now.
    #[serde(default)]
    pub to: Option<Day>,
    /// Given against the rule, for the reason.
    #[serde(default)]
    pub overridden: bool,
}

/// The partner's first meeting with the customer (S-10, R-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Meeting {
    /// When it took place.
    pub day: Day,
    /// What is known of it.
    pub text: String,
    /// Who logged it.
    pub by: String,
    /// When.
    pub logged_at: Instant,
}

/// The partner was told that a protection is untouched (R-06).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Warned {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// How many days nothing had happened.
    pub idle_days: u32,
}

/// A protection went from one partner to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Handover {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// From.
    #[serde(default)]
    pub from: Option<PartnerId>,
    /// To.
    pub to: PartnerId,
    /// Why.
    pub reason: String,
}

/// What the partner answered to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PartnerReply {
    /// When it came.
    pub at: Instant,
    /// What was asked.
    #[serde(default)]
    pub question: Option<String>,
    /// What the partner says.
    pub text: String,
    /// Since when the clock was paused.
    #[serde(default)]
    pub asked_at: Option<Instant>,
}

/// One part of a company that was split between claims (R-08).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Part {
    /// The segment or solution that this claim holds.
    pub name: String,
    /// The claims that hold the other parts.
    pub with: Vec<RegistrationId>,
}

/// A registration's dossier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dossier {
    /// Appeals, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appeals: Vec<Appeal>,
    /// Extensions, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// The first meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<Meeting>,
    /// The partner was warned of a release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<Warned>,
    /// Who held it before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handovers: Vec<Handover>,
    /// When the partner was asked; the decision clock pauses from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<Instant>,
    /// Answers of the partner, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<PartnerReply>,
    /// The lead that this deal registration was made of (R-01).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<RegistrationId>,
    /// Its part of a split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// What a newer version keeps here.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
    /// There is text that does not read.
    #[serde(skip)]
    pub unread: bool,
}

words! {
    /// What a partner does on a deal (F-05).
    PartnerRole {
        Source "source" "Source",
        Resale "resale" "Resale",
        Services "services" "Services",
        Technology "technology" "Technology",
        Marketplace "marketplace" "Marketplace",
        Support "support" "Support",
    }
}

/// One partner of a deal (F-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealPartner {
    /// Who.
    pub partner: PartnerId,
    /// What it does.
    pub role: PartnerRole,
    /// Sourced or influenced; at most one partner of a deal has sourced it.
    pub attribution: Attribution,
    /// Its share in whole points.
    pub pct: u32,
    /// The segment or solution that it stands for.
    #[serde(default)]
    pub part: Option<String>,
}

/// What credit stands on a deal, locked (F-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lock {
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub by: String,
}

/// A locked credit was changed, with its reason (F-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Amendment {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
    /// What stood.
    pub from: Vec<DealPartner>,
    /// What stands since.
    pub to: Vec<DealPartner>,
}

/// Influence of a partner, dated, with evidence, tied to a stage (F-04).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Influence {
    /// Who.
    pub partner: PartnerId,
    /// The stage that it helped.
    pub stage: String,
    /// The evidence, with its day.
    pub proof: Proof,
    /// Who noted it.
    pub by: String,
    /// When.
    pub noted_at: Instant,
}

/// A deal's dossier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealDossier {
    /// Its partners; empty while the deal's own fields say it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<DealPartner>,
    /// The credit is locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<Lock>,
    /// How it was changed since, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<Amendment>,
    /// Influence, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub influences: Vec<Influence>,
    /// How channel conflicts on it were settled, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel: Vec<crate::settling::SettledNote>,
    /// What was done about them before that, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channel_steps: Vec<crate::settling::ChannelStep>,
    /// What people said of exit criteria, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<crate::gate::Proven>,
    /// The mutual action plan: what each side owes (T-05, B16).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plan: Vec<crate::plan::PlanItem>,
    /// What a newer version keeps here.
    #[serde(flatten)]
    pub other: BTreeMap<String, serde_json::Value>,
    /// There is text that does not read.
    #[serde(skip)]
    pub unread: bool,
}

macro_rules! text {
    ($name:ident) => {
        impl $name {
            /// Reads what the CRM has; nothing is an empty dossier.
            #[must_use]
            pub fn read(text: Option<&str>) -> Self {
                match text.map(str::trim).filter(|text| !text.is_empty()) {
                    None => Self::default(),
                    Some(text) => {
                        serde_json::from_str(text).unwrap_or_else(|_| Self { unread: true, ..Self::default() })
                    }
                }
            }

            /// The text for the CRM; nothing when it is too long, or when what is there did not read.
            #[must_use]
            pub fn write(&self) -> Option<String> {
                let text = serde_json::to_string(self).ok()?;
                (!self.unread && text.len() <= LONGEST).then_some(text)
            }
        }
    };
}
text!(Dossier);
text!(DealDossier);

impl Dossier {
    /// The appeal that waits for an answer.
    #[must_use]
    pub fn appeal(&self) -> Option<&Appeal> {
        self.appeals.last().filter(|appeal| appeal.answered == Answered::Waiting)
    }

    /// The request for an extension that waits for an answer.
    #[must_use]
    pub fn extension(&self) -> Option<&Extension> {
        self.extensions.last().filter(|extension| extension.answered == Answered::Waiting)
    }

    /// How often the protection was extended.
    #[must_use]
    pub fn extended(&self) -> usize {
        self.extensions.iter().filter(|extension| extension.answered == Answered::Granted).count()
    }

    /// What a person reads in place of the JSON.
    #[must_use]
    pub fn say(&self) -> String {
        let mut parts = Vec::new();
        let mut count = |n: usize, what: &str| match n {
            0 => {}
            1 => parts.push(format!("1 {what}")),
            n => parts.push(format!("{n} {what}s")),
        };
        count(self.appeals.len(), "appeal");
        count(self.extensions.len(), "extension");
        count(self.replies.len(), "answer");
        count(self.handovers.len(), "handover");
        parts.extend(self.meeting.iter().map(|meeting| format!("first meeting on {}", meeting.day)));
        parts.extend(self.warned.iter().map(|warned| format!("warned on {}", warned.at.date_naive())));
        parts.extend(self.part.iter().map(|part| format!("holds {}", part.name)));
        parts.extend(self.lead.iter().map(|_| "made of a lead".to_owned()));
        said(self.unread, &parts)
    }
}

impl DealDossier {
    /// What a person reads in place of the JSON.
    #[must_use]
    pub fn say(&self) -> String {
        let mut parts: Vec<String> = self
            .partners
            .iter()
            .map(|one| format!("{} {} {} %", one.role.name(), one.attribution.name(), one.pct))
            .collect();
        parts.extend(self.locked.iter().map(|lock| format!("locked on {}", lock.at.date_naive())));
        if !self.amendments.is_empty() {
            parts.push(format!("{} amended", self.amendments.len()));
        }
        if !self.influences.is_empty() {
            parts.push(format!("{} of influence", self.influences.len()));
        }
        parts.extend(
            self.channel.last().map(|note| format!("channel conflict {}", note.outcome.label().to_lowercase())),
        );
        match self.channel_steps.len() {
            0 => {}
            1 => parts.push("1 step on a channel conflict".to_owned()),
            n => parts.push(format!("{n} steps on channel conflicts")),
        }
        let mut count = |n: usize, one: &str, more: &str| match n {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            n => parts.push(format!("{n} {more}")),
        };
        count(self.criteria.len(), "criterion confirmed", "criteria confirmed");
        count(crate::plan::standing(&self.plan, Day::MAX).len(), "milestone", "milestones");
        said(self.unread, &parts)
    }
}

fn said(unread: bool, parts: &[String]) -> String {
    match (unread, parts.is_empty()) {
        (true, _) => "cannot be read".to_owned(),
        (false, true) => "nothing".to_owned(),
        (false, false) => parts.join(", "),
    }
}

/// Lists that are only ever added to: what both added at once is in them, theirs first.
const LOGS: &[&str] = &["handovers", "replies", "amendments", "influences", "channel_steps", "criteria", "plan"];

/// A dossier that two changed from the same base: each entry as the one left it who changed it. `None` when both
/// changed the same entry to something else, when one of the texts does not read, or when it would be too long:
/// then a person decides.
#[must_use]
pub fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    let (base, mine, theirs) = (entries(base)?, entries(mine)?, entries(theirs)?);
    let mut merged = Entries::new();
    for name in base.keys().chain(theirs.keys()).chain(mine.keys()) {
        if merged.contains_key(name) {
            continue;
        }
        let (was, ours, other) = (base.get(name), mine.get(name), theirs.get(name));
        let entry = if ours == was || ours == other {
            other.cloned()
        } else if other == was {
            ours.cloned()
        } else {
            Some(both(name, was, ours?, other?)?)
        };
        if let Some(entry) = entry {
            merged.insert(name.clone(), entry);
        }
    }
    let text = serde_json::to_string(&merged).ok()?;
    (text.len() <= LONGEST).then_some(text)
}

type Entries = serde_json::Map<String, serde_json::Value>;

fn entries(text: &str) -> Option<Entries> {
    if text.trim().is_empty() { Some(Entries::new()) } else { serde_json::from_str(text).ok() }
}

/// A log that both have added to; nothing when one of them took something out of it.
fn both(
    name: &str,
    was: Option<&serde_json::Value>,
    ours: &serde_json::Value,
    theirs: &serde_json::Value,
) -> Option<serde_json::Value> {
    let empty = Vec::new();
    let was = was.map_or(Some(&empty), serde_json::Value::as_array)?;
    let (ours, theirs) = (ours.as_array()?, theirs.as_array()?);
    // Not by their places: what was put together before stands in another order than the one who added it wrote.
    let has_all = |all: &[serde_json::Value]| was.iter().all(|entry| all.contains(entry));
    if !LOGS.contains(&name) || !has_all(ours) || !has_all(theirs) {
        return None;
    }
    let added = ours.iter().filter(|entry| !theirs.contains(entry));
    Some(serde_json::Value::Array(theirs.iter().chain(added).cloned().collect()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_dossier_comes_back_as_it_was_with_what_a_newer_version_put_there() {
        let text = r#"{"lead":"L1","later":{"a":[1]}}"#;
        let dossier = Dossier::read(Some(text));
        assert_eq!(dossier.lead, Some(RegistrationId::from("L1")));
        assert_eq!(Dossier::read(dossier.write().as_deref()), dossier);
        assert!(dossier.write().unwrap().contains("later"));
        assert_eq!(Dossier::read(None).write().as_deref(), Some("{}"));
    }

    #[test]
    fn what_does_not_read_is_never_written_over() {
        for text in ["{", "[]", "gone", r#"{"appeals":3}"#] {
            let dossier = Dossier::read(Some(text));
            assert!(dossier.unread, "{text}");
            assert_eq!(dossier.write(), None, "{text}");
            assert_eq!(DealDossier::read(Some(&text.replace("appeals", "partners"))).write(), None, "{text}");
        }
    }

    #[test]
    fn what_two_wrote_at_once_is_put_together_unless_it_is_the_same_entry() {
        let reply = |text: &str| format!(r#"{{"at":"2026-11-20T09:00:00Z","text":"{text}"}}"#);
        let replies = |all: &[&str]| {
            let all: Vec<String> = all.iter().map(|text| reply(text)).collect();
            format!(r#"{{"replies":[{}]}}"#, all.join(","))
        };
        let lead = |id: &str| format!(r#"{{"lead":"{id}"}}"#);
        let cases: &[(&str, &str, String, String, Option<String>)] = &[
            (
                "of two entries each keeps its own",
                "",
                lead("L1"),
                replies(&["a"]),
                Some(format!(r#"{{"lead":"L1",{}"#, &replies(&["a"])[1..])),
            ),
            ("the same change is one change", "", lead("L1"), lead("L1"), Some(lead("L1"))),
            ("what only they changed is theirs", r#"{"lead":"L1"}"#, lead("L1"), lead("L2"), Some(lead("L2"))),
            ("what only they took out is out", r#"{"lead":"L1"}"#, lead("L1"), "{}".to_owned(), Some("{}".to_owned())),
            (
                "both added to a log",
                &replies(&["a"]),
                replies(&["a", "b"]),
                replies(&["a", "c"]),
                Some(replies(&["a", "c", "b"])),
            ),
            (
                "both added the same",
                &replies(&["a"]),
                replies(&["a", "b"]),
                replies(&["a", "b"]),
                Some(replies(&["a", "b"])),
            ),
            (
                "both added to a log, and one of it twice, the first time put together already",
                &replies(&["a", "b"]),
                replies(&["a", "b", "d"]),
                replies(&["a", "c", "b"]),
                Some(replies(&["a", "c", "b", "d"])),
            ),
            ("a log that one has shortened", &replies(&["a"]), replies(&["a", "b"]), replies(&[]), None),
            ("the same entry, differently", r#"{"lead":"L1"}"#, lead("L2"), lead("L3"), None),
            ("changed here and taken out there", r#"{"lead":"L1"}"#, lead("L2"), "{}".to_owned(), None),
            ("shares are one entry", "", r#"{"partners":[1]}"#.to_owned(), r#"{"partners":[2]}"#.to_owned(), None),
            ("what does not read", "", lead("L1"), "gone".to_owned(), None),
            (
                "an entry of a newer version",
                "",
                lead("L1"),
                r#"{"later":1}"#.to_owned(),
                Some(r#"{"later":1,"lead":"L1"}"#.to_owned()),
            ),
        ];
        for (name, base, mine, theirs, merged) in cases {
            let value = |text: &String| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(merge(base, mine, theirs).as_ref().map(value), merged.as_ref().map(value), "{name}");
        }
    }

    #[test]
    fn a_dossier_that_the_crm_would_cut_is_not_written() {
        let part = Part { name: "x".repeat(LONGEST), with: Vec::new() };
        assert_eq!(Dossier { part: Some(part), ..Dossier::default() }.write(), None);
    }
}
