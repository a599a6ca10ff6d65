//! The review (W).

parts! {
    /// The review (W).
    ReviewRules {
        /// Items that are discussed one by one.
        #[schemars(range(min = 1, max = 1000))]
        discussed: u32,
        /// Planned minutes.
        #[schemars(range(min = 1, max = 1000))]
        minutes: u32,
        /// How often; month and quarter are rolled up from it.
        rhythm: Rhythm,
    }
}

choices! {
    /// How often partners are reviewed.
    Rhythm {
        /// Every week.
        Weekly "weekly" "every week",
        /// Every month.
        Monthly "monthly" "every month",
        /// Every quarter.
        Quarterly "quarterly" "every quarter",
    }
}
