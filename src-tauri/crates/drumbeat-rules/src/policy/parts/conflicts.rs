//! Channel conflicts (C): which claim stands before which, when a signal counts, and what makes one severe.

use crate::policy::Span;

parts! {
    /// Channel conflicts.
    ConflictRules {
        /// In order: the first that separates two parties decides; after these the order of R-08.
        hierarchy: Vec<Precedence>,
        /// A seller who is asked answers within this time (C-08).
        ask_seller: Span,
        /// Two quotes are the same when they differ by no more than this share.
        #[schemars(range(min = 0, max = 100))]
        same_quote_percent: u32,
        /// Words of a message that complains about fairness.
        complaint_words: Vec<String>,
        /// A partner that was in touch before the policy changed is silent after so many days.
        #[schemars(range(min = 1, max = 36525))]
        silent_after_policy_days: u32,
        /// Replies are slower when they take so many times as long as before.
        #[schemars(range(min = 2, max = 100))]
        slower_replies_times: u32,
        /// How long a direct contact with an incumbent's account counts.
        #[schemars(range(min = 1, max = 36525))]
        direct_touch_days: u32,
        /// What makes one severe (C-03).
        severity: ConflictSeverity,
    }

    /// Points of a severity, 100 at most in all (C-03).
    ConflictSeverity {
        /// Both parties hold something now.
        #[schemars(range(min = 0, max = 100))]
        active: u32,
        /// For what is at stake; the highest step that is reached counts.
        value: Vec<ValuePoints>,
        /// For each stage that the furthest deal has come.
        #[schemars(range(min = 0, max = 100))]
        stage: u32,
        /// For how long it lasts; the highest step that is reached counts.
        age: Vec<AgePoints>,
        /// For each clock that has run out.
        #[schemars(range(min = 0, max = 100))]
        clock_over: u32,
        /// For each signal.
        #[schemars(range(min = 0, max = 100))]
        signal: u32,
    }

    /// Points from a value on.
    ValuePoints {
        /// In whole units of the account's own currency.
        #[schemars(range(min = 0, max = 1000000000))]
        from: u32,
        /// Points.
        #[schemars(range(min = 0, max = 100))]
        points: u32,
    }

    /// Points from an age on.
    AgePoints {
        /// Days.
        #[schemars(range(min = 0, max = 36525))]
        days: u32,
        /// Points.
        #[schemars(range(min = 0, max = 100))]
        points: u32,
    }
}

choices! {
    /// What lets one party stand before another (C-04).
    Precedence {
        /// A registered claim before an unregistered one.
        Registered "registered" "a registration in force",
        /// The partner who has the customer before a newcomer.
        Incumbent "incumbent" "the incumbent partner",
        /// A certified partner before one who is not.
        Certified "certified" "a valid certificate",
        /// The party that the account is kept for, by the lists of named and exclusive accounts.
        Reserved "reserved" "the party that the account is kept for",
        /// The party in whose territory the account lies.
        Territory "territory" "the party in whose territory the account lies",
    }
}
