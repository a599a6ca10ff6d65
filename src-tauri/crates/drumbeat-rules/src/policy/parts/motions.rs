//! Which motions run and the stages of each (M).

use drumbeat_model::deal::Motion;
use drumbeat_model::partner::PartnerType;

parts! {
    /// Which motions run (M-13).
    Motions {
        /// Those that are on.
        on: Vec<Motion>,
        /// The two that the program is built on; first in the review.
        primary: Vec<Motion>,
        /// Kinds inside a motion that are told apart by the partner's type, e.g. SI and MSP inside services.
        kinds: std::collections::BTreeMap<Motion, Vec<PartnerType>>,
        /// What co-sell is (M-13).
        cosell: Cosell,
    }

    /// Five stages for each motion, and for deals without one.
    Stages {
        /// Referral.
        referral: Vec<StageRule>,
        /// Reseller.
        reseller: Vec<StageRule>,
        /// Marketplace.
        marketplace: Vec<StageRule>,
        /// Services.
        services: Vec<StageRule>,
        /// Tech.
        tech: Vec<StageRule>,
        /// Deals that say no motion (M-11).
        generic: Vec<StageRule>,
    }

    /// One stage.
    StageRule {
        /// Name.
        name: String,
        /// Days that a deal normally stays; longer is stalled.
        #[schemars(range(min = 1, max = 36525))]
        days: u32,
        /// What must hold before it moves on.
        exit: String,
    }
}

choices! {
    /// What co-sell is.
    Cosell {
        /// A way to take part in any deal.
        Mode "mode" "a way to take part in a deal of any motion",
    }
}
