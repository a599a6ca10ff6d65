//! What a registration must hold, and who wins between two (R).

use drumbeat_model::field::Field;
use drumbeat_model::partner::PartnerStatus;
use drumbeat_model::registration::RegistrationKind;

parts! {
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
        #[schemars(range(min = 1, max = 1200))]
        lapsed_claims_months: u32,
        /// An open deal without a partner counts as an active cycle for this long.
        #[schemars(range(min = 1, max = 36525))]
        active_cycle_days: u32,
        /// An account with a won deal inside these months is not net-new.
        #[schemars(range(min = 1, max = 1200))]
        net_new_months: u32,
        /// Who wins between open claims, in order.
        who_wins: Vec<WinRule>,
        /// Whether approving a deal registration that is a lead of Salesforce converts it.
        convert_leads: ConvertLeads,
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
        #[schemars(range(min = 0, max = 36525))]
        min_days: u32,
        /// At most.
        #[schemars(range(min = 1, max = 36525))]
        max_days: u32,
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

choices! {
    /// Whether approving a deal registration that is a lead of Salesforce converts it.
    ConvertLeads {
        /// Where nothing is lost by it: this user may write in converted leads.
        WhenEditable "when_editable" "where its user may go on writing in converted leads",
        /// Always: what is done about it later has no place there.
        Always "always" "always, which leaves no place for what is done about it later",
        /// Never: the deal stands beside the lead.
        Never "never" "never",
    }
}

choices! {
    /// A way to separate two open claims.
    WinRule {
        /// The first complete and passing submission.
        FirstQualified "first_qualified" "the first qualified submission",
        /// The first meeting with the customer.
        FirstMeeting "first_meeting" "the first meeting with the customer",
        /// The higher tier.
        TierPriority "tier_priority" "the higher tier",
        /// Each holds its part, where they are for different solutions.
        SplitBySolution "split_by_solution" "a split, where they are for different solutions",
    }
}
