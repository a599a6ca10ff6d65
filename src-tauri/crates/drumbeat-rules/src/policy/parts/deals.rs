//! Required fields of deals (F) and the weights of their signals (W-03).

use drumbeat_model::field::Field;

parts! {
    /// Required fields of deals (F).
    Hygiene {
        /// All, in the order in which they are shown.
        fields: Vec<Field>,
        /// Those that block a stage change (F-01).
        hard: Vec<Field>,
    }

    /// What each signal adds to the rank of a deal (W-03).
    SignalWeights {
        /// An active channel conflict.
        conflict_active: u32,
        /// The risk of one.
        conflict_risk: u32,
        /// A sudden change of owner.
        owner_change: u32,
        /// Past the close date.
        past_close_date: u32,
        /// The close date moved out.
        close_date_slipped: u32,
        /// Over the stage's days.
        stalled: u32,
        /// Protection ends or has ended.
        protection_ends: u32,
        /// Stage notes are stale.
        stale_notes: u32,
        /// Each missing hard field.
        missing_field: u32,
        /// How long a change of owner counts as sudden.
        owner_change_days: u32,
        /// How far ahead an ending protection is a signal.
        protection_ends_days: u32,
    }
}
