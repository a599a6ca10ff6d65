//! What is told on the desktop before a clock runs out, and when it is quiet.

use crate::policy::{Span, TimeOfDay, Weekday};

parts! {
    /// What is told on the desktop.
    Notifications {
        /// At all.
        on: bool,
        /// So long before a clock is due; each time is told once.
        before: Vec<Span>,
        /// Clocks that are told, by rule id.
        rules: Vec<String>,
        /// When nothing is told; what falls in is told afterwards.
        quiet: Quiet,
    }

    /// Quiet hours, in the calendar's zone.
    Quiet {
        /// From.
        from: TimeOfDay,
        /// To; the next morning when it is earlier than `from`.
        to: TimeOfDay,
        /// Days that are quiet as a whole.
        days: Vec<Weekday>,
    }
}
