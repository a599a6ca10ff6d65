//! The review (W).

parts! {
    /// The review (W).
    ReviewRules {
        /// Items that are discussed one by one.
        discussed: u32,
        /// Planned minutes.
        minutes: u32,
    }
}
