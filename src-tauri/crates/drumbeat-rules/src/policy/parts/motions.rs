//! Which motions run and the stages of each (M).

use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::gate::{Fact, StageRole};
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
        /// What must hold before work starts: it is asked of every motion when a deal leaves its first stage (M-10).
        entry: Vec<CriterionRule>,
        /// Whether who confirms a criterion has to say what shows it.
        evidence: bool,
    }

    /// One stage.
    StageRule {
        /// Name.
        name: String,
        /// Days that a deal normally stays; longer is stalled.
        #[schemars(range(min = 1, max = 36525))]
        days: u32,
        /// What must hold before it moves on, in one sentence.
        exit: String,
        /// Who answers for it; the seller where it is not said.
        #[serde(default)]
        role: StageRole,
        /// What must hold, one by one; where there is none a person confirms the sentence.
        #[serde(default)]
        criteria: Vec<CriterionRule>,
        /// Fields that a deal needs beside the hard ones before it moves on.
        #[serde(default)]
        fields: Vec<Field>,
    }

    /// One thing that must hold before a deal leaves a stage.
    CriterionRule {
        /// Its name inside the stage, by which it is kept when it was confirmed: small letters, digits and `_`.
        id: String,
        /// What must hold.
        says: String,
        /// The fact that tells; a person confirms where there is none, or where the data is silent.
        #[serde(default)]
        fact: Option<Fact>,
    }
}

choices! {
    /// What co-sell is.
    Cosell {
        /// A way to take part in any deal.
        Mode "mode" "a way to take part in a deal of any motion",
    }
}
