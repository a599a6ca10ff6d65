//! Appeals against a decision (R-03, C-05), and which claim to an account stands before which (C-04).

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

    /// Channel conflicts: which claim stands before which.
    ConflictRules {
        /// In order: the first that separates two parties decides.
        hierarchy: Vec<Precedence>,
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
    }
}
