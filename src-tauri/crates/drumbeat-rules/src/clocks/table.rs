//! The table of clocks: one row each.

use crate::policy::{Clocks, Policy, Span};

/// A clock by its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// S-01.
    Referral,
    /// S-02.
    Decision,
    /// S-03.
    Notes,
    /// S-04.
    FollowUp,
    /// S-05.
    NextStep,
    /// S-06.
    ConflictAcknowledged,
    /// S-07.
    ResolutionPlan,
    /// S-08.
    RenewalOwner,
    /// S-09.
    ProtectionEnds,
    /// S-10.
    FirstMeeting,
    /// S-11.
    CertificationExpires,
}

/// Which way a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// So much time from its start.
    After,
    /// It begins so long before a day, and is due with that day.
    Before,
}

/// Whom a clock warns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warns {
    /// Whose queue the registration is in.
    Decider,
    /// Who owns the deal or its partner.
    Owner,
}

/// What a clock is, in words and in the policy.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Rule id.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What starts it.
    pub starts: &'static str,
    /// What ends it.
    pub ends: &'static str,
    /// What pauses it.
    pub pauses: Option<&'static str>,
    /// Whom it warns.
    pub warns: Warns,
    /// Which way it counts.
    pub counts: Counts,
    /// Its days matter and not its hours: all of a day are told together, in the morning.
    pub by_day: bool,
    target: fn(&Clocks) -> Span,
}

const PARTNER_OWES: Option<&str> = Some("the partner owes an answer");

impl Rule {
    /// Every clock, in order of the rules.
    pub const ALL: &[Rule] = &[
        Rule::Referral,
        Rule::Decision,
        Rule::Notes,
        Rule::FollowUp,
        Rule::NextStep,
        Rule::ConflictAcknowledged,
        Rule::ResolutionPlan,
        Rule::RenewalOwner,
        Rule::ProtectionEnds,
        Rule::FirstMeeting,
        Rule::CertificationExpires,
    ];

    /// The clock with this rule id, in any case.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id().eq_ignore_ascii_case(id.trim()))
    }

    /// Its rule id.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// How much time it gives, by the policy.
    #[must_use]
    pub fn target(self, policy: &Policy) -> Span {
        (self.row().target)(&policy.clocks)
    }

    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        match self {
            Rule::Referral => &Row {
                id: "S-01",
                name: "Referral to deal",
                starts: "a partner's referral is submitted",
                ends: "its deal is made or linked",
                pauses: PARTNER_OWES,
                warns: Warns::Decider,
                counts: Counts::After,
                by_day: false,
                target: |clocks| clocks.referral,
            },
            Rule::Decision => &Row {
                id: "S-02",
                name: "Registration decided",
                starts: "a registration is submitted",
                ends: "it is approved, declined or closed",
                pauses: PARTNER_OWES,
                warns: Warns::Decider,
                counts: Counts::After,
                by_day: false,
                target: |clocks| clocks.decision,
            },
            Rule::Notes => &Row {
                id: "S-03",
                name: "Notes on a deal",
                starts: "notes are written on an open deal of a partner",
                ends: "they are written anew",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: true,
                target: |clocks| clocks.notes,
            },
            Rule::FollowUp => &Row {
                id: "S-04",
                name: "Follow-up after a meeting",
                starts: "a meeting with a partner is over",
                ends: "a note, a call, a mail or another meeting follows on the same record",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: false,
                target: |clocks| clocks.follow_up,
            },
            Rule::NextStep => &Row {
                id: "S-05",
                name: "Next step after a talk",
                starts: "a meeting or a call about an open deal of a partner",
                ends: "the deal has a dated next step",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: true,
                target: |clocks| clocks.next_step,
            },
            Rule::ConflictAcknowledged => &Row {
                id: "S-06",
                name: "Channel conflict acknowledged",
                starts: "a channel conflict is found",
                ends: "somebody acknowledges it",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: false,
                target: |clocks| clocks.conflict_acknowledged,
            },
            Rule::ResolutionPlan => &Row {
                id: "S-07",
                name: "Resolution plan",
                starts: "a channel conflict is found",
                ends: "a plan to resolve it is there",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: true,
                target: |clocks| clocks.resolution_plan,
            },
            Rule::RenewalOwner => &Row {
                id: "S-08",
                name: "Renewal's owner confirmed",
                starts: "the last day to confirm who owns a renewal with an incumbent partner comes near",
                ends: "who owns it is confirmed",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::Before,
                by_day: true,
                target: |clocks| clocks.renewal_owner,
            },
            Rule::ProtectionEnds => &Row {
                id: "S-09",
                name: "Protection ends",
                starts: "the end of a protection comes near",
                ends: "it is extended or ended by somebody, or the deal is won or lost",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::Before,
                by_day: true,
                target: |clocks| clocks.protection_ends,
            },
            Rule::FirstMeeting => &Row {
                id: "S-10",
                name: "First meeting",
                starts: "a lead is approved",
                ends: "the partner's first meeting takes place",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::After,
                by_day: true,
                target: |clocks| clocks.first_meeting,
            },
            Rule::CertificationExpires => &Row {
                id: "S-11",
                name: "Certificate expires",
                starts: "the expiry of a certificate comes near",
                ends: "it is renewed",
                pauses: None,
                warns: Warns::Owner,
                counts: Counts::Before,
                by_day: true,
                target: |clocks| clocks.certification_expires,
            },
        }
    }
}
