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
        #[schemars(range(min = 0, max = 1000))]
        conflict_active: u32,
        /// The risk of one.
        #[schemars(range(min = 0, max = 1000))]
        conflict_risk: u32,
        /// A sudden change of owner.
        #[schemars(range(min = 0, max = 1000))]
        owner_change: u32,
        /// Moved past a gate in the CRM (M-14).
        #[schemars(range(min = 0, max = 1000))]
        moved_past_gate: u32,
        /// Past the close date.
        #[schemars(range(min = 0, max = 1000))]
        past_close_date: u32,
        /// The close date moved out.
        #[schemars(range(min = 0, max = 1000))]
        close_date_slipped: u32,
        /// Over the stage's days.
        #[schemars(range(min = 0, max = 1000))]
        stalled: u32,
        /// Protection ends or has ended.
        #[schemars(range(min = 0, max = 1000))]
        protection_ends: u32,
        /// Stage notes are stale.
        #[schemars(range(min = 0, max = 1000))]
        stale_notes: u32,
        /// Each missing hard field.
        #[schemars(range(min = 0, max = 1000))]
        missing_field: u32,
        /// How long a change of owner counts as sudden.
        #[schemars(range(min = 1, max = 36525))]
        owner_change_days: u32,
        /// How far ahead an ending protection is a signal.
        #[schemars(range(min = 1, max = 36525))]
        protection_ends_days: u32,
    }
}
