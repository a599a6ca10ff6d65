//! Protection windows.

parts! {
    /// Protection windows.
    Protection {
        /// Default.
        #[schemars(range(min = 1, max = 36525))]
        default_days: u32,
        /// What a person may choose.
        choices: Vec<u32>,
        /// Untouched for so long: warn the partner, a person decides.
        #[schemars(range(min = 1, max = 36525))]
        untouched_days: u32,
        /// What happens then.
        untouched: Untouched,
        /// When the window starts.
        starts: WindowStart,
        /// When it can be made longer.
        extension: Extension,
        /// How long a lead holds its account.
        lead: LeadHold,
    }

    /// When a protection can be made longer.
    Extension {
        /// Any of these counts as progress.
        evidence: Vec<Evidence>,
        /// Days that an extension adds.
        #[schemars(range(min = 1, max = 36525))]
        days: u32,
        /// How often one protection can be extended.
        #[schemars(range(min = 0, max = 100))]
        times: u32,
    }

    /// How long a lead holds its account (LEAD-06).
    LeadHold {
        /// Days.
        #[schemars(range(min = 1, max = 36525))]
        days: u32,
        /// Only when the first meeting took place in time (S-10).
        needs_first_meeting: bool,
    }
}

choices! {
    /// When a protection window starts.
    WindowStart {
        /// On the day of the approval.
        Approval "approval" "on approval",
        /// On the day of the agreed next step; until then the approval holds the account.
        NextStep "next_step" "when the agreed next step is done",
    }

    /// What happens to a protection that nobody touches.
    Untouched {
        /// The partner is warned first.
        Warn "warn" "the partner is warned, then a person decides",
        /// A person is asked at once.
        Ask "ask" "a person is asked at once",
    }

    /// What shows that something took place.
    Evidence {
        /// A meeting took place.
        Meeting "meeting" "a meeting",
        /// An invitation to one.
        Invite "invite" "a meeting invitation",
        /// Discovery was done.
        Discovery "discovery" "discovery",
        /// A validation or workshop.
        Validation "validation" "a validation",
        /// A proposal, with its day.
        Proposal "proposal" "a proposal",
        /// Notes.
        Notes "notes" "notes",
        /// First activity on the account.
        FirstActivity "first_activity" "the first activity on the account",
        /// A certificate.
        Certificate "certificate" "a certificate",
    }
}
