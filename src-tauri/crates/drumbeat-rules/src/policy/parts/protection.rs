//! Protection windows.

parts! {
    /// Protection windows.
    Protection {
        /// Default.
        default_days: u32,
        /// What a person may choose.
        choices: Vec<u32>,
        /// Untouched for so long: warn the partner, a person decides.
        untouched_days: u32,
    }
}
