//! The parts of a policy, as they stand in the file. What each number means to a rule is said at the
//! rule; here it only has its place. Every struct refuses keys that it does not know.

use serde::Deserialize;

use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::partner::PartnerStatus;
use drumbeat_model::registration::RegistrationKind;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
    )*};
}

parts! {
    /// Which motions run (M-13).
    Motions {
        /// Those that are on.
        on: Vec<Motion>,
        /// The two that the program is built on; first in the review.
        primary: Vec<Motion>,
    }

    /// Five stages for each motion, and for deals without one.
    Stages {
        /// Referral.
        referral: Vec<StageRule>,
        /// Reseller.
        reseller: Vec<StageRule>,
        /// Marketplace.
        marketplace: Vec<StageRule>,
        /// Services.
        services: Vec<StageRule>,
        /// Tech.
        tech: Vec<StageRule>,
        /// Deals that say no motion (M-11).
        generic: Vec<StageRule>,
    }

    /// One stage.
    StageRule {
        /// Name.
        name: String,
        /// Days that a deal normally stays; longer is stalled.
        days: u32,
        /// What must hold before it moves on.
        exit: String,
    }

    /// Targets of the clocks (S).
    Clocks {
        /// Submitted to decided, in hours of wall time (S-02).
        decision_hours: u32,
        /// Age at which stage notes are stale (S-03).
        notes_stale_days: u32,
        /// A next step lies within these days (S-05).
        next_step_days: u32,
        /// Reminder before a protection ends (S-09).
        protection_ends_soon_days: u32,
        /// First meeting after an approval (S-10).
        first_meeting_days: u32,
        /// Reminder before a certificate expires (S-11).
        certification_reminder_days: u32,
    }

    /// Rules for registrations (R).
    RegistrationRules {
        /// Without these the partner is asked.
        required: FieldsByKind,
        /// Without these a person looks.
        advised: FieldsByKind,
        /// Kinds that need the contact's consent.
        consent: Vec<RegistrationKind>,
        /// Kinds that need proof of work.
        proof_of_work: Vec<RegistrationKind>,
        /// Which partners may register.
        partner_status: PartnerStatusRule,
        /// How far ahead a close date is believed.
        close_date: CloseDateRule,
        /// Claims that lapsed within these months are shown beside a new one.
        lapsed_claims_months: u32,
        /// An open deal without a partner counts as an active cycle for this long.
        active_cycle_days: u32,
        /// An account with a won deal inside these months is not net-new.
        net_new_months: u32,
        /// Who wins between open claims, in order.
        who_wins: Vec<WinRule>,
    }

    /// Fields for each kind of registration.
    FieldsByKind {
        /// Of a lead registration.
        lead: Vec<Field>,
        /// Of a deal registration.
        deal: Vec<Field>,
    }

    /// Which partners may register.
    PartnerStatusRule {
        /// Those in these states.
        allowed: Vec<PartnerStatus>,
        /// Of those, these get a warning.
        look: Vec<PartnerStatus>,
    }

    /// How far ahead a close date is believed.
    CloseDateRule {
        /// At least.
        min_days: u32,
        /// At most.
        max_days: u32,
    }

    /// Protection windows.
    Protection {
        /// Default.
        default_days: u32,
        /// What a person may choose.
        choices: Vec<u32>,
        /// Untouched for so long: warn the partner, a person decides.
        untouched_days: u32,
    }

    /// Who needs a certificate (T-03).
    CertificationRules {
        /// In these motions.
        motions: Vec<Motion>,
        /// For these kinds of registration.
        kinds: Vec<RegistrationKind>,
        /// Kinds of certificates that count; empty means any.
        certificates: Vec<String>,
        /// Status texts that count as valid.
        valid_status: Vec<String>,
    }

    /// Lists of accounts, by domain or name.
    Accounts {
        /// Take no registrations.
        blocked: Vec<String>,
        /// Belong to the direct team.
        named: Vec<String>,
        /// Kept for one partner.
        exclusive: Vec<Exclusive>,
    }

    /// An account that is kept for one partner.
    Exclusive {
        /// Domain or name.
        account: String,
        /// Partner name.
        partner: String,
    }

    /// How much a partner may hold.
    Capacity {
        /// Protections at once; no limit when absent.
        per_partner: Option<u32>,
        /// From this share of the limit a person looks.
        warn_at_percent: u32,
    }

    /// What each tier may do (T-02).
    Tiers {
        /// Registered.
        registered: TierRule,
        /// Select.
        select: TierRule,
        /// Elite.
        elite: TierRule,
    }

    /// What a tier may do.
    TierRule {
        /// Discount band in percent: from, to.
        discount: [u32; 2],
        /// What it may register.
        kinds: Vec<RegistrationKind>,
    }

    /// Decline reasons in words.
    DeclineReasons {
        /// Duplicate.
        duplicate: DeclineText,
        /// Not qualified.
        not_qualified: DeclineText,
        /// Customer in active cycle.
        active_cycle: DeclineText,
        /// Territory.
        territory: DeclineText,
        /// Blocked.
        blocked: DeclineText,
        /// Not certified.
        not_certified: DeclineText,
        /// Incomplete.
        incomplete: DeclineText,
        /// Other.
        other: DeclineText,
    }

    /// A decline reason in words.
    DeclineText {
        /// What the manager reads.
        label: String,
        /// What the partner reads, as the end of a sentence.
        text: String,
    }

    /// Required fields of deals (F).
    Hygiene {
        /// All, in the order in which they are shown.
        fields: Vec<Field>,
        /// Those that block a stage change (F-01).
        hard: Vec<Field>,
    }

    /// The review (W).
    ReviewRules {
        /// Items that are discussed one by one.
        discussed: u32,
        /// Planned minutes.
        minutes: u32,
    }

    /// What each signal adds to the rank of a deal (W-03).
    SignalWeights {
        /// An active channel conflict.
        conflict_active: u32,
        /// The risk of one.
        conflict_risk: u32,
        /// A sudden change of owner.
        owner_change: u32,
        /// Past the close date.
        past_close_date: u32,
        /// The close date moved out.
        close_date_slipped: u32,
        /// Over the stage's days.
        stalled: u32,
        /// Protection ends or has ended.
        protection_ends: u32,
        /// Stage notes are stale.
        stale_notes: u32,
        /// Each missing hard field.
        missing_field: u32,
        /// How long a change of owner counts as sudden.
        owner_change_days: u32,
        /// How far ahead an ending protection is a signal.
        protection_ends_days: u32,
    }

    /// What an audience may see (V-01).
    Safelist {
        /// A partner.
        partner: Vec<Field>,
    }

    /// Templates of messages to the partner.
    Messages {
        /// On approval.
        approve: String,
        /// On decline.
        decline: String,
        /// When asking.
        ask: String,
    }
}

impl FieldsByKind {
    /// The fields of a kind.
    #[must_use]
    pub fn of(&self, kind: RegistrationKind) -> &[Field] {
        match kind {
            RegistrationKind::Lead => &self.lead,
            RegistrationKind::Deal => &self.deal,
        }
    }
}

/// A way to separate two open claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WinRule {
    /// The first complete and passing submission.
    FirstQualified,
    /// The first meeting with the customer.
    FirstMeeting,
    /// The higher tier.
    TierPriority,
}
