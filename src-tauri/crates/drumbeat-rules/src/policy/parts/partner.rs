//! What a partner sees and is told (V).

use drumbeat_model::field::Field;

parts! {
    /// What an audience may see (V-01).
    Safelist {
        /// A partner.
        partner: Vec<Field>,
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
