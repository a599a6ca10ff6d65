//! Who is credited for a deal, and when that is fixed (F-04, F-05).

parts! {
    /// Who is credited, and when that is fixed.
    AttributionRules {
        /// When "sourced" is locked.
        sourced_locks: SourcedLock,
        /// How "influenced" accrues.
        influenced: InfluencedRule,
        /// Whether several partners share the credit of a deal.
        credit: Credit,
        /// Percentages are fixed before a deal closes.
        fixed_before_close: bool,
        /// A change of a locked value needs a reason.
        amendment_reason: bool,
    }
}

choices! {
    /// When "sourced" is locked.
    SourcedLock {
        /// When the registration is approved.
        Approval "approval" "when the registration is approved",
        /// When the deal is made.
        Creation "creation" "when the deal is made",
    }

    /// How "influenced" accrues.
    InfluencedRule {
        /// As dated entries with evidence.
        Milestones "milestones" "as dated entries with evidence, tied to a stage or milestone",
        /// Once, when the deal is made.
        Creation "creation" "once, when the deal is made",
    }

    /// Who shares the credit.
    Credit {
        /// Several partners, each with a role and a percentage.
        Split "split" "several partners share it, each with a role and a percentage",
        /// One partner has all of it.
        Primary "primary" "one partner has all of it",
    }
}
