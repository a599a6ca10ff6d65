//! What each tier may do (T-02).

use drumbeat_model::registration::RegistrationKind;

parts! {
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
        /// What it is called here.
        name: String,
        /// Discount band in percent: from, to.
        discount: [u32; 2],
        /// What it may register.
        kinds: Vec<RegistrationKind>,
    }
}
