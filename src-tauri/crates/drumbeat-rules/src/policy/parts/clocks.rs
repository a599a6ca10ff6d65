//! Targets of the clocks (S).

parts! {
    /// Targets of the clocks (S).
    Clocks {
        /// Submitted to decided, in hours of wall time (S-02).
        decision_hours: u32,
        /// Age at which stage notes are stale (S-03).
        notes_stale_days: u32,
        /// A next step lies within these days (S-05).
        next_step_days: u32,
        /// Reminder before a protection ends (S-09).
        protection_ends_soon_days: u32,
        /// First meeting after an approval (S-10).
        first_meeting_days: u32,
        /// Reminder before a certificate expires (S-11).
        certification_reminder_days: u32,
    }
}
