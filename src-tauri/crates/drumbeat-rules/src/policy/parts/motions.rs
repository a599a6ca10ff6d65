//! Which motions run and the stages of each (M).

use drumbeat_model::deal::Motion;

parts! {
    /// Which motions run (M-13).
    Motions {
        /// Those that are on.
        on: Vec<Motion>,
        /// The two that the program is built on; first in the review.
        primary: Vec<Motion>,
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
        days: u32,
        /// What must hold before it moves on.
        exit: String,
    }
}
