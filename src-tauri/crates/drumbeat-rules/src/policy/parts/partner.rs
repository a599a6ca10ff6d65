//! What a partner sees and is told (V).

use std::collections::BTreeMap;

use drumbeat_model::field::Field;
use drumbeat_model::partner::PartnerType;

parts! {
    /// What an audience may see (V-01).
    Safelist {
        /// A partner.
        partner: Vec<Field>,
        /// A partner of a type of its own, instead.
        by_type: BTreeMap<PartnerType, Vec<Field>>,
    }

    /// Templates of messages to the partner.
    Messages {
        /// On approval.
        approve: String,
        /// On decline.
        decline: String,
        /// When asking.
        ask: String,
    }
}
