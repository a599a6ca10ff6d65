//! Templates of the messages after the first decision.

parts! {
    /// Templates of the messages after the first decision.
    Letters {
        /// An account with two claims is this partner's.
        channel_awarded: String,
        /// It is not.
        channel_not_awarded: String,
        /// This partner holds a part of it.
        channel_shared: String,
        /// An appeal about it changes nothing.
        channel_appeal_refused: String,
        /// An appeal changes nothing.
        appeal_stands: String,
        /// An appeal is granted.
        appeal_granted: String,
        /// A protection is extended.
        extended: String,
        /// It is not.
        extension_refused: String,
        /// A protection ends soon.
        ending_soon: String,
        /// Nothing has happened with a protection.
        untouched: String,
        /// A protection is released.
        released: String,
        /// A protection comes to this partner.
        reassigned: String,
        /// A protection has ended.
        expired: String,
        /// A claim is withdrawn.
        withdrawn: String,
        /// A deal is won (M-12).
        deal_won: String,
        /// A deal is lost (M-12).
        deal_lost: String,
        /// A lead's hold is confirmed by the first meeting.
        hold_confirmed: String,
        /// A lead's hold has lapsed.
        hold_lapsed: String,
    }
}
