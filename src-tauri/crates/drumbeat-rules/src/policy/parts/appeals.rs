//! Appeals against a decision (R-03, C-05).

use super::Evidence;

parts! {
    /// Appeals against a decision.
    Appeals {
        /// Days after the decision in which a partner can appeal.
        #[schemars(range(min = 1, max = 36525))]
        days: u32,
        /// What counts as evidence.
        evidence: Vec<Evidence>,
    }
}
